"""Lists, the search box and Today: what is typed finds who is meant; numbers equal their rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.facts.casework import Action, ChecklistItem, CoachingSession, StageEvent
from forms.facts.kinds import KINDS, fields_of, kind_of
from forms.facts.people import ActivityReturn, Enquiry, Enterprise, Leader
from forms.values import derived_id, new_id
from storage import rows
from storage.caseload import VIEWS, match_words
from storage.errors import AppendOnly, RecordExists, RecordUnknown, ValueRefused, VaultBug
from storage.search import one_slip
from storage.statements import FILLED
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, full_record

DAY = NOON.date()


def keep(vault: Vault, *records: object) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add_all(records)


@pytest.fixture
def mary(vault: Vault) -> Enterprise:
    one = Enterprise(
        id=new_id(), name="Mary's Helping Hands", place="Ashwick", phone="01303 123456"
    )
    keep(
        vault,
        one,
        Leader(id=new_id(), enterprise_id=one.id, name="Zoë Thorne", phone="+44 7700 900123"),
        StageEvent(id=new_id(), enterprise_id=one.id, stage="ENQUIRY", on=date(2026, 1, 1)),
        StageEvent(id=new_id(), enterprise_id=one.id, stage="SET_UP", on=date(2026, 2, 1)),
        ChecklistItem(id=derived_id(one.id, "C01"), enterprise_id=one.id, code="C01", state="done"),
        ChecklistItem(id=derived_id(one.id, "C02"), enterprise_id=one.id, code="C02"),
        Action(id=new_id(), enterprise_id=one.id, text="Send form", due_on=DAY),
        Action(id=new_id(), enterprise_id=one.id, text="DBS", owner="other", waiting_on="Kent"),
        CoachingSession(
            id=new_id(), enterprise_id=one.id, on=date(2026, 1, 5), kind="visit", note="Insurance"
        ),
    )
    keep(vault, Enterprise(id=new_id(), name="Other", place="Deal"))
    return one


@pytest.mark.parametrize(
    "typed",
    [
        "mary",
        "MAR",
        "zoe",
        "thorne ash",
        "0130312",
        "7700",
        "07700 9001",
        "set up",
        "helping hands z",
    ],
)
def test_the_caseload_finds_by_the_beginnings_of_words(
    vault: Vault, mary: Enterprise, typed: str
) -> None:
    assert vault.reader.caseload(typed).ids == (mary.id,)


def test_a_line_says_where_everybody_stands(vault: Vault, mary: Enterprise) -> None:
    (line,) = vault.reader.caseload_rows([mary.id])
    assert (line.stage, line.done, line.of, line.leader) == ("SET_UP", 1, 2, "Zoë Thorne")
    assert (line.next_action, line.next_due, line.waiting_on) == ("Send form", DAY, "Kent")
    assert line.last_contact == date(2026, 1, 5)


def test_a_line_says_what_kind_the_last_contact_was(vault: Vault, mary: Enterprise) -> None:
    (before,) = vault.reader.caseload_rows([mary.id])
    assert before.last_kind in ("visit", "call", "message", "event")
    with vault.change(by=COACH, at=NOON) as unit:
        for number, kind in enumerate(("event", "call", "note")):
            at = NOON + timedelta(hours=number)
            unit.add(
                CoachingSession(
                    id=f"last-{number}", enterprise_id=mary.id, on=at.date(), at=at, kind=kind
                )
            )
    (line,) = vault.reader.caseload_rows([mary.id])
    assert (line.last_contact, line.last_kind) == (NOON.date(), "call")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.remove(CoachingSession, "last-1", why="entered twice")
    assert vault.reader.caseload_rows([mary.id])[0].last_kind == "event"


def test_what_is_only_planned_is_no_contact_yet(vault: Vault, mary: Enterprise) -> None:
    was = vault.reader.caseload_rows([mary.id])[0]
    assert was.planned is None
    assert mary.id in vault.reader.caseload(view="quiet").ids
    later = DAY + timedelta(days=9)
    for days in (9, 20):
        keep(
            vault,
            CoachingSession(
                id=new_id(), enterprise_id=mary.id, on=DAY + timedelta(days=days), kind="visit"
            ),
        )
    (line,) = vault.reader.caseload_rows([mary.id])
    assert (line.last_contact, line.last_kind) == (was.last_contact, was.last_kind)
    assert (line.planned, line.planned_kind) == (later, "visit")
    assert mary.id in vault.reader.caseload(view="quiet").ids
    assert vault.reader.caseload_counts()["quiet"] == len(vault.reader.caseload(view="quiet").ids)
    assert vault.reader.seen_between(date(2026, 1, 5), DAY) == [mary.id]
    assert vault.reader.seen_between(DAY - timedelta(days=7), DAY) == []
    assert vault.reader.caseload(order="-contact").ids[0] == mary.id


def test_lines_follow_every_change_in_the_same_commit(vault: Vault, mary: Enterprise) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(ChecklistItem, derived_id(mary.id, "C02"), state="waived", reason="n/a")
        unit.set(Enterprise, mary.id, name="New name")
        assert vault.reader.caseload_rows([mary.id])[0].done == 2
    assert vault.reader.caseload("helping").count == 0
    assert vault.reader.caseload("new name").ids == (mary.id,)
    with vault.change(by=COACH, at=NOON) as unit:
        unit.remove(Enterprise, mary.id, why="entered twice")
    assert vault.reader.caseload().count == 1
    assert vault.reader.search("new name") == []


def test_views_count_what_they_show(vault: Vault, mary: Enterprise) -> None:
    counts = vault.reader.caseload_counts()
    assert set(counts) == set(VIEWS)
    for view, number in counts.items():
        found = vault.reader.caseload(view=view)
        assert (found.count, len(found.ids)) == (number, number)
    assert counts["stuck"] == counts["setting up"] == 1
    assert mary.id in vault.reader.caseload(view="quiet").ids


def test_whoever_came_lately_is_not_called_quiet(vault: Vault) -> None:
    fresh, old, unknown = (Enterprise(id=new_id(), name=n) for n in ("Fresh", "Old", "Unknown"))
    for one, days in ((fresh, 3), (old, 31)):
        came = DAY - timedelta(days=days)
        event = StageEvent(id=new_id(), enterprise_id=one.id, stage="ENQUIRY", on=came)
        keep(vault, one, event)
    keep(vault, unknown)
    quiet = vault.reader.caseload(view="quiet").ids
    assert set(quiet) == {old.id, unknown.id}
    assert vault.reader.caseload_counts()["quiet"] == len(quiet)


def test_the_count_goes_past_the_limit(vault: Vault) -> None:
    keep(vault, *(Enterprise(id=new_id(), name=f"N{n:03d}") for n in range(30)))
    found = vault.reader.caseload("n", limit=10)
    assert (found.count, len(found.ids)) == (30, 10)
    names = [line.name for line in vault.reader.caseload_rows(found.ids)]
    assert names == sorted(names)


@given(st.text(max_size=30))
def test_nothing_typed_can_break_the_query(typed: str) -> None:
    match = match_words(typed)
    assert match.count('"') % 2 == 0


@pytest.mark.parametrize(
    "typed", ['"', "'; DROP TABLE find; --", "* OR *", "NEAR(a b)", "a-b:c", "__"]
)
def test_signs_are_only_signs(vault: Vault, mary: Enterprise, typed: str) -> None:
    assert vault.reader.search(typed) == []
    assert vault.reader.caseload(typed).count in (0, 2)


def test_search_finds_people_first_and_notes_too(vault: Vault, mary: Enterprise) -> None:
    keep(vault, Enquiry(id=new_id(), created_on=DAY, name="Marylebone", idea="insurance shop"))
    kinds = [hit.kind for hit in vault.reader.search("insur")]
    assert kinds == ["enquiry", "session"]
    assert vault.reader.search("mary")[0].record_id == mary.id


def test_today_reads_only_what_is_open_and_due(vault: Vault, mary: Enterprise) -> None:
    def action(**more: object) -> Action:
        return Action(id=new_id(), enterprise_id=mary.id, **more)  # type: ignore[arg-type]

    late = action(text="late", due_on=DAY - timedelta(days=3))
    unborn = action(text="later", start_on=DAY + timedelta(days=1))
    undated = action(text="some day")
    keep(vault, late, unborn, undated, action(text="done", done_on=DAY, due_on=DAY))
    found = vault.reader.open_actions(mine=True, begun_by=DAY, due_by=DAY)
    assert [one.text for one in found] == ["late", "Send form", "some day"]
    assert vault.reader.count_open_actions(mine=True, begun_by=DAY, due_by=DAY) == 3
    assert [a.text for a in vault.reader.open_actions(mine=False, begun_by=DAY)] == ["DBS"]
    assert len(vault.reader.sessions_on(date(2026, 1, 5))) == 1
    assert vault.reader.conflict_count() == 0
    assert len(vault.reader.all(Action, done_on=None)) == 5


def test_a_list_equals_its_count(vault: Vault, mary: Enterprise) -> None:
    assert vault.reader.count(Action) == len(vault.reader.all(Action)) == 2
    assert vault.reader.get_all(Enterprise, [mary.id, "nobody"]) == [mary]
    with pytest.raises(VaultBug):
        vault.reader.all(Action, colour="red")


@pytest.mark.parametrize(
    "values",
    [
        {"employee_count": -1},
        {"employee_count": 2**70},
        {"employee_count": "3"},
        {"employee_count": True},
        {"established_on": "2026-02-31"},
        {"name": None},
        {"name": "a\x00b"},
        {"service_types": ("a", 3)},
        {"facts": {"when": NOON}},
    ],
    ids=str,
)
def test_a_value_that_does_not_fit_is_refused_before_any_row(
    vault: Vault, mary: Enterprise, values: dict[str, object]
) -> None:
    before = vault.reader.unsent_count()

    def set_two() -> None:
        with vault.change(by=COACH, at=NOON) as unit:
            unit.set(Enterprise, mary.id, name="changed first")
            unit.set(Enterprise, mary.id, **values)

    with pytest.raises(ValueRefused):
        set_two()
    with pytest.raises(ValueRefused), vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id=new_id(), **values))  # type: ignore[arg-type]
    assert vault.reader.get(Enterprise, mary.id) == mary
    assert vault.reader.unsent_count() == before


def test_refusals_of_a_change_are_known_faults(vault: Vault, mary: Enterprise) -> None:
    (event, _) = vault.reader.all(StageEvent)
    with pytest.raises(AppendOnly), vault.change(by=COACH, at=NOON) as unit:
        unit.set(StageEvent, event.id, note="x")
    with pytest.raises(RecordExists), vault.change(by=COACH, at=NOON) as unit:
        unit.add(mary)
    with pytest.raises(RecordUnknown), vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, "nobody", name="x")
    with pytest.raises(VaultBug), vault.change(by=COACH, at=NOON) as unit:
        _ = unit.changes


def test_setting_what_is_already_so_writes_nothing(vault: Vault, mary: Enterprise) -> None:
    before = vault.reader.unsent_count()
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, mary.id, name=mary.name)
    assert unit.changes.records == ()
    assert vault.reader.unsent_count() == before


def test_drafts_stay_on_this_laptop(vault: Vault) -> None:
    vault.drafts.keep("note:1", "half a sen")
    assert vault.drafts.read("note:1") == "half a sen"
    vault.drafts.drop("note:1")
    assert vault.drafts.read("note:1") == ""
    assert vault.reader.unsent_count() == 0


def test_the_short_trail_of_a_new_record_tells_all_of_it(mary: Enterprise) -> None:
    whole = fields_of(mary)
    assert rows.told_whole("enterprise", rows.telling("enterprise", whole)) == whole


@pytest.mark.parametrize(
    "typed",
    ["01303 12 34 56", "(01303) 123", "+44 (0)7700 900123", "447700900123", "900123", "303123"],
)
def test_a_number_is_found_however_it_is_spaced_and_by_its_middle(
    vault: Vault, mary: Enterprise, typed: str
) -> None:
    found = {hit.enterprise_id for hit in vault.reader.search(typed)}
    assert found == ({mary.id} if typed != "447700900123" else set())


@pytest.mark.parametrize("typed", ["elping", "shwic", "suranc", "horn lping"])
def test_the_middle_of_a_word_is_found_where_no_word_begins_so(
    vault: Vault, mary: Enterprise, typed: str
) -> None:
    hits = vault.reader.search(typed)
    assert {hit.enterprise_id for hit in hits} == ({mary.id} if typed != "horn lping" else set())


def test_people_seen_this_week_come_first_and_a_common_word_still_finds_people(
    vault: Vault,
) -> None:
    ids = [new_id() for _ in range(4)]
    keep(
        vault, *(Enterprise(id=one, name=f"Garden {n}") for n, one in zip("1234", ids, strict=True))
    )

    def talk(enterprise: str, on: date, note: str, kind: str = "visit") -> CoachingSession:
        return CoachingSession(id=new_id(), enterprise_id=enterprise, on=on, kind=kind, note=note)

    old = [talk(ids[n % 3], DAY - timedelta(days=30), f"the garden {n}") for n in range(400)]
    seen = talk(ids[2], DAY - timedelta(days=7), "garden seen")
    only_written = talk(ids[3], DAY, "a thought", kind="note")
    keep(vault, seen, *old, only_written)
    hits = vault.reader.search("garden", limit=6)
    assert [hit.record_id for hit in hits[:4]] == [ids[2], ids[0], ids[1], ids[3]]
    assert hits[4].enterprise_id == ids[2]  # of notes, too, those of people seen this week
    before = talk(ids[2], DAY - timedelta(days=8), "x")
    assert before.on < DAY - timedelta(days=7)
    with vault.change(by=COACH, at=NOON) as unit:
        unit.remove(CoachingSession, seen.id, why="wrong day")
        unit.add(before)
    assert vault.reader.search("garden", limit=1)[0].record_id == ids[0]


@pytest.mark.parametrize(
    "typed", ["horne", "rthorne", "htorne", "xhorne", "insurenc", "pelping", "hellping hand"]
)
def test_a_slip_in_the_first_letter_or_in_half_a_word_is_forgiven(
    vault: Vault, mary: Enterprise, typed: str
) -> None:
    assert {hit.enterprise_id for hit in vault.reader.search(typed)} == {mary.id}


def test_a_short_word_must_be_right(vault: Vault, mary: Enterprise) -> None:
    assert vault.reader.search("deil") == []
    assert len(vault.reader.search("deal")) == 1


@pytest.mark.parametrize(
    "typed", ["thorme", "thrne", "thhorne", "insuranec", "hlping", "helpinng mar"]
)
def test_one_slip_in_a_long_word_is_forgiven(vault: Vault, mary: Enterprise, typed: str) -> None:
    assert {hit.enterprise_id for hit in vault.reader.search(typed)} == {mary.id}


@pytest.mark.parametrize(
    ("typed", "meant", "near"),
    [
        ("peetr", "peter", True),
        ("petr", "peter", True),
        ("peterr", "peter", True),
        ("pater", "peter", True),
        ("peter", "peter", True),
        ("patre", "peter", False),
        ("abcde", "peter", False),
        ("pe", "peter", False),
    ],
)
def test_what_counts_as_one_slip(typed: str, meant: str, near: bool) -> None:
    assert one_slip(typed, meant) is near
    assert one_slip(meant, typed) is near


def test_people_without_a_trading_name_stand_where_their_own_name_does(vault: Vault) -> None:
    ids = [new_id() for _ in range(3)]
    keep(vault, *(Enterprise(id=one, name=name) for one, name in zip(ids, "ac ", strict=True)))
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, ids[2], name="")
        unit.add(Leader(id=new_id(), enterprise_id=ids[2], name="Bee"))
    assert vault.reader.caseload().ids == (ids[0], ids[2], ids[1])


def test_many_records_hold_the_same_id_code_and_day_once(vault: Vault, mary: Enterprise) -> None:
    """A county has each enterprise's id on a hundred records."""
    (one,) = vault.reader.all(Enterprise, name=mary.name)
    events = vault.reader.all(StageEvent)
    items = vault.reader.under(ChecklistItem, [mary.id])[mary.id]
    assert len(events) == len(items) == 2
    assert all(each.enterprise_id is one.id for each in (*events, *items))
    keep(vault, StageEvent(id=new_id(), enterprise_id=mary.id, stage="SET_UP", on=date(2026, 2, 1)))
    _, second, third = sorted(vault.reader.all(StageEvent), key=lambda event: event.on)
    assert second.on is third.on
    assert second.stage is third.stage


def test_what_can_be_changed_is_never_one_for_two_records(vault: Vault) -> None:
    mapped = [
        (kind.cls, spec.name)
        for kind in KINDS.values()
        for spec in kind.specs
        if spec.type is dict and not kind.local
    ]
    assert mapped
    for cls, name in mapped:
        keep(vault, full_record(kind_of(cls)), full_record(kind_of(cls)))
        first, second = [getattr(each, name) for each in vault.reader.all(cls)][:2]
        assert first == second
        assert first is not second


def test_many_records_hold_equal_lists_and_numbers_once(vault: Vault, mary: Enterprise) -> None:
    told = ActivityReturn(
        id="",
        enterprise_id=mary.id,
        period_from=date(2026, 1, 1),
        period_to=date(2026, 3, 31),
        hours_week=Decimal("12.50"),
    )
    keep(vault, *(replace(told, id=new_id()) for _ in "ab"))
    ids = [new_id(), new_id()]
    keep(vault, *(Enterprise(id=one, service_types=("pc", "dom")) for one in ids))
    one, two = vault.reader.all(ActivityReturn)
    assert one.hours_week is two.hours_week == Decimal("12.50")
    three, four = (each for each in vault.reader.all(Enterprise) if each.id in ids)
    assert three.service_types is four.service_types == ("pc", "dom")


def test_records_with_a_value_in_a_field_and_removed_ones_are_found(
    vault: Vault, mary: Enterprise
) -> None:
    gone = Enquiry(id=new_id(), created_on=DAY, name="Ann", enterprise_id=mary.id)
    kept = Enquiry(id=new_id(), created_on=DAY, name="Ben", closed_on=DAY)
    keep(vault, gone, kept)
    assert vault.reader.removed(Enquiry) == []
    with vault.change(by=COACH, at=NOON) as unit:
        unit.remove(Enquiry, gone.id, why="twice")
    reader = vault.reader
    assert [each.id for each in reader.removed(Enquiry)] == [gone.id]
    assert [each.id for each in reader.removed(Enquiry, enterprise_id=mary.id)] == [gone.id]
    assert reader.removed(Enquiry, enterprise_id="") == []
    assert [each.id for each in reader.all(Enquiry, closed_on=FILLED)] == [kept.id]
    assert reader.all(Enquiry, enterprise_id=FILLED) == []  # the one with a value was removed
    assert [each.id for each in reader.all(Enquiry, name=FILLED)] == [kept.id]
    with pytest.raises(VaultBug):
        reader.all(Enquiry, no_such_field=FILLED)
