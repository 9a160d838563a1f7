"""Where one was: back and forward keep the place, and so do a lock and a restart."""

import json

import pytest
from PySide6.QtCore import QByteArray, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu, QPushButton, QScrollArea

from desktop.navigation import History, route
from desktop.settings import Settings
from desktop.views.keys import window_keys
from desktop.views.kit.cards import Card
from desktop.views.main_window_frame import Frame
from desktop.views.screens import SCREENS
from forms.facts.money import SeedClaim
from storage.vault import Vault

ALT = Qt.KeyboardModifier.AltModifier
CTRL = Qt.KeyboardModifier.ControlModifier


def idle(program, qtbot):
    qtbot.waitUntil(lambda: program.jobs.is_idle, timeout=60_000)


def area_of(screen):
    return screen.findChild(QScrollArea)


class TestHistoryAsText:
    def made(self):
        history = History()
        for number in range(30):
            history.go(route("enterprise", id=str(number)))
            history.keep({"tab": "timeline"})
        history.back()
        return history

    def test_places_and_the_present_one_come_back(self):
        again = History()
        assert again.put_back(self.made().as_text(), SCREENS)
        assert again.current.route == route("enterprise", id="28")
        assert again.current.state == {"tab": "timeline"}
        assert again.forward().route.get("id") == "29"

    def test_a_screen_that_is_no_more_is_left_out(self):
        text = json.dumps(
            {"at": 1, "places": [
                {"name": "today", "params": [], "state": {}},
                {"name": "gone", "params": [], "state": {}},
            ]}
        )  # fmt: skip
        again = History()
        assert again.put_back(text, SCREENS)
        assert again.current.route == route("today")

    def test_what_cannot_be_read_changes_nothing(self):
        for text in ("", "{", "[]", '{"at": 0, "places": []}', '{"at": "x", "places": 3}', "null"):
            again = History()
            assert not again.put_back(text, SCREENS)
            assert again.current is None


def test_the_place_survives_a_restart(program, qtbot, tmp_path):
    view = program.desk.view
    view.open_route("caseload")
    idle(program, qtbot)
    view.front.filter_box.setText("mary")
    view.open_route("enterprise", id="ent-0", tab="checklist")
    idle(program, qtbot)
    program.frame.close()
    idle(program, qtbot)
    with Vault.open(tmp_path / "records", read_only=True) as vault:
        kept = vault.desk.read("place")
    again = History()
    assert again.put_back(kept, SCREENS)
    assert again.current.route.get("id") == "ent-0"
    assert again.current.state["screen"] == {
        "tab": "checklist", "tabs": {"checklist": {"shown": "open"}},
    }  # fmt: skip
    assert again.back().state["screen"]["words"] == "mary"


def test_locking_comes_back_to_the_tab_that_was_open(program, qtbot):
    program.desk.view.open_route("enterprise", id="ent-0", tab="checklist")
    idle(program, qtbot)
    program.desk.view.front.open_tab("timeline")
    kept = program.desk.view.front.keep_state()
    with qtbot.waitSignal(program.opened):
        program.lock()
    idle(program, qtbot)
    assert program.desk.route.get("id") == "ent-0"
    assert kept["tab"] == "timeline"
    assert program.desk.view.front.keep_state() == kept


def test_a_form_comes_back_at_the_same_question(program, qtbot):
    """A long form is put down in the middle: the page and the question are there after a lock."""
    program.desk.view.open_route("form", id="first_conversation", enterprise="ent-0")
    idle(program, qtbot)
    pages = program.desk.view.front._pages
    number = len(pages.drawn) - 1
    pages.open(number)
    fields = [each for each in pages.drawn[number].asked if pages.field(each.ref) is not None]
    pages.field(fields[-1].ref).take_focus()
    with qtbot.waitSignal(program.opened):
        program.lock()
    idle(program, qtbot)
    again = program.desk.view.front._pages
    assert again is not pages
    assert (again.at, again.question) == (number, fields[-1].ref)


def test_the_filter_and_the_chosen_item_survive_a_lock(program, qtbot):
    program.desk.view.open_route("enterprise", id="ent-0", tab="checklist")
    idle(program, qtbot)
    panel = program.desk.view.front._panels["checklist"]
    panel.restore_state({"shown": "all"})
    idle(program, qtbot)
    chosen = panel._table.rows[3].id
    panel._table.choose(chosen)
    idle(program, qtbot)
    with qtbot.waitSignal(program.opened):
        program.lock()
    idle(program, qtbot)
    again = program.desk.view.front._panels["checklist"]
    assert again is not panel
    assert again._shown == "all"
    assert again._table.current.id == chosen


def test_back_returns_to_where_it_was_scrolled(program, qtbot):
    view = program.desk.view
    view.open_route("help")
    idle(program, qtbot)
    bar = area_of(view.front).verticalScrollBar()
    assert bar.maximum() > 40
    bar.setValue(40)
    for number in range(9):  # more than are kept: Help is built again
        view.open_route("enterprise", id=f"x{number}")
        idle(program, qtbot)
    assert view.front.title() == "Enterprise"
    for _ in range(9):
        QTest.keyClick(program.frame, Qt.Key.Key_Left, ALT)
        idle(program, qtbot)
    assert view.front.title() == "Help"
    qtbot.waitUntil(lambda: area_of(view.front).verticalScrollBar().value() == 40)
    QTest.keyClick(program.frame, Qt.Key.Key_Right, ALT)
    assert view.front.title() == "Enterprise"


def test_ctrl_s_says_when_it_was_saved(program, qtbot):
    QTest.keyClick(program.frame, Qt.Key.Key_S, CTRL)
    qtbot.waitUntil(lambda: program.desk.view.undo.words == "Already saved 09:00")
    program.desk.view.undo.clear()


def test_the_sheet_lists_every_key_there_is(program, qtbot):
    view = program.desk.view
    view.open_route("caseload")
    idle(program, qtbot)
    QTest.keyClick(program.frame, Qt.Key.Key_Slash, CTRL)
    idle(program, qtbot)
    words = [
        label.text()
        for card in view.front.findChildren(Card)
        for label in card.findChildren(_label())
    ]
    assert "On the page you came from: Caseload" in words
    for keys, what in window_keys(view.actions_now):
        assert keys in words
        assert what in words


def _label():
    from PySide6.QtWidgets import QLabel

    return QLabel


def test_no_screen_wants_a_key_that_is_taken(program, qtbot):
    view = program.desk.view
    for name, row in SCREENS.items():
        view.open_route(name, **dict.fromkeys(row.needs, "ent-0"))
        idle(program, qtbot)
        keys = [k for each in view.actions_now for k in each.all_shortcuts]
        assert len(keys) == len(set(keys))
    assert not program.desk.view.problem.words


class TestWindow:
    def test_its_size_is_kept(self, qtbot, tmp_path):
        settings = Settings(tmp_path / "settings.json")
        first = Frame()
        qtbot.addWidget(first)
        first.resize(700, 500)
        settings.keep_window(first.place())
        second = Frame()
        qtbot.addWidget(second)
        second.put_back(Settings(tmp_path / "settings.json").window)
        assert (second.width(), second.height()) == (700, 500)

    def test_rubbish_is_let_be(self, qtbot, tmp_path):
        (tmp_path / "settings.json").write_text('{"window": "Élan", "theme": "dark"}')
        settings = Settings(tmp_path / "settings.json")
        frame = Frame()
        qtbot.addWidget(frame)
        before = frame.size()
        frame.put_back(settings.window)
        frame.put_back(QByteArray(b"no").toBase64().data().decode())
        assert frame.size() == before
        assert settings.text("theme") == "dark"


class TestForwardAndTheListOfPlaces:
    def test_forward_stands_beside_back_and_says_where_it_leads(self, program, qtbot):
        view = program.desk.view
        assert not view.top.forward.isEnabled()
        view.open_route("caseload")
        view.open_route("help")
        idle(program, qtbot)
        view.top.back.click()
        idle(program, qtbot)
        assert view.front.title() == "Caseload"
        assert view.top.forward.isEnabled()
        assert "Forward to Help" in view.top.forward.toolTip()
        view.top.forward.click()
        assert view.front.title() == "Help"
        assert not view.top.forward.isEnabled()
        view.top.show_places(["<b>Mary</b>"], [])
        assert "Back to &lt;b&gt;Mary" in view.top.back.toolTip()
        assert "Back to <b>Mary</b>" in view.top.back.accessibleDescription()

    def test_the_places_are_listed_nearest_first_and_one_leap_goes_there(self, program, qtbot):
        view = program.desk.view
        view.open_route("enterprise", id="ent-0")
        idle(program, qtbot)
        name = view.front.about()
        view.open_route("caseload")
        view.open_route("help")
        idle(program, qtbot)
        QTest.keyClick(program.frame, Qt.Key.Key_H, CTRL)
        menu = view.top.findChild(QMenu)
        assert [entry.text() for entry in menu.actions()] == [
            "Caseload", f"Enterprise: {name}", "Today",
        ]  # fmt: skip
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        idle(program, qtbot)
        assert view.front.about() == name
        assert [each.route.name for each in view.history.ahead] == ["caseload", "help"]

    def test_a_step_that_leads_nowhere_changes_nothing(self, program):
        view = program.desk.view
        before = view.front
        for by in (-5, 7, 0):
            view.step(by)
        assert view.front is before


@pytest.fixture
def claim(program, qtbot):
    """The id of a draft."""
    drafted = SeedClaim(id="claim-1", enterprise_id="ent-0", state="DRAFT")
    program.desk.context.change(lambda unit: unit.add(drafted), owner=program)
    idle(program, qtbot)
    return drafted.id


def test_the_focus_goes_into_a_page_that_comes_after_the_person(program, qtbot, claim):
    view = program.desk.view
    view.open_route("claim", id=claim)
    assert view.top.back.hasFocus() or view.find_box.hasFocus()
    idle(program, qtbot)
    assert view.front.isAncestorOf(program.frame.focusWidget())
    assert program.frame.focusWidget().accessibleName().startswith("What does this help with")


def test_a_page_that_comes_late_takes_the_focus_from_nobody(program, qtbot, claim):
    view = program.desk.view
    view.open_route("claim", id=claim)
    other = view.top.findChildren(QPushButton)[-1]
    other.setFocus()
    idle(program, qtbot)
    assert other.hasFocus()
