"""What may happen to a claim after it was agreed: a change, money asked back, a second look.

Money comes back cost by cost; the claim ends when nothing is open any more. Refuses a change that
makes an amount larger, and to let one person ask money back and give it up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from forms.facts.money import ClaimLine
from forms.rules.claim_asked import ClaimAsked, line_of, on_claim
from forms.rules.claims import States, reviews_open
from forms.rules.decision import Answer, Asked
from forms.values import pounds


def _vary(it: ClaimAsked) -> Answer:
    note = it.asked.text("note", needed="Say what has to change, and why.")
    it.set_claim(state=States.VARIATION.value)
    it.event(States.VARIATION, note=note)
    return it.answer("The change is asked for. Until it is agreed the offer stays as it was.")


def _before_variation(it: ClaimAsked) -> States:
    """Where the claim goes on from: as far as it was when the change was asked for."""
    committed = any(event.to_state == States.COMMITTED for event in it.past)
    return States.COMMITTED if committed else States.AGREED


def _vary_agree(it: ClaimAsked) -> Answer:
    note = it.asked.text("note", needed="Say what is agreed.")
    line_id = ""
    if it.asked.text("line_id"):
        line = line_of(it)
        if line is not None:
            line_id = line.id
            _change_line(it, line)
    it.set_claim(state=_before_variation(it).value)
    it.event("VARIATION_AGREED", line_id=line_id, note=note)
    return it.answer("The change is agreed.")


def _change_line(it: ClaimAsked, line: ClaimLine) -> None:
    if line.paid_on is not None:
        it.no("PAY", "ALREADY_PAID", f"“{line.what}” was paid on {line.paid_on}.")
    changed: dict[str, Any] = {}
    pence = it.asked.request.payload.get("pence")
    if pence not in (None, ""):
        if not isinstance(pence, int) or isinstance(pence, bool) or pence <= 0:
            it.no("PAYLOAD", "NOT_AN_AMOUNT", "That is not an amount.")
        elif pence > line.pence:
            because = (
                f"The amount does not go up: £{pounds(line.pence)} was offered. "
                "More money needs a claim of its own."
            )
            it.no("OFFER", "NO_INCREASE", because)
        else:
            changed["pence"] = pence
    what = it.asked.text("what")
    if what:
        changed["what"] = what
    if changed:
        it.set_line(line.id, **changed)


def _vary_refuse(it: ClaimAsked) -> Answer:
    note = it.asked.text("note", needed="Say why the change is not agreed.")
    it.set_claim(state=_before_variation(it).value)
    it.event("VARIATION_REFUSED", note=note)
    return it.answer("The change is not agreed. The offer stays as it was.")


def _lines_in(it: ClaimAsked, state: States) -> set[str]:
    return {event.line_id for event in it.past if event.to_state == state}


def _settled(it: ClaimAsked) -> set[str]:
    return _lines_in(it, States.RECOVERED) | _lines_in(it, States.WRITTEN_OFF)


def _clawback(it: ClaimAsked) -> Answer:
    note = it.asked.text("note", needed="Say why the money has to come back.")
    line = line_of(it)
    if line is None:
        return it.answer("")
    if line.paid_on is None:
        it.no("PAY", "NOT_PAID", f"“{line.what}” is not paid yet.")
    if line.id in _lines_in(it, States.CLAWBACK_OPEN):
        it.no("CLAWBACK", "ASKED_ALREADY", f"“{line.what}” is asked back already.")
    it.set_claim(state=States.CLAWBACK_OPEN.value)
    it.event(States.CLAWBACK_OPEN, line_id=line.id, note=note)
    return it.answer(f"£{pounds(line.pence)} is asked back.")


def _asked_back(it: ClaimAsked) -> ClaimLine | None:
    line = line_of(it)
    if line is None:
        return None
    if line.id not in _lines_in(it, States.CLAWBACK_OPEN):
        it.no("CLAWBACK", "NOT_ASKED_BACK", f"“{line.what}” was not asked back.")
    if line.id in _settled(it):
        it.no("CLAWBACK", "SETTLED", f"“{line.what}” is settled already.")
    return line


def _settle(it: ClaimAsked, line: ClaimLine, how: States, **more: Any) -> bool:
    """One cost is settled; True when it was the last, and the claim ends."""
    rest = _lines_in(it, States.CLAWBACK_OPEN) - _settled(it) - {line.id}
    lost = how is States.WRITTEN_OFF or bool(_lines_in(it, States.WRITTEN_OFF))
    end = States.WRITTEN_OFF if lost else States.RECOVERED
    it.set_claim(state=(States.CLAWBACK_OPEN if rest else end).value)
    it.event(how, line_id=line.id, **more)
    return not rest


def _recover(it: ClaimAsked) -> Answer:
    came_on = it.asked.day("on", needed="Give the day the money came back.")
    reference = it.asked.text("reference", needed="Give finance's reference for the money.")
    line = _asked_back(it)
    if line is None or came_on is None:
        return it.answer("")
    if came_on > it.asked.on:
        it.no("PAY", "IN_FUTURE", f"{came_on} has not come yet.")
    if line.paid_on is not None and came_on < line.paid_on:
        it.no("PAY", "BEFORE_PAYMENT", f"It was paid on {line.paid_on}, after {came_on}.")
    last = _settle(it, line, States.RECOVERED, reference=reference, note=f"Came back on {came_on}")
    end = " Nothing is open any more." if last else ""
    return it.answer(f"£{pounds(line.pence)} came back on {came_on}.{end}")


def _write_off(it: ClaimAsked) -> Answer:
    note = it.asked.text("note", needed="Say what was tried and why it is given up.")
    line = _asked_back(it)
    if line is None:
        return it.answer("")
    asked_by = {
        event.by_id
        for event in it.past
        if event.to_state == States.CLAWBACK_OPEN and event.line_id == line.id
    }
    if it.asked.actor.id in asked_by:
        because = f"{it.asked.actor.name} asked it back; this has to be a different person."
        it.no("DUTIES", "SAME_PERSON", because)
    last = _settle(it, line, States.WRITTEN_OFF, note=note)
    end = " Nothing is open any more." if last else ""
    return it.answer(f"£{pounds(line.pence)} is written off.{end}")


def _look(it: ClaimAsked) -> Answer:
    note = it.asked.text("note", needed="Say what you looked at and what you found.")
    waiting = reviews_open(it.past)
    if not waiting:
        it.no("REVIEW", "NOTHING_OPEN", "No second look is wanted for this claim.")
    for code, line_id in sorted(waiting):
        it.event("REVIEWED", code=code, line_id=line_id, note=note)
    return it.answer("The second look is noted.")


AFTER: Mapping[str, Callable[[Asked], Answer]] = {
    name: on_claim(judge_it)
    for name, judge_it in {
        "claim.vary": _vary,
        "claim.vary_agree": _vary_agree,
        "claim.vary_refuse": _vary_refuse,
        "claim.clawback": _clawback,
        "claim.recover": _recover,
        "claim.write_off": _write_off,
        "claim.look": _look,
    }.items()
}
