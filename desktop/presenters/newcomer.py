"""Somebody gets in touch: recorded when the data protection sign-off allows it, else only counted.

Refuses to take a name before the sign-off, and says why on the page itself.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import casework, decisions
from desktop.operations.casework import Newcomer
from desktop.presenters import words
from desktop.presenters.people import whom_to_ask
from desktop.presenters.saving import FieldSaver, ShowsFields, rest_of, unread, when_seen
from forms.facts.people import Dpia, Tally
from forms.rules.decisions import DECISIONS
from forms.rules.gate import may_record
from forms.rules.pack import Pack
from forms.values import Actor, london_day

if TYPE_CHECKING:
    from datetime import date

    from desktop.broadcast import News
    from desktop.context import Context

__all__ = ["Newcomer", "NewcomerPicture", "NewcomerPresenter", "NewcomerView", "SignOff"]

TYPED = "typed"  # key of the draft
WORDS = ("leader", "name", "phone", "place", "idea")  # what is typed about somebody


@dataclass(frozen=True, slots=True, kw_only=True)
class NewcomerPicture:
    """Whether the gate is open, and the choices."""

    gate_open: bool
    because: str
    channels: tuple[tuple[str, str], ...]
    districts: tuple[tuple[str, str], ...]
    counted_today: int
    may_sign: bool  # this person may have the sign-off written down
    asked: str  # what became of a sign-off that was asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """The sign-off of the assessment as it is typed."""

    version: str
    signed_by: str
    signed_on: str
    review_on: str
    comments: str


def newcomer_picture(reader: Any, pack: Pack, actor: Actor, today: date) -> NewcomerPicture:
    """What may be written today."""
    found = may_record(reader.all(Dpia), "enquiry", today)
    may_sign = found.blocks and actor.role in DECISIONS["dpia.sign"].roles
    ask = f" {whom_to_ask(reader)}" if found.blocks and not may_sign else ""
    return NewcomerPicture(
        gate_open=not found.blocks,
        because=words.say_days(found.because) + ask,
        channels=tuple((each.code, each.label) for each in pack.channels),
        districts=tuple((each.code, each.name) for each in pack.places),
        counted_today=sum(t.count for t in reader.all(Tally) if t.on == today),
        may_sign=may_sign,
        asked=_asked(reader),
    )


def _asked(reader: Any) -> str:
    requests = [each for each in reader.decisions() if each.name == "dpia.sign"]
    if not requests:
        return ""
    last = max(requests, key=lambda each: each.asked_at)
    if last.state == "refused":
        return f"The sign-off was not granted. {words.say_days(last.words)}"
    return "The sign-off is asked for. It holds after the next exchange."


class NewcomerView(ShowsFields, Protocol):
    """What the presenter asks of the page."""

    def show_gate(self, picture: NewcomerPicture) -> None:
        """Show the page for an open or a shut gate."""
        ...

    def restore(self, who: Newcomer) -> None:
        """Give back what was half typed about somebody."""
        ...

    def person_added(self) -> None:
        """They are on disk: empty for the next one."""
        ...

    def show_unread(self, words: str) -> None:
        """Nobody could look whether names may be taken."""
        ...


class NewcomerPresenter:
    """Takes somebody on, or counts them without a name."""

    def __init__(self, context: Context, view: NewcomerView, begun: str = "") -> None:
        """`begun`: a name that was typed elsewhere; what is half typed about it is its own."""
        self._context = context
        self._view = view
        self._picture: NewcomerPicture | None = None
        self._begun = begun
        self._saver = FieldSaver(context, view, f"newcomer/{begun}" if begun else "newcomer")
        context.broadcast.listen(view, self._hear, "dpia", "tally")

    def load(self) -> None:
        """Ask the gate."""
        today = london_day(self._context.clock.now())
        self._context.read(
            partial(
                newcomer_picture,
                pack=self._context.pack,
                actor=self._context.actor,
                today=today,
            ),
            owner=self._view,
            on_done=self._arrived,
            on_failed=unread(self._context, self._view.show_unread, self.load),
        )

    @property
    def is_adding(self) -> bool:
        """Whether the one before is being written: what is typed meanwhile is not taken."""
        return self._saver.is_under_way("leader")

    def add(self, who: Newcomer) -> None:
        """Take somebody on and go to the record."""
        gate_open = self._picture is not None and self._picture.gate_open
        operation = partial(_new, who=who, gate_open=gate_open)
        drops = (self._saver.draft(TYPED),)
        self._saver.commit("leader", operation, self._added, once=True, drops=drops)

    def count(self, channel: str, district: str) -> None:
        """One more enquiry, nobody named."""
        if not channel:
            self._view.field_failed("channel", "Choose how they got in touch.")
            return
        self._saver.commit("count", partial(_count, channel=channel, district=district))

    @property
    def is_signing(self) -> bool:
        """Whether the sign-off before is being written."""
        return self._saver.is_under_way("sign")

    def sign(self, typed: SignOff, drops: tuple[str, ...] = ()) -> None:
        """Ask the register to note that the assessment is signed off."""
        try:
            today = self._context.today
            signed_on = words.read_day(typed.signed_on, today, ahead=False)
            review_on = words.read_day(typed.review_on, today)
        except words.NotThat as error:
            self._view.field_failed("sign", str(error))
            return
        if not typed.version.strip() or not typed.signed_by.strip() or signed_on is None:
            self._view.field_failed("sign", "Write the version, who signed it, and the day.")
            return
        payload: dict[str, object] = {
            "version": typed.version.strip(),
            "signed_by": typed.signed_by.strip(),
            "signed_on": signed_on.isoformat(),
            "dpo_comments": typed.comments.strip(),
            "review_on": review_on.isoformat() if review_on else "",
        }
        operation = partial(_sign, payload=payload)
        self._saver.commit("sign", operation, self._signed, once=True, drops=drops)

    def _signed(self, _request_id: object) -> None:
        if self._context.rounds is not None:
            self._context.rounds.run_now()
        self.load()

    def keep_typed(self, who: Newcomer) -> None:
        """Keep what is half typed about somebody; never before names may be taken down.

        Without a word there is nobody (they may have said no): nothing is kept, whatever is
        chosen or ticked. Nor is a name alone that came with the route.
        """
        if self._picture is None or not self._picture.gate_open:
            return
        said = "".join(getattr(who, key) for key in WORDS)
        if who == Newcomer(leader=self._begun) or not said.strip():
            self._saver.drop_draft(TYPED)
        else:
            self._saver.keep_draft(TYPED, _as_text(who), _rest_of_somebody)

    def _give_back(self, kept: str) -> None:
        who = _as_newcomer(kept)
        if who is not None:
            self._view.restore(who)

    def _added(self, enterprise_id: object) -> None:
        self._view.person_added()
        self._context.open_route("enterprise", id=str(enterprise_id))

    def _arrived(self, picture: NewcomerPicture) -> None:
        first, self._picture = self._picture is None, picture
        self._view.show_gate(picture)
        if first and picture.gate_open:
            self._saver.read_draft(TYPED, self._give_back)

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


def _as_text(who: Newcomer) -> str:
    return json.dumps(asdict(who), ensure_ascii=False)


def _as_newcomer(kept: str) -> Newcomer | None:
    try:
        return Newcomer(**json.loads(kept))
    except (ValueError, TypeError):
        return None  # of another version of this program, and of no use here


def _rest_of_somebody(text: str, taken: str) -> str:
    """What was typed behind somebody who was added; what was chosen and ticked was theirs."""
    who, added = _as_newcomer(text), _as_newcomer(taken)
    if who is None or added is None:
        return text
    left: dict[str, Any] = {key: rest_of(getattr(who, key), getattr(added, key)) for key in WORDS}
    return _as_text(Newcomer(**left)) if any(left.values()) else ""


def _new(writing: Any, *, who: Newcomer, gate_open: bool) -> str:
    return casework.new_enterprise(writing, who, gate_open=gate_open)


def _sign(writing: Any, *, payload: dict[str, object]) -> str:
    return decisions.ask(writing, "dpia.sign", f"dpia-{payload['version']}", payload)


def _count(writing: Any, *, channel: str, district: str) -> str:
    return casework.count_anonymously(writing, channel=channel, district=district)
