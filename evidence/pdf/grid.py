"""Tables on pages: measured columns, headers that repeat, cells tagged for a screen reader.

Draws its cells itself, so a name with markup in it is only text. Refuses to cut a row in two.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from evidence.blocks import Column, Table, Value, shown
from evidence.drawing import Ink
from evidence.pdf import fonts
from evidence.pdf.tags import Canvas, Node, decoration, tagged
from evidence.pdf.text import line

_PAD_X, _PAD_Y = 5.0, 3.6
_WIDEST = 240.0
SHORT = 300.0  # points: a table under it stays on one page


@dataclass(slots=True)
class Laid:
    """One row, wrapped: lines per cell, its height, its structure nodes."""

    lines: list[list[str]]
    height: float
    nodes: list[Node] = field(default_factory=list)
    bold: bool = False


class Grid:
    """The measured table that all its parts on several pages share."""

    def __init__(self, table: Table, node: Node, size: float, room: float) -> None:
        self.table, self.size, self.room = table, size, room
        self.leading = round(size * 1.28, 2)
        self.caption_node = node.add("Caption")
        self.columns = table.columns
        self.texts = [self._row_texts(row) for row in table.rows]
        self.totals = self._row_texts(table.total) if table.total is not None else None
        self.widths = self._widths()
        self.head = self._head(node)
        self.rows = self._body(node)
        self.note_node: Node | None = None
        most = max(int(120 / self.leading), 2)
        self.note = (
            fonts.wrap(fonts.clean(table.note), fonts.REGULAR, size, room, most)
            if table.note
            else []
        )

    @property
    def note_height(self) -> float:
        """Room for the note under the last row."""
        return len(self.note) * self.leading + 6 if self.note else 0.0

    def _row_texts(self, row: tuple[Value, ...]) -> list[str]:
        cells = zip(row, self.columns, strict=True)
        return [fonts.clean(shown(value, column.format)) for value, column in cells]

    def _widths(self) -> list[float]:
        wanted = [self._wanted(at, column) for at, column in enumerate(self.columns)]
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
        least = [self._least(at) for at in range(len(wanted))]
        return _shrunk(wanted, weights, least, self.room)

    def _least(self, at: int) -> float:
        """Room for the longest word, and for short cells such as dates as a whole."""
        words = [(word, fonts.BOLD) for word in self.columns[at].title.split()]
        for texts in self.texts[:200]:
            cell = texts[at]
            parts = [cell] if len(cell) <= 12 else cell.split(" ")
            words += [(part, fonts.REGULAR) for part in parts]
        widest = max((fonts.width(word, font, self.size) for word, font in words), default=0.0)
        return min(widest, 110.0) + 2 * _PAD_X + 1

    def _loosen(self, wanted: list[float], spare: float) -> float:
        """Give number columns some air first, so that they do not crowd at the right edge."""
        numbers = [at for at, column in enumerate(self.columns) if column.format.is_number]
        if not numbers:
            return 0.0
        each = min(spare * 0.5 / len(numbers), 34.0)
        for at in numbers:
            wanted[at] += each
        return each * len(numbers)

    def _wanted(self, at: int, column: Column) -> float:
        cells = [texts[at] for texts in self.texts] + ([self.totals[at]] if self.totals else [])
        widest = max((fonts.width(text, fonts.REGULAR, self.size) for text in cells), default=0.0)
        room = _header_room(column.title, self.size)
        return min(max(widest * 1.04, room), _WIDEST) + 2 * _PAD_X + 0.5

    def _wrapped(self, texts: list[str], font: str, most: int) -> list[list[str]]:
        return [
            fonts.wrap(text, font, self.size, wide - 2 * _PAD_X, most)
            for text, wide in zip(texts, self.widths, strict=True)
        ]

    def _lay(self, texts: list[str], *, bold: bool, room: float = 330) -> Laid:
        """A row; `room` is the most height its lines may take, so that it fits a page."""
        font = fonts.BOLD if bold else fonts.REGULAR
        lines = self._wrapped(texts, font, max(int(room / self.leading), 2))
        most = max((len(cell) for cell in lines), default=1)
        return Laid(lines, most * self.leading + 2 * _PAD_Y, bold=bold)

    def _head(self, node: Node) -> Laid:
        laid = self._lay([fonts.clean(column.title) for column in self.columns], bold=True, room=80)
        row = node.add("TR")
        laid.nodes = [row.add("TH", scope="Column") for _ in self.columns]
        return laid

    def _body(self, node: Node) -> list[Laid]:
        rows = [self._lay(texts, bold=False) for texts in self.texts]
        if self.totals is not None:
            rows.append(self._lay(self.totals, bold=True))
        for laid in rows:
            row = node.add("TR")
            laid.nodes = [
                row.add("TH", scope="Row") if column.row_header else row.add("TD")
                for column in self.columns
            ]
        return rows

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
        whole = self.wrap(0, 0)[1] + self.spaceBefore
        if whole < SHORT + self.spaceBefore:
            return whole
        return self.spaceBefore + self._top + sum(self._heights()[:2])

    def _heights(self) -> list[float]:
        return [row.height for row in self.grid.rows[self.start : self.end]]

    @property
    def _top(self) -> float:
        return self.grid.caption_height + self.grid.head.height

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """The whole part's size, with the note under the last row."""
        return self.grid.room, self._top + sum(self._heights()) + self._foot

    @property
    def _foot(self) -> float:
        return self.grid.note_height if self.end == len(self.grid.rows) else 0.0

    def split(self, _width: float, height: float) -> list[Flowable]:
        """As many whole rows as fit; never a header alone, never a single row left over."""
        if self.start == 0 and height < 560 and self.wrap(0, 0)[1] < SHORT:
            return []
        left = height - self._top
        fit = 0
        for row in self._heights():
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
        first = self.start == 0
        y = self._top + sum(self._heights()) + self._foot
        self._caption(canvas, y, first=first)
        y -= grid.caption_height
        with decoration(canvas):
            canvas.setFillColor(HexColor(Ink.PANEL.value))
            canvas.rect(0, y - grid.head.height, grid.room, grid.head.height, stroke=0, fill=1)
            _rule(canvas, y - grid.head.height, grid.room, Ink.TEXT, 0.9)
        if first:
            self._row(canvas, grid.head, y)
        else:
            with decoration(canvas, "Pagination"):
                self._cells(canvas, grid.head, y, mark=False)
        y -= grid.head.height
        for laid in grid.rows[self.start : self.end]:
            self._row(canvas, laid, y)
            y -= laid.height
            with decoration(canvas):
                _rule(canvas, y, grid.room, Ink.GRID, 0.5)
                if laid.bold:
                    _rule(canvas, y + laid.height, grid.room, Ink.TEXT, 0.9)

        if self._foot and grid.note_node is not None:
            with tagged(canvas, grid.note_node):
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
        with tagged(canvas, grid.caption_node):
            for at, words in enumerate(grid.caption):
                line(canvas, 0, y - size - at * leading, words, size, font=fonts.BOLD)

    def _row(self, canvas: Canvas, laid: Laid, y: float) -> None:
        self._cells(canvas, laid, y, mark=True)

    def _cells(self, canvas: Canvas, laid: Laid, y: float, *, mark: bool) -> None:
        x = 0.0
        for at, (column, wide) in enumerate(zip(self.grid.columns, self.grid.widths, strict=True)):
            if mark:
                with tagged(canvas, laid.nodes[at]):
                    self._cell(canvas, (x, y, wide), laid, at, column)
            else:
                self._cell(canvas, (x, y, wide), laid, at, column)
            x += wide

    def _cell(
        self, canvas: Canvas, place: tuple[float, float, float], laid: Laid, at: int, column: Column
    ) -> None:
        x, y, wide = place
        size = self.grid.size
        font = fonts.BOLD if laid.bold else fonts.REGULAR
        right = column.format.is_number
        edge = x + wide - _PAD_X if right else x + _PAD_X
        for number, words in enumerate(laid.lines[at]):
            ink = Ink.MUTED if words in ("hidden", "—") else Ink.TEXT
            base = y - _PAD_Y - size * 0.92 - number * self.grid.leading
            line(canvas, edge, base, words, size, font=font, ink=ink,
                 anchor="end" if right else "start")  # fmt: skip


def _rule(canvas: Canvas, y: float, wide: float, ink: Ink, thick: float) -> None:
    canvas.setStrokeColor(HexColor(ink.value))
    canvas.setLineWidth(thick)
    canvas.line(0, y, wide, y)
