"""Tables on pages: measured columns, headers that repeat, cells tagged for a screen reader.

Draws its cells itself, so a name with markup in it is only text. Refuses to cut a row in two.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, chain, islice

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from evidence.blocks import Table, Value, shown
from evidence.drawing import Ink
from evidence.pdf import fonts
from evidence.pdf.tags import Canvas, Node, Rows, decoration, is_draft, tagged, tagged_row
from evidence.pdf.text import line

_PAD_X, _PAD_Y = 5.0, 3.6
_WIDEST = 240.0
SHORT = 300.0  # points: a table under it stays on one page


@dataclass(slots=True)
class Tags:
    """Where a table stands in the structure of the file that is being written."""

    caption: Node
    head: list[Node]
    body: Rows
    note: Node | None


class Grid:
    """The measured table that all its parts on several pages share, in each pass over the pages.

    A row is its cells, the lines of each one below the other; a county's tables have 25,000.
    """

    tags: Tags

    def __init__(self, table: Table, size: float, room: float) -> None:
        self.table, self.size, self.room = table, size, room
        self.leading = round(size * 1.28, 2)
        self.columns = table.columns
        self.totals = self._row_texts(table.total) if table.total is not None else None
        self.widths = self._widths()
        self.lefts = list(accumulate(self.widths, initial=0.0))
        titles = [fonts.clean(column.title) for column in self.columns]
        self.head, self.head_height = self._lay(titles, bold=True, room=80)
        self.rows: list[tuple[str, ...]] = []
        self.heights = array("d")
        for texts in self._texts():
            self._add(*self._lay(texts, bold=False))
        if self.totals is not None:
            self._add(*self._lay(self.totals, bold=True))
        self.depths = array("d", accumulate(self.heights, initial=0.0))  # above each row
        most = max(int(120 / self.leading), 2)
        self.note = (
            fonts.wrap(fonts.clean(table.note), fonts.REGULAR, size, room, most)
            if table.note
            else []
        )

    def tag(self, node: Node, note: Node | None) -> None:
        """Its place in the structure: anew for each pass over the pages."""
        caption, row = node.add("Caption"), node.add("TR")
        body = Rows(tuple(("TH", "Row") if c.row_header else ("TD", "") for c in self.columns))
        node.children.append(body)
        self.tags = Tags(caption, [row.add("TH", scope="Column") for _ in self.columns], body, note)

    @property
    def note_height(self) -> float:
        """Room for the note under the last row."""
        return len(self.note) * self.leading + 6 if self.note else 0.0

    def is_total(self, at: int) -> bool:
        """Whether this row is the one that adds up."""
        return at == len(self.table.rows)

    def _texts(self) -> Iterator[list[str]]:
        return map(self._row_texts, self.table.rows)

    def _row_texts(self, row: tuple[Value, ...]) -> list[str]:
        cells = zip(row, self.columns, strict=True)
        return [fonts.clean(shown(value, column.format)) for value, column in cells]

    def _widths(self) -> list[float]:
        wanted = self._wanted()
        spare = self.room - sum(wanted)
        if spare > 0:
            spare -= self._loosen(wanted, spare)
        flexible = [at for at, column in enumerate(self.columns) if not column.format.is_number]
        flexible = flexible or list(range(len(wanted)))
        if spare >= 0:
            weight = sum(self.columns[at].width * wanted[at] for at in flexible)
            for at in flexible:
                wanted[at] += spare * self.columns[at].width * wanted[at] / weight
            return wanted
        weights = {at: self.columns[at].width for at in flexible}
        return _shrunk(wanted, weights, self._least(), self.room)

    def _least(self) -> list[float]:
        """Room for the longest word, and for short cells such as dates as a whole."""
        words = [[(word, fonts.BOLD) for word in column.title.split()] for column in self.columns]
        for texts in islice(self._texts(), 200):
            for known, cell in zip(words, texts, strict=True):
                parts = [cell] if len(cell) <= 12 else cell.split(" ")
                known += [(part, fonts.REGULAR) for part in parts]
        widest = (
            max((fonts.width(word, font, self.size) for word, font in known), default=0.0)
            for known in words
        )
        return [min(wide, 110.0) + 2 * _PAD_X + 1 for wide in widest]

    def _loosen(self, wanted: list[float], spare: float) -> float:
        """Give number columns some air first, so that they do not crowd at the right edge."""
        numbers = [at for at, column in enumerate(self.columns) if column.format.is_number]
        if not numbers:
            return 0.0
        each = min(spare * 0.5 / len(numbers), 34.0)
        for at in numbers:
            wanted[at] += each
        return each * len(numbers)

    def _wanted(self) -> list[float]:
        widest = [0.0] * len(self.columns)
        for texts in chain(self._texts(), [self.totals] if self.totals else []):
            for at, text in enumerate(texts):
                widest[at] = max(widest[at], fonts.width(text, fonts.REGULAR, self.size))
        rooms = (_header_room(column.title, self.size) for column in self.columns)
        return [
            min(max(wide * 1.04, room), _WIDEST) + 2 * _PAD_X + 0.5
            for wide, room in zip(widest, rooms, strict=True)
        ]

    def _lay(self, texts: list[str], *, bold: bool, room: float = 330) -> tuple[list[str], float]:
        """A row and its height; `room` is the most its lines may take, so that it fits a page."""
        font = fonts.BOLD if bold else fonts.REGULAR
        most, cells, lines = max(int(room / self.leading), 2), [], 1
        for text, wide in zip(texts, self.widths, strict=True):
            found = fonts.wrap(text, font, self.size, wide - 2 * _PAD_X, most)
            lines = max(lines, len(found))
            cells.append("\n".join(found) if len(found) > 1 else found[0])
        return cells, lines * self.leading + 2 * _PAD_Y

    def _add(self, cells: list[str], height: float) -> None:
        self.rows.append(tuple(cells))
        self.heights.append(height)

    @cached_property
    def caption(self) -> list[str]:
        """The caption's lines."""
        words = fonts.clean(self.table.caption)
        return fonts.wrap(words, fonts.BOLD, self.size + 0.5, self.room, 4)

    @property
    def caption_height(self) -> float:
        """Room for the caption above the header."""
        return len(self.caption) * (self.leading + 0.6) + 4


def _header_room(title: str, size: float) -> float:
    """The least width in which a header takes two lines at most."""
    words = [fonts.width(word, fonts.BOLD, size) for word in title.split()]
    gap = fonts.width(" ", fonts.BOLD, size)

    def wide(part: list[float]) -> float:
        return sum(part) + gap * max(len(part) - 1, 0)

    splits = range(1, len(words)) if len(words) > 1 else ()
    return min((max(wide(words[:n]), wide(words[n:])) for n in splits), default=wide(words)) + 1


def _shrunk(
    wanted: list[float], flexible: dict[int, float], least: list[float], room: float
) -> list[float]:
    """Widths that fit: text columns give way first, the light ones most, none below a word."""
    widths = list(wanted)
    for _ in range(6):
        over = sum(widths) - room
        give = {at: max(widths[at] - least[at], 0.0) / weight for at, weight in flexible.items()}
        if over <= 0.01 or not any(give.values()):
            break
        total = sum(give.values())
        for at, part in give.items():
            widths[at] = max(widths[at] - over * part / total, least[at])
    return [width * room / sum(widths) for width in widths]


class GridPart(Flowable):  # type: ignore[misc]
    """The rows of a grid that stand on one page."""

    def __init__(self, grid: Grid, start: int = 0, end: int | None = None) -> None:
        super().__init__()
        self.grid, self.start = grid, start
        self.end = len(grid.rows) if end is None else end
        self.spaceBefore, self.spaceAfter = 8, 12

    @property
    def least(self) -> float:
        """The least room in which it begins: the whole of a short one, else its first two rows."""
        whole = self._tall + self.spaceBefore
        if whole < SHORT + self.spaceBefore:
            return whole
        return self.spaceBefore + self._top + sum(self.grid.heights[self.start : self.end][:2])

    @property
    def _top(self) -> float:
        return self.grid.caption_height + self.grid.head_height

    @property
    def _tall(self) -> float:
        depths = self.grid.depths
        return self._top + (depths[self.end] - depths[self.start]) + self._foot

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """The whole part's size, with the note under the last row."""
        return self.grid.room, self._tall

    @property
    def _foot(self) -> float:
        return self.grid.note_height if self.end == len(self.grid.rows) else 0.0

    def split(self, _width: float, height: float) -> list[Flowable]:
        """As many whole rows as fit; never a header alone, never a single row left over."""
        if self.start == 0 and height < 560 and self._tall < SHORT:
            return []
        left = height - self._top
        fit = 0
        for row in islice(self.grid.heights, self.start, self.end):
            if row > left:
                break
            left -= row
            fit += 1
        count = self.end - self.start
        fit = min(fit, count - 1)
        if fit >= count - 1 and count > 3:
            fit = count - 2
        if fit < min(2, count) and (height < 500 or fit < 1):
            return []
        middle = self.start + fit
        return [GridPart(self.grid, self.start, middle), GridPart(self.grid, middle, self.end)]

    def draw(self) -> None:
        """Caption, header, rows; lines and shades are decoration."""
        grid, canvas = self.grid, self.canv
        if is_draft(canvas):
            return  # the pages break by its height, which is known
        first = self.start == 0
        y = self._tall
        self._caption(canvas, y, first=first)
        y -= grid.caption_height
        with decoration(canvas):
            canvas.setFillColor(HexColor(Ink.PANEL.value))
            canvas.rect(0, y - grid.head_height, grid.room, grid.head_height, stroke=0, fill=1)
            _rule(canvas, y - grid.head_height, grid.room, Ink.TEXT, 0.9)
        self._head(canvas, y, first=first)
        y -= grid.head_height
        for at in range(self.start, self.end):
            self._row(canvas, at, y)
            y -= grid.heights[at]
            with decoration(canvas):
                _rule(canvas, y, grid.room, Ink.GRID, 0.5)
                if grid.is_total(at):
                    _rule(canvas, y + grid.heights[at], grid.room, Ink.TEXT, 0.9)

        if self._foot and grid.tags.note is not None:
            with tagged(canvas, grid.tags.note):
                for at, words in enumerate(grid.note):
                    base = y - 5 - grid.size - at * grid.leading
                    line(canvas, 0, base, words, grid.size, ink=Ink.MUTED)

    def _caption(self, canvas: Canvas, y: float, *, first: bool) -> None:
        grid = self.grid
        size, leading = grid.size + 0.5, grid.leading + 0.6
        if not first:
            with decoration(canvas, "Pagination"):
                more = " (continued)"
                room = grid.room - fonts.width(more, fonts.BOLD, size)
                words = fonts.one_line(" ".join(grid.caption), fonts.BOLD, size, room) + more
                line(canvas, 0, y - size, words, size, font=fonts.BOLD, ink=Ink.MUTED)
            return
        with tagged(canvas, grid.tags.caption):
            for at, words in enumerate(grid.caption):
                line(canvas, 0, y - size - at * leading, words, size, font=fonts.BOLD)

    def _head(self, canvas: Canvas, y: float, *, first: bool) -> None:
        """The names of the columns: read once, on the pages that follow decoration."""
        if first:
            for at, node in enumerate(self.grid.tags.head):
                with tagged(canvas, node):
                    self._cell(canvas, y, self.grid.head[at], at, fonts.BOLD)
            return
        with decoration(canvas, "Pagination"):
            for at, text in enumerate(self.grid.head):
                self._cell(canvas, y, text, at, fonts.BOLD)

    def _row(self, canvas: Canvas, number: int, y: float) -> None:
        font = fonts.BOLD if self.grid.is_total(number) else fonts.REGULAR
        for at, text in enumerate(tagged_row(canvas, self.grid.tags.body, self.grid.rows[number])):
            self._cell(canvas, y, text, at, font)

    def _cell(self, canvas: Canvas, y: float, text: str, at: int, font: str) -> None:
        grid, size = self.grid, self.grid.size
        right = grid.columns[at].format.is_number
        x = grid.lefts[at]
        edge = x + grid.widths[at] - _PAD_X if right else x + _PAD_X
        for number, words in enumerate(text.split("\n")):
            ink = Ink.MUTED if words in ("hidden", "—") else Ink.TEXT
            base = y - _PAD_Y - size * 0.92 - number * grid.leading
            line(canvas, edge, base, words, size, font=font, ink=ink,
                 anchor="end" if right else "start")  # fmt: skip


def _rule(canvas: Canvas, y: float, wide: float, ink: Ink, thick: float) -> None:
    canvas.setStrokeColor(HexColor(ink.value))
    canvas.setLineWidth(thick)
    canvas.line(0, y, wide, y)
