"""Write the structure tree, the language and the title into a finished file.

Same input, same bytes: no clock, no random id. Refuses to guess structure: it writes what the
pages were tagged with.
"""

from __future__ import annotations

import io
import re
from datetime import date
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, String

from evidence.pdf.tags import Jump, Mark, Node


def finish(raw: bytes, root: Node, title: str, as_of: date) -> bytes:
    """The tagged file."""
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        _Tree(pdf).write(root)
        _honest_maps(pdf)
        pdf.Root.MarkInfo = Dictionary(Marked=True)
        pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)
        pdf.Root.Lang = String("en-GB")
        stamp = f"{as_of:%Y-%m-%d}T12:00:00+00:00"
        pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = f"D:{as_of:%Y%m%d}120000Z"
        with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as meta:
            meta["dc:title"] = title
            meta["dc:language"] = {"en-GB"}
            meta["pdfuaid:part"] = "1"
            meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = stamp
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _honest_maps(pdf: pikepdf.Pdf) -> None:
    """Leave unused codes out of the fonts' maps to letters: a map to 'no letter' misleads."""
    for item in pdf.objects:
        if isinstance(item, Dictionary) and "/ToUnicode" in item:
            text = item.ToUnicode.read_bytes()
            pairs = [pair for pair in _PAIR.findall(text) if not pair.endswith(b"<0000>")]
            blocks = [pairs[at : at + 100] for at in range(0, len(pairs), 100)]
            table = b"".join(
                b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), b"\n".join(block))
                for block in blocks
            )
            item.ToUnicode.write(_TABLE.sub(lambda _, made=table: made, text, count=1))  # type: ignore[misc]


_PAIR = re.compile(rb"^<[0-9A-F]{2}> <[0-9A-F]{4,}>", re.MULTILINE)
_TABLE = re.compile(rb"\d+ beginbfchar.*endbfchar\s*", re.DOTALL)


class _Tree:
    """Nodes into structure elements, and back from page content to them."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pdf = pdf
        self.pages = list(pdf.pages)
        self.parents: list[dict[int, Any]] = [{} for _ in self.pages]
        self.links: list[tuple[int, Any]] = []

    def write(self, root: Node) -> None:
        """The whole tree, the parent tree, and each page's key into it."""
        top = self.pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        top.K = Array([self._element(root, top)])
        numbers: list[Any] = []
        for at, page in enumerate(self.pages):
            page.obj.StructParents = at
            page.obj.Tabs = Name.S
            known = self.parents[at]
            cells = [known[mcid] for mcid in range(len(known))]
            numbers.extend([at, self.pdf.make_indirect(Array(cells))])
        for key, element in self.links:
            numbers.extend([key, element])
        top.ParentTree = self.pdf.make_indirect(Dictionary(Nums=Array(numbers)))
        top.ParentTreeNextKey = len(self.pages) + len(self.links)
        self.pdf.Root.StructTreeRoot = top

    def _element(self, node: Node, parent: Any) -> Any:
        made = self.pdf.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name("/" + node.role), P=parent)
        )
        if node.alt:
            made.Alt = String(node.alt)
        if node.scope:
            made.A = Dictionary(O=Name.Table, Scope=Name("/" + node.scope))
        if node.box:
            box = Array([round(side, 2) for side in node.box])
            made.A = Dictionary(O=Name.Layout, BBox=box, Placement=Name.Block)
        made.K = Array([self._kid(child, made) for child in node.children if _used(child)])
        return made

    def _kid(self, child: Node | Mark | Jump, parent: Any) -> Any:
        if isinstance(child, Node):
            return self._element(child, parent)
        page = self.pages[child.page - 1].obj
        if isinstance(child, Mark):
            self.parents[child.page - 1][child.mcid] = parent
            return Dictionary(Type=Name.MCR, Pg=page, MCID=child.mcid)
        annotation = page.Annots[child.number]
        key = len(self.pages) + len(self.links)
        annotation.StructParent = key
        annotation.Contents = String(child.words)
        self.links.append((key, parent))
        return Dictionary(Type=Name.OBJR, Pg=page, Obj=annotation)


def _used(child: Node | Mark | Jump) -> bool:
    """An element without any content is left out."""
    return not isinstance(child, Node) or any(_used(part) for part in child.children)
