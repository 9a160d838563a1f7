"""Cases and claims as a coach makes them, for what is decided on them."""

from __future__ import annotations

from datetime import date

from tests.sync.world import claim, enterprise, line_of, notice


def a_case(coach, **fields):
    """An enterprise whose claim can be submitted."""
    fields = {
        "established_on": date(2022, 2, 1),
        "strand": "home_support",
        "employee_count": 0,
        "entity_form": "SOLE",
    } | fields
    case = coach.add(enterprise(coach=coach.identity().actor_id, **fields))
    coach.add(notice(case))
    return case


def a_claim(world, coach, pence=2300):
    case = a_case(coach)
    one = coach.add(claim(case, coach.identity().actor_id))
    cost = coach.add(line_of(one, pence=pence))
    world.round(coach)
    return case, one, cost


def recommended(world, coach, pence):
    """A claim that waits for its approver, as if submitted, checked and recommended."""
    _, one, cost = a_claim(world, coach, pence)
    state = {"state": "RECOMMENDED", "submitted_by_id": "ann", "checked_by_id": "quin"}
    world.system("seed_claim", one.id, state | {"recommended_by_id": "quin"})
    world.system("claim_line", cost.id, {"outcome": "accepted"})
    return one, cost
