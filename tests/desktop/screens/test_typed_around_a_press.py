"""Keys typed around a press, a lock or a power cut at any moment: each word is there, and once."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from shiboken6 import delete

from desktop.navigation import Route
from desktop.pressed import Pressed
from desktop.views.claim.screen import ClaimScreen
from desktop.views.enterprise.newcomer import NewcomerScreen
from desktop.views.enterprise.overview import OverviewPanel
from desktop.views.entity_guide.screen import GuideScreen
from desktop.views.form_pages.fields import flush_fields
from desktop.views.market.gaps import GapsScreen
from desktop.views.privacy.person import PersonScreen
from desktop.views.timeline.panel import TimelinePanel
from desktop.views.timeline.quick_note import QuickNoteScreen
from forms.facts.casework import Action, CoachingSession, EntityDecision
from forms.facts.market import MarketGap
from forms.facts.people import Consent, Enterprise, Leader
from storage.errors import VaultFull
from tests.desktop.screens.desk import BusyLane, context
from tests.desktop.screens.people import CLAIM, MARY, full_vault, marys_claim


@dataclass(frozen=True)
class Place:
    """A page with a field and the button that saves it."""

    make: Callable[..., Any]
    args: tuple[Any, ...]
    field: Callable[[Any], Any]
    press: Callable[[Any], None]
    saved: Callable[[Any], list[str]]
    ready: Callable[[Any], None] = lambda _page: None  # what has to be chosen beside the text
    beside: Callable[[Any], Any] | None = None  # another field of the same button
    saved_beside: Callable[[Any], list[str]] = lambda _vault: []


def all_of(cls, name):
    return lambda vault: [getattr(each, name) for each in vault.reader.all(cls)]


def ready_gap(page):
    page._district.set_value("E07000105")
    page._service.set_value(page._presenter.choices["service"][0][0])


def ready_choice(page):
    page._presenter.answer("Q1", "1")
    page._result._form.set_value("CICG")
    page._result._tick.set_value(True)


def keep_choice(page):
    page._result.kept.emit("CICG", page._result._why.text, True)


def withdraw(page):
    moves = page._moves
    found = [each for each in moves._shown[0] if each.name == "claim.withdraw"]
    moves._press(found[0])


def agree(page):
    agreed = page.purposes_shown[0]
    if not page._presenter.is_giving(agreed):
        page._presenter.give(agreed, **page._agreeing.take(), drops=(page._agreeing.name,))


class Person(PersonScreen):
    """Remembers which purposes it shows."""

    def show_person(self, picture):
        self.purposes_shown = picture.purposes
        super().show_person(picture)


PLACES = {
    "timeline": Place(
        TimelinePanel,
        (MARY,),
        lambda page: page._note,
        lambda page: page._add_pressed(),
        all_of(CoachingSession, "note"),
    ),
    "quick note": Place(
        QuickNoteScreen,
        (MARY,),
        lambda page: page._note,
        lambda page: page._add_pressed(),
        all_of(CoachingSession, "note"),
    ),
    "somebody new": Place(
        NewcomerScreen,
        (),
        lambda page: page._leader,
        lambda page: page._add_pressed(),
        all_of(Leader, "name"),
        beside=lambda page: page._name,
        saved_beside=all_of(Enterprise, "name"),
    ),
    "what comes next": Place(
        OverviewPanel,
        (MARY,),
        lambda page: page._next._texts["text"],
        lambda page: page._add_pressed(),
        all_of(Action, "text"),
        beside=lambda page: page._next._texts["waiting_on"],
        saved_beside=all_of(Action, "waiting_on"),
    ),
    "a gap": Place(
        GapsScreen,
        (Route("market_gaps"),),
        lambda page: page._words,
        lambda page: page._add_pressed(),
        all_of(MarketGap, "words"),
        ready_gap,
    ),
    "a choice in the guide": Place(
        GuideScreen,
        (MARY,),
        lambda page: page._result._why,
        keep_choice,
        all_of(EntityDecision, "chosen_why"),
        ready_choice,
    ),
    "a note on a claim": Place(
        ClaimScreen,
        (CLAIM,),
        lambda page: page._moves._fields["claim.withdraw"]["note"],
        withdraw,
        lambda vault: [str(each.payload.get("note", "")) for each in vault.requests],
    ),
    "who agrees": Place(
        Person,
        (MARY,),
        lambda page: page._by,
        agree,
        all_of(Consent, "given_by"),
    ),
}


class Day:
    """Somebody types, presses, and the lane goes on, until the laptop locks or the power is cut."""

    def __init__(self, place):
        self.place, self.vault, self.lane = place, full_vault().hold(*marys_claim()), BusyLane()
        self.typed, self.asked, self.on_disk = [], 0, 0
        self.typed_beside = []
        self.page = self.open()
        place.ready(self.page)
        self.lane.catch_up()

    def open(self):
        here = context(self.vault)
        here.jobs, self.tell = self.lane, here.tell
        page = self.place.make(here, *self.place.args)
        self.lane.catch_up()
        return page

    @property
    def field(self):
        return self.place.field(self.page)

    def type(self):
        self.typed.append(f"w{len(self.typed)}x")
        editor, text = self.field.editor, f"{self.field.text} {self.typed[-1]}".strip()
        put = editor.setPlainText if hasattr(editor, "setPlainText") else editor.setText
        put(text)

    def beside(self):
        """A word in another field of the same button, where there is one."""
        if self.place.beside is not None:
            field = self.place.beside(self.page)
            self.typed_beside.append(f"w{100 + len(self.typed_beside)}x")
            field.editor.setText(f"{field.text} {self.typed_beside[-1]}".strip())
            field._keep_draft()

    def keep(self):
        """As two seconds later."""
        self.asks(lambda _page: self.field._keep_draft())

    def press(self):
        self.asks(self.place.press)

    def asks(self, act):
        """What stands there is to be kept, where it is not already; pressed again it is not."""
        before = self.field._drafted
        act(self.page)
        if before != self.field._drafted == self.field.text:
            self.asked = len(self.typed)

    def again(self):
        """Try again is pressed, where it is still offered."""
        offered = [each for each in self.tell.agains if each not in self.tell.settled]
        if offered and offered[-1] is not None:
            self.tell.agains.remove(offered[-1])
            offered[-1]()

    def job(self, *, full=False):
        """The lane does the next piece of work; `full`: the disk takes nothing, which is said."""
        if self.lane.waiting:
            self.vault.fails_with = VaultFull() if full else None
            self.lane.step()
            self.vault.fails_with = None
            self.asked = 0 if full else self.asked
        if not self.lane.waiting:
            self.on_disk = max(self.on_disk, self.asked)

    def full(self):
        self.job(full=True)

    def lock(self):
        flush_fields(self.page)
        delete(self.page)
        self.lane.catch_up()
        return len(self.typed)

    def power(self):
        delete(self.page)
        self.lane.waiting.clear()
        return self.on_disk

    def after(self, steps, ending):
        """How often each word is there; and which must be."""
        for step in steps:
            getattr(self, step)()
        due = self.typed[: getattr(self, ending)()]
        if ending == "lock":
            due += self.typed_beside
        self.page = self.open()
        saved = [*self.place.saved(self.vault), *self.place.saved_beside(self.vault)]
        words = " ".join([*saved, self.shown])
        delete(self.page)
        return Counter(re.findall(r"w\d+x", words)), due

    @property
    def shown(self):
        if self.place is PLACES["a note on a claim"] and not self.page._moves._fields:
            return ""
        beside = self.place.beside(self.page).text if self.place.beside is not None else ""
        return f"{self.field.text} {beside}"


STEPS = st.lists(
    st.sampled_from(["type", "type", "beside", "keep", "press", "job", "job", "full", "again"]),
    max_size=16,
)


ENDINGS = st.sampled_from(["lock", "power"])


def bounded(examples):
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


def check(name, steps, ending):
    found, due = Day(PLACES[name]).after(steps, ending)
    assert set(due) <= set(found), "typed and not there"
    assert set(found.values()) <= {1}, "there twice"


@pytest.mark.parametrize("name", PLACES)
@bounded(8)
@example(steps=["type", "press", "job", "job", "type"], ending="lock")
@example(steps=["type", "keep", "job", "press", "job", "type", "keep", "job"], ending="power")
@example(steps=["type", "press", "full", "full", "type", "keep"], ending="lock")
@example(steps=["type", "keep", "full"], ending="lock")
@example(steps=["type", "press", "job", "full", "type", "keep", "job", "again"], ending="lock")
@example(steps=["type", "press", "full", "full", "beside", "job", "again"], ending="lock")
@given(steps=STEPS, ending=ENDINGS)
def test_each_word_is_there_once(qapp, name, steps, ending):
    check(name, steps, ending)


@pytest.mark.long
@pytest.mark.parametrize("name", PLACES)
@bounded(60)
@given(steps=STEPS, ending=ENDINGS)
def test_each_word_is_there_once_in_many_days(qapp, name, steps, ending):
    check(name, steps, ending)


@pytest.mark.parametrize("name", PLACES)
def test_without_a_look_at_what_is_being_written_it_would_come_back(qapp, name, monkeypatch):
    monkeypatch.setattr(Pressed, "of", lambda *_args: ())
    found, due = Day(PLACES[name]).after(["type", "press", "type"], "lock")
    assert set(due) == set(found)
    assert found[due[0]] == 2
