"""Which word of a case file is which step. Refuses words it does not know."""

from __future__ import annotations

from collections.abc import Callable

from desktop.journey import claiming, opening, setting_up, trouble
from desktop.journey.errors import CaseError
from desktop.journey.plan import Step
from desktop.journey.scene import Scene

Action = Callable[[Scene, Step], None]

ACTIONS: dict[str, Action] = {
    "dpia": opening.sign_dpia,
    "too-early": opening.too_early,
    "tally": opening.tally,
    "enquiry": opening.enquiry,
    "case": opening.open_case,
    "session": opening.session,
    "note": opening.session,
    "conversation": opening.conversation,
    "close": opening.close,
    "erase": opening.erase,
    "idea-check": setting_up.idea_check,
    "entity": setting_up.entity_guide,
    "set-up": setting_up.set_up,
    "establish": setting_up.establish,
    "show": setting_up.show,
    "show-new": setting_up.show,
    "renew": setting_up.renew,
    "check-evidence": setting_up.check_evidence,
    "ready": setting_up.ready,
    "listing": setting_up.listing,
    "publish": setting_up.publish,
    "deliver": setting_up.deliver,
    "facts": setting_up.change_facts,
    "sustain": setting_up.sustain,
    "return": setting_up.activity_return,
    "draft": claiming.draft,
    "submit": claiming.submit,
    "check": claiming.check,
    "recommend": claiming.recommend,
    "approve": claiming.approve,
    "agree": claiming.agree,
    "commit": claiming.commit,
    "pay": claiming.pay,
    "spent": claiming.spent,
    "finish": claiming.finish,
    "lose-signal": trouble.lose_signal,
    "find-signal": trouble.find_signal,
    "set": trouble.change_fields,
    "settle": trouble.settle,
    "concern": trouble.raise_concern,
    "suspend": trouble.suspend,
    "listing-words": trouble.change_listing,
    "relist": trouble.ask_to_list_again,
}


def action(step: Step) -> Action:
    """What a step does. Raises CaseError for a word that is not in the table."""
    if step.do not in ACTIONS:
        raise CaseError(f"{step.case.code}, {step.on}: nothing is called {step.do}.")
    return ACTIONS[step.do]
