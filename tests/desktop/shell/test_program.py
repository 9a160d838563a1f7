"""The program as a whole: locking, keys, mistakes in slots, second copies, the exchange."""

import gc
from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from desktop.bootstrap import Starter, note
from desktop.jobs import Jobs
from desktop.operations import vault as vaults
from desktop.presenters.caseload import CaseloadPresenter
from desktop.presenters.first_run import Step
from desktop.program import Program
from desktop.second_copy import OneCopy
from desktop.settings import Settings
from desktop.trouble import OUR_MISTAKE
from desktop.views.caseload import CaseloadScreen
from desktop.views.main_window_frame import Frame
from desktop.views.main_window_screens import KEPT
from desktop.views.screens import SCREENS
from desktop.views.unlock import UnlockPage
from desktop.views.waiting import Waiting
from forms.facts.casework import Action
from storage.vault import Vault
from tests.desktop.shell.world import NOW

NOT_YET: frozenset[str] = frozenset()  # screens that still do


def idle(qtbot, program):
    qtbot.waitUntil(lambda: program.jobs.is_idle, timeout=20_000)  # Impact starts a process


def key(qtbot, program, keys, modifier=Qt.KeyboardModifier.ControlModifier):
    QApplication.processEvents()
    qtbot.keyClick(program.frame, keys, modifier)
    idle(qtbot, program)


def at(program):
    return program.desk.route.name


class TestKeys:
    def test_ctrl_numbers_go_to_the_rail(self, program, qtbot):
        for row in (row for row in SCREENS.values() if row.rail):
            key(qtbot, program, getattr(Qt.Key, f"Key_{row.rail}"))
            assert at(program) == row.name, program.desk.view.problem.words

    def test_back_and_forward(self, program, qtbot):
        key(qtbot, program, Qt.Key.Key_2)
        alt = Qt.KeyboardModifier.AltModifier
        key(qtbot, program, Qt.Key.Key_Left, alt)
        assert at(program) == "today"
        key(qtbot, program, Qt.Key.Key_Right, alt)
        assert at(program) == "caseload"

    def test_f1_is_help_and_ctrl_comma_settings(self, program, qtbot):
        key(qtbot, program, Qt.Key.Key_F1, Qt.KeyboardModifier.NoModifier)
        assert at(program) == "help"
        key(qtbot, program, Qt.Key.Key_Comma)
        assert at(program) == "settings"

    def test_ctrl_k_finds_people_and_actions_and_opens_them(self, program, qtbot):
        key(qtbot, program, Qt.Key.Key_K)
        box = program.desk.view.find_box
        assert box.hasFocus()
        qtbot.keyClicks(box, "lock")
        idle(qtbot, program)
        assert box._list.item(0).text() == "Lock now"
        box.clear()
        qtbot.keyClicks(box, "holc")
        idle(qtbot, program)
        assert box._list.item(0).text() == "Joe Pearce"
        box.clear()
        qtbot.keyClicks(box, "caseload")
        idle(qtbot, program)
        qtbot.keyClick(box, Qt.Key.Key_Down)
        assert box._list.hasFocus()
        qtbot.keyClick(box._list, Qt.Key.Key_Return)
        idle(qtbot, program)
        assert at(program) == "caseload"

    def test_ctrl_k_says_when_there_is_no_match(self, program, qtbot):
        box = program.desk.view.find_box
        box.setFocus()
        qtbot.keyClicks(box, "zzzz")
        idle(qtbot, program)
        assert "No match for “zzzz”" in box._list.item(0).text()
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert at(program) == "today"

    def test_ctrl_s_says_already_saved(self, program, qtbot):
        key(qtbot, program, Qt.Key.Key_S)
        assert program.desk.view.undo.words == "Already saved 09:00"

    def test_ctrl_z_takes_back_the_last_thing(self, program, qtbot):
        screen = program.desk.view.front
        promise = next(p for p in _page(screen).due if p.action_id == "mine-0")
        screen._presenter.done(promise)
        idle(qtbot, program)
        assert _get(program, qtbot, "mine-0").done_on is not None
        key(qtbot, program, Qt.Key.Key_Z)
        assert _get(program, qtbot, "mine-0").done_on is None

    def test_no_screen_opens_a_window_of_its_own(self, program, qtbot):
        opened = []
        watch = _Shows(opened)
        QApplication.instance().installEventFilter(watch)
        for name, row in SCREENS.items():
            if not row.needs:
                opened.append(name)
                program.desk.view.open_route(name)
                idle(qtbot, program)
        QApplication.instance().removeEventFilter(watch)
        assert [each for each in opened if each not in SCREENS] == [], opened
        assert QApplication.activeWindow() is program.frame

    def test_every_action_has_words_and_no_shortcut_is_there_twice(self, program, qtbot):
        for name, row in SCREENS.items():
            if not row.needs:
                program.desk.view.open_route(name)
                idle(qtbot, program)
                shortcuts = [a.shortcut for a in program.desk.view.actions_now if a.shortcut]
                assert len(shortcuts) == len(set(shortcuts))


class _Shows(QObject):
    """Notes each widget without a parent that is shown."""

    def __init__(self, opened):
        super().__init__()
        self._opened = opened

    def eventFilter(self, watched, event):
        shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget)
        if shown and watched.isWindow() and type(watched).__name__ not in {"QTipLabel", "Frame"}:
            inside = [type(each).__name__ for each in watched.findChildren(QWidget)]
            self._opened.append(f"{type(watched).__name__} {watched.accessibleName()} {inside}")
        return False


def _page(screen):
    from desktop.presenters.today import gather
    from tests.desktop.shell.world import TODAY

    context = screen._presenter._context
    return gather(context.session.vault.reader, context.pack, TODAY)


def _get(program, qtbot, action_id):
    found = []
    program.desk.context.read(
        lambda reader: reader.get(Action, action_id), owner=found, on_done=found.append
    )
    idle(qtbot, program)
    return found[0]


class TestLock:
    def test_locking_drops_screens_session_and_key(self, program, qtbot):
        vault, view = program.desk.context.session.vault, program.desk.view
        program.desk.view.open_route("caseload")
        gone = []
        view.destroyed.connect(lambda: gone.append(True))
        program.practice_folder = program.folder
        program.lock()
        assert program.desk is None
        qtbot.waitUntil(lambda: gone == [True])
        idle(qtbot, program)
        assert not vault.is_open
        qtbot.waitUntil(lambda: program.desk is not None)  # practice opens again by itself
        idle(qtbot, program)
        assert at(program) == "caseload"

    def test_a_real_vault_asks_for_the_passphrase_again_and_shows_no_name(self, program, qtbot):
        program.desk._session.practice = False
        program.lock()
        page = program.frame.centralWidget()
        assert isinstance(page, UnlockPage)
        idle(qtbot, program)
        text = " ".join(each.text() for each in page.findChildren(type(page.counts)))
        assert "Mary" not in text + program.frame.windowTitle()

    def test_what_was_asked_before_the_lock_is_on_disk(self, program, qtbot, clock):
        program.desk._session.practice = False
        program.desk.context.change(
            lambda unit: unit.set(Action, "mine-0", text="half typed"), owner=program
        )
        program.lock()
        idle(qtbot, program)
        again = Vault.open(program.folder, clock=clock)
        assert again.reader.get(Action, "mine-0").text == "half typed"
        again.close()

    def test_a_minutes_warning_then_the_lock_and_any_key_stays(self, program, qtbot, clock):
        desk = program.desk
        clock.moment += timedelta(minutes=9, seconds=10)
        desk._tick()
        assert "lock in 50 seconds" in desk.view._warning.words
        program.frame.used.emit()
        assert desk.view._warning.words == ""
        clock.moment += timedelta(minutes=9, seconds=59)
        desk._tick()
        assert program.desk is desk
        desk._session.practice = False
        clock.moment += timedelta(seconds=2)
        desk._tick()
        assert program.desk is None
        idle(qtbot, program)

    def test_a_key_after_a_night_nobody_saw_does_not_put_the_lock_off(self, program, qtbot, clock):
        program.desk._session.practice = False
        clock.moment += timedelta(hours=9)
        program.frame.used.emit()  # the first thing to come, before any tick
        qtbot.waitUntil(lambda: program.desk is None)
        idle(qtbot, program)


class TestMistakes:
    @pytest.fixture
    def starter(self, program):
        return Starter(QApplication.instance(), program, None)

    def test_one_sentence_a_report_and_on_we_go(self, program, starter, qtbot):
        program.desk.view.open_route("caseload")
        idle(qtbot, program)
        box = program.desk.view.front.filter_box
        qtbot.keyClicks(box, "mar")
        error = KeyError("Mary Thorne")
        starter._caught(KeyError, error, None)
        idle(qtbot, program)
        assert program.desk.view.problem.words == OUR_MISTAKE
        assert box.text() == "mar"
        reports = list((program.folder / "troubles").iterdir())
        assert len(reports) == 1
        assert "Mary" not in reports[0].read_text()

    def test_a_mistake_while_one_is_told_prints_no_words(
        self, program, starter, monkeypatch, capsys
    ):
        def told(_error):
            raise RuntimeError("Mary Thorne")

        monkeypatch.setattr(program, "complain", told)
        starter._caught(KeyError, KeyError("Mary Thorne"), None)
        note(program, ValueError("Mary Thorne"))
        texts = [each.read_text() for each in (program.folder / "troubles").iterdir()]
        assert {"KeyError", "RuntimeError", "ValueError"} & set(" ".join(texts).split())
        assert "Mary" not in " ".join(texts) + capsys.readouterr().err

    def test_an_interrupt_is_not_a_mistake(self, program, starter, capsys):
        starter._caught(KeyboardInterrupt, KeyboardInterrupt(), None)
        assert program.desk.view.problem.words == ""
        assert "KeyboardInterrupt" in capsys.readouterr().err

    def test_a_failed_read_is_said_by_the_window(self, program, qtbot):
        from storage.errors import VaultFull

        def full(reader):
            raise VaultFull

        program.desk.context.read(full, owner=program, on_done=print)
        idle(qtbot, program)
        assert (
            "This laptop is full. What you typed is still here" in program.desk.view.problem.words
        )
        program.desk.view.problem.clear()
        assert program.desk.view.problem.isHidden()


def _caseloads():
    return [o for o in gc.get_objects() if type(o) in {CaseloadScreen, CaseloadPresenter}]


class TestScreensAreKept:
    def test_a_kept_screen_is_the_same_widget_and_the_oldest_goes(self, program, qtbot):
        view = program.desk.view
        first = view.front
        view.open_route("help")
        view.back()
        assert view.front is first
        idle(qtbot, program)

    def test_screens_that_were_dropped_are_really_gone(self, program, qtbot):
        others = _caseloads()  # of windows that were closed before this one
        view = program.desk.view
        for number in range(4 * KEPT):
            view.open_route(
                "caseload", view=("all", "stuck", "ready", "quiet")[number % 4], n=str(number)
            )
            idle(qtbot, program)
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect()
        mine = [o for o in _caseloads() if not any(o is other for other in others)]
        assert len(mine) <= 2 * KEPT
        assert len(view.findChildren(QAction)) < 40

    def test_a_change_updates_the_numbers_in_the_rail(self, program, qtbot):
        button = program.desk.view.rail["today"]
        assert button.text() == "Today  4"
        program.desk.context.change(
            lambda unit: unit.set(Action, "mine-0", owner="leader"), owner=program
        )
        idle(qtbot, program)
        assert button.text() == "Today  3"
        assert button.accessibleName() == "Today, 3"


class TestPractice:
    def test_practice_is_made_filled_and_opened_without_asking(self, program, qtbot, monkeypatch):
        papers = []
        monkeypatch.setattr(vaults, "put_papers_in", lambda vault: papers.append(vault) or 0)
        program.lock()
        idle(qtbot, program)
        qtbot.waitUntil(lambda: program.desk is not None)
        idle(qtbot, program)
        assert program.desk.practice
        assert papers == [program.desk.context.session.vault], "after the first screen"
        assert program.desk.exchanger.chip.words.startswith("Kept on this laptop")
        program.desk.exchanger.run_now()
        assert not program.desk.exchanger.is_running

    def test_trouble_while_opening_practice_is_said(self, program, qtbot, monkeypatch):
        def broken(folder, clock, tell):
            raise KeyError("x")

        monkeypatch.setattr(vaults, "open_practice", broken)
        program.lock()
        idle(qtbot, program)
        qtbot.waitUntil(lambda: not isinstance(program.frame.centralWidget(), Waiting | UnlockPage))
        page = program.frame.centralWidget()
        qtbot.waitUntil(lambda: page.welcome.problem.words == OUR_MISTAKE)
        idle(qtbot, program)


class TestClosing:
    def test_closing_while_records_are_being_opened_ends_quietly(self, qtbot, tmp_path, clock):
        frame = Frame()
        program = Program(frame, Jobs(frame), Settings(), tmp_path / "p", clock)
        program.start(practice=True)
        frame.show()
        frame.close()
        qtbot.waitUntil(lambda: program.jobs.is_idle)
        assert program.desk is None
        assert not (tmp_path / "p" / "troubles").exists()

    def test_what_was_asked_for_before_closing_is_on_disk(self, program, qtbot, clock):
        program.desk.context.change(
            lambda unit: unit.set(Action, "mine-0", text="last words"), owner=program
        )
        program.frame.close()
        idle(qtbot, program)
        again = Vault.open(program.folder, clock=clock)
        assert again.reader.get(Action, "mine-0").text == "last words"
        again.close()


class TestSecondCopy:
    def test_the_first_window_is_called_and_the_second_ends(self, tmp_path, qtbot):
        first, second = OneCopy(tmp_path / "v"), OneCopy(tmp_path / "v")
        assert first.is_first()
        assert not second.is_first()
        first.listen()
        with qtbot.waitSignal(first.called):
            assert second.call_first()
        first.close()
        assert second.is_first()
        second.close()

    def test_where_no_file_can_be_made_a_window_opens_and_says_why(self, tmp_path, qtbot, clock):
        place = tmp_path / "a file, not a folder"
        place.write_text("")
        one = OneCopy(place / "records")  # as in a folder that may only be read
        assert one.is_first(), "nobody is there to be called"
        one.close()
        frame = Frame()
        qtbot.addWidget(frame)
        program = Program(frame, Jobs(frame), Settings(), place / "records", clock)
        program.start()
        frame.show()
        page = frame.centralWidget()
        page.show_step(Step.PASSPHRASE)
        page.passphrase.presenter.give_passphrase("apple bicycle harbour", "apple bicycle harbour")
        idle(qtbot, program)
        assert page.passphrase.problem.words
        assert page.step is Step.PASSPHRASE
        frame.close()

    def test_two_vaults_are_two_programs(self, tmp_path):
        first, other = OneCopy(tmp_path / "a"), OneCopy(tmp_path / "b")
        assert first.is_first()
        assert other.is_first()
        assert first.name != other.name
        assert str(tmp_path) not in first.name
        first.close()
        other.close()


class TestFind:
    def test_escape_twice_gives_the_focus_back_to_where_it_was(self, program, qtbot):
        view = program.desk.view
        key(qtbot, program, Qt.Key.Key_2)
        was = view.focusWidget()
        assert was is view.front.filter_box
        key(qtbot, program, Qt.Key.Key_K)
        assert view.focusWidget() is view.find_box
        qtbot.keyClicks(view.find_box, "things")
        idle(qtbot, program)
        qtbot.keyClick(view.find_box, Qt.Key.Key_Escape)
        assert (view.find_box.text(), view.focusWidget()) == ("", view.find_box)
        qtbot.keyClick(view.find_box, Qt.Key.Key_Escape)
        assert view.focusWidget() is was

    def test_what_is_named_so_stands_before_words_in_a_text(self, program, qtbot):
        view = program.desk.view
        with program.desk.context.session.vault.change(by="c", at=NOW) as unit:
            unit.add(Action(id="text", enterprise_id="ent-0", text="Other things to buy"))
        key(qtbot, program, Qt.Key.Key_K)
        qtbot.keyClicks(view.find_box, "things")
        idle(qtbot, program)
        found = view.find_box._list
        words = [found.item(n).text() for n in range(found.count())]
        assert words.index("Go to Things to check") < words.index("Other things to buy")
