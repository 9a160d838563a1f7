"""Today: what is on the page, and that every button can be taken back."""

import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.operations.casework import add_note
from desktop.operations.writing import write
from desktop.presenters.counted import counted
from desktop.presenters.today import TodayPresenter, gather, next_monday, rail_counts
from desktop.views.printing.scrape import parts_of
from desktop.views.today import TodayScreen
from forms.facts.casework import Action, CoachingSession, StageEvent
from forms.facts.money import SeedClaim
from forms.facts.people import ActivityReturn, Enterprise
from forms.rules.pack import load_pack
from forms.values import LONDON
from tests.desktop.shell.world import COACH, QUICK, TODAY, WORDS, make_vault
from tests.storage import register_pages as register


class Page:
    page = None
    in_sight = True
    behind = None

    def show_page(self, page):
        self.page = page

    def is_in_sight(self):
        return self.in_sight

    def catch_up_with(self, load):
        self.behind = load


@pytest.fixture
def page(context):
    view = Page()
    TodayPresenter(view, context).load()
    return view.page


def test_who_i_see_what_is_due_and_who_waits(page, context):
    mary = counted(context.session.vault.reader, context.pack, ["ent-0"], TODAY)["ent-0"]
    assert mary.done == 7
    assert page.heading == "Thursday 19 November"
    assert [(v.at, v.name, v.place, v.progress) for v in page.visits] == [
        ("09:00", "Mary Thorne", "Ashwick", f"7 of {mary.total} done")
    ]
    assert [(p.text, p.due) for p in page.due] == [
        ("Send the price list", "from yesterday"),
        ("Choose a trading name", "due today"),
        ("Ring about the check", "due tomorrow"),
        ("Ask for the autumn return", "due Saturday"),
    ]
    assert [(w.name, w.with_whom, w.since) for w in page.waits] == [
        ("Ann Whitcombe", "the county", "19 days")
    ]
    assert (page.quiet, page.stuck, page.enterprises) == (2, 1, 4)


def test_what_starts_later_or_is_due_after_sunday_is_not_shown(vault, context):
    with vault.change(by=COACH.id, at=context.clock.now()) as unit:
        for name, start, due in (
            ("later", TODAY + timedelta(days=1), TODAY + timedelta(days=2)),
            ("next week", None, TODAY + timedelta(days=4)),
        ):
            unit.add(Action(id=name, enterprise_id="ent-0", text=name, start_on=start, due_on=due))
    texts = [p.text for p in gather(vault.reader, context.pack, TODAY).due]
    assert "later" not in texts
    assert "next week" not in texts


def test_done_is_on_disk_and_can_be_taken_back(vault, context):
    view = Page()
    presenter = TodayPresenter(view, context)
    presenter.load()
    first = view.page.due[0]
    presenter.done(first)
    assert vault.reader.get(Action, first.action_id).done_on == TODAY
    assert first.text not in [p.text for p in view.page.due]
    words, undo = context.tell.undos[0]
    assert words == "“Send the price list” is done"
    undo()
    assert vault.reader.get(Action, first.action_id).done_on is None
    assert first.text in [p.text for p in view.page.due]
    assert len(context.tell.saves) == 2


def test_move_to_monday_and_back(vault, context):
    view = Page()
    presenter = TodayPresenter(view, context)
    presenter.load()
    first = view.page.due[0]
    presenter.to_monday(first)
    assert vault.reader.get(Action, first.action_id).due_on == date(2026, 11, 23)
    context.tell.undos[0][1]()
    assert vault.reader.get(Action, first.action_id).due_on == first.due_on


@pytest.mark.parametrize("day", [date(2026, 11, 16) + timedelta(days=n) for n in range(14)])
def test_next_monday_is_a_monday_after_today(day):
    monday = next_monday(day)
    assert monday.weekday() == 0
    assert 1 <= (monday - day).days <= 7


def test_another_screens_change_is_shown(vault, context):
    view = Page()
    TodayPresenter(view, context).load()
    context.change(lambda unit: unit.set(Action, "mine-0", text="Send both lists"), owner=self_)
    assert TodayPresenter(view, context).today == TODAY
    assert "Send both lists" in [p.text for p in view.page.due]


def test_a_page_that_nobody_looks_at_reads_when_it_is_shown_next(context):
    view = Page()
    TodayPresenter(view, context).load()
    view.in_sight = False
    context.change(lambda unit: unit.set(Action, "mine-0", text="Send both lists"), owner=self_)
    assert "Send both lists" not in [p.text for p in view.page.due]
    view.behind()
    assert "Send both lists" in [p.text for p in view.page.due]


def test_the_same_page_is_not_built_again(qtbot, context):
    screen = TodayScreen()
    qtbot.addWidget(screen)
    screen.use(TodayPresenter(screen, context))
    screen.arrive()
    buttons = screen.findChildren(QPushButton)
    screen.arrive()
    assert screen.findChildren(QPushButton) == buttons
    context.change(lambda unit: unit.set(Action, "mine-0", text="Send both lists"), owner=self_)
    screen.arrive()
    assert any("Send both lists" in each.text() for each in screen.findChildren(QLabel))


self_ = object()


def test_the_rail_counts_what_is_due(vault):
    assert rail_counts(vault.reader, TODAY) == {"today": 4, "caseload": 4}


class TestChasing:
    def put(self, vault, context, *records):
        with vault.change(by=COACH.id, at=context.clock.now()) as unit:
            for record in records:
                unit.add(record)

    def page(self, vault, context):
        return gather(vault.reader, context.pack, TODAY)

    def test_a_wait_that_is_chased_is_on_the_timeline_and_comes_back_in_a_week(
        self, vault, context
    ):
        view = Page()
        presenter = TodayPresenter(view, context)
        presenter.load()
        (wait,) = view.page.waits
        presenter.chase(wait)
        (after,) = view.page.waits
        assert (after.since, after.again) == ("19 days", "by Thu 26 Nov")
        notes = vault.reader.all(CoachingSession, enterprise_id=wait.enterprise_id)
        assert "Chased the county: Criminal record check" in {each.note for each in notes}
        assert context.tell.undos[-1][0] == f"“{wait.text}” chased"
        presenter.chase(wait)
        notes = vault.reader.all(CoachingSession, enterprise_id=wait.enterprise_id)
        assert [each.note for each in notes].count("Chased the county: Criminal record check") == 1
        assert view.page.waits == [after] or view.page.waits == (after,)

    def test_a_claim_that_came_back_and_one_that_is_paid_are_listed_with_how_long(
        self, vault, context
    ):
        self.put(
            vault,
            context,
            SeedClaim(
                id="c-back", enterprise_id="ent-0", state="RETURNED",
                drafted_on=TODAY - timedelta(days=5),
            ),
            SeedClaim(id="c-draft", enterprise_id="ent-0", state="DRAFT"),
        )  # fmt: skip
        (chase,) = self.page(vault, context).chases
        assert (chase.claim_id, chase.name) == ("c-back", "Mary Thorne")
        assert chase.when.endswith(", 5 days")

    def test_an_overdue_return_is_asked_for_once(self, vault, context):
        with vault.change(by=COACH.id, at=context.clock.now()) as unit:
            unit.set(Enterprise, "ent-3", first_delivery_on=TODAY - timedelta(days=200))
        view = Page()
        presenter = TodayPresenter(view, context)
        presenter.load()
        (chase,) = view.page.chases
        assert (chase.name, chase.text) == ("Dev Patel", "Activity return is overdue")
        presenter.ask_for_return(chase)
        assert view.page.chases == ()
        assert "Send the activity return" in {wait.text for wait in view.page.waits}
        presenter.ask_for_return(chase)
        asked = vault.reader.all(CoachingSession, enterprise_id=chase.enterprise_id)
        assert [each.note for each in asked].count("Asked for the activity return.") == 1

    def test_an_overdue_return_is_found_after_two_hundred_other_names(self, vault, context):
        with vault.change(by=COACH.id, at=context.clock.now()) as unit:
            for number in range(201):
                one = f"more-{number:03}"
                unit.add(Enterprise(id=one, name=f"A {number:03}", coach_id=COACH.id))
                unit.add(StageEvent(id=f"s-{one}", enterprise_id=one, stage="TRADING", on=TODAY))
            unit.set(Enterprise, "ent-3", first_delivery_on=TODAY - timedelta(days=200))
            for number in range(190, 201):
                unit.set(
                    Enterprise,
                    f"more-{number:03}",
                    first_delivery_on=TODAY - timedelta(days=150),
                )
        page = self.page(vault, context)
        assert page.chases[0].name == "Dev Patel"
        assert len(page.chases) + page.more_chases == 12

    def test_a_fresh_return_and_a_young_enterprise_are_not_chased(self, vault, context):
        with vault.change(by=COACH.id, at=context.clock.now()) as unit:
            unit.set(Enterprise, "ent-3", first_delivery_on=TODAY - timedelta(days=30))
        assert self.page(vault, context).chases == ()
        with vault.change(by=COACH.id, at=context.clock.now()) as unit:
            unit.set(Enterprise, "ent-3", first_delivery_on=TODAY - timedelta(days=300))
            unit.add(
                ActivityReturn(
                    id="r-1",
                    enterprise_id="ent-3",
                    period_from=TODAY - timedelta(days=120),
                    period_to=TODAY - timedelta(days=30),
                )
            )
        assert self.page(vault, context).chases == ()

    def test_what_somebody_else_owed_is_done(self, vault, context):
        view = Page()
        presenter = TodayPresenter(view, context)
        presenter.load()
        presenter.came(view.page.waits[0])
        assert view.page.waits == ()


def test_a_visit_says_how_to_ring_and_what_to_know_before_one_knocks(vault, context, qtbot):
    with vault.change(by=COACH.id, at=context.clock.now()) as unit:
        unit.set(Enterprise, "ent-0", access_needs="Hard of hearing: face her")
    (visit,) = gather(vault.reader, context.pack, TODAY).visits
    assert (visit.phone, visit.needs) == ("01303 000000", "Hard of hearing: face her")
    screen = TodayScreen()
    qtbot.addWidget(screen)
    screen.use(TodayPresenter(screen, context))
    screen.arrive()
    said = " ".join(each.text() for each in screen.findChildren(QLabel))
    assert "01303 000000" in said
    assert "Hard of hearing: face her" in said


def test_a_visit_planned_for_today_stands_there_with_its_time_or_without(vault, context):
    with vault.change(by=COACH.id, at=context.clock.now() - timedelta(days=3)) as unit:
        for name, hour in (("late", 15), ("some-time", None), ("early", 8)):
            at = datetime.combine(TODAY, time(hour), LONDON) if hour else None
            unit.add(CoachingSession(id=name, enterprise_id="ent-1", on=TODAY, at=at, kind="visit"))
    visits = gather(vault.reader, context.pack, TODAY).visits
    assert [each.at for each in visits] == ["08:00", "09:00", "15:00", ""]


def test_what_was_put_down_when_it_was_over_is_no_appointment(vault, context):
    before = gather(vault.reader, context.pack, TODAY).visits
    assert [each.at for each in before] == ["09:00"]
    note = partial(add_note, enterprise_id="ent-1", text="Rang her", kind="call")
    write(context, note, owner=Page(), on_done=id)
    write(
        context,
        partial(note, at=context.clock.now() - timedelta(hours=2)),
        owner=Page(),
        on_done=id,
    )
    assert gather(vault.reader, context.pack, TODAY).visits == before
    write(
        context,
        partial(note, at=context.clock.now() + timedelta(hours=2)),
        owner=Page(),
        on_done=id,
    )
    assert [each.at for each in gather(vault.reader, context.pack, TODAY).visits] == [
        "09:00",
        "11:00",
    ]


@pytest.mark.parametrize(
    ("note", "hours", "there"),
    [("Rang her", -1, []), ("Bring the form", 1, ["10:00"]), ("", -1, ["08:00"])],
    ids=["over", "to come", "no word yet"],
)
def test_what_came_from_another_laptop_is_told_by_when_it_was_put_down(
    tmp_path, clock, note, hours, there
):
    now = clock.now()
    made = CoachingSession(
        id="theirs",
        enterprise_id="ent-1",
        on=TODAY,
        at=now + timedelta(hours=hours),
        kind="call",
        note=note,
    )
    state = replace(register.state_of(made), last_at=now)
    with make_vault(tmp_path / "v", clock, passphrase=WORDS, cost=QUICK) as vault:
        vault.exchange.adopt(register.IDENTITY)
        vault.exchange.absorb(register.page(state), now + timedelta(hours=3))
        assert [each.verb for each in vault.reader.history("theirs")] == ["received"]
        times = [each.at for each in gather(vault.reader, load_pack("kent"), TODAY).visits]
    assert sorted(times) == sorted(["09:00", *there])


def test_on_paper_every_line_says_whose_it_is(qtbot, context):
    """The names are buttons; paper has nothing to press, and the names all the same."""
    screen = TodayScreen()
    qtbot.addWidget(screen)
    screen.use(TodayPresenter(screen, context))
    screen.arrive()
    screen.resize(900, 700)
    screen.show()
    said = "\n".join(part.text for part in parts_of(screen))
    assert re.search("09:00.*Mary Thorne.*Ashwick", said)
    names = {each.text() for each in screen.findChildren(QPushButton) if _is_name(each)}
    assert len(names) > 1
    assert {name for name in names if name not in said} == set()
    assert "Move to Monday" not in said


def _is_name(button):
    return button.property("role") == "name"
