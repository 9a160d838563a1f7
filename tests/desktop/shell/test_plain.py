"""Parts without a window: navigation, actions, broadcast, settings, lock, trouble."""

from datetime import UTC, datetime, timedelta

import pytest

from desktop.actions import Action, Actions
from desktop.broadcast import Broadcast
from desktop.lock import Due, IdleWatch
from desktop.navigation import LONGEST, History, route
from desktop.settings import TABLE, Settings
from desktop.trouble import OUR_MISTAKE, bare_report, in_words, keep_report
from forms.change import Changed, Changes
from forms.values import SetClock
from storage.errors import VaultBug, VaultFull, WrongPassphrase
from sync.errors import CaptivePortal

NOW = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)


class TestHistory:
    def test_back_and_forward_return_to_places_with_their_state(self):
        history = History()
        history.go(route("caseload"))
        history.keep({"words": "mar"})
        history.go(route("enterprise", id="1"))
        assert history.back().state == {"words": "mar"}
        assert not history.can_go_back
        assert history.forward().route.get("id") == "1"
        assert history.forward() is None

    def test_going_somewhere_new_drops_what_was_forward(self):
        history = History()
        for name in ("today", "caseload", "claims"):
            history.go(route(name))
        history.back()
        history.go(route("help"))
        assert not history.can_go_forward
        assert history.back().route.name == "caseload"

    def test_going_where_one_is_adds_nothing(self):
        history = History()
        history.go(route("enterprise", id="1", tab="timeline"))
        history.go(route("enterprise", tab="timeline", id="1"))
        assert not history.can_go_back

    def test_it_does_not_grow_for_ever(self):
        history = History()
        for number in range(LONGEST + 50):
            history.go(route("enterprise", id=str(number)))
        steps = 0
        while history.back() is not None:
            steps += 1
        assert steps == LONGEST - 1


class TestActions:
    def action(self, name, words="Do it", shortcut=""):
        return Action(name, words, lambda: None, shortcut)

    def test_no_action_without_words(self):
        with pytest.raises(ValueError, match="no words"):
            Actions().add(self.action("x", "  "))

    def test_no_shortcut_twice(self):
        actions = Actions()
        actions.add(self.action("a", shortcut="Ctrl+K"))
        with pytest.raises(ValueError, match=r"Ctrl\+K is a and b"):
            actions.add(self.action("b", shortcut="Ctrl+K"))

    def test_no_name_twice(self):
        actions = Actions()
        actions.add(self.action("a"))
        with pytest.raises(ValueError, match="twice"):
            actions.add(self.action("a"))

    def test_every_typed_word_must_be_in_it_and_beginnings_come_first(self):
        actions = Actions()
        for name, words in (("1", "Go to Caseload"), ("2", "Caseload"), ("3", "Lock now")):
            actions.add(self.action(name, words))
        assert [a.words for a in actions.matching("case")] == ["Caseload", "Go to Caseload"]
        assert [a.words for a in actions.matching("to case")] == ["Go to Caseload"]
        assert actions.matching("") == []

    def test_dropped_actions_free_their_shortcut(self):
        actions = Actions()
        actions.add(self.action("a", shortcut="F5"))
        actions.drop("a")
        actions.add(self.action("b", shortcut="F5"))
        assert [a.name for a in actions] == ["b"]


class TestBroadcast:
    def changes(self, kind):
        return Changes(at=NOW, by="c", records=(Changed(kind, "1", frozenset()),))

    def test_only_those_who_asked_for_the_kind_hear_it_with_its_initiator(self):
        heard, broadcast, me = [], Broadcast(), object()
        broadcast.listen(me, heard.append, "action")
        broadcast.announce(self.changes("session"), self)
        broadcast.announce(self.changes("action"), self)
        assert [news.initiator for news in heard] == [self]

    def test_a_forgotten_owner_hears_nothing(self):
        heard, broadcast, me = [], Broadcast(), object()
        broadcast.listen(me, heard.append)
        broadcast.forget(me)
        broadcast.announce(self.changes("action"))
        assert heard == []


class TestSettings:
    def test_a_change_is_kept_and_told(self, tmp_path):
        told, settings = [], Settings(tmp_path / "s.json")
        settings.listen(told.append)
        settings.set("text_percent", 150)
        assert told == ["text_percent"]
        assert Settings(tmp_path / "s.json").number("text_percent") == 150

    @pytest.mark.parametrize("text", ["", "{", "[1]", '{"theme": "pink", "text_percent": true}'])
    def test_a_damaged_file_means_the_defaults(self, tmp_path, text):
        (tmp_path / "s.json").write_text(text)
        settings = Settings(tmp_path / "s.json")
        assert {row.key: settings[row.key] for row in TABLE} == {r.key: r.default for r in TABLE}

    def test_only_choices_are_taken(self):
        with pytest.raises(ValueError, match="cannot be"):
            Settings().set("lock_minutes", 999)

    def test_every_setting_has_words_and_its_default_is_a_choice(self):
        for row in TABLE:
            assert row.words
            assert row.default in [value for value, _ in row.choices]


class TestIdle:
    def test_warn_a_minute_before_and_lock_at_the_limit(self):
        clock = SetClock(NOW)
        watch = IdleWatch(clock, 10)
        clock.moment += timedelta(minutes=8, seconds=59)
        assert watch.due() is Due.NOTHING
        clock.moment += timedelta(seconds=1)
        assert watch.due() is Due.WARN
        assert watch.seconds_left == 60
        clock.moment += timedelta(seconds=60)
        assert watch.due() is Due.LOCK

    def test_any_key_starts_it_again(self):
        clock = SetClock(NOW)
        watch = IdleWatch(clock, 5)
        clock.moment += timedelta(minutes=4, seconds=30)
        assert watch.due() is Due.WARN
        watch.active()
        assert watch.due() is Due.NOTHING

    def test_a_clock_put_back_does_not_keep_the_records_open(self):
        clock, steady = SetClock(NOW), [1000.0]
        watch = IdleWatch(clock, 10, steady=lambda: steady[0])
        clock.moment -= timedelta(days=22)
        assert watch.due() is Due.NOTHING
        assert watch.quiet_seconds == 0
        steady[0] += 9 * 60
        assert watch.due() is Due.WARN
        assert watch.seconds_left == 60
        steady[0] += 60
        assert watch.due() is Due.LOCK
        watch.active()
        assert watch.due() is Due.NOTHING

    def test_a_sleep_counts_where_the_steady_clock_slept_too(self):
        clock = SetClock(NOW)
        watch = IdleWatch(clock, 10, steady=lambda: 1000.0)
        clock.moment += timedelta(minutes=11)
        assert watch.due() is Due.LOCK


class TestTrouble:
    @pytest.mark.parametrize("error", [WrongPassphrase(), VaultFull(), CaptivePortal()])
    def test_known_troubles_speak_for_themselves(self, error):
        trouble = in_words(error)
        assert trouble.words == str(error)
        assert not trouble.ours

    @pytest.mark.parametrize("error", [KeyError("Mary Thorne"), VaultBug("Mary Thorne")])
    def test_our_mistakes_never_show_their_text(self, error):
        trouble = in_words(error)
        assert trouble.words == OUR_MISTAKE
        assert "Mary" not in trouble.words + trouble.details
        assert trouble.ours

    def test_a_report_holds_places_in_the_code_and_no_data(self, tmp_path):
        try:
            {}["Mary Thorne, BA3 4AB"]
        except KeyError as error:
            file = keep_report(tmp_path / "troubles", error, NOW, "0.1.0")
            text = file.read_text()
        assert "KeyError" in text
        assert "test_plain.py" in text
        assert "Mary" not in text
        assert str(tmp_path) not in text
        assert "/home" not in text

    def test_a_chain_names_every_class(self):
        try:
            try:
                int("not a number")
            except ValueError as inner:
                raise KeyError("x") from inner
        except KeyError as error:
            report = bare_report(error)
        assert report.index("KeyError") < report.index("ValueError")

    def test_no_room_for_a_report_raises_nothing(self, tmp_path):
        (tmp_path / "troubles").write_text("a file where the folder should be")
        assert keep_report(tmp_path / "troubles", KeyError("x"), NOW, "0.1.0") is None


def test_a_screen_reader_presses_a_button_that_stays(qtbot):
    """Its action is toggle(), which Qt does not count as a click."""
    from desktop.views.kit.buttons import button, show_chosen

    pressed = []
    made = button("Caseload", lambda: pressed.append(1), role="rail")
    qtbot.addWidget(made)
    show_chosen(made, True)
    show_chosen(made, False)
    assert pressed == []
    made.toggle()
    qtbot.waitUntil(lambda: pressed == [1])
    made.click()
    assert pressed == [1, 1]
