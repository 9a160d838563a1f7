"""The other things that stand on a page: charts, key figures, boxes, contents, lines to fill in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from reportlab.lib.colors import HexColor
from reportlab.platypus import Flowable

from evidence.blocks import Fact
from evidence.drawing import Box, Dot, Drawing, Ink, Label, Shape, Stroke
from evidence.pdf import fonts
from evidence.pdf.tags import Canvas, Node, decoration, tagged, tags_of
from evidence.pdf.text import line


class Picture(Flowable):  # type: ignore[misc]
    """A drawing with its words for those who cannot see it."""

    def __init__(self, drawing: Drawing, node: Node) -> None:
        super().__init__()
        self.drawing, self.node = drawing, node
        self.spaceBefore, self.spaceAfter = 4, 6

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Its own size."""
        return self.drawing.width, self.drawing.height

    def draw(self) -> None:
        """All shapes as one figure."""
        x, y = self.canv.absolutePosition(0, 0)
        self.node.box = (x, y, x + self.drawing.width, y + self.drawing.height)
        with tagged(self.canv, self.node):
            for shape in self.drawing.shapes:
                _draw(self.canv, shape, self.drawing.height)


def _draw(canvas: Canvas, shape: Shape, top: float) -> None:
    if isinstance(shape, Box):
        canvas.setFillColor(HexColor(shape.fill.value))
        if shape.stroke:
            canvas.setStrokeColor(HexColor(shape.stroke.value))
            canvas.setLineWidth(0.8)
        y = top - shape.y - shape.height
        canvas.rect(shape.x, y, shape.width, shape.height, stroke=int(bool(shape.stroke)), fill=1)
    elif isinstance(shape, Stroke):
        canvas.setStrokeColor(HexColor(shape.ink.value))
        canvas.setLineWidth(shape.width)
        canvas.setDash([4, 3] if shape.dashed else [])
        path = canvas.beginPath()
        path.moveTo(shape.points[0][0], top - shape.points[0][1])
        for x, y in shape.points[1:]:
            path.lineTo(x, top - y)
        canvas.drawPath(path, stroke=1, fill=0)
        canvas.setDash([])
    elif isinstance(shape, Dot):
        canvas.setFillColor(HexColor(shape.ink.value))
        canvas.circle(shape.x, top - shape.y, shape.radius, stroke=0, fill=1)
    else:
        _label(canvas, shape, top)


def _label(canvas: Canvas, shape: Label, top: float) -> None:
    font = fonts.BOLD if shape.bold else fonts.REGULAR
    text = fonts.clean(shape.text)
    line(canvas, shape.x, top - shape.y, text, shape.size, font=font, ink=shape.ink,
         anchor=shape.anchor)  # fmt: skip


class FactPanel(Flowable):  # type: ignore[misc]
    """Key figures in panels, three across."""

    def __init__(self, facts: Sequence[Fact], node: Node, room: float, size: float) -> None:
        super().__init__()
        self.facts, self.room, self.size = list(facts), room, size
        self.nodes = [(node.add("P"), fact) for fact in self.facts]
        self.spaceBefore, self.spaceAfter = 4, 10
        self.across = 3 if size < 13 else 2
        self.each = (room - 9 * (self.across - 1)) / self.across
        self.below = [
            fonts.wrap(fonts.clean(f.below), fonts.REGULAR, size - 2, self.each - 20, 3)
            for f in self.facts
        ]
        most = max((len(lines) for lines in self.below), default=1)
        self.tall = size * 1.5 + size * 2.3 + most * size * 1.08 + 10

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Rows of panels."""
        rows = -(-len(self.facts) // self.across)
        return self.room, rows * (self.tall + 9) - 9

    def draw(self) -> None:
        """Each panel: what it is, the number, a line below."""
        canvas = self.canv
        _, high = self.wrap(0, 0)
        for at, (node, fact) in enumerate(self.nodes):
            x = (at % self.across) * (self.each + 9)
            y = high - (at // self.across) * (self.tall + 9)
            with decoration(canvas):
                canvas.setFillColor(HexColor(Ink.PANEL.value))
                canvas.roundRect(x, y - self.tall, self.each, self.tall, 4, stroke=0, fill=1)
                canvas.setFillColor(HexColor(Ink.ACCENT.value))
                canvas.rect(x, y - self.tall, 3, self.tall, stroke=0, fill=1)
            with tagged(canvas, node):
                self._words(canvas, x + 12, y, fact, self.below[at])

    def _words(self, canvas: Canvas, x: float, y: float, fact: Fact, below: list[str]) -> None:
        size = self.size
        room = self.each - 20
        label = fonts.one_line(fonts.clean(fact.label), fonts.REGULAR, size - 1, room)
        line(canvas, x, y - size * 1.5, label, size - 1, ink=Ink.MUTED)
        big = size * 1.9
        value = fonts.clean(fact.value)
        while big > size and fonts.width(value, fonts.BOLD, big) > room:
            big -= 0.5
        said = fonts.wrap(value, fonts.BOLD, big, room)
        if len(said) > 2:  # a figure is never cut; a long name keeps its first two lines
            said = [said[0], fonts.one_line(" ".join(said[1:]), fonts.BOLD, big, room)]
        top = size * (3.55 if len(said) == 1 else 2.95)
        for number, words in enumerate(said):
            line(canvas, x, y - top - number * big * 1.15, words, big, font=fonts.BOLD)
        for number, words in enumerate(below):
            base = y - size * 4.75 - number * size * 1.08
            line(canvas, x, base, words, size - 2, ink=Ink.MUTED)


class Boxed(Flowable):  # type: ignore[misc]
    """Paragraphs in a shaded box with a bar at the left. Breaks between paragraphs."""

    def __init__(self, parts: Sequence[Any], room: float) -> None:
        super().__init__()
        self.parts, self.room = list(parts), room
        self.spaceBefore, self.spaceAfter = 8, 12

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """The paragraphs' height with a margin."""
        self.heights = [part.wrap(self.room - 26, 10_000)[1] for part in self.parts]
        return self.room, sum(self.heights) + 5 * (len(self.parts) - 1) + 18

    def split(self, width: float, height: float) -> list[Flowable]:
        """As many whole paragraphs as fit, at least the title and one more."""
        self.wrap(width, height)
        used, fit = 18.0, 0
        for tall in self.heights:
            used += tall + 5
            if used > height:
                break
            fit += 1
        if fit >= min(2, len(self.parts) - 1) and 0 < fit < len(self.parts):
            return [Boxed(self.parts[:fit], self.room), Boxed(self.parts[fit:], self.room)]
        if height < 500 or fit >= len(self.parts):
            return []
        left = height - 18 - sum(tall + 5 for tall in self.heights[:fit])
        halves = self.parts[fit].split(self.room - 26, left)
        if len(halves) < 2:
            return []
        head, rest = halves
        return [
            Boxed([*self.parts[:fit], head], self.room),
            Boxed([rest, *self.parts[fit + 1 :]], self.room),
        ]

    def draw(self) -> None:
        """The box, then its paragraphs."""
        _, high = self.wrap(0, 0)
        with decoration(self.canv):
            self.canv.setFillColor(HexColor(Ink.PANEL.value))
            self.canv.rect(0, 0, self.room, high, stroke=0, fill=1)
            self.canv.setFillColor(HexColor(Ink.WARN.value))
            self.canv.rect(0, 0, 3, high, stroke=0, fill=1)
        y = high - 9
        for part, tall in zip(self.parts, self.heights, strict=True):
            part.drawOn(self.canv, 14, y - tall)
            y -= tall + 5


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the contents."""

    text: str
    target: str
    page: int


class ContentsList(Flowable):  # type: ignore[misc]
    """Chapters with their pages; each line is a link."""

    def __init__(self, entries: Sequence[Entry], node: Node, room: float, size: float) -> None:
        super().__init__()
        self.entries, self.room, self.size = list(entries), room, size
        self.links = [node.add("TOCI").add("Link") for _ in self.entries]
        self.spaceAfter = 10

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """One line an entry."""
        return self.room, len(self.entries) * self.size * 1.75

    def draw(self) -> None:
        """Name, dots, page."""
        canvas, step = self.canv, self.size * 1.75
        y = len(self.entries) * step
        for entry, node in zip(self.entries, self.links, strict=True):
            y -= step
            page = str(entry.page)
            text = fonts.clean(entry.text)
            text = fonts.one_line(text, fonts.REGULAR, self.size, self.room - 50)
            wide = fonts.width(text, fonts.REGULAR, self.size)
            with decoration(canvas):
                canvas.setStrokeColor(HexColor(Ink.LINE.value))
                canvas.setLineWidth(0.6)
                canvas.setDash([0.6, 3])
                canvas.line(wide + 8, y + 5, self.room - 26, y + 5)
                canvas.setDash([])
            with tagged(canvas, node):
                line(canvas, 0, y + 5, text, self.size)
                line(canvas, self.room, y + 5, page, self.size, anchor="end")
            canvas.linkAbsolute(text, entry.target, (0, y, self.room, y + step), thickness=0)
            words = f"{entry.text}, page {page}"
            node.children.append(tags_of(canvas).jump(canvas.getPageNumber(), words))


class FillIn(Flowable):  # type: ignore[misc]
    """Lines to write on by hand, with a label above."""

    def __init__(self, label: str, lines: int, node: Node, room: float, size: float) -> None:
        super().__init__()
        self.label, self.lines, self.room, self.size = label, lines, room, size
        self.node = node.add("P")

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """The label and its lines."""
        head = self.size * 1.5 if self.label else 0
        return self.room, head + self.lines * self.size * 2.2

    def draw(self) -> None:
        """Label, then rules."""
        _, high = self.wrap(0, 0)
        y = high
        if self.label:
            y -= self.size * 1.3
            with tagged(self.canv, self.node):
                line(self.canv, 0, y, fonts.clean(self.label), self.size)
        with decoration(self.canv):
            self.canv.setStrokeColor(HexColor(Ink.LINE.value))
            self.canv.setLineWidth(0.8)
            for _ in range(self.lines):
                y -= self.size * 2.1
                self.canv.line(0, y, self.room, y)
