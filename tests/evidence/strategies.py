"""Random small programmes for property tests."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import HealthCheck
from hypothesis import strategies as st

from forms.facts.casework import ChecklistItem, FormResponse, StageEvent
from forms.facts.market import MarketGap, Signpost
from forms.facts.money import ClaimLine
from forms.facts.people import ActivityReturn, Enquiry, Enterprise
from tests.evidence.worlds import DISTRICTS

SLOW = [HealthCheck.too_slow]  # a busy machine is no fault of a property
DAYS = st.dates(date(2022, 1, 1), date(2023, 6, 30))
MAYBE_DAY = st.none() | DAYS
SMALL = st.integers(0, 40)
HOURS = st.none() | st.decimals(0, 60, places=2)


@st.composite
def enterprises(draw, number: int):
    key = f"e{number:02d}"
    enterprise = Enterprise(
        id=key,
        name=f"Name {number}",
        district=draw(st.sampled_from(DISTRICTS))[0],
        strand=draw(st.sampled_from(["home_support", "community_activity", ""])),
        origin=draw(st.sampled_from(["new", "new", "existing_adapting"])),
        entity_form=draw(st.sampled_from(["SOLE", "UNI", ""])),
        established_on=draw(MAYBE_DAY),
        first_delivery_on=draw(MAYBE_DAY),
        comparable_to_homecare=draw(st.booleans()),
        price_pence=draw(st.none() | st.integers(0, 3000)),
        suspended_on=draw(st.none() | st.none() | DAYS),
        service_types=tuple(draw(st.sets(st.sampled_from(["personal_care", "companionship"])))),
        target_groups=tuple(draw(st.sets(st.sampled_from(["dementia"])))),
    )
    stages = draw(st.lists(st.tuples(DAYS, st.sampled_from(_STAGES)), max_size=4))
    returns = draw(st.lists(_returns(key), max_size=3))
    lines = draw(st.lists(_lines(key), max_size=3))
    return [
        enterprise,
        Enquiry(id=f"q-{key}", created_on=draw(DAYS), enterprise_id=key,
                channel=draw(st.sampled_from(["phone", "web", ""]))),
        *(StageEvent(id=f"{key}-{n}", enterprise_id=key, stage=stage, on=on)
          for n, (on, stage) in enumerate(stages)),
        *(ActivityReturn(**{**r, "id": f"{key}-r{n}"}) for n, r in enumerate(returns)),
        *(ClaimLine(**{**x, "id": f"{key}-l{n}"}) for n, x in enumerate(lines)),
    ]  # fmt: skip


_STAGES = ["FIRST_CONVERSATION", "READY", "TRADING", "PAUSED", "CLOSED"]


@st.composite
def _returns(draw, key: str):
    ends = draw(DAYS)
    hours = draw(HOURS)
    part = st.none() if hours is None else st.none() | st.decimals(0, hours, places=2)
    return {
        "enterprise_id": key,
        "period_from": ends - timedelta(days=89),
        "period_to": ends,
        "received_on": draw(st.none() | DAYS),
        "hours_week": hours,
        "comparable_hours_week": draw(part),
        "dp_hours_week": draw(part),
        "dp_comparable_hours_week": draw(st.none() | st.decimals(0, 4, places=2)),
        "people": draw(st.none() | SMALL),
        "people_self_funding": draw(st.none() | st.integers(0, 3)),
        "price_pence": draw(st.none() | st.integers(0, 3000)),
        "paid_people": draw(st.none() | st.integers(0, 4)),
        "paid_hours_week": draw(st.none() | st.just(Decimal("37.5"))),
    }


@st.composite
def _lines(draw, key: str):
    outcome = draw(st.sampled_from(["", "accepted", "rejected"]))
    return {
        "enterprise_id": key,
        "claim_id": f"c-{key}",
        "pence": draw(st.integers(0, 500_000)),
        "outcome": outcome,
        "code": "OUT_OF_WINDOW" if outcome == "rejected" else "",
        "paid_on": draw(MAYBE_DAY) if outcome == "accepted" else None,
    }


@st.composite
def programmes(draw, most: int = 5):
    count = draw(st.integers(0, most))
    return [record for n in range(count) for record in draw(enterprises(n))]


def _told(number: int, who: str, when: str, on, points, said):
    """A finished questionnaire as it is kept."""
    part = "person" if who == "person" else "leader"
    names = ("p_control", "p_out") if who == "person" else ("l_calm", "l_confident")
    given = "".join(f"<{n}>{p}</{n}>" for n, p in zip(names, points, strict=True) if p is not None)
    return (
        f"<data><start><asked_on>{on}</asked_on><asked_when>{when}</asked_when>"
        f"<answered_by>{who}</answered_by></start><{part}>{given}"
        f"<would_have>{said}</would_have><care_otherwise>{'no' if said == 'no' else ''}"
        f"</care_otherwise></{part}></data>"
    )


@st.composite
def told(draw, enterprise_ids):
    """Questionnaires, gaps, signposts and checklist items around some enterprises."""
    records = []
    for number in range(draw(st.integers(0, 6))):
        scale = st.none() | st.integers(1, 4)
        xml = _told(
            number,
            draw(st.sampled_from(["person", "leader"])),
            draw(st.sampled_from(["start", "later"])),
            draw(DAYS),
            (draw(scale), draw(scale)),
            draw(st.sampled_from(["", "same", "smaller", "no"])),
        )
        records.append(
            FormResponse(
                id=f"f{number}",
                form_id="outcome_questionnaire",
                form_version="1",
                enterprise_id=draw(st.sampled_from(enterprise_ids or ["e00"])),
                state=draw(st.sampled_from(["final", "final", "draft", "superseded"])),
                instance_xml=draw(st.sampled_from([xml, xml, xml, "", "<torn"])),
            )
        )
    for number in range(draw(st.integers(0, 5))):
        records.append(
            MarketGap(
                id=f"g{number}",
                opened_on=draw(DAYS),
                district=draw(st.sampled_from(DISTRICTS))[0],
                service_type=draw(st.sampled_from(["personal_care", "companionship", ""])),
                asked=draw(st.none() | st.integers(0, 9)),
                matched_on=draw(MAYBE_DAY),
                closed_on=draw(MAYBE_DAY),
            )
        )
        records.append(
            Signpost(
                id=f"s{number}",
                on=draw(DAYS),
                district=draw(st.sampled_from(DISTRICTS))[0],
                outcome=draw(st.sampled_from(["", "started", "not taken up"])),
                outcome_on=draw(MAYBE_DAY),
            )
        )
    for number, enterprise_id in enumerate(enterprise_ids):
        records.append(
            ChecklistItem(
                id=f"i{number}",
                enterprise_id=enterprise_id,
                code=draw(st.sampled_from(["C19", "C21", "C07"])),
                state=draw(st.sampled_from(["to do", "doing", "done", "not needed"])),
                evidence_on=draw(MAYBE_DAY),
                expires_on=draw(MAYBE_DAY),
            )
        )
    return records


@st.composite
def whole_programmes(draw, most: int = 5):
    """A programme with everything that feeds a figure."""
    records = draw(programmes(most))
    ids = [r.id for r in records if isinstance(r, Enterprise)]
    return records + draw(told(ids))
