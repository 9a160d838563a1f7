"""Write the structure tree, the language and the title into a finished file.

Same input, same bytes: no clock, no random id. Refuses to guess structure: it writes what the
pages were tagged with.
"""

from __future__ import annotations

import io
import re
from array import array
from collections.abc import Iterator
from datetime import date

import pikepdf
from pikepdf import Dictionary, Name, String

from evidence.pdf.append import Appended
from evidence.pdf.tags import Jump, Mark, Node, Rows


def finish(raw: bytes, root: Node, title: str, as_of: date) -> bytes:
    """The tagged file."""
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        marked = _Marked(pdf, root)
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
    whole = out.getvalue()
    return _Tree(whole, marked.links).write(root)


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


class _Marked:
    """What the pages and their links say of the structure; the tree itself follows at the end."""

    def __init__(self, pdf: pikepdf.Pdf, root: Node) -> None:
        self.links: dict[tuple[int, int], int] = {}  # page and number of a link: its key
        pages = list(pdf.pages)
        for at, page in enumerate(pages):
            page.obj.StructParents = at
            page.obj.Tabs = Name.S
        for jump in _jumps(root):
            annotation = pages[jump.page - 1].obj.Annots[jump.number]
            annotation.StructParent = key = len(pages) + len(self.links)
            annotation.Contents = String(jump.words)
            self.links[jump.page, jump.number] = key
        pdf.Root.StructTreeRoot = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))


def _jumps(node: Node) -> Iterator[Jump]:
    for child in node.children:
        if isinstance(child, Jump):
            yield child
        elif isinstance(child, Node):
            yield from _jumps(child)


class _Tree:
    """Nodes into structure elements, and back from page content to them, at the end of a file."""

    def __init__(self, whole: bytes, links: dict[tuple[int, int], int]) -> None:
        self.file, self.links = Appended(whole), links
        with pikepdf.open(io.BytesIO(whole)) as pdf:
            self.root = pdf.Root.StructTreeRoot.objgen[0]
            self.pages = [page.obj.objgen[0] for page in pdf.pages]
            self.annotations = {
                (at, number): pdf.pages[at - 1].obj.Annots[number].objgen[0] for at, number in links
            }
        self.parents = [array("L") for _ in self.pages]  # the element of each mark of a page
        self.keys: dict[int, int] = {}  # of a link: its element

    def write(self, root: Node) -> bytes:
        """The file with the whole tree, and the way back from each mark and link to its element."""
        top = self._element(root, self.root)
        numbers = []
        for at, known in enumerate(self.parents):
            cells = self.file.number()
            self.file.put(cells, f"[{' '.join(f'{each} 0 R' for each in known)}]")
            numbers.append(f"{at} {cells} 0 R")
        numbers += [f"{key} {element} 0 R" for key, element in sorted(self.keys.items())]
        back = self.file.number()
        self.file.put(back, f"<</Nums[{' '.join(numbers)}]>>")
        after = len(self.pages) + len(self.links)
        self.file.put(
            self.root,
            f"<</Type/StructTreeRoot/K[{top} 0 R]/ParentTree {back} 0 R"
            f"/ParentTreeNextKey {after}>>",
        )
        return self.file.finish()

    def _element(self, node: Node, parent: int) -> int:
        number = self.file.number()
        kids: list[str] = []
        for child in node.children:
            if isinstance(child, Rows):
                kids += self._rows(child, number)
            elif _used(child):
                kids.append(self._kid(child, number))
        self._put(number, node.role, parent, kids, _more(node))
        return number

    def _kid(self, child: Node | Mark | Jump, parent: int) -> str:
        if isinstance(child, Node):
            return f"{self._element(child, parent)} 0 R"
        if isinstance(child, Mark):
            return self._mark(child.page, child.mcid, parent)
        place = (child.page, child.number)
        self.keys[self.links[place]] = parent
        page = self.pages[child.page - 1]
        return f"<</Type/OBJR/Pg {page} 0 R/Obj {self.annotations[place]} 0 R>>"

    def _rows(self, rows: Rows, table: int) -> Iterator[str]:
        """A row after the other: an element for it and one for each cell."""
        for page, first in zip(rows.pages, rows.firsts, strict=True):
            row = self.file.number()
            cells = []
            for at, (role, scope) in enumerate(rows.cells):
                cell = self.file.number()
                self._put(cell, role, row, [self._mark(page, first + at, cell)], _scope(scope))
                cells.append(f"{cell} 0 R")
            self._put(row, "TR", table, cells)
            yield f"{row} 0 R"

    def _mark(self, page: int, mcid: int, parent: int) -> str:
        known = self.parents[page - 1]
        known.extend([0] * (mcid + 1 - len(known)))
        known[mcid] = parent
        return f"<</Type/MCR/Pg {self.pages[page - 1]} 0 R/MCID {mcid}>>"

    def _put(self, number: int, role: str, parent: int, kids: list[str], more: str = "") -> None:
        self.file.put(
            number, f"<</Type/StructElem/S/{role}/P {parent} 0 R{more}/K[{' '.join(kids)}]>>"
        )


def _scope(scope: str) -> str:
    return f"/A<</O/Table/Scope/{scope}>>" if scope else ""


def _more(node: Node) -> str:
    """What an element says of itself."""
    said = f"/Alt<feff{node.alt.encode('utf-16-be').hex()}>" if node.alt else ""
    if node.box:
        sides = " ".join(f"{side:.2f}" for side in node.box)
        return f"{said}/A<</O/Layout/BBox[{sides}]/Placement/Block>>"
    return said + _scope(node.scope)


def _used(child: Node | Mark | Jump | Rows) -> bool:
    """An element without any content is left out."""
    return not isinstance(child, Node) or any(_used(part) for part in child.children)
