"""Cases that are offered from coach to coach: to me, by me, and this one to somebody.

Nothing moves before the other coach has accepted and the register has said so. Refuses to show
whose case it is before it is one's own: an offer says a place and a kind of work.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import decisions
from desktop.presenters.chip import date_words
from desktop.presenters.claims import who_of
from desktop.presenters.overview_picture import STRANDS
from desktop.presenters.people import Names
from desktop.presenters.tries import Tries
from forms.facts.handover import Handover
from forms.facts.people import Colleague, Enterprise
from forms.values import Role, london_day

if TYPE_CHECKING:
    from datetime import date

    from desktop.broadcast import News
    from desktop.context import Context
    from forms.rules.pack import Pack
    from forms.values import Actor

OPEN = "offered"
_WAITS = "Asked. The answer comes with the next exchange."
_SAID = {"accepted": "Accepted", "declined": "Declined", "recalled": "Taken back"}
_ASKED = {
    "case.offer": "The offer goes out with the next exchange. The case stays with you.",
    "case.accept": "Accepted. The case comes with the next exchange.",
    "case.decline": "Declined. The case stays where it is.",
    "case.recall": "The offer is taken back with the next exchange.",
}
RECENT = 20  # answered offers shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One offer in words."""

    id: str
    words: str
    when: str
    state: str  # "" while it is open and nothing was asked


@dataclass(frozen=True, slots=True, kw_only=True)
class ThisCase:
    """The case that could be offered."""

    id: str
    name: str
    coaches: tuple[tuple[str, str], ...]
    state: str  # why it cannot be offered now, or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoversPicture:
    """Everything on the page."""

    to_me: tuple[Offer, ...]
    by_me: tuple[Offer, ...]
    over: tuple[Offer, ...]
    case: ThisCase | None


class HandoversView(Protocol):
    """The page, as the presenter sees it."""

    def show_handovers(self, picture: HandoversPicture) -> None:
        """Show it all."""
        ...

    def show_done(self, words: str) -> None:
        """It is asked for."""
        ...

    def show_problem(self, words: str) -> None:
        """It could not be."""
        ...


class HandoversPresenter:
    """Shows offers and asks the register for their answers."""

    def __init__(self, context: Context, view: HandoversView, case_id: str = "") -> None:
        self._context, self._view, self._case_id = context, view, case_id
        self._tries = Tries(context, view)
        context.broadcast.listen(view, self._heard)

    def load(self) -> None:
        """Read it again."""
        pack, actor, case_id = self._context.pack, self._context.actor, self._case_id
        today = london_day(self._context.clock.now())
        self._context.read(
            lambda reader: handovers_picture(reader, pack, actor, today, case_id),
            owner=self._view,
            on_done=self._view.show_handovers,
        )

    def to_caseload(self) -> None:
        """Where a case is chosen that shall be offered."""
        self._context.open_route("caseload")

    def offer(self, coach_id: str) -> None:
        """Offer this case to a coach."""
        if not coach_id:
            self._view.show_problem("Choose to whom the case shall go.")
            return
        self._ask("case.offer", self._case_id, {"to_coach_id": coach_id})

    def accept(self, offer_id: str) -> None:
        """Take the case."""
        self._ask("case.accept", offer_id)

    def decline(self, offer_id: str) -> None:
        """Leave it where it is."""
        self._ask("case.decline", offer_id)

    def recall(self, offer_id: str) -> None:
        """Take an offer back."""
        self._ask("case.recall", offer_id)

    def _ask(self, name: str, subject: str, payload: dict[str, object] | None = None) -> None:
        self._tries.write(
            subject,
            partial(decisions.ask, name=name, subject_id=subject, payload=payload),
            on_done=lambda _written: self._asked(_ASKED[name]),
            says=self._view.show_problem,
        )

    def _asked(self, words: str) -> None:
        self._view.show_done(words)
        self.load()

    def _heard(self, news: News) -> None:
        if news.initiator is not self._view:
            self.load()


def offers_to(reader: Any, actor_id: str) -> int:
    """How many cases are offered to somebody and not answered on this laptop yet."""
    asked = {one.subject_id for one in reader.decisions(state="waiting")}
    found = reader.all(Handover, to_coach_id=actor_id, state=OPEN)
    return sum(1 for one in found if one.id not in asked)


def handovers_picture(
    reader: Any, pack: Pack, actor: Actor, today: date, case_id: str
) -> HandoversPicture:
    """Everything on the page, read in one go."""
    names = Names(reader, actor)
    waiting = {one.subject_id for one in reader.decisions(state="waiting")}
    found = reader.all(Handover)
    shown = partial(_offer, pack=pack, names=names, today=today, waiting=waiting)
    mine = [o for o in found if actor.id in (o.to_coach_id, o.from_coach_id, o.offered_by_id)]
    answered = sorted(
        (o for o in mine if o.state != OPEN),
        key=lambda o: (o.answered_on or today, o.id),
        reverse=True,
    )
    return HandoversPicture(
        to_me=tuple(shown(o) for o in mine if o.state == OPEN and o.to_coach_id == actor.id),
        by_me=tuple(shown(o) for o in mine if o.state == OPEN and o.to_coach_id != actor.id),
        over=tuple(shown(o) for o in answered[:RECENT]),
        case=_case(reader, actor, case_id, waiting, found) if case_id else None,
    )


def _offer(one: Handover, *, pack: Pack, names: Names, today: date, waiting: set[str]) -> Offer:
    place = pack.place(one.district)
    what = dict(STRANDS).get(one.strand, "") or "a case"
    where = f" in {place.name}" if place else ""
    who = f"{names.who(one.from_coach_id)} to {names.who(one.to_coach_id)}"
    day = one.answered_on if one.state != OPEN else one.offered_on
    state = _SAID.get(one.state, "") or (_WAITS if one.id in waiting else "")
    words = f"{what}{where}, from {who}"
    return Offer(
        id=one.id,
        words=words[:1].upper() + words[1:],
        when=date_words(day, today) if day else "",
        state=state,
    )


def _case(
    reader: Any, actor: Actor, case_id: str, waiting: set[str], offers: list[Handover]
) -> ThisCase | None:
    case = reader.get(Enterprise, case_id)
    if case is None:
        return None
    coaches = tuple(
        (one.id, one.name)
        for one in reader.all(Colleague)
        if one.active and one.role in (Role.COACH, Role.LEAD) and one.id != case.coach_id
    )
    state = ""
    if case_id in waiting:
        state = _WAITS
    elif any(one.case_id == case_id and one.state == OPEN for one in offers):
        state = "This case is on offer already. Take that offer back first."
    elif actor.role is not Role.LEAD and case.coach_id != actor.id:
        state = "Only the coach of a case, or a lead, offers it to somebody else."
    elif not coaches:
        state = "There is no other coach yet, as far as this laptop knows."
    return ThisCase(id=case_id, name=who_of(reader, case_id), coaches=coaches, state=state)
