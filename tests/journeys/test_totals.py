"""What the twelve cases come to on 31 March 2023: the expected totals, and nothing else."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

import desktop.journey
from desktop.journey.outcome import outcome
from desktop.journey.plan import load_case
from forms.facts.people import ActivityReturn
from forms.values import pence
from tests.support.story import played

EXPECTED = {
    "active_enterprises": 10,
    "established": 11,
    "hours_per_week": 195,
    "people_supported": 127,
    "dp_hours": 55,
    "dp_share_percent": 28.2,
    "comparable_hours": 98,
    "b2_pounds": "18860.40",
    "b3_pounds": "12940.20",
    "seed_paid": {"E1": "112.00", "E2": "3128.50", "E3": "560.40"},
    "seed_lapsed": {"E1": "29888.00"},
    "rejected_lines": [
        {"case": "K05", "pounds": "95.00", "code": "NOT_ELIGIBLE_COST"},
        {"case": "K07", "pounds": "310.00", "code": "EXCLUDED_COST"},
        {"case": "K08", "pounds": "140.00", "code": "OUT_OF_WINDOW"},
        {"case": "K09", "pounds": "130.00", "code": "DOUBLE_FUNDED"},
    ],
    "target_share_percent": 16.7,
}
PAYMENTS = [
    ("K01", "2022-02-14", "23.00"),
    ("K01", "2022-03-21", "89.00"),
    ("K01", "2022-04-04", "249.00"),
    ("K02", "2022-06-10", "145.00"),
    ("K02", "2022-06-12", "60.00"),
    ("K03", "2022-09-05", "27.00"),
    ("K03", "2022-10-01", "540.00"),
    ("K03", "2022-10-03", "420.00"),
    ("K04", "2022-11-07", "360.00"),
    ("K04", "2022-11-14", "118.50"),
    ("K04", "2022-11-14", "36.00"),
    ("K05", "2023-01-20", "180.00"),
    ("K06a", "2023-02-08", "120.00"),
    ("K06b", "2023-02-10", "96.00"),
    ("K07", "2022-07-29", "650.00"),
    ("K08", "2022-12-15", "210.00"),
    ("K09", "2023-03-16", "164.40"),
    ("K10", "2022-05-20", "38.00"),
    ("K10", "2022-08-02", "275.00"),
]
ACTIVE = ["K01", "K02", "K03", "K04", "K05", "K06a", "K06b", "K07", "K08", "K09"]


@pytest.fixture(scope="module")
def result(whole, tmp_path_factory):
    return outcome(whole.scene, tmp_path_factory.mktemp("report"))


def test_every_figure(result):
    assert {name: result[name] for name in EXPECTED} == EXPECTED


def test_numbers_are_numbers_and_pounds_are_words(result):
    for name in ("active_enterprises", "hours_per_week", "dp_hours", "comparable_hours"):
        assert type(result[name]) is int, name
    assert type(result["b2_pounds"]) is str
    assert json.loads(json.dumps(result)) == result


def test_the_keys_are_those_and_no_more(result):
    assert list(result) == [*EXPECTED, "sync", "files"]
    assert set(result["sync"]) == {"pushed", "pulled", "conflicts_kept", "conflicts_settled"}


def test_one_thing_was_kept_to_check_and_settled(result):
    assert result["sync"]["conflicts_kept"] == result["sync"]["conflicts_settled"] == 1
    assert result["sync"]["pushed"] > 500
    assert result["sync"]["pulled"] > result["sync"]["pushed"]


def test_every_payment_on_its_day(lead):
    paid = [
        (key, day.isoformat(), amount) for key in (*ACTIVE, "K10") for day, amount in lead.paid(key)
    ]
    assert sorted(paid) == sorted(PAYMENTS)


def test_paid_adds_up_over_the_envelopes(result):
    total = sum(pence(amount) for amount in result["seed_paid"].values())
    assert total == 380090 == sum(pence(amount) for _, _, amount in PAYMENTS)


def test_four_different_people_on_laptops_of_their_own(whole):
    for key in (*ACTIVE, "K10"):
        for claim_id in {line.claim_id for line in whole.lines(key) if line.paid_on}:
            events = [e for e in whole.events(key) if e.claim_id == claim_id]
            payers = {e.by_id for e in events if e.reference}
            claim = next(
                c for c in whole.all(type(whole.claim("K01", "first")), key) if c.id == claim_id
            )
            hands = [claim.drafted_by_id, claim.checked_by_id, claim.approved_by_id, *payers]
            assert len(hands) == len(set(hands)) == 4
    devices = {p.id: set(p.devices) for p in whole.scene.programme.people}
    assert sum(len(d) for d in devices.values()) == len(set().union(*devices.values()))


def test_the_weighted_price_of_comparable_hours(lead):
    told = [lead.returned(key) for key in ACTIVE]
    comparable = [(r.comparable_hours_week, r.price_pence) for r in told if r.comparable_hours_week]
    hours = sum(h for h, _ in comparable)
    price = sum(h * p for h, p in comparable) / hours
    assert hours == 98
    assert (price / 100).quantize(Decimal("0.01")) == Decimal("15.98")


def test_reports_are_real_files(result):
    heads = {"pdf": b"%PDF-", "html": b"<!", "xlsx": b"PK\x03\x04"}
    for kind, head in heads.items():
        data = Path(result["files"][kind]).read_bytes()
        assert data.lower().startswith(head.lower()), kind
        assert len(data) > 5000


def test_figures_follow_the_records_and_are_not_written_down(tmp_path):
    """One more hour in one return, and the figures move with it."""
    with played("K02") as story:
        before = outcome(story.scene, tmp_path / "before")
        laptop = story.scene.crew.laptop("coach")
        told = story.on("coach").returned("K02")
        assert told.hours_week is not None
        with laptop.vault.change(by="bridget", at=story.scene.clock.now()) as unit:
            more = told.hours_week + 1
            unit.set(ActivityReturn, told.id, hours_week=more, comparable_hours_week=more)
        story.scene.crew.bring_level(laptop)
        story.scene.crew.bring_level(story.scene.crew.laptop("lead"))
        after = outcome(story.scene, tmp_path / "after")
    assert before["hours_per_week"] + 1 == after["hours_per_week"] == 34
    assert (before["b2_pounds"], after["b2_pounds"]) == ("6864.00", "7072.00")


def test_no_case_is_named_in_code():
    """Names, hours and amounts live in the case files alone."""

    folder = Path(desktop.journey.__file__).parent
    code = "\n".join(path.read_text() for path in folder.glob("*.py"))
    for number in range(1, 13):
        case = load_case(f"K{number:02}")
        assert case.code not in code
        assert case.tables["enquiry"]["name"] not in code
