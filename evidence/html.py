"""The accessible twin of a report: one HTML file, no scripts, no outside links, prints well.

Every value goes through `esc`, the one place where text becomes HTML. Refuses markup in text.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from evidence import blocks as b
from evidence.drawing import Box, Dot, Drawing, Ink, Label, Shape, Stroke

_STYLE = f"""
:root {{ color-scheme: light; }}
* {{ box-sizing: border-box; }}
body {{ margin: 0; color: {Ink.TEXT.value}; background: #fff; font: 1.0625rem/1.55
  "Atkinson Hyperlegible", Verdana, "DejaVu Sans", sans-serif; }}
main, header, footer {{ max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }}
header {{ padding-top: 2rem; }} footer {{ padding-bottom: 3rem; color: {Ink.MUTED.value}; }}
p, li {{ max-width: 44rem; overflow-wrap: anywhere; }}
h1 {{ font-size: 2rem; line-height: 1.2; margin: .3rem 0; color: {Ink.ACCENT.value}; }}
h2 {{ font-size: 1.5rem; margin: 3rem 0 .6rem; color: {Ink.ACCENT.value}; }}
h3, h4 {{ font-size: 1.15rem; margin: 1.6rem 0 .4rem; }}
.skip {{ position: absolute; left: -60rem; }}
.skip:focus {{ left: 1rem; top: 1rem; background: #fff; padding: .6rem; }}
a {{ color: {Ink.ACCENT.value}; }} a:focus {{ outline: 3px solid #0B57D0; outline-offset: 2px; }}
.mark {{ color: {Ink.WARN.value}; font-weight: 700; }} .small {{ color: {Ink.MUTED.value};
  font-size: .95rem; }}
.facts {{ display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: .75rem;
  padding: 0; margin: 1rem 0; }}
.facts div {{ background: {Ink.PANEL.value}; border-left: 4px solid {Ink.ACCENT.value};
  padding: .8rem 1rem; }}
.facts dt {{ color: {Ink.MUTED.value}; }} .facts dd {{ margin: 0; }}
.facts dd.value {{ font-size: 1.8rem; font-weight: 700; line-height: 1.3; }}
.caveat {{ background: {Ink.PANEL.value}; border-left: 4px solid {Ink.WARN.value};
  padding: .6rem 1.1rem; margin: 1.2rem 0; }}
.scroll {{ overflow-x: auto; }}
table {{ border-collapse: collapse; width: 100%; margin: 1.2rem 0 .3rem; }}
caption {{ text-align: left; font-weight: 700; padding: .3rem 0; }}
th, td {{ text-align: left; vertical-align: top; padding: .4rem .6rem;
  border-bottom: 1px solid {Ink.GRID.value}; overflow-wrap: anywhere; }}
thead th {{ background: {Ink.PANEL.value}; border-bottom: 2px solid {Ink.TEXT.value}; }}
tbody th {{ font-weight: 400; }} tfoot th, tfoot td {{ font-weight: 700;
  border-top: 2px solid {Ink.TEXT.value}; }}
.num {{ text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }}
.muted {{ color: {Ink.MUTED.value}; }}
figure {{ margin: 1.4rem 0; }} figcaption {{ font-weight: 700; margin-bottom: .4rem; }}
svg {{ max-width: 100%; height: auto; }}
.tick {{ list-style: "\\2610  "; }}
.line {{ border-bottom: 1px solid {Ink.LINE.value}; height: 2.2rem; max-width: 44rem; }}
@media print {{ body {{ font-size: 10.5pt; }} h2 {{ break-after: avoid; }}
  tr, figure, .caveat {{ break-inside: avoid; }} thead {{ display: table-header-group; }}
  .skip, nav {{ display: none; }} }}
"""


def esc(text: str) -> str:
    """Text as HTML shows it, control characters left out."""
    kept = "".join(char for char in text if char in "\t\n" or char >= " ")
    return escape(kept.encode("utf-8", "replace").decode("utf-8"), quote=True)


def render_html(document: b.Document) -> bytes:
    """The whole page, UTF-8."""
    body = _Body(document).make()
    mark = f'<p class="mark">{esc(document.mark)}</p>' if document.mark else ""
    title = esc(f"{document.title}: {document.subtitle}")
    parts = [
        '<!DOCTYPE html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">",
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>",
        '<a class="skip" href="#main">Skip to the report</a>',
        f"<header>{mark}<p>{esc(document.council)}</p><h1>{esc(document.title)}</h1>",
        f"<p>{esc(document.subtitle)}</p>",
        f'<p class="small">{esc(document.provenance)}</p></header>',
        f'<main id="main">\n{body}\n</main>',
        f"<footer><p>As at {esc(b.long_date(document.as_of))}. {_reference(document)}</p></footer>",
        "</body>\n</html>\n",
    ]
    return "\n".join(parts).encode("utf-8")


def _reference(document: b.Document) -> str:
    words = f"Reference {document.reference[:12]}." if document.reference else ""
    return esc(
        words + (" Published version, small numbers are not shown." if document.published else "")
    )


class _Body:
    """Blocks into elements, one by one."""

    def __init__(self, document: b.Document) -> None:
        self.document = document
        self.number = 0

    def make(self) -> str:
        """All blocks in order."""
        return "\n".join(_MAKERS[type(block)](self, block) for block in self.document.blocks)

    def heading(self, block: b.Heading) -> str:
        """Level 1 of a report is h2 of the page: the title is its h1."""
        self.number += 1
        level = block.level + 1
        return f'<h{level} id="part-{self.number}">{esc(block.text)}</h{level}>'

    def para(self, block: b.Para) -> str:
        """Running text with its lead-in."""
        lead = f"<strong>{esc(block.lead)}</strong> " if block.lead else ""
        kind = ' class="small"' if block.small else ""
        return f"<p{kind}>{lead}{esc(block.text)}</p>"

    def bullets(self, block: b.Bullets) -> str:
        """A list."""
        tag = "ol" if block.numbered else "ul"
        items = "".join(f"<li>{esc(item)}</li>" for item in block.items)
        kind = ' class="tick"' if block.tick else ""
        return f"<{tag}{kind}>{items}</{tag}>"

    def facts(self, block: b.Facts) -> str:
        """Key figures."""
        items = "".join(
            f'<div><dt>{esc(f.label)}</dt><dd class="value">{esc(f.value)}</dd>'
            f'<dd class="small">{esc(f.below)}</dd></div>'
            for f in block.items
        )
        return f'<dl class="facts">{items}</dl>'

    def table(self, block: b.Table) -> str:
        """A table with its caption, scoped headers and note."""
        if not block.rows:
            return f"<p>{esc(block.caption)}: nothing recorded.</p>"
        head = "".join(
            f'<th scope="col"{_kind(column)}>{esc(column.title)}</th>' for column in block.columns
        )
        rows = "\n".join(f"<tr>{_cells(block, row)}</tr>" for row in block.rows)
        foot = f"<tfoot><tr>{_cells(block, block.total)}</tr></tfoot>" if block.total else ""
        note = f'<p class="small">{esc(block.note)}</p>' if block.note else ""
        name = esc(block.caption)
        return (
            f'<div class="scroll" role="region" aria-label="{name}" tabindex="0"><table>'
            f"<caption>{name}</caption><thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody>"
            f"{foot}</table></div>{note}"
        )

    def chart(self, block: b.Chart) -> str:
        """The drawing, its words, and the same numbers as a table."""
        figure = (
            f"<figure><figcaption>{esc(block.caption)}</figcaption>"
            f"{_svg(block.drawing, block.alt)}</figure>"
        )
        return f"{figure}\n{self.table(block.table)}"

    def sketch(self, block: b.Sketch) -> str:
        """The drawing alone."""
        return f"<figure>{_svg(block.drawing, block.alt)}</figure>"

    def caveat(self, block: b.Caveat) -> str:
        """A box."""
        lines = "".join(f"<p>{esc(line)}</p>" for line in block.lines)
        title = f"<p><strong>{esc(block.title)}</strong></p>"
        return f'<div class="caveat" role="note">{title}{lines}</div>'

    def rows_behind(self, block: b.RowsBehind) -> str:
        """Where the records are."""
        return f'<p class="small">{esc(b.rows_words(block))}</p>'

    def contents(self, _block: b.Contents) -> str:
        """Links to the chapters."""
        items = []
        number = 0
        for block in self.document.blocks:
            if isinstance(block, b.Heading):
                number += 1
                if block.level == 1:
                    items.append(f'<li><a href="#part-{number}">{esc(block.text)}</a></li>')
        return f'<nav aria-label="Contents"><ul>{"".join(items)}</ul></nav>'

    def page_break(self, _block: b.PageBreak) -> str:
        """Nothing on a page without pages."""
        return ""

    def write_line(self, block: b.WriteLine) -> str:
        """Lines for a pen, when printed."""
        label = f"<p>{esc(block.label)}</p>" if block.label else ""
        return label + '<div class="line"></div>' * block.lines


_MAKERS: dict[type, Callable[[_Body, Any], str]] = {
    b.Heading: _Body.heading,
    b.Para: _Body.para,
    b.Bullets: _Body.bullets,
    b.Facts: _Body.facts,
    b.Table: _Body.table,
    b.Chart: _Body.chart,
    b.Sketch: _Body.sketch,
    b.Caveat: _Body.caveat,
    b.RowsBehind: _Body.rows_behind,
    b.Contents: _Body.contents,
    b.PageBreak: _Body.page_break,
    b.WriteLine: _Body.write_line,
}


def _kind(column: b.Column) -> str:
    return ' class="num"' if column.format.is_number else ""


def _cells(table: b.Table, row: tuple[b.Value, ...]) -> str:
    out = []
    for value, column in zip(row, table.columns, strict=True):
        text = esc(b.shown(value, column.format))
        if value is None or isinstance(value, b.Hidden):
            text = f'<span class="muted">{text}</span>'
        if column.row_header and text:  # an empty header names nothing
            out.append(f'<th scope="row"{_kind(column)}>{text}</th>')
        else:
            out.append(f"<td{_kind(column)}>{text}</td>")
    return "".join(out)


def _svg(drawing: Drawing, alt: str) -> str:
    shapes = "".join(_shape(shape) for shape in drawing.shapes)
    size = f'viewBox="0 0 {drawing.width:g} {drawing.height:g}"'
    return (
        f'<svg role="img" aria-label="{esc(alt)}" {size} width="{drawing.width * 1.6:g}" '
        f'xmlns="http://www.w3.org/2000/svg" font-family="inherit">{shapes}</svg>'
    )


def _shape(shape: Shape) -> str:
    if isinstance(shape, Box):
        stroke = f' stroke="{shape.stroke.value}" stroke-width="0.8"' if shape.stroke else ""
        return (
            f'<rect x="{shape.x:.2f}" y="{shape.y:.2f}" width="{shape.width:.2f}" '
            f'height="{shape.height:.2f}" fill="{shape.fill.value}"{stroke}/>'
        )
    if isinstance(shape, Stroke):
        points = " ".join(f"{x:.2f},{y:.2f}" for x, y in shape.points)
        dash = ' stroke-dasharray="4 3"' if shape.dashed else ""
        return (
            f'<polyline points="{points}" fill="none" stroke="{shape.ink.value}" '
            f'stroke-width="{shape.width:g}"{dash}/>'
        )
    if isinstance(shape, Dot):
        return (
            f'<circle cx="{shape.x:.2f}" cy="{shape.y:.2f}" r="{shape.radius:g}" '
            f'fill="{shape.ink.value}"/>'
        )
    return _text(shape)


def _text(shape: Label) -> str:
    weight = ' font-weight="700"' if shape.bold else ""
    return (
        f'<text x="{shape.x:.2f}" y="{shape.y:.2f}" font-size="{shape.size:g}" '
        f'text-anchor="{shape.anchor}" fill="{shape.ink.value}"{weight}>{esc(shape.text)}</text>'
    )
