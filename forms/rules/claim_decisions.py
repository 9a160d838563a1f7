"""What granting each decision on a claim changes, from draft to paid and closed.

Refuses a cost that the rules stop, money that is not there, and a person who acted before. What
may happen to a claim afterwards is `claim_after`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.rules.claim_asked import ClaimAsked, line_of, on_claim, open_review
from forms.rules.claims import States
from forms.rules.decision import Answer, Asked
from forms.rules.envelopes import available_pence, what_is_left
from forms.rules.finding import Finding, Verdict, blocking
from forms.rules.seed_fund import CLAIM_RULES, REJECTIONS
from forms.values import pounds


def _submit(it: ClaimAsked) -> Answer:
    if not it.lines:
        it.no("S00", "INCOMPLETE", "The claim has no costs yet.")
    if not it.claim.drafted_by_id:  # whoever it was might check or approve their own
        it.no("S00", "INCOMPLETE", "The claim does not say who drafted it. Draft it anew.")
    if it.enterprise is None:
        it.no("S02", "INCOMPLETE", "The register does not have this enterprise yet.")
    for line in it.lines:
        if line.pence <= 0 or not line.what or not line.cost_kind or line.cost_on is None:
            because = f"“{line.what or 'A cost'}” needs words, a kind, an amount and a day."
            it.no("S00", "INCOMPLETE", because)
    found = it.findings()
    it.problems += [f for f in found if f.rule in CLAIM_RULES]
    it.set_claim(
        state=States.SUBMITTED.value,
        submitted_by_id=it.asked.actor.id,
        submitted_on=it.asked.on,
        checked_by_id="",
        recommended_by_id="",
    )
    for line in it.lines:  # a returned claim starts over
        if line.outcome or line.code:
            it.set_line(line.id, outcome="", code="")
    it.event(States.SUBMITTED)
    open_review(it)
    hints = [f for f in found if f.rule not in CLAIM_RULES and f.verdict is not Verdict.MET]
    return it.answer("The claim is submitted.", hints)


def _check(it: ClaimAsked) -> Answer:
    chosen = it.asked.request.payload.get("lines")
    codes: Mapping[str, object] = chosen if isinstance(chosen, dict) else {}
    if set(codes) != {line.id for line in it.lines}:
        it.no("CHECK", "INCOMPLETE", "Every cost of the claim needs an answer, and no other.")
    found = it.findings()
    it.problems += [f for f in found if f.rule in CLAIM_RULES]
    accepted = 0
    note = it.asked.text("note")
    for line in it.lines:
        said = codes.get(line.id, "")
        code = said if isinstance(said, str) else "?"  # what a device sends is checked, not trusted
        if code and code not in REJECTIONS:
            it.no("CHECK", "UNKNOWN_CODE", f"“{code[:30]}” is not a reason of the policy.")
        if not code:
            accepted += line.pence > 0
            it.problems += _stopping(found, line)
        outcome = "rejected" if code else "accepted"
        it.set_line(line.id, outcome=outcome, code=code)
        if code:
            it.event(States.CHECKED, line_id=line.id, code=code, note=note)
    state = States.CHECKED if accepted else States.REJECTED
    it.set_claim(state=state.value, checked_by_id=it.asked.actor.id)
    it.event(state, note=note)
    open_review(it)
    words = "The claim is checked." if accepted else "Every cost is turned down: it is rejected."
    return it.answer(words, [f for f in found if f.verdict is Verdict.UNKNOWN])


def _stopping(found: Sequence[Finding], line: ClaimLine) -> list[Finding]:
    # what the policy rules out nobody accepts, and what is missing has to be found out first
    return [
        replace(
            finding,
            because=f"“{line.what}” cannot be accepted"
            f"{'' if finding.verdict is Verdict.UNMET else ' yet'}. {finding.because}",
        )
        for finding in blocking(found)
        if finding.subject == line.id
    ]


def _return(it: ClaimAsked) -> Answer:
    note = it.asked.text("note", needed="Say what has to be put right.")
    it.set_claim(state=States.RETURNED.value)
    it.event(States.RETURNED, note=note)
    return it.answer("The claim is returned to the coach.")


def _turned_down(it: ClaimAsked, state: States, words: str) -> Answer:
    code = it.asked.text("code", needed="Give the reason.")
    note = it.asked.text("note")
    if code and code not in REJECTIONS:
        it.no("CHECK", "UNKNOWN_CODE", f"“{code[:30]}” is not a reason of the policy.")
    for line in it.lines:
        if line.outcome != "rejected":
            it.set_line(line.id, outcome="rejected", code=code)
    fields: dict[str, Any] = {"state": state.value}
    if state is States.REJECTED:
        fields["checked_by_id"] = it.asked.actor.id
    it.set_claim(**fields)
    it.event(state, code=code, note=note)
    return it.answer(words)


def _recommend(it: ClaimAsked) -> Answer:
    if not any(line.outcome == "accepted" for line in it.lines):
        it.no("CHECK", "INCOMPLETE", "No cost of this claim is accepted.")
    it.set_claim(state=States.RECOMMENDED.value, recommended_by_id=it.asked.actor.id)
    it.event(States.RECOMMENDED)
    return it.answer("The claim is recommended.")


def _refer(it: ClaimAsked) -> Answer:
    note = it.asked.text("note", needed="Say what you want to know first.")
    it.set_claim(state=States.REFERRED.value)
    it.event(States.REFERRED, note=note)
    return it.answer("The claim is referred back to whoever checked it.")


def _approve(it: ClaimAsked) -> Answer:
    asked = it.asked
    wanted = sum(line.pence for line in it.lines if line.outcome == "accepted")
    left = _left(it, asked.on)
    if wanted > left:
        because = (
            f"£{pounds(wanted)} is asked for and {what_is_left(it.asked.pack, asked.on, left)}. "
            "Nothing was taken from the fund."
        )
        it.no("S10", "NO_FUNDS", because)
    it.problems += [
        finding
        for finding in it.findings()
        if finding.rule in CLAIM_RULES or finding.code == "OVER_CAP"
    ]
    it.set_claim(state=States.APPROVED.value, approved_by_id=asked.actor.id, approved_on=asked.on)
    it.event(States.APPROVED)
    return it.answer(f"Approved: £{pounds(wanted)}.")


def _left(it: ClaimAsked, day: date) -> int:
    records = it.asked.records
    return available_pence(
        it.asked.pack,
        records.all(ClaimLine),
        records.all(SeedClaim),
        day,
        leave_out=frozenset(line.id for line in it.lines if line.paid_on is None),
        events=records.all(ClaimEvent),
    )


def _moved(state: States, words: str) -> Callable[[ClaimAsked], Answer]:
    def move(it: ClaimAsked) -> Answer:
        it.set_claim(state=state.value)
        it.event(state, note=it.asked.text("note"))
        return it.answer(words)

    return move


def _pay(it: ClaimAsked) -> Answer:
    asked = it.asked
    paid_on = asked.day("paid_on", needed="Give the day of the payment.")
    reference = asked.text("reference", needed="Give finance's reference for the payment.")
    line = line_of(it)
    if line is None or paid_on is None:
        return it.answer("")
    if line.paid_on is not None:
        it.no("PAY", "ALREADY_PAID", f"“{line.what}” was paid on {line.paid_on}.")
    if paid_on > asked.on:
        it.no("PAY", "IN_FUTURE", f"{paid_on} has not come yet.")
    if it.claim.approved_on is not None and paid_on < it.claim.approved_on:
        because = f"It was approved on {it.claim.approved_on}, after {paid_on}."
        it.no("PAY", "BEFORE_APPROVAL", because)
    left = _left(it, paid_on)
    if line.pence > left:
        because = f"It is £{pounds(line.pence)}; {what_is_left(it.asked.pack, paid_on, left)}."
        it.no("S10", "NO_FUNDS", because)
    fields: dict[str, Any] = {"paid_on": paid_on, "payment_reference": reference}
    it.set_line(line.id, **fields)
    rest = [
        one
        for one in it.lines
        if one.outcome == "accepted" and one.id != line.id and not one.paid_on
    ]
    state = it.claim.state if rest else States.PAID.value
    it.set_claim(state=state, payee_reference=it.claim.payee_reference or reference)
    it.event(state, line_id=line.id, reference=reference, note=f"Paid on {paid_on}")
    left_words = f" {len(rest)} cost(s) still to pay." if rest else " The claim is paid."
    return it.answer(f"Paid: £{pounds(line.pence)} on {paid_on}.{left_words}")


def _evidence(it: ClaimAsked) -> Answer:
    seen_on = it.asked.day("on", needed="Give the day the proof was looked at.")
    line = line_of(it)
    if line is None or seen_on is None:
        return it.answer("")
    if line.paid_on is None:
        it.no("PAY", "NOT_PAID", f"“{line.what}” is not paid yet.")
    if seen_on > it.asked.on:
        it.no("PAY", "IN_FUTURE", f"{seen_on} has not come yet.")
    it.set_line(line.id, evidenced_on=seen_on)
    rest = [
        one
        for one in it.lines
        if one.outcome == "accepted" and one.id != line.id and one.evidenced_on is None
    ]
    state = it.claim.state if rest else States.EVIDENCED.value
    it.set_claim(state=state)
    it.event(state, line_id=line.id, note=f"Proof seen on {seen_on}")
    return it.answer("The proof of spending is accepted.")


JUDGES: Mapping[str, Callable[[Asked], Answer]] = {
    name: on_claim(judge_it)
    for name, judge_it in {
        "claim.submit": _submit,
        "claim.withdraw": _moved(States.WITHDRAWN, "The claim is taken back."),
        "claim.check": _check,
        "claim.return": _return,
        "claim.reject": lambda it: _turned_down(it, States.REJECTED, "The claim is rejected."),
        "claim.recommend": _recommend,
        "claim.refer": _refer,
        "claim.approve": _approve,
        "claim.decline": lambda it: _turned_down(it, States.DECLINED, "The claim is declined."),
        "claim.agree": _moved(States.AGREED, "The offer is signed."),
        "claim.commit": _moved(States.COMMITTED, "The money is committed."),
        "claim.pay": _pay,
        "claim.evidence": _evidence,
        "claim.close": _moved(States.CLOSED, "The claim is closed."),
    }.items()
}
