"""The facts and figures of this sitting: read a kind at a time, worked out beside the vault, kept.

Reading goes kind by kind, so that a save never waits behind all of it. Working out is pure and
has a lane of its own. What was worked out is shown again at once and is thrown away by the next
change; nothing of it is written down. Refuses to call old figures new: it is told of every change.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.presenters.impact_picture import (
    Course,
    ImpactPicture,
    course_of,
    impact_of,
)
from evidence.dossier import gather, within
from forms.rules.indicators import DEFINITIONS, indicator_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from desktop.broadcast import News
    from desktop.context import Context
    from desktop.presenters.impact_scope import Scope
    from evidence.dossier import Dossier
    from forms.rules.indicators import Indicator
    from forms.rules.pack import Pack

MOST_DAYS = 2  # days of which the facts are kept
MOST_SCOPES = 8
_ALSO = ("unsent_count", "last_sent_at", "conflicts")  # how complete the records are


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


class Figures:
    """What is known of the figures while a vault is open."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.wholes: dict[date, Dossier] = {}
        self._pictures: dict[tuple[Scope, str], ImpactPicture] = {}
        self.changed = 0  # how often something changed
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

    def keep_whole(self, day: date, whole: Dossier, begun: int) -> None:
        """The facts as of a day, unless something changed while they were read."""
        if begun == self.changed:
            self.wholes[day] = whole
        while len(self.wholes) > MOST_DAYS:
            del self.wholes[next(iter(self.wholes))]

    def forget(self) -> None:
        """Something changed, or the laptop locks."""
        self.changed += 1
        self.wholes.clear()
        self._pictures.clear()

    def _hear(self, _news: News) -> None:
        self.forget()


def figures_of(context: Context) -> Figures:
    """The figures of this sitting."""
    if context.figures is None:
        context.figures = Figures(context)
    return context.figures


@dataclass
class Task:
    """One page being worked out. `stop` is heard before the next step."""

    figures: Figures
    owner: object  # the view: nothing comes back once it is gone
    asker: WantsFigures
    scope: Scope
    chosen: str
    stopped: bool = False
    _begun: int = 0
    _kinds: tuple[type, ...] = ()
    _read: dict[type, list[Any]] = field(default_factory=dict)
    _found: dict[str, Indicator] = field(default_factory=dict)

    def start(self) -> None:
        """Begin with what is not known yet."""
        self._begun = self.figures.changed
        whole = self.figures.wholes.get(self.scope.as_of)
        if whole is not None:
            self._have(whole)
        else:
            self._read_next()

    def stop(self) -> None:
        """Go no further; what is on the screen stays."""
        self.stopped = True

    def _read_next(self) -> None:
        if self.stopped:
            return
        context = self.figures.context
        kinds = self._kinds = self._kinds or kinds_read(context.pack)
        if len(self._read) == len(kinds):
            context.read(_completeness, owner=self.owner, on_done=self._gather, on_failed=self._no)
            return
        kind = kinds[len(self._read)]
        so_far = sum(len(each) for each in self._read.values())
        self.asker.figures_step(
            f"Reading the records: {so_far:,} so far", len(self._read), len(kinds)
        )
        context.read(
            lambda reader: reader.all(kind),
            owner=self.owner,
            on_done=partial(self._kind_came, kind),
            on_failed=self._no,
        )

    def _kind_came(self, kind: type, records: list[Any]) -> None:
        self._read[kind] = records  # a stopped task goes no further than this
        self._read_next()

    def _gather(self, completeness: dict[str, Any]) -> None:
        context, day = self.figures.context, self.scope.as_of
        reader, pack, practice = _Read(self._read, completeness), context.pack, _practice(context)
        self._work(lambda: gather(reader, pack, day, practice=practice), self._gathered)

    def _gathered(self, whole: Dossier) -> None:
        self._read = {}
        self.figures.keep_whole(self.scope.as_of, whole, self._begun)
        self._have(whole)

    def _have(self, whole: Dossier) -> None:
        scope = self.scope
        self._work(lambda: within(whole, since=scope.since, area=scope.area), self._next_figure)

    def _next_figure(self, dossier: Dossier) -> None:
        if self.stopped:
            return
        left = [each for each in DEFINITIONS if each not in self._found]
        done = len(self._found)
        self.asker.figures_step("Working out the figures", done, len(DEFINITIONS))
        if not left:
            self._tiles(dossier)
            return
        self._work(
            lambda: indicator_of(dossier, left[0]), partial(self._figure_came, dossier, left[0])
        )

    def _figure_came(self, dossier: Dossier, indicator_id: str, found: Indicator) -> None:
        self._found[indicator_id] = found
        self._next_figure(dossier)

    def _tiles(self, dossier: Dossier) -> None:
        if self.stopped:
            return
        picture = impact_of(dossier, self._found, self.scope)
        self.asker.figures_came(picture)
        words = "Working out the months and districts"
        self.asker.figures_step(words, 0, 0)
        chosen = self.chosen
        self._work(lambda: course_of(dossier, chosen), partial(self._course_came, picture))

    def _course_came(self, picture: ImpactPicture, course: Course) -> None:
        if self.stopped:
            return
        self.figures.keep(self.scope, picture.with_course(course), self._begun)
        self.asker.course_came(course)

    def _work(self, work: Callable[[], Any], on_done: Callable[[Any], None]) -> None:
        if not self.stopped:
            self.figures.context.work_out(
                work, owner=self.owner, on_done=on_done, on_failed=self._no
            )

    def _no(self, error: Exception) -> None:
        self.stopped = True
        self.asker.figures_failed(error)


class _Read:
    """Records that were read already, as `gather` asks for them."""

    def __init__(self, records: dict[type, list[Any]], completeness: dict[str, Any]) -> None:
        self._records = records
        for name, value in completeness.items():
            setattr(self, name, partial(_same, value))

    def all(self, cls: type[Any], **_equals: object) -> list[Any]:
        """Records of one kind."""
        return self._records[cls]


class _Asked:
    """Notes which kinds `gather` reads."""

    def __init__(self) -> None:
        self.kinds: list[type] = []

    def all(self, cls: type[Any], **_equals: object) -> list[Any]:
        """Nothing, and noted."""
        self.kinds.append(cls)
        return []


def kinds_read(pack: Pack) -> tuple[type, ...]:
    """The kinds of record that the figures rest on, in the order they are read."""
    asked = _Asked()
    gather(asked, pack, pack.programme_starts)
    return tuple(dict.fromkeys(asked.kinds))


def _completeness(reader: Any) -> dict[str, Any]:
    asked = ((name, getattr(reader, name, None)) for name in _ALSO)
    return {name: question() for name, question in asked if callable(question)}


def _practice(context: Context) -> bool:
    return context.session.practice


def _same(value: Any) -> Any:
    return value
