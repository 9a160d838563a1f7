"""The figures of this sitting: asked of a process beside the window, kept, shown again at once.

The process reads the vault along, so that nothing here waits for it. Any change throws the pages
kept here away; what the change does not touch is known there still. Nothing is written down.
Refuses to call old figures new: it is told of every change, and tells the process before it asks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.long_work import Progress, WorkStopped
from desktop.presenters.figures_asked import (
    Forget,
    Found,
    Gather,
    Known,
    OneCourse,
    OneTile,
    Page,
    Question,
    Read,
    packed,
    unpacked_answer,
)
from desktop.presenters.figures_desk import (
    MOST_SCOPES,
    FiguresDesk,
    Hand,
    kinds_read,
    to_nobody,
)
from desktop.presenters.impact_picture import Course, ImpactPicture
from forms.facts.kinds import kind_of
from forms.rules.indicators import DEFINITIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop.broadcast import News
    from desktop.context import Context
    from desktop.presenters.impact_scope import Scope

MANY = 20_000  # records: from here on they are not kept while a report is drawn
REST_SECONDS = 300  # without a question: who reads a page of figures opens one of them meanwhile


class WantsFigures(Protocol):
    """Who asked for the page, and hears how far it is."""

    def figures_came(self, picture: ImpactPicture) -> None:
        """All figures; the course of one comes after them."""
        ...

    def course_came(self, course: Course) -> None:
        """The course of the chosen figure."""
        ...

    def figures_step(self, words: str, done: int, of: int) -> None:
        """How far it is, with units."""
        ...

    def figures_failed(self, error: Exception) -> None:
        """It cannot be worked out."""
        ...


class Beside(Protocol):
    """The process (operations.figures_process)."""

    def ask(self, body: bytes, progress: Progress | None = None, hand: Hand = to_nobody) -> bytes:
        """The answer to a packed question; `progress` says how far it is and can stop it.

        `hand` takes the parts of a report, which come before the answer.
        """
        ...

    def rest(self) -> None:
        """End it until the next question."""
        ...

    def close(self) -> None:
        """End it."""
        ...


class Figures:
    """What is known of the figures while a vault is open. Without a process: in the vault lane."""

    def __init__(self, context: Context, beside: Beside | None = None) -> None:
        self.context = context
        self._beside = beside
        self._desk: FiguresDesk | None = None
        self._pictures: dict[tuple[Scope, str], ImpactPicture] = {}
        self._stale: set[str] = set()  # kinds that changed since the last question
        self.changed = 0  # how often something changed
        self._quiet = 0  # seconds since anything was asked; the process rests once in them
        context.broadcast.listen(self, self._hear)

    def kept(self, scope: Scope, chosen: str) -> ImpactPicture | None:
        """The page as it was worked out since the last change, if it was."""
        return self._pictures.get((scope, chosen))

    def keep(self, scope: Scope, picture: ImpactPicture, begun: int) -> None:
        """Have it at hand until something changes. `begun`: `changed` when its reading began."""
        if picture.course is not None and begun == self.changed:
            self._pictures[scope, picture.course.id] = picture
            while len(self._pictures) > MOST_SCOPES:
                del self._pictures[next(iter(self._pictures))]

    def ask(
        self,
        asked: Question,
        *,
        owner: object,
        on_done: Callable[[Any], None],
        on_failed: Callable[[Exception], None],
        progress: Progress | None = None,
        hand: Hand = to_nobody,
    ) -> None:
        """Have one question answered; the outcome comes as from any job.

        `progress` says how far it is and can stop it: then it fails with WorkStopped. `hand` takes
        the parts of a report in the lane, all of them before the outcome.
        """
        told = progress or Progress()
        stale, self._stale = tuple(sorted(self._stale)), set()
        beside = self._beside
        self._quiet = 0

        def failed(error: Exception) -> None:
            self._stale.update(stale)  # nobody may have heard of it: it is told once more
            if not isinstance(error, WorkStopped):
                self._desk = None
            on_failed(error)

        if beside is None:
            self.context.read(
                lambda reader: self._answer_here(reader, stale, asked, told, hand),
                owner=owner,
                on_done=on_done,
                on_failed=failed,
            )
            return
        self.context.work_out(
            lambda: _answer_beside(beside, stale, asked, told, hand),
            owner=owner,
            on_done=on_done,
            on_failed=failed,
        )

    def tick(self, *, idle: bool) -> None:
        """Another second; `idle`: no job is under way. Nobody asks: the process gives back."""
        self._quiet = self._quiet + 1 if idle else 0
        if self._quiet == REST_SECONDS and self._beside is not None:
            self.context.work_out(self._beside.rest, owner=self, on_done=_rested)

    def end(self) -> None:
        """The laptop locks: nothing is known any more, and the process is gone with its key."""
        self.changed += 1
        self._pictures.clear()
        self._desk = None
        if self._beside is not None:
            self._beside.close()

    def _hear(self, news: News) -> None:
        self.changed += 1
        self._pictures.clear()
        self._stale.update(each.kind for each in news.changes.records)  # a receipt touches none

    def _answer_here(
        self,
        reader: Any,
        stale: tuple[str, ...],
        asked: Question,
        progress: Progress,
        hand: Hand,
    ) -> Any:
        session = self.context.session
        if self._desk is None:
            self._desk = FiguresDesk(reader, session.pack, practice=session.practice)
        self._desk.answer(Forget(stale))
        return self._desk.answer(asked, progress.step, hand)


def _rested(nothing: None) -> None:
    """The memory is given back; the next question begins anew."""


def _answer_beside(
    beside: Beside, stale: tuple[str, ...], asked: Question, progress: Progress, hand: Hand
) -> Any:
    if stale:
        beside.ask(packed(Forget(stale)))
    answer = unpacked_answer(asked, beside.ask(packed(asked), progress, hand))
    if isinstance(answer, Found) and answer.records >= MANY:
        beside.rest()  # who draws the report gets the room; a few records cost nothing to keep
    return answer


def figures_of(context: Context) -> Figures:
    """The figures of this sitting."""
    if context.figures is None:
        beside = context.beside() if context.beside is not None else None
        context.figures = Figures(context, beside)
    return context.figures


@dataclass
class Task:
    """One page being worked out, question by question: others are answered in between.

    `stop` ends the one that is under way too; `tick` says how far that is.
    """

    figures: Figures
    owner: object  # the view: nothing comes back once it is gone
    asker: WantsFigures
    scope: Scope
    chosen: str
    stopped: bool = False
    _progress: Progress = field(default_factory=Progress)
    _said: tuple[str, int, int] = ("", 0, 0)
    _begun: int = 0
    _kinds: list[str] = field(default_factory=list)  # still to be read
    _of: int = 0
    _records: int = 0
    _left: list[str] = field(default_factory=list)  # figures still to be worked out

    def start(self) -> None:
        """Begin with what is not known yet."""
        self._begun = self.figures.changed
        pack = self.figures.context.pack
        self._kinds = [kind_of(cls).name for cls in kinds_read(pack)]
        self._of, self._left = len(self._kinds), list(DEFINITIONS)
        self._say("Reading the records", 0, self._of)
        self._ask(Known(self.scope, self.chosen), self._known)

    def stop(self) -> None:
        """Go no further; what is on the screen stays."""
        self.stopped = True
        self._progress.stop()

    def tick(self) -> None:
        """Say how far a question is that takes long."""
        told = self._progress
        if not self.stopped:
            step = (told.words, told.done, told.of) if told.words else self._said
            self.asker.figures_step(*step)

    def _say(self, words: str, done: int, of: int) -> None:
        self._said = (words, done, of)
        self.asker.figures_step(words, done, of)

    def _known(self, picture: ImpactPicture | None) -> None:
        if picture is None or picture.course is None:
            self._read_next()
        elif not self.stopped:
            self.asker.figures_came(picture)
            self._course_came(picture, picture.course)

    def _read_next(self) -> None:
        if self.stopped:
            return
        if not self._kinds:
            self._ask(Gather(self.scope.as_of), self._next_figure)
            return
        done = self._of - len(self._kinds)
        self._say(f"Reading the records: {self._records:,} so far", done, self._of)
        self._ask(Read(self._kinds.pop(0)), self._kind_came)

    def _kind_came(self, count: int) -> None:
        self._records += count
        self._read_next()

    def _next_figure(self, _done: object = None) -> None:
        if self.stopped:
            return
        done = len(DEFINITIONS) - len(self._left)
        self._say("Working out the figures", done, len(DEFINITIONS))
        if self._left:
            self._ask(OneTile(self.scope, self._left.pop(0)), self._next_figure)
        else:
            self._ask(Page(self.scope), self._tiles)

    def _tiles(self, picture: ImpactPicture) -> None:
        if self.stopped:
            return
        self.asker.figures_came(picture)
        self._say("Working out the months and districts", 0, 0)
        self._ask(OneCourse(self.scope, self.chosen), partial(self._course_came, picture))

    def _course_came(self, picture: ImpactPicture, course: Course) -> None:
        if self.stopped:
            return
        self.figures.keep(self.scope, picture.with_course(course), self._begun)
        self.asker.course_came(course)

    def _ask(self, asked: Question, on_done: Callable[[Any], None]) -> None:
        if not self.stopped:
            self._progress = Progress()
            self.figures.ask(
                asked,
                owner=self.owner,
                on_done=on_done,
                on_failed=self._no,
                progress=self._progress,
            )

    def _no(self, error: Exception) -> None:
        if not self.stopped:  # else nobody waits for it
            self.stopped = True
            self.asker.figures_failed(error)
