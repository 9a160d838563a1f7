"""The council's laptops: whose, when last heard, what came and what was not taken; closing one.

Says what a laptop said of its unsent work, and since when nobody knows more. Refuses to close a
laptop at the first press, and this very laptop at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import devices
from desktop.presenters.chip import day_words
from desktop.presenters.claims import who_of
from desktop.presenters.field_words import KIND_WORDS
from desktop.presenters.people import Names
from desktop.presenters.words import counted, day
from desktop.trouble import in_words
from forms.facts.kinds import KINDS

if TYPE_CHECKING:
    from desktop.context import Context

PRACTICE = "Practice records are never sent, so no council knows of this laptop."
NOT_JOINED = "This laptop has not joined a council yet, so there are no others to show."
_STATES = {"open": ("May send and fetch", "done"), "closed": ("Closed", "stop")}
_NOT_TAKEN = {"refused": "Not taken", "partly": "Taken in part", "held": "Kept apart"}
_CLOSE = {
    "lost": (
        "Close it as lost?",
        "From its next try on it gets nothing and can send nothing. What is on it stays locked "
        "behind its coach's passphrase. Work that was never sent stays on it.",
    ),
    "retired": (
        "Close it as retired?",
        "It gets nothing any more, but it may still send what it had not sent. That is kept apart "
        "until a lead has looked at it.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """One laptop in the list."""

    id: str
    whose: str
    label: str
    heard: str
    state: str
    look: str
    is_open: bool
    is_this: bool
    waits: str = ""  # "12, oldest 3 Nov 2026"; "" when it never said
    heard_at: datetime | None = None
    waiting: int | None = None  # None = not known


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceDetail:
    """What the register knows of one laptop."""

    id: str
    title: str
    facts: tuple[str, ...]
    not_taken: tuple[str, ...]
    may_close: bool


class DevicesView(Protocol):
    """The page, as the presenter sees it."""

    def show_devices(self, lines: tuple[DeviceLine, ...], says: str) -> None:
        """The list, and a sentence about it."""
        ...

    def show_detail(self, detail: DeviceDetail | None) -> None:
        """One laptop, or none."""
        ...

    def ask_sure(self, question: str, words: str) -> None:
        """Ask before closing; "" takes the question away."""
        ...

    def show_busy(self, words: str) -> None:
        """What is being asked; "" when nothing is."""
        ...

    def show_problem(self, words: str) -> None:
        """It could not be asked."""
        ...


class DevicesPresenter:
    """Asks the register and puts its answers in words."""

    def __init__(self, context: Context, view: DevicesView) -> None:
        self._context, self._view = context, view
        self._chosen = ""
        self._shown: DeviceDetail | None = None  # what stands on the page: this alone is closed
        self._closing = ("", "")  # how, and which laptop

    def load(self) -> None:
        """Ask which laptops there are."""
        if self._context.session.practice:
            self._view.show_devices((), PRACTICE)
            return
        if not self._context.session.register_name:
            self._view.show_devices((), NOT_JOINED)
            return
        actor, now = self._context.actor, self._context.clock.now()

        def work(far: Any, clock: Any) -> tuple[DeviceLine, ...]:
            found, mine = devices.devices(far, clock), devices.this_device(far)
            names = Names(far.reader, actor)
            return tuple(_line(one, names, now, mine) for one in found.devices)

        self._over_the_line("Asking the register…", work, self._listed)

    def choose(self, device_id: str) -> None:
        """Show one laptop."""
        if device_id == self._chosen:
            return
        self._chosen = device_id
        self.keep_open()
        self._show(None)  # the one before goes at once: its buttons would close this one
        self.look_again()

    def look_again(self) -> None:
        """Ask for the chosen laptop anew."""
        wanted = self._chosen
        if not wanted:
            self._show(None)
            return
        actor, now = self._context.actor, self._context.clock.now()

        def work(far: Any, clock: Any) -> DeviceDetail:
            found, mine = devices.ledger(far, clock, wanted), devices.this_device(far)
            return _detail(found, far.reader, Names(far.reader, actor), now, mine)

        self._over_the_line(
            "Asking about this laptop…",
            work,
            self._detailed,
            on_failed=partial(self._not_detailed, wanted),
        )

    def close(self, how: str) -> None:
        """Ask whether this laptop shall be closed as lost or as retired."""
        if self._shown is not None:
            self._closing = (how, self._shown.id)
            question, follows = _CLOSE[how]
            self._view.ask_sure(question, f"{self._shown.title}. {follows}")

    def keep_open(self) -> None:
        """No: leave it as it is."""
        self._closing = ("", "")
        self._view.ask_sure("", "")

    def close_now(self) -> None:
        """Yes: close it."""
        how, wanted = self._closing
        self.keep_open()
        if how and wanted:
            self._over_the_line(
                "Closing this laptop…",
                lambda far, clock: devices.close(far, clock, wanted, retired=how == "retired"),
                lambda _reply: self._closed(),
            )

    def _closed(self) -> None:
        self._context.tell.say("The laptop is closed. It is told at its next try.")
        self.load()
        self.look_again()

    def _listed(self, lines: tuple[DeviceLine, ...]) -> None:
        self._view.show_busy("")
        shown = counted(len(lines), "laptop")
        shut = sum(1 for line in lines if not line.is_open)
        self._view.show_devices(lines, f"{shown}, {shut} of them closed." if shut else f"{shown}.")

    def _detailed(self, detail: DeviceDetail) -> None:
        self._view.show_busy("")
        if detail.id == self._chosen:
            self._show(detail)

    def _not_detailed(self, wanted: str, error: Exception) -> None:
        if wanted == self._chosen:
            self._chosen = ""  # "Ask again" asks for it anew
            self.keep_open()
            self._show(None)
        self._failed(error)

    def _show(self, detail: DeviceDetail | None) -> None:
        self._shown = detail
        self._view.show_detail(detail)

    def _over_the_line(self, words: str, work: Any, done: Any, on_failed: Any = None) -> None:
        self._view.show_busy(words)
        devices.over_the_line(
            self._context,
            work,
            owner=self._view,
            on_done=done,
            on_failed=on_failed or self._failed,
        )

    def _failed(self, error: Exception) -> None:
        self._view.show_busy("")
        trouble = in_words(error)
        self._view.show_problem(trouble.words)
        if trouble.ours:
            self._context.tell.failed(error, again=self.load)


def _line(one: Any, names: Names, now: datetime, mine: str) -> DeviceLine:
    is_open = not one.revoked_at
    state, look = _STATES["open" if is_open else "closed"]
    return DeviceLine(
        id=one.id,
        whose=_capital(names.who(one.person)),
        label=f"{one.label or 'A laptop'}{' (this one)' if one.id == mine else ''}",
        heard=_when(one.seen_at, now) or "never",
        state=state if is_open else f"{state} {_when(one.revoked_at, now)}",
        look=look,
        is_open=is_open,
        is_this=one.id == mine,
        waits=_waits(one),
        heard_at=datetime.fromisoformat(one.seen_at) if one.seen_at else None,
        waiting=one.waiting if one.waiting >= 0 else None,
    )


def _waits(one: Any) -> str:
    """The short form: how much waits on it, and since when."""
    if one.waiting < 0:
        return "not known"
    if not one.waiting:
        return "nothing"
    since = _day(one.waiting_since)
    return f"{one.waiting:,}, oldest {since}" if since else f"{one.waiting:,}"


def _waits_in_words(one: Any, now: datetime) -> str:
    """What it said of its unsent work, and of what nobody can know."""
    if one.waiting < 0:
        return "What is written on it and was never sent, nobody can see from here."
    when = _when(one.waiting_at, now)
    since = _day(one.waiting_since)
    said = "Nothing"
    if one.waiting:
        said = counted(one.waiting, "change or file", "changes and files")
        said += f", the oldest from {since}," if since else ""
    return (
        f"{said} waited on it to be sent, as of its last contact {when}. What was written on it "
        "since then, nobody can see from here."
    )


def _day(text: str) -> str:
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return ""


def _detail(found: Any, reader: Any, names: Names, now: datetime, mine: str) -> DeviceDetail:
    one = _line(found.device, names, now, mine)
    sent = counted(found.changes, "change")
    facts = [
        f"Joined {_when(found.device.enrolled_at, now)}. {one.state}.",
        f"Sent {sent}, the last {_when(found.last_at, now)}." if found.changes else "Sent nothing.",
    ]
    if found.records >= 0 and one.is_open:
        facts.append(f"Holds {counted(found.records, 'record')}, when it is level.")
    if found.files_missing:
        facts.append(
            f"{counted(found.files_missing, 'photo or paper', 'photos and papers')} named "
            "and not sent yet."
        )
    if found.kept_apart:
        facts.append(f"{counted(found.kept_apart, 'change')} kept apart until somebody has looked.")
    facts.append(_waits_in_words(found.device, now))
    return DeviceDetail(
        id=one.id,
        title=f"{one.whose}: {one.label}",
        facts=tuple(facts),
        not_taken=tuple(_because(each, reader, now) for each in found.not_taken),
        may_close=one.is_open and not one.is_this,
    )


def _because(each: Any, reader: Any, now: datetime) -> str:
    kind = KINDS.get(each.kind)
    record = reader.get(kind.cls, each.record) if kind is not None else None
    case = each.record if each.kind == "enterprise" else getattr(record, "enterprise_id", "")
    about = who_of(reader, case) if case else ""
    what = KIND_WORDS.get(each.kind, "Record")
    how = _NOT_TAKEN.get(each.result.partition(":")[0], "Not taken")
    where = f"{what}, {about}" if about else what
    return f"{how}, {_when(each.at, now)}: {where}. {each.words}".rstrip()


def _when(text: str, now: datetime) -> str:
    return day_words(datetime.fromisoformat(text), now) if text else ""


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
