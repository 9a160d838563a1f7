"""Decisions on handing a case over: offered, accepted, declined, taken back, or moved at once.

A case stays whole with its coach until the other one has accepted; then it moves whole, with the
enquiry it came from. A lead may move it without asking, when a coach has left. Refuses two offers
of one case at once, and an answer to an offer whose case has gone elsewhere meanwhile.
"""

from __future__ import annotations

from forms.facts.handover import Handover
from forms.facts.people import Colleague, Enquiry, Enterprise
from forms.rules.decision import Answer, Asked, Granted, Sets, refuse
from forms.rules.finding import blocking
from forms.values import Role, derived_id

OPEN = "offered"


def offer_case(asked: Asked) -> Answer:
    """The case's own coach, or a lead, offers it to another coach. Nothing moves yet."""
    to_coach_id = asked.text("to_coach_id", needed="Say to which coach.")
    enterprise = asked.records.get(Enterprise, asked.subject)
    coach = _coach(asked, to_coach_id)
    if enterprise is None:
        asked.problems.append(asked.no("CASE", "NOT_FOUND", "The register has no such case."))
    else:
        if asked.actor.role is not Role.LEAD and enterprise.coach_id != asked.actor.id:
            because = "Only the coach of a case, or a lead, offers it to somebody else."
            asked.problems.append(asked.no("CASE", "NOT_YOUR_CASE", because))
        if to_coach_id and to_coach_id == enterprise.coach_id:
            because = "That coach has the case already."
            asked.problems.append(asked.no("CASE", "THEIRS_ALREADY", because))
        if _open_offers(asked, enterprise.id):
            because = "This case is on offer already. Take that offer back first."
            asked.problems.append(asked.no("CASE", "OFFERED_ALREADY", because))
    stopped = blocking(asked.problems)
    if stopped or enterprise is None or coach is None:
        return refuse(stopped)
    made = Handover(
        id=derived_id("handover", asked.request.id),
        case_id=enterprise.id,
        from_coach_id=enterprise.coach_id,
        to_coach_id=to_coach_id,
        district=enterprise.district,
        strand=enterprise.strand,
        offered_on=asked.on,
        offered_by_id=asked.actor.id,
    )
    words = f"Offered to {coach.name}. The case stays where it is until they accept."
    return Granted(words=words, adds=(made,))


def answer_offer(asked: Asked) -> Answer:
    """The coach it was offered to accepts or declines, or whoever offered it takes it back."""
    offer = asked.records.get(Handover, asked.subject)
    if offer is None:
        return refuse([asked.no("CASE", "NOT_FOUND", "The register has no such offer.")])
    name = asked.request.name
    if offer.state != OPEN:
        because = "That offer was answered already."
        asked.problems.append(asked.no("CASE", "ANSWERED_ALREADY", because))
    if name == "case.recall":
        own = {offer.from_coach_id, offer.offered_by_id}
        if asked.actor.role is not Role.LEAD and asked.actor.id not in own:
            because = "Only whoever offered the case, or a lead, takes the offer back."
            asked.problems.append(asked.no("CASE", "NOT_YOUR_CASE", because))
    elif asked.actor.id != offer.to_coach_id:
        because = "That case was offered to another coach."
        asked.problems.append(asked.no("CASE", "NOT_YOURS", because))
    enterprise = asked.records.get(Enterprise, offer.case_id)
    moved = enterprise is None or enterprise.coach_id != offer.from_coach_id
    if name == "case.accept" and moved:
        because = "That case is with somebody else by now. Ask your lead."
        asked.problems.append(asked.no("CASE", "MOVED_MEANWHILE", because))
    stopped = blocking(asked.problems)
    if stopped:
        return refuse(stopped)
    if name == "case.accept" and enterprise is not None:
        sets = (*_moves(asked, enterprise, offer.to_coach_id), _answered(asked, offer, "accepted"))
        return Granted(words="The case is yours now. It comes with the next exchange.", sets=sets)
    state = "declined" if name == "case.decline" else "recalled"
    return Granted(words="The case stays where it is.", sets=(_answered(asked, offer, state),))


def transfer_case(asked: Asked) -> Answer:
    """A lead moves a case at once, with the enquiry it came from; an offer of it is over."""
    to_coach_id = asked.text("to_coach_id", needed="Say to which coach.")
    enterprise = asked.records.get(Enterprise, asked.subject)
    enquiry = asked.records.get(Enquiry, asked.subject if enterprise is None else "")
    if enterprise is None and enquiry is None:
        asked.problems.append(asked.no("CASE", "NOT_FOUND", "The register has no such case."))
    coach = _coach(asked, to_coach_id)
    stopped = blocking(asked.problems)
    if stopped:
        return refuse(stopped)
    sets: tuple[Sets, ...] = ()
    if enterprise is not None:
        over = [_answered(asked, one, "recalled") for one in _open_offers(asked, enterprise.id)]
        sets = (*_moves(asked, enterprise, to_coach_id), *over)
    elif enquiry is not None:
        sets = (_goes_to(Enquiry, enquiry.id, to_coach_id),)
    name = coach.name if coach else to_coach_id
    return Granted(words=f"The case is with {name} now.", sets=sets)


def _coach(asked: Asked, coach_id: str) -> Colleague | None:
    coach = asked.records.get(Colleague, coach_id)
    if coach_id and (
        coach is None or not coach.active or coach.role not in (Role.COACH, Role.LEAD)
    ):
        because = "That person is not an active coach of this programme."
        asked.problems.append(asked.no("CASE", "NOT_A_COACH", because))
    return coach


def _open_offers(asked: Asked, case_id: str) -> list[Handover]:
    return list(asked.records.all(Handover, case_id=case_id, state=OPEN))


def _moves(asked: Asked, enterprise: Enterprise, to_coach_id: str) -> tuple[Sets, ...]:
    sets = [_goes_to(Enterprise, enterprise.id, to_coach_id)]
    if enterprise.enquiry_id:
        enquiry = asked.records.get(Enquiry, enterprise.enquiry_id)
        if enquiry is not None and of_one_person(enterprise, enquiry):
            sets.append(_goes_to(Enquiry, enquiry.id, to_coach_id))
    return tuple(sets)


def of_one_person(enterprise: Enterprise, enquiry: Enquiry) -> bool:
    """Whether a case and an enquiry, of which one names the other, are the same person's.

    Each names the other, or one coach has both: else naming a colleague's record would reach it.
    """
    mutual = enterprise.enquiry_id == enquiry.id and enquiry.enterprise_id == enterprise.id
    return mutual or enterprise.coach_id == enquiry.coach_id


def _goes_to(kind: type, record_id: str, coach_id: str) -> Sets:
    return Sets(kind=kind, record_id=record_id, fields={"coach_id": coach_id})


def _answered(asked: Asked, offer: Handover, state: str) -> Sets:
    fields = {"state": state, "answered_on": asked.on}
    return Sets(kind=Handover, record_id=offer.id, fields=fields)
