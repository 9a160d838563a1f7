"""Every working screen, opened on the fictional people: for the audit and for looking at."""

from __future__ import annotations

from desktop.navigation import route
from desktop.views.screens import SCREENS
from tests.desktop.screens.desk import COACH, FINANCE, QA, context
from tests.desktop.screens.people import CLAIM, MARY, full_vault

PLACES = {
    "overview": ("enterprise", {"id": MARY}),
    "checklist": ("enterprise", {"id": MARY, "tab": "checklist"}),
    "timeline": ("enterprise", {"id": MARY, "tab": "timeline"}),
    "documents": ("enterprise", {"id": MARY, "tab": "documents"}),
    "listing": ("enterprise", {"id": MARY, "tab": "listing"}),
    "enterprise_claims": ("enterprise", {"id": MARY, "tab": "claims"}),
    "move_stage": ("move_stage", {"id": MARY}),
    "new_enterprise": ("new_enterprise", {}),
    "quick_note": ("quick_note", {"enterprise": MARY}),
    "entity_guide": ("entity_guide", {"id": MARY}),
    "claims": ("claims", {}),
    "claim": ("claim", {"id": CLAIM}),
    "form": ("form", {"id": "activity_return", "enterprise": MARY}),
    "form_with_repeat": ("form", {"id": "seed_claim", "enterprise": MARY}),
    "forms": ("forms", {}),
    "carry": ("carry", {}),
    "devices": ("devices", {}),
    "handovers": ("handovers", {"id": MARY}),
    "things_to_check": ("things_to_check", {}),
    "impact": ("impact", {}),
    "figure": ("figure", {"id": "I-06"}),
    "share": ("figure", {"id": "I-16"}),
    "reports": ("reports", {}),
    "directory": ("directory", {}),
    "market_gaps": ("market_gaps", {}),
    "import_enquiries": ("import_enquiries", {}),
    "privacy_person": ("privacy_person", {"id": MARY}),
}


def opened(place, *, actor=COACH, vault=None):
    """A screen and its context."""
    name, params = PLACES[place]
    made = context(vault if vault is not None else full_vault(), actor=actor)
    screen = SCREENS[name].make(made, route(name, **params))
    return screen, made


ROLES = {"coach": COACH, "qa": QA, "finance": FINANCE}


def shown_by(qtbot):
    """How a test opens a place at the usual size of its screen and shows it."""

    def shown(place, **named):
        screen, made = opened(place, **named)
        qtbot.addWidget(screen)
        screen.resize(920, 556)
        screen.show()
        return screen, made

    return shown
