"""The pieces below the window: days to choose from, the sitting, new files, the timeline."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.operations.new_files import MOST_OFFERED, arrived
from desktop.presenters.timeline import timeline
from desktop.presenters.together_picture import home_days, together_picture
from desktop.presenters.together_sheet import Sitting, sitting_from
from forms.facts.casework import Signature
from forms.facts.people import Enterprise
from forms.rules.pack import load_pack
from forms.rules.signatures import wording_hash
from forms.values import Actor, Role, SystemClock
from tests.desktop.screens.memory import MemoryVault

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
COACH = Actor("coach-1", "Robin Aldous", Role.COACH)
KENT = load_pack("kent")


@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)))
def test_days_to_choose_from_are_to_come_in_order_of_mention_and_each_once(today):
    days = [date.fromisoformat(code) for code, _ in home_days(today)]
    assert all(day > today for day in days)
    assert len(set(days)) == len(days)
    for code, said in home_days(today):
        if "This week" in said:
            assert date.fromisoformat(code).isocalendar()[:2] == today.isocalendar()[:2]


@given(
    st.dictionaries(st.text(max_size=8), st.text(min_size=1, max_size=20), max_size=5),
    st.lists(st.text(max_size=20), max_size=5, unique=True),
)
def test_a_sitting_comes_back_from_its_draft(done, promises):
    sitting = Sitting(on=NOON.date(), began=NOON, since=NOON)
    for key, said in done.items():
        sitting.note(key, said)
    for said in promises:
        sitting.promise(said)
    later = NOON + timedelta(hours=1)
    back = sitting_from(sitting.to_text(NOON), later)
    assert replace(back, since=NOON) == sitting
    assert back.since == later
    assert sitting_from(sitting.to_text(NOON), NOON + timedelta(days=1)).done == {}


def test_the_clock_of_a_sitting_stands_still_while_the_screen_is_locked_paused_or_left():
    def at(minutes):
        return NOON + timedelta(minutes=minutes)

    sitting = Sitting(on=NOON.date(), began=NOON, since=NOON)
    sitting.note("item.C07", "Insurance: done")
    back = sitting_from(sitting.to_text(at(10)), at(130))  # two hours in the bag
    assert back.minutes(at(135)) == 15
    back.rest(at(140))
    assert back.minutes(at(200)) == 20
    back.go_on(at(200))
    assert (back.minutes(at(201)), back.untold()) == (21, ("Insurance: done",))
    back.leave()
    assert (back.minutes(at(400)), back.untold()) == (0, ())
    again = sitting_from(back.to_text(at(400)), at(420))
    assert again.done == {"item.C07": "Insurance: done"}  # the page still says it
    assert not again.is_worth_telling(at(420))
    again.note("item.C08", "A price list: done")
    assert again.untold() == ("A price list: done",)
    assert again.minutes(at(425)) == 5


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"on": "2026-11-20"}', '{"on": 4}'])
def test_a_draft_that_cannot_be_read_begins_a_fresh_sitting(text):
    assert sitting_from(text, NOON) == Sitting(on=NOON.date(), began=NOON, since=NOON)


def test_what_is_taken_back_is_not_said():
    sitting = Sitting(on=NOON.date(), began=NOON, since=NOON)
    sitting.note("item.C07", "Insurance: done")
    sitting.note("item.C07", "")
    assert sitting.done == {}


def test_only_new_files_of_a_kept_kind_are_offered_newest_first(tmp_path):
    since = SystemClock().now()
    later = since.timestamp() + 60
    deep = tmp_path / "a" / "b" / "c"
    deep.mkdir(parents=True)
    for number in range(MOST_OFFERED + 3):
        file = tmp_path / "a" / f"{number}.jpg"
        file.write_bytes(b"x")
        os.utime(file, (later + number, later + number))
    for name in ("a.exe", ".hidden.png", "empty.png"):
        (tmp_path / name).write_bytes(b"" if name == "empty.png" else b"x")
    (deep / "deep.png").write_bytes(b"x")
    os.utime(deep / "deep.png", (later + 99, later + 99))
    found = arrived([tmp_path, tmp_path / "gone"], since)
    assert len(found) == MOST_OFFERED
    assert found == sorted(found, key=lambda new: new.at, reverse=True)
    assert {new.path.suffix for new in found} == {".jpg"}
    assert arrived([tmp_path], since + timedelta(days=1)) == []


def test_many_that_can_not_be_kept_hide_none_that_can_and_one_of_them_is_told(tmp_path):
    since = SystemClock().now()
    later = since.timestamp() + 60
    for number, name in enumerate(["kept.jpg", *(f"{n}.heic" for n in range(MOST_OFFERED + 1))]):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (later + number, later + number))
    found = arrived([tmp_path], since)
    assert [new.path.name for new in found] == [f"{MOST_OFFERED}.heic", "kept.jpg"]
    for number in range(MOST_OFFERED):
        (tmp_path / f"{number}.jpg").write_bytes(b"x")
        os.utime(tmp_path / f"{number}.jpg", (later + 99, later + 99))
    found = arrived([tmp_path], since)
    assert [new.is_of_a_kept_kind for new in found] == [True] * MOST_OFFERED + [False]


def test_somebody_without_a_name_has_a_list_too():
    class Seen(MemoryVault):
        def all(self, cls, **equals):
            return super().all(cls, **equals)

    vault = Seen().hold(Enterprise(id="e"))
    picture = together_picture(vault.reader, KENT, NOON.date())
    assert (picture.whose, picture.first_name) == ("Your", "")
    assert picture.questions


def signed(**changed):
    words = "What we did today."
    made = {
        "id": "s", "enterprise_id": "e", "about": "visit", "wording": words, "way": "drawn",
        "wording_sha256": wording_hash(words), "name": "Mary Thorne", "strokes": ("1,2 3,4",),
        "signed_at": NOON, "witness_id": COACH.id,
    }  # fmt: skip
    return Signature(**(made | changed))


def test_a_signature_is_on_the_timeline_with_its_words_and_who_saw_it():
    vault = MemoryVault().hold(Enterprise(id="e"), signed())
    (entry,) = timeline(vault.reader, KENT, COACH, "e", edits=False)
    assert entry.head == "Signed by Mary Thorne, drawn by hand"
    assert (entry.body, entry.source) == ("“What we did today.”", "you saw it")


def test_words_changed_after_signing_are_told_and_an_erased_signature_is_not_shown():
    changed = MemoryVault().hold(Enterprise(id="e"), signed(wording="Other words."))
    (entry,) = timeline(changed.reader, KENT, COACH, "e", edits=False)
    assert "The words are not the ones that were signed." in entry.body
    erased = MemoryVault().hold(Enterprise(id="e"), signed(name="", wording=""))
    assert timeline(erased.reader, KENT, COACH, "e", edits=False) == ()


def test_what_only_matters_after_a_yes_is_asked_after_it():
    def asked(**facts):
        vault = MemoryVault().hold(Enterprise(id="e", facts=facts))
        picture = together_picture(vault.reader, KENT, NOON.date())
        return [each.key for each in picture.questions if each.key.startswith("fact.food")]

    assert asked() == ["fact.food"]
    assert asked(food=True) == ["fact.food_regular"]
    assert asked(food=False) == []


def test_every_question_is_asked_at_last():
    """Whatever waits for another answer comes once that is a yes: none waits for ever."""
    vault, seen, facts = MemoryVault(), set(), {}
    for _ in KENT.checklist_facts:
        vault.hold(Enterprise(id="e", facts=facts, service_types=("mh", "group", "break")))
        keys = {each.key for each in together_picture(vault.reader, KENT, NOON.date()).questions}
        seen |= keys
        facts = {**facts, **{key.removeprefix("fact."): True for key in keys}}
    assert "fact.food_regular" in seen
    assert seen >= {"fact.drives", "fact.food", "fact.keys"}
