"""One claim through four windows: the coach drafts, the lead checks, QA approves, finance pays.

Each window stands on a vault of its own and knows of the others through the register alone.
"""

from collections import Counter
from datetime import date, datetime, time

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel

from desktop.context import Context, Session
from desktop.settings import Settings
from desktop.views.claim.screen import ClaimScreen
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.values import LONDON, Actor, Role
from sync.client import transport
from tests.desktop.screens.desk import OnTheSpot, Told, Went
from tests.support.story import play_on, played, steps

PEOPLE = ("coach", "lead", "qa", "finance")
REFERENCE = "KF-221215-K08"
PAID_ON, SEEN_ON = date(2022, 12, 15), date(2023, 1, 10)


class Window:
    """Somebody's window on the claim, on their own laptop."""

    def __init__(self, scene, name, claim_id, qtbot):
        self.crew, self.laptop, self.claim_id = scene.crew, scene.crew.laptop(name), claim_id
        person = self.laptop.person
        self.actor = Actor(person.id, person.name, Role(person.role))
        self.context = Context(
            clock=scene.clock,
            jobs=OnTheSpot(),
            tell=Told(),
            goes=Went(),
            settings=Settings(None),
            session=Session(
                vault=self.laptop.vault,
                actor=self.actor,
                pack=scene.pack,
                register_name="Kent County Council",
            ),
            rounds=self,
        )
        self.page = ClaimScreen(self.context, claim_id)
        qtbot.addWidget(self.page)

    def run_now(self):
        self.crew.bring_level(self.laptop)
        self.page._presenter.load()

    @property
    def reader(self):
        return self.laptop.vault.reader

    @property
    def state(self):
        return self.reader.get(SeedClaim, self.claim_id).state

    @property
    def can(self):
        """The moves this window has a button for, by name."""
        return set(self.page._moves._fields)

    @property
    def refusals(self):
        """The refused decisions of this person that stand on the page."""
        lines = self.page._asked.text().splitlines()
        return {each for each in lines if "not granted" in each}

    @property
    def words(self):
        """All that is written on the page."""
        return "\n".join(self.lines)

    @property
    def lines(self):
        """The same, label by label."""
        return [each.text() for each in self.page.findChildren(QLabel)]

    def press(self, name, **said):
        """Fill in what the move asks for and press its button."""
        moves = self.page._moves
        if moves._which is not None and name in moves._parts:
            moves._which.set_value(name)
            moves._chosen(name)
        for key, text in said.items():
            field = moves._fields[name][key]
            (field.set_value if key == "line_id" else field.editor.setText)(text)
        title = next(each.title for each in moves._shown[0] if each.name == name)
        buttons = [b for b in moves.findChildren(QAbstractButton) if b.text() == title]
        shown = [each for each in buttons if not each.isHidden()]
        assert len(shown) == 1, (self.actor.role, name)
        shown[0].click()
        assert self.page._answer_good.words, self.page._answer_bad.words


@pytest.fixture
def story():
    with played("K08", until=date(2022, 12, 4)) as made:
        wanted = next(s for s in steps(made, "K08", "draft") if s.of("claim") == "boxes")
        play_on(made, wanted)
        yield made


@pytest.fixture
def windows(story, qtbot, monkeypatch):
    scene = story.scene
    claim_id = story.key("K08", "claim", "boxes")
    line = scene.crew.laptop("coach").transport
    monkeypatch.setattr(transport, "open_transport", lambda _identity: _Kept(line))
    for name in PEOPLE:
        scene.crew.bring_level(scene.crew.laptop(name))
    return {name: Window(scene, name, claim_id, qtbot) for name in PEOPLE}


class _Kept:
    """The line of the register, which outlives one question."""

    def __init__(self, line):
        self.send = line.send

    def close(self):
        """Others use it."""


def on(story, day):
    story.scene.clock.set(datetime.combine(day, time(10), tzinfo=LONDON))


WALK = (
    # who, what, the day, what is filled in, the state after it, who else has a button for it
    ("coach", "claim.submit", date(2022, 12, 5), {}, "SUBMITTED", {"lead"}),
    ("lead", "claim.check", date(2022, 12, 7), {}, "CHECKED", {"qa"}),
    ("lead", "claim.recommend", date(2022, 12, 7), {}, "RECOMMENDED", {"qa"}),
    ("qa", "claim.approve", date(2022, 12, 8), {}, "APPROVED", set()),
    ("coach", "claim.agree", date(2022, 12, 9), {}, "AGREED", {"lead"}),
    ("finance", "claim.commit", date(2022, 12, 12), {}, "COMMITTED", {"lead", "qa"}),
    ("finance", "claim.pay", PAID_ON, {"paid_on": "15/12/2022"}, "PAID", set()),
    (
        "qa",
        "claim.evidence",
        date(2023, 1, 10),
        {"on": "10/1/2023"},
        "EVIDENCED",
        {"lead", "finance"},
    ),
    ("lead", "claim.close", date(2023, 1, 11), {}, "CLOSED", {"qa", "finance"}),
)


def test_a_claim_through_four_windows(story, windows):
    line_id = story.key("K08", "line", "boxes", "boxes")
    beside = {
        "claim.pay": {"line_id": line_id, "reference": REFERENCE},
        "claim.evidence": {"line_id": line_id},
    }
    assert "not on this laptop" in windows["finance"].words  # a draft is nothing to pay yet
    for who, move, day, said, state, others in WALK:
        on(story, day)
        for window in windows.values():
            window.run_now()
        assert {name for name, each in windows.items() if move in each.can} == {who, *others}, move
        if move == "claim.approve":
            check_the_lead(windows["lead"])
        before = {name: each.refusals for name, each in windows.items()}
        for name in (who, *sorted(others)):  # the others have not heard that it is done
            windows[name].press(move, **said, **beside.get(move, {}))
        story.scene.crew.something_new()
        for window in windows.values():
            window.run_now()
        assert {each.state for each in windows.values()} == {state}, move
        heard = {name for name, each in windows.items() if each.refusals - before[name]}
        assert heard == others, "who was too late hears it, and nobody else"
    for window in windows.values():
        check_the_end(window, windows, line_id)
    check_finance(windows["finance"].words, windows["coach"].words, story.leaders("K08")[0].name)


def check_the_lead(window):
    """Who checked a claim is told why another person approves it."""
    (said,) = (each for each in window.lines if each.startswith("Not now: ") and "Approve" in each)
    because = window.lines[window.lines.index(said) + 1]
    assert window.actor.name in because
    assert "different person" in because


def check_the_end(window, windows, line_id):
    """Every laptop holds each decision once, by the person who made it."""
    events = window.reader.all(ClaimEvent, claim_id=window.claim_id)
    decided = Counter((each.to_state, each.by_id) for each in events)
    assert decided == Counter((each[4], windows[each[0]].actor.id) for each in WALK)
    assert [each.reference for each in events if each.reference] == [REFERENCE]
    assert window.reader.get(ClaimLine, line_id).paid_on == PAID_ON
    assert f"Reference {REFERENCE}." in window.words
    assert {"Closed", "£210.00"} <= set(window.lines)


def check_finance(finance, coach, leader):
    """Finance is shown what it pays, and nobody's name."""
    assert leader in coach
    assert leader.split()[-1] not in finance
