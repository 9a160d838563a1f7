"""Why a cost was not paid, and what would change it, for each code, in the words of a letter.

The reason is the rule's own sentence. Refuses blame: it says what the fund needs.
"""

from __future__ import annotations

from dataclasses import dataclass

from forms.rules.seed_fund import REJECTIONS


@dataclass(frozen=True, slots=True)
class Reason:
    """One code in two sentences."""

    why: str
    change: str


_CHANGE = {
    "NOT_RECORDABLE": "Read the privacy notice with your coach and agree to it. Then claim again.",
    "NOT_MICRO": "Nothing in this fund. Your coach can show you funds for larger organisations.",
    "OUT_OF_AREA": "Ask the council of the area you work in. Your coach can help you find it.",
    "OUT_OF_WINDOW": "A bill with a date inside your first six months. If the date on the bill is "
    "wrong, send us the right one.",
    "PRE_START": "Show us that you needed it before you could start, such as a licence or a "
    "registration.",
    "NOT_ELIGIBLE_COST": "Nothing in this fund. Ask your coach which other budget may pay for it.",
    "EXCLUDED_COST": "Nothing in this fund: running costs are yours to plan for. Your coach can "
    "help you put them into your prices.",
    "DOUBLE_FUNDED": "Show us that the other fund did not pay, or that it paid only a part.",
    "QUOTE_MISSING": "Send the price or the quotes that your coach has told you about.",
    "RETROSPECTIVE": "Ask before you buy. We can look at the next cost before you pay for it.",
    "OVER_CAP": "Claim for less, or leave out what can wait.",
    "NO_FUNDS": "Claim again when the next period of the fund begins.",
    "TOO_LATE": "A cost that can be paid before the last day of the fund's period.",
    "NOT_READY": "Put your insurance and your DBS check in place. Then claim again.",
    "POOR_VFM": "Tell us what it would let you do that you cannot do now, or find a better price.",
    "PAYEE_MISMATCH": "Give finance an account in the name of the one who claims.",
    "INCOMPLETE": "Send what is missing. Your coach can tell you what it is.",
    "CONFLICT_OF_INTEREST": "Somebody else at the programme has to decide. Claim again.",
    "SAFEGUARDING_HOLD": "We look at it again when the concern has been dealt with.",
    "WITHDRAWN": "You can claim again at any time inside your window.",
}
_OTHER = "Ask your coach what the fund would need to see."


def reason_of(code: str) -> Reason:
    """The words for a code; an unknown one is printed as it is."""
    why = REJECTIONS.get(code, f"The reason given is: {code.replace('_', ' ').lower() or 'none'}.")
    return Reason(why, _CHANGE.get(code, _OTHER))


def title_of(code: str) -> str:
    """The reason for a table cell."""
    return REJECTIONS.get(code, code.replace("_", " ").capitalize() or "No code")
