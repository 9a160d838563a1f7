"""Why a claim or a cost was turned down, in words for the letter: the reason, and what helps.

Refuses to leave a person without a next step: each reason says what would change it.
"""

from __future__ import annotations

from forms.rules.pack import SeedPolicy

# every code a line or a claim may be turned down with, in the words of the letter
REJECTIONS = {
    "NOT_RECORDABLE": "The data protection assessment or the privacy notice is missing.",
    "NOT_MICRO": "The enterprise is too large for this fund.",
    "OUT_OF_AREA": "The enterprise is outside the area.",
    "OUT_OF_WINDOW": "The cost is later than six months after the start.",
    "PRE_START": "The cost is from before the start, and is not one needed to start.",
    "NOT_ELIGIBLE_COST": "The fund does not pay for this kind of cost.",
    "EXCLUDED_COST": "The policy rules this kind of cost out.",
    "DOUBLE_FUNDED": "Somebody else has paid for it already.",
    "QUOTE_MISSING": "A price or quote is missing.",
    "RETROSPECTIVE": "It was bought before it was approved.",
    "OVER_CAP": "It is over the most that one claim may be.",
    "NO_FUNDS": "There is not enough left in the fund for this period.",
    "TOO_LATE": "It cannot be spent before the money has to be spent.",
    "NOT_READY": "Insurance or DBS has to come first.",
    "POOR_VFM": "It is not clear what it changes, or the price is not good value.",
    "PAYEE_MISMATCH": "The payee is not the applicant.",
    "INCOMPLETE": "Something is missing in the claim.",
    "CONFLICT_OF_INTEREST": "Somebody who decides is related to the claim.",
    "SAFEGUARDING_HOLD": "The claim waits while a concern is looked into.",
    "WITHDRAWN": "The applicant took it back.",
}

WHAT_HELPS = {
    "NOT_RECORDABLE": "Ask again once the notice was given and the assessment is signed off.",
    "NOT_MICRO": "Your coach can tell you who helps larger providers.",
    "OUT_OF_AREA": "The council of your own area may have a fund.",
    "OUT_OF_WINDOW": "Nothing changes this. Costs from the first months can still be claimed.",
    "PRE_START": "Fees and insurance needed to start can be claimed from before the start.",
    "NOT_ELIGIBLE_COST": "Ask your coach which budget or fund fits this cost.",
    "EXCLUDED_COST": "Nothing changes this. Plan for it in your prices.",
    "DOUBLE_FUNDED": "Claim something that nobody has paid for yet.",
    "QUOTE_MISSING": "Send the price or the quotes, and the claim can be looked at again.",
    "RETROSPECTIVE": "Ask before you buy the next thing.",
    "OVER_CAP": "Claim the most important costs first.",
    "NO_FUNDS": "Ask when the next period begins.",
    "TOO_LATE": "Ask when the next period begins.",
    "NOT_READY": "Get insurance and DBS in hand, or claim for them first.",
    "POOR_VFM": "Say what it changes for the people you support, or find a better price.",
    "PAYEE_MISMATCH": "Give finance an account in the applicant's name.",
    "INCOMPLETE": "Add what is missing and send it again.",
    "CONFLICT_OF_INTEREST": "Somebody else will look at it.",
    "SAFEGUARDING_HOLD": "It will be looked at again when the concern is closed.",
    "WITHDRAWN": "You can claim again.",
}


def letter_words(policy: SeedPolicy, code: str) -> tuple[str, str, str]:
    """The reason, what would change it, and how to appeal. Raises KeyError for no such code."""
    appeal = (
        f"If you think this is wrong, write to the programme within {policy.appeal_days} working "
        "days. A different officer will look at it."
    )
    return REJECTIONS[code], WHAT_HELPS[code], appeal
