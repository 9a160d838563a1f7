"""What every screen is given: clock, jobs, broadcast, who is acting, the pack, the open vault.

The vault is only touched inside `read`, `change` and `with_vault`, which run in the vault lane.
Refuses to know Qt: presenters take a Context, and tests hand them one that runs on the spot.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from desktop.alive import is_alive
from desktop.broadcast import Broadcast
from desktop.presenters.undo import take_back
from desktop.presenters.words import NotThat
from desktop.pressed import Pressed
from desktop.unkept import Unkept
from forms.values import london_day

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable
    from datetime import date, datetime

    from desktop.actions import Actions
    from desktop.presenters.figures_kept import Beside, Figures
    from desktop.presenters.known import Known
    from desktop.pressed import Press, Taken
    from desktop.settings import Settings
    from forms.change import Changes
    from forms.rules.pack import Pack
    from forms.values import Actor, Clock
    from storage.reader import Reader
    from storage.unit import Unit
    from storage.vault import Vault

T = TypeVar("T")


class RunsJobs(Protocol):
    """The part of `Jobs` that operations use: the vault lane."""

    def run(
        self,
        work: Callable[[], T],
        *,
        owner: object,
        on_done: Callable[[T], None],
        on_failed: Callable[[Exception], None],
        lane: str = "vault",
    ) -> None:
        """Run `work` off the GUI thread; call one of the two on it."""
        ...


class Tells(Protocol):
    """How a screen speaks to the person outside its own area."""

    def say(self, words: str) -> None:
        """One calm line on what was done, announced to screen readers, gone by itself."""
        ...

    def note(self, words: str) -> None:
        """The same on what was not, or came about by itself: without the tick of something done."""
        ...

    def problem(
        self, words: str, *, details: str = "", again: Callable[[], None] | None = None
    ) -> None:
        """What happened, what is safe, what to do; with "Try again" when `again` is given."""
        ...

    def offer_undo(self, words: str, undo: Callable[[], None]) -> None:
        """Say what was done and offer to take it back: `"Call with Joe" added`.

        A change of records needs no call of this: give `change` its name. For what is not on disk.
        """
        ...

    def offer_redo(self, words: str, redo: Callable[[], None]) -> None:
        """Say what was taken back and offer to do it again."""
        ...

    def failed(self, error: Exception, *, again: Callable[[], None] | None = None) -> None:
        """An error in words; a bug also writes a report without personal data.

        With "Try again" when `again` is given.
        """
        ...

    def solved(self, again: Callable[[], None]) -> None:
        """What was told or offered with this very callable is settled: take it away.

        Whatever else was told since stays.
        """
        ...

    def saved(self, at: datetime) -> None:
        """A commit is on disk."""
        ...


class Goes(Protocol):
    """How a screen leads to another."""

    def open_route(self, name: str, **params: str) -> None:
        """Open a screen by its name in `desktop/views/screens.py`."""
        ...

    def back(self) -> None:
        """Where the person was before."""
        ...


class Rounds(Protocol):
    """Talking to the register, as a screen may ask for it."""

    def run_now(self) -> None:
        """Do a round now, if none is running."""
        ...

    @property
    def is_running(self) -> bool:
        """Whether one is on its way."""
        ...

    @property
    def last_trouble(self) -> str:
        """What stopped the last one, in words."""
        ...

    @property
    def needs_code(self) -> bool:
        """Whether it was stopped by what a new code of the council ends."""
        ...


@dataclass(slots=True)
class Session:
    """An open vault and who is using it. Dropped when the laptop locks."""

    vault: Vault
    actor: Actor
    pack: Pack
    practice: bool = False
    register_name: str = ""  # "Kent County Council" ; "" = not joined yet
    register_url: str = ""  # where it is
    read_only: bool = False  # a newer version made the records: for looking only
    greeting: str = ""  # said once when the records come up
    place: str = ""  # where the person was when the vault was last open (History.as_text)
    shared: tuple[str, str] = ("", "")  # day and enterprise of a shared screen that was never left


@dataclass(slots=True)
class Committed:
    """What came of a change: the work's own result, and what the commit touched."""

    result: Any
    changes: Changes
    step: int = 0  # its number among the things that can be taken back; 0 for none


@dataclass(slots=True)
class Context:
    """Handed to every screen factory and presenter."""

    clock: Clock
    jobs: RunsJobs
    tell: Tells
    goes: Goes
    settings: Settings
    session: Session
    broadcast: Broadcast = field(default_factory=Broadcast)
    rounds: Rounds | None = None  # None where nothing is ever sent
    actions: Actions | None = None  # all that can be done now; None where nothing can
    join_again: Callable[[], None] | None = None  # close the records and ask for a new code
    mend: Callable[[], None] | None = None  # close the records and put the last good copy back
    re_key: Callable[[str, str], None] | None = None  # close, lock with a new key, open again
    figures: Figures | None = None  # what was worked out since the last change
    known: Known | None = None  # what was read since the last change
    beside: Callable[[], Beside] | None = None  # makes the process that works figures out
    together: Callable[[str], None] | None = None  # share the screen with one enterprise
    small_copy: Callable[[bytes], bytes] | None = None  # of a photo, for a slow line
    turns: dict[str, int] = field(default_factory=dict)  # by field: how often it was written
    pressed: Pressed = field(default_factory=Pressed)  # what is being written of half-typed text
    unkept: Unkept = field(default_factory=Unkept)  # half-typed text that is not on disk
    opened: dict[str, object] = field(default_factory=dict)  # by response: who opened it last

    @property
    def actor(self) -> Actor:
        """Who is acting."""
        return self.session.actor

    @property
    def today(self) -> date:
        """The day in London."""
        return london_day(self.clock.now())

    @property
    def pack(self) -> Pack:
        """The programme's pack."""
        return self.session.pack

    def open_route(self, name: str, **params: str) -> None:
        """Open a screen: `context.open_route("enterprise", id=...)`."""
        self.goes.open_route(name, **params)

    def with_vault(
        self,
        work: Callable[[Vault], T],
        *,
        owner: object,
        on_done: Callable[[T], None],
        on_failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do `work(vault)` in the vault lane. Without `on_failed` the window says what is wrong."""
        vault = self.session.vault

        def job() -> T:
            return work(vault)

        self.jobs.run(job, owner=owner, on_done=on_done, on_failed=on_failed or self.tell.failed)

    def read(
        self,
        work: Callable[[Reader], T],
        *,
        owner: object,
        on_done: Callable[[T], None],
        on_failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do `work(vault.reader)` in the vault lane and bring the result back.

        Without `on_failed` the window says what is wrong, with "Try again".
        """
        reader = self.session.vault.reader
        again = partial(self.read, work, owner=owner, on_done=on_done)

        def job() -> T:
            return work(reader)

        failed = on_failed or partial(self.tell.failed, again=again)
        self.jobs.run(job, owner=owner, on_done=on_done, on_failed=failed)

    def recall(
        self,
        key: Hashable,
        work: Callable[[Vault], T],
        *,
        owner: object,
        on_done: Callable[[T], None],
        on_failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """As `with_vault`, for whole pages: at once when nothing changed since it was read.

        `key` names the question with all that its answer depends on (the day too). Without
        `on_failed` the window says what is wrong, with "Try again".
        """
        again = partial(self.recall, key, work, owner=owner, on_done=on_done)
        failed = on_failed or partial(self.tell.failed, again=again)
        if self.known is None:
            self.with_vault(work, owner=owner, on_done=on_done, on_failed=failed)
        else:
            self.known.read(key, work, owner=owner, on_done=on_done, on_failed=failed)

    def work_out(
        self,
        work: Callable[[], T],
        *,
        owner: object,
        on_done: Callable[[T], None],
        on_failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Do `work()` in the lane of the figures: never with the vault's own connection."""
        failed = on_failed or self.tell.failed
        self.jobs.run(work, owner=owner, on_done=on_done, on_failed=failed, lane="figures")

    def change(
        self,
        work: Callable[[Unit], Any],
        *,
        owner: object,
        on_done: Callable[[Any], None] | None = None,
        on_failed: Callable[[Exception], None] | None = None,
        name: str = "",
        drops: Iterable[str] | Taken = (),
    ) -> None:
        """Do `work(unit)` in one commit; then tell everyone, then `on_done(result)`.

        A commit is told to everyone also when the page that asked is gone by then, and so is a
        failure; `on_done` and `on_failed` are the page's own and go with it.
        Every change can be taken back (Ctrl+Z, Recent changes). With a `name`, which says what was
        done ("Call with Joe added"), the undo bar also offers it for ten seconds. Leave it out
        where a field saves itself. The drafts that `drops` names go in the same commit; given again
        with what was taken at a press that failed ("Try again"), what was typed since stays.
        """
        vault, clock, actor = self.session.vault, self.clock, self.session.actor
        press = self.pressed.begin(owner, drops)
        unkept, names = self.unkept, tuple(press.taken.typed)
        half = unkept.writes(names, owner)

        def job() -> Committed:
            try:
                press.look(vault)
                with vault.change(by=actor.id, at=clock.now(), name=name) as unit:
                    result = work(unit)
                    took = press.drop(vault)
            except Exception as error:
                unkept.was_not_written(names, half, vault, error)
                raise
            press.took = took  # on disk: jobs after this one keep the rest alone
            unkept.was_written(took, half, vault)
            return Committed(result, unit.changes, unit.step)

        landing = _Landing(self, owner, on_done, on_failed, name, press)
        self.jobs.run(job, owner=landing, on_done=landing.landed, on_failed=landing.failed)


@dataclass(slots=True)
class _Landing:
    """After a commit: saved label, broadcast, then the one who asked."""

    context: Context
    owner: object
    on_done: Callable[[Any], None] | None
    on_failed: Callable[[Exception], None] | None
    name: str
    press: Press

    def landed(self, committed: Committed) -> None:
        self.context.pressed.over(self.press)
        self.context.tell.saved(committed.changes.at)
        self.context.broadcast.announce(committed.changes, self.owner)
        if self.on_done is not None and is_alive(self.owner):
            self.on_done(committed.result)
        if self.name and committed.changes.conflicts:
            self.context.tell.say(self.name)  # a choice between two values: no way back to offer
        elif self.name and committed.step:
            self.context.tell.offer_undo(
                self.name, partial(take_back, self.context, committed.step)
            )

    def failed(self, error: Exception) -> None:
        self.context.pressed.over(self.press)
        if self.on_failed is not None and is_alive(self.owner):
            self.on_failed(error)
        elif isinstance(error, NotThat) and str(error):
            self.context.tell.problem(str(error))  # what was typed, and no mistake of ours
        else:
            self.context.tell.failed(error)
