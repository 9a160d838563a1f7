"""Practice gaps, signposts and questionnaires, so that screens of figures have something to show.

Invented like the rest; nobody is named. Refuses more than a handful.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from forms.facts.casework import FormResponse
from forms.facts.market import MarketGap, Signpost
from forms.values import derived_id

if TYPE_CHECKING:
    from desktop.devtools.practice_work import Work
    from forms.rules.pack import Pack

# (days ago, place in the pack's districts, service, when, people, words, days until closed)
_GAPS = (
    (19, 8, 2, "Evenings", 4, "Help to get to bed, close to the marshes", None),
    (33, 2, 5, "Tuesdays", None, "Company for an afternoon", None),
    (47, 10, 0, "Weekends", 2, "Somebody for Saturdays and Sundays", None),
    (61, 4, 3, "", 6, "A lunch club that fetches people", 40),
    (88, 0, 1, "Mornings", 1, "Cleaning with a light van", 52),
)
_SIGNPOSTS = (
    (3, 1, "", 0),
    (9, 5, "started", 1),
    (16, 6, "not taken up", 2),
    (25, 9, "started", 3),
)


def market(pack: Pack, today: date, by_id: str) -> Iterator[Any]:
    """Gaps in several districts, and times that options were shown."""
    places, services = pack.places, pack.service_types
    for number, (ago, place, service, times, asked, words, closed) in enumerate(_GAPS):
        opened = today - timedelta(days=ago)
        yield MarketGap(
            id=derived_id("practice-gap", str(number)),
            opened_on=opened,
            district=places[place % len(places)].code,
            service_type=services[service % len(services)].code,
            times=times,
            heard_from=pack.channels[number % len(pack.channels)].code,
            asked=asked,
            words=words,
            closed_on=opened + timedelta(days=closed) if closed else None,
            closed_why="filled" if closed else "",
            by_id=by_id,
        )
    for number, (ago, place, outcome, service) in enumerate(_SIGNPOSTS):
        on = today - timedelta(days=ago)
        yield Signpost(
            id=derived_id("practice-signpost", str(number)),
            on=on,
            district=places[place % len(places)].code,
            service_type=services[service % len(services)].code,
            shown=("Hythe Garden Helpers",) if number % 2 else ("Bronwen Cooks", "Hamza at Home"),
            outcome=outcome,
            outcome_on=on + timedelta(days=2) if outcome else None,
            by_id=by_id,
        )


def questionnaires(work: Work) -> Iterator[FormResponse]:
    """A leader's answers at the start and later; two people's, who are not named."""
    number = work.idea.number
    first = work.rang + timedelta(days=70)
    later = min(first + timedelta(days=90), work.today)
    if later <= first:
        return
    calm = 1 + number % 3
    yield _asked(work, "leader", "start", first, {"l_calm": calm, "l_confident": 2})
    risen = {"l_calm": min(calm + (number % 4 > 0), 4), "l_confident": 3}
    said = {"would_have": ("no", "smaller", "same")[number % 3],
            "care_otherwise": ("no", "yes", "no", "unsure")[number % 4]}  # fmt: skip
    yield _asked(work, "leader", "later", later, risen | said)
    domains = ("p_control", "p_company", "p_out", "p_safe", "p_home")
    for when, on, least in (("start", first, 2), ("later", later, 3)):
        points = {d: least + (number + n) % 2 for n, d in enumerate(domains)}
        yield _asked(work, "person", when, on, points)


def _asked(work: Work, who: str, when: str, on: date, answers: dict[str, Any]) -> FormResponse:
    given = "".join(f"<{name}>{value}</{name}>" for name, value in answers.items())
    xml = (
        '<data id="outcome_questionnaire" version="2026112"><start>'
        f"<asked_on>{on.isoformat()}</asked_on><asked_when>{when}</asked_when>"
        f"<answered_by>{who}</answered_by></start><{who}>{given}</{who}></data>"
    )
    moment = datetime(on.year, on.month, on.day, 15, tzinfo=work.now.tzinfo)
    return FormResponse(
        id=work.idea.id("asked", who, when),
        form_id="outcome_questionnaire",
        form_version="2026112",
        enterprise_id=work.enterprise.id,
        state="final",
        instance_xml=xml,
        opened_at=moment,
        finalised_at=moment,
        by_id=work.coach.id,
    )


def near_home(hours: Decimal, number: int) -> tuple[Decimal, Decimal]:
    """How much of a return's hours is within five miles, and reached on foot or by cycle."""
    near = (hours * (5 + number % 5) / 10).quantize(Decimal("0.5"))
    return near, (near / 2).quantize(Decimal("0.5"))
