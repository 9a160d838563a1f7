"""Another checklist before it is used: what it keeps, drops, asks anew and no longer counts."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.facts.casework import ChecklistItem
from forms.rules.checklist import ItemState, checklist
from forms.rules.checklist_change import change_for, rule_changes
from forms.rules.pack_file import PACKS, read_with
from tests.forms.rules.making import KENT, enterprise

ON = date(2026, 11, 26)
TEXT = (PACKS / "england-2026-11" / "checklist.toml").read_text("utf-8")


def ticked(code, **more):
    whole = ChecklistItem(
        id=f"i-{code}", enterprise_id="e1", code=code, state="done", said_by="document",
        evidence_ref="seen", evidence_on=date(2026, 6, 1), checked_by_id="qui",
        checked_on=date(2026, 6, 2),
    )  # fmt: skip
    return replace(whole, **more)


def other(*edits, **rule):
    """The Kent pack with another checklist: rules changed by code, or left out (None)."""
    changed = dict(edits)
    rules = [changed.get(each.code, each) for each in KENT.checklist]
    return replace(KENT, checklist=tuple(each for each in rules if each is not None), **rule)


def rule(code):
    return next(each for each in KENT.checklist if each.code == code)


def codes(lines):
    return [each.code for each in lines]


def test_the_same_checklist_keeps_everything_and_asks_nothing_new():
    found = change_for(KENT, KENT, enterprise(), [ticked("C01"), ticked("C03")], ON)
    assert (found.dropped, found.newly_required, found.no_longer_fits) == ((), (), ())
    assert "C01" in codes(found.kept)
    assert rule_changes(KENT, KENT) == ()


def test_an_item_taken_out_is_dropped_where_somebody_worked_on_it_and_only_there():
    new = other(("C01", None))
    found = change_for(KENT, new, enterprise(), [ticked("C01")], ON)
    assert [(each.code, each.why) for each in found.dropped] == [
        ("C01", "is not in the checklist any more")
    ]
    assert change_for(KENT, new, enterprise(), [], ON).dropped == ()
    assert [(each.code, each.what) for each in rule_changes(KENT, new)] == [("C01", "taken out")]


def test_an_item_that_applies_no_more_is_dropped_too():
    new = other(("C01", replace(rule("C01"), applies_when='ent in ("CIC")')))
    (line,) = change_for(KENT, new, enterprise(), [ticked("C01")], ON).dropped
    assert (line.code, line.why) == ("C01", "does not apply any more")
    (change,) = rule_changes(KENT, new)
    assert (change.what, change.fields) == ("changed", ("applies_when",))


def test_what_must_be_done_now_says_why():
    fresh = replace(rule("C01"), code="C99", title="A new thing")
    new = replace(KENT, checklist=(*KENT.checklist, fresh))
    (line,) = change_for(KENT, new, enterprise(), [], ON).newly_required
    assert (line.code, line.why) == ("C99", "is new")
    advice = next(
        status.rule
        for status in checklist(KENT, enterprise(), [], ON)
        if not status.must and status.state is ItemState.TO_DO and not status.rule.must_for_ready
    )
    new = other((advice.code, replace(advice, must_for_ready=True, must_when="")))
    (line,) = change_for(KENT, new, enterprise(), [], ON).newly_required
    assert (line.code, line.why) == (advice.code, "must be done now; it was advice before")
    assert change_for(KENT, new, enterprise(), [ticked(advice.code)], ON).newly_required == ()


def test_what_counted_as_done_and_would_run_out_fits_no_more():
    new = other(("C01", replace(rule("C01"), renew_months=1)))
    held = [ticked("C01")]
    (line,) = change_for(KENT, new, enterprise(), held, ON).no_longer_fits
    assert (line.code, line.before) == ("C01", "verified")
    assert "ran out on" in line.why
    assert codes(change_for(KENT, new, enterprise(), held, ON).kept) == ["C01"]


@given(
    gone=st.sets(st.sampled_from([each.code for each in KENT.checklist]), max_size=20),
    worked=st.sets(st.sampled_from([each.code for each in KENT.checklist]), max_size=20),
)
def test_whatever_somebody_worked_on_is_either_kept_or_dropped_never_both(gone, worked):
    new = other(*((code, None) for code in gone))
    held = [ticked(code) for code in worked]
    found = change_for(KENT, new, enterprise(), held, ON)
    kept, dropped = set(codes(found.kept)), set(codes(found.dropped))
    shown = {s.code for s in checklist(KENT, enterprise(), held, ON) if s.applies} & worked
    assert kept | dropped == shown
    assert not kept & dropped
    assert dropped == shown & gone
    assert not set(codes(found.no_longer_fits)) - kept


def test_a_checklist_file_is_read_as_the_pack_reads_it_with_every_fault_at_once():
    same, problems = read_with("kent", TEXT, "checklist.toml")
    assert (same, problems) == (KENT, [])
    spoiled = TEXT.replace('code = "C02"', 'code = "C01"').replace(
        "must_for_ready = true", "must_for_redy = true", 1
    )
    found, problems = read_with("kent", spoiled, "checklist.toml")
    words = " ".join(map(str, problems))
    assert found is None
    assert "must_for_redy" in words
    _, problems = read_with("kent", "[[envelop]]\nx = 1\n[[checklist", "list.toml")
    assert len(problems) == 1
    _, problems = read_with("kent", 'id = "other"', "list.toml")
    assert "is not a table of a checklist" in str(problems[0])
    _, problems = read_with("kent", b"\xff\xfe", "list.toml")
    assert "cannot be read" in str(problems[0])
    assert read_with("kent", "", "list.toml")[1]


@pytest.mark.parametrize("field", [f.name for f in fields(rule("C01")) if f.name != "code"])
def test_every_field_of_an_item_has_words_for_its_change(field):
    from desktop.presenters.change_preview import _FIELDS

    assert field in _FIELDS
