"""Visit sheets: what a coach needs at the door; private notes only when they are asked for."""

from datetime import timedelta

import pypdfium2
import pytest
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.navigation import route
from desktop.operations import printing
from desktop.presenters.printing import PrintPresenter
from desktop.presenters.visit_pack import (
    MOST,
    MOST_LINES,
    NO_ROUND,
    NOBODY,
    TALKS,
    VisitPackPresenter,
    visit_pack,
)
from desktop.views.printing import visit_pack as window_module
from desktop.views.printing.visit_pack import VisitPackWindow
from desktop.views.screens import SCREENS
from evidence.errors import EvidenceFault
from evidence.order import Order, build_alone
from evidence.pdf import render_pdf
from evidence.reports.visit_pack import KEEP_IT, PRIVATE, VisitPack, build
from forms.facts.casework import Action, CoachingSession
from forms.facts.people import Enterprise, Leader
from forms.rules.pack import load_pack
from forms.values import LONDON, SetClock, new_id
from storage.errors import VaultDamaged
from tests.desktop.shell.world import COACH, NOW, PEOPLE, TODAY, make_context, make_vault
from tests.desktop.states.places import NoLine, over, refusing

PACK = load_pack("kent")
MINE, THEIRS = "Ask gently about her back", "Written for another coach alone"


@pytest.fixture
def vault(tmp_path):
    made = make_vault(tmp_path / "v", SetClock(NOW))
    with made.change(by=COACH.id, at=NOW - timedelta(days=1)) as unit:
        unit.set(Enterprise, "ent-0", access_needs="Hard of hearing: face her")
        for number, (by, private) in enumerate([(COACH.id, MINE), ("coach-2", THEIRS)]):
            unit.add(
                CoachingSession(
                    id=f"said-{number}",
                    enterprise_id="ent-0",
                    on=TODAY - timedelta(days=number + 1),
                    kind="note",
                    note=f"Open note {number}",
                    private_note=private,
                    by_id=by,
                )
            )
        unit.add(
            CoachingSession(
                id="early",
                enterprise_id="ent-2",
                on=TODAY,
                at=NOW - timedelta(hours=1),
                kind="visit",
                note="To come",
            )
        )
    yield made
    made.close()


def sheets(vault, *ids, private=False):
    return visit_pack(
        vault.reader,
        ids=ids,
        pack=PACK,
        actor=COACH,
        on=TODAY,
        private=private,
        practice=True,
    )


def words(pack):
    document = pypdfium2.PdfDocument(render_pdf(build(pack)))
    try:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
        return " ".join(text.split()), len(document)
    finally:
        document.close()


def test_a_sheet_has_what_is_needed_at_the_door_and_nobody_else(vault):
    text, pages = words(sheets(vault, "ent-0"))
    for said in ("Mary Thorne", "Ashwick", "01303 000000", "Hard of hearing", "Open note 0"):
        assert said in text
    assert "Know before you knock" in text
    assert "Send the price list" in text
    assert KEEP_IT in text
    assert "Practice data" in text
    assert pages == 1
    others = [part for row in PEOPLE[1:] for part in row[:2]]
    assert not [name for name in others if name in text]


def test_private_notes_only_when_asked_and_only_ones_own(vault):
    text, _ = words(sheets(vault, "ent-0"))
    assert MINE not in text
    assert PRIVATE not in text
    text, _ = words(sheets(vault, "ent-0", private=True))
    assert MINE in text
    assert PRIVATE in text
    assert THEIRS not in text


def test_the_round_is_by_the_clock_and_each_sheet_on_a_page_of_its_own(vault):
    pack = sheets(vault, "ent-3", "ent-0", "ent-2", "gone")
    assert [each.who for each in pack.sheets] == ["Ann Whitcombe", "Mary Thorne", "Dev Patel"]
    assert [each.when for each in pack.sheets] == ["08:00, visit", "09:00, visit", ""]
    assert "To come" not in [talk.body for talk in pack.sheets[0].talks]
    _, pages = words(pack)
    assert pages == 4


def test_a_visit_of_the_day_without_a_time_is_no_talk_that_took_place(vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        for number, kind in enumerate(("visit", "note")):
            unit.add(
                CoachingSession(
                    id=f"day-{number}",
                    enterprise_id="ent-2",
                    on=TODAY,
                    kind=kind,
                    note=f"Words of a {kind}",
                )
            )
    (sheet,) = sheets(vault, "ent-2").sheets
    said = [talk.body for talk in sheet.talks]
    assert "Words of a note" in said
    assert not {"Words of a visit", "To come"} & set(said)
    assert sheet.when == "08:00, visit"


def test_a_call_of_the_day_that_was_noted_when_it_was_over_does_not_hide_the_visit(vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        for name, kind, hours in (("had", "call", 0), ("to-come", "visit", 6)):
            unit.add(
                CoachingSession(
                    id=name,
                    enterprise_id="ent-3",
                    on=TODAY,
                    at=NOW + timedelta(hours=hours),
                    kind=kind,
                    note=f"Words of a {kind}",
                )
            )
    (sheet,) = sheets(vault, "ent-3").sheets
    assert sheet.when == "15:00, visit"
    assert [talk.body for talk in sheet.talks] == ["Words of a call"]


def test_long_lists_are_cut_and_say_so(vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        for number in range(30):
            unit.add(Action(id=new_id(), enterprise_id="ent-1", text=f"Do {number}"))
            unit.add(
                CoachingSession(
                    id=new_id(), enterprise_id="ent-1", on=TODAY, kind="note", note="x" * 5000
                )
            )
    (sheet,) = sheets(vault, "ent-1").sheets
    assert (len(sheet.promises), sheet.more_promises) == (MOST_LINES, 31 - MOST_LINES)
    assert len(sheet.talks) == TALKS
    text, pages = words(VisitPack(on=TODAY, coach="", council="Kent", sheets=(sheet,)))
    assert f"And {31 - MOST_LINES} more." in text
    assert pages <= 2


def test_the_order_carries_it_over_to_the_process_and_back(vault):
    import msgspec

    pack = sheets(vault, "ent-0", "ent-1", private=True)
    order = Order(kind="pdf", target="", report="visit_pack", visits=pack)
    again = msgspec.json.decode(msgspec.json.encode(order), type=Order)
    assert build_alone(again) == build(pack)
    assert build_alone(Order(kind="pdf", target="")) is None


class Page:
    def __init__(self):
        self.choices, self.left, self.drawn, self.waits = (), 0, [], []

    def show_choices(self, choices, left_out):
        self.choices, self.left = choices, left_out

    def draw(self, sheet):
        self.drawn.append(sheet)

    def show_wait(self, said):
        self.waits.append(said)


def test_the_ticked_ones_are_always_offered_and_the_rest_as_far_as_there_is_room(vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        for number in range(MOST + 10):
            unit.add(Enterprise(id=f"more-{number:03}", name=f"More {number:03}"))
    ids, page = tuple(vault.reader.caseload().ids), Page()
    last = ids[-1]
    VisitPackPresenter(make_context(vault), page, ids, ticked=frozenset({last}), on=TODAY).load()
    assert len(page.choices) == MOST
    assert page.left == len(ids) - MOST
    assert [each.id for each in page.choices if each.ticked] == [last]


def test_nobody_ticked_and_nobody_in_the_diary_are_said(vault):
    page = Page()
    made = VisitPackPresenter(make_context(vault), page, (), ticked=frozenset(), on=TODAY)
    made.ask((), private=False)
    VisitPackPresenter(make_context(vault), page, ("ent-0",), ticked=frozenset(), on=TODAY).ask(
        (), private=False
    )
    assert page.waits == [NO_ROUND, NOBODY]
    assert page.drawn == []


def test_the_window_draws_what_is_ticked_and_saves_it(qtbot, vault, tmp_path):
    target = tmp_path / "sheets.pdf"
    host = QWidget()
    qtbot.addWidget(host)
    window = VisitPackWindow(
        make_context(vault),
        host,
        ("ent-0", "ent-1"),
        ticked=("ent-0",),
        on=TODAY,
        choose=lambda _parent, name: target if name.startswith("visit-sheets-") else None,
    )
    window.show()
    assert window.chosen == ("ent-0",)
    assert not window._private.isChecked()
    qtbot.waitUntil(window._paper.isEnabled, timeout=60_000)
    assert "Mary Thorne" in window._pages._picture.accessibleDescription()
    window._save.click()
    qtbot.waitUntil(lambda: bool(window._done.words), timeout=60_000)
    assert target.read_bytes().startswith(b"%PDF")
    for box in window._ticks.values():
        box.setChecked(False)
    window._ask()
    assert not window._paper.isEnabled()
    assert not window._save.isEnabled()
    window.reject()
    assert window._presenter is None


def test_a_drawing_that_breaks_is_told():
    class Broken:
        is_over, pages, fault = True, (), EvidenceFault("The pages could not be drawn.")

    pack = VisitPack(on=TODAY, coach="", council="Kent", sheets=())
    page = Page()
    presenter = PrintPresenter(page, pack, start=lambda *_a, **_n: Broken())
    presenter.begin()
    presenter.tick()
    assert page.waits[-1] == "The pages could not be drawn."
    assert presenter.file_name == f"visit-sheets-{TODAY.isoformat()}.pdf"
    assert printing.VisitPack is VisitPack


@pytest.fixture
def asked(monkeypatch):
    calls = []

    def opened(_context, _parent, ids, *, ticked, on):
        calls.append((ids, ticked, on))

    monkeypatch.setattr(window_module, "open_visit_pack", opened)
    return calls


@pytest.mark.parametrize(
    ("name", "ids", "ticked"),
    [
        ("today", ("ent-2", "ent-0"), ("ent-2", "ent-0")),
        ("caseload", ("ent-2", "ent-3", "ent-0", "ent-1"), ()),
    ],
)
def test_today_has_its_visits_and_the_caseload_its_list(qtbot, vault, asked, name, ids, ticked):
    screen = SCREENS[name].make(over(vault, jobs=NoLine()), route(name))
    qtbot.addWidget(screen)
    screen.show()
    screen.arrive()
    (press,) = [b for b in screen.findChildren(QPushButton) if b.text() == "Visit sheets"]
    press.click()
    assert asked[0][0] == ids
    assert asked[0][1:] == (ticked, TODAY)


def test_a_record_has_its_own_sheet(qtbot, vault, asked):
    screen = SCREENS["enterprise"].make(over(vault, jobs=NoLine()), route("enterprise", id="ent-1"))
    qtbot.addWidget(screen)
    next(each for each in screen.actions_here() if each.name == "enterprise.sheet").run()
    assert asked == [(("ent-1",), ("ent-1",), TODAY)]


def test_a_leader_without_a_name_still_has_a_sheet(vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        unit.set(Leader, "lead-1", name="")
        unit.set(Enterprise, "ent-1", name="")
    assert sheets(vault, "ent-1").sheets[0].who == "No name yet"


def test_a_note_of_this_morning_does_not_hide_the_visit_of_the_afternoon(vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        more = {"enterprise_id": "ent-1", "on": TODAY, "by_id": COACH.id}
        unit.add(CoachingSession(id="a-note", kind="note", note="Rang early", **more))
        for number, hours in enumerate((4, 2)):
            at = NOW + timedelta(hours=hours)
            unit.add(CoachingSession(id=f"visit-{number}", kind="visit", at=at, note="", **more))
    (sheet,) = sheets(vault, "ent-1").sheets
    first = (NOW + timedelta(hours=2)).astimezone(LONDON)
    assert sheet.when == f"{first:%H:%M}, visit"
    assert "Rang early" in [each.body for each in sheet.talks]


def test_a_person_without_a_name_has_words_at_their_box(vault):
    with vault.change(by=COACH.id, at=NOW) as unit:
        unit.add(Enterprise(id="nobody-yet"))
    page = Page()
    VisitPackPresenter(
        make_context(vault), page, ("nobody-yet",), ticked=frozenset(), on=TODAY
    ).load()
    assert [each.words for each in page.choices] == ["No name yet"]


def test_records_that_could_not_be_read_can_be_tried_again_from_the_window_itself(qtbot, vault):
    host = QWidget()
    qtbot.addWidget(host)
    context = refusing(VaultDamaged())
    window = VisitPackWindow(context, host, ("ent-0",), ticked=(), on=TODAY)
    window.open()
    assert str(VaultDamaged()) in window._problem.words
    assert context.tell.errors, "a mistake of ours leaves its report"
    assert window._retry.isVisible()
    context.session.vault = vault
    window._retry.click()
    assert not window._retry.isVisible()
    assert window._problem.words == ""
    assert [box.text() for box in window._ticks.values()] == ["Mary Thorne, Ashwick"]
    assert context.tell.settled, "the bar behind the window goes too"
    window.reject()
