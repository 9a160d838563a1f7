"""A new vault: words and one next step. Records that cannot be read, or not yet: never "none"."""

import pkgutil
from functools import partial
from importlib import import_module

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

import desktop.views
from desktop.presenters.figures_asked import Forget, Read, packed_answer, unpacked
from desktop.presenters.figures_kept import Figures
from desktop.presenters.saving import NOT_READ
from desktop.views.kit.screen import Screen
from desktop.views.main_window import MainView
from desktop.views.screens import SCREENS
from forms.values import SetClock
from storage.errors import VaultDamaged
from storage.keys import Cost
from storage.vault import Vault
from tests.desktop.shell.world import NOW, make_context, make_vault
from tests.desktop.states import places
from tests.desktop.states.places import (
    LIST,
    PLACES,
    WHOLE,
    Bad,
    Never,
    NoLine,
    Place,
    Spot,
    Waits,
    opened,
    over,
    refusing,
    says_nothing,
)

WORDS = "three words more"
QUICK = Cost(memory=8, passes=1)
READ = [each for each in PLACES if each.reads]
# keys to read; a coach looks at the forms, a lead publishes them; a laptop joins a council once,
# over a line, before its first record
READ_ONLY = ("keys", "forms", "carry")
AT_ONCE = [each for each in READ if not each.looks_late and not each.far]


def of(which):
    """One test a screen."""
    return pytest.mark.parametrize("place", which, ids=lambda place: place.label)


@pytest.fixture
def clock():
    return SetClock(NOW)


@pytest.fixture(scope="module")
def new_vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("new") / "vault"
    made, _ = Vault.create(folder, passphrase=WORDS, clock=SetClock(NOW), cost=QUICK)
    yield made
    made.close()


@pytest.fixture(scope="module")
def four(tmp_path_factory):
    made = make_vault(
        tmp_path_factory.mktemp("four") / "vault",
        SetClock(NOW),
        passphrase=WORDS,
        cost=QUICK,
    )
    yield made
    made.close()


def test_every_screen_stands_in_the_table():
    assert {each.name for each in PLACES} == set(SCREENS)


@of([each for each in PLACES if each.new == LIST])
def test_a_new_vault_has_words_and_a_next_step_on_every_list(qtbot, new_vault, place):
    screen = opened(qtbot, over(new_vault, joined=place.joined), place)
    assert says_nothing(screen), "says nothing about there being none"
    assert places.steps(screen), "no next step"
    assert not places.bare_tables(screen), "a frame around nothing"


@of([each for each in PLACES if each.new == WHOLE])
def test_a_new_vault_leaves_a_page_of_choices_or_words_whole(qtbot, new_vault, place):
    context = over(new_vault, joined=place.joined, jobs=NoLine() if place.far else None)
    screen = opened(qtbot, context, place)
    assert (context.tell.errors, context.tell.problems) == ([], [])
    words = places.said(screen)
    assert len(words) > 1
    assert not any(each.startswith("Looking") or each == NOT_READ for each in words)
    assert places.steps(screen) or place.name in READ_ONLY
    assert not places.bare_tables(screen)


@of(READ)
@pytest.mark.parametrize("error", [VaultDamaged(), RuntimeError("Zebedee")], ids=["trouble", "bug"])
def test_what_cannot_be_read_is_never_called_none(qtbot, place, error):
    context = refusing(error, joined=place.joined)
    screen = opened(qtbot, context, place)
    assert says_nothing(screen) == []
    words = " ".join(places.said(screen))
    assert "not saved" not in words
    assert "Zebedee" not in words
    if place.looks_late:
        return
    if place.far and not isinstance(error, RuntimeError):
        assert str(error) in words
        assert any(each.text() == "Ask again" for each in places.steps(screen))
        return
    assert context.tell.errors, "nobody was told, and a mistake of ours left no report"
    assert any(context.tell.agains), "no way to try again"


@of(READ)
def test_what_has_not_come_yet_is_never_called_none(qtbot, place):
    context = refusing(VaultDamaged(), jobs=Never(), joined=place.joined)
    assert says_nothing(opened(qtbot, context, place)) == []


@of([each for each in PLACES if not each.reads])
def test_words_and_keys_are_there_when_no_record_can_be_read(qtbot, place):
    context = refusing(VaultDamaged())
    screen = opened(qtbot, context, place)
    assert context.tell.errors == []
    assert len(places.said(screen)) > 1 or place.name == "keys"  # its keys are the window's


@of([each for each in AT_ONCE if each.name not in ("claim", "form")])
def test_try_again_shows_what_could_not_be_read(qtbot, four, place):
    context = refusing(VaultDamaged(), joined=place.joined)
    screen = opened(qtbot, context, place)
    before = places.held(screen)
    context.session.vault = four
    for again in [each for each in context.tell.agains if each]:
        again()
    QApplication.processEvents()
    assert places.held(screen) != before
    after = places.said(screen)
    assert NOT_READ not in after
    assert not [words for words in after if words.startswith("Looking")]


@of(PLACES)
def test_with_no_line_every_page_is_there(qtbot, four, place):
    if place.name == "claim":
        # one is opened in tests/desktop/screens
        pytest.skip("the four enterprises have no claim")
    context = over(four, jobs=NoLine(), joined=place.joined)
    context.rounds = Waits()
    screen = opened(qtbot, context, place)
    assert (context.tell.errors, context.tell.problems) == ([], []), "offline is no fault"
    words = " ".join(places.said(screen))
    assert NOT_READ not in words
    if place.far or place.name == "sent_and_safe":
        assert Waits.last_trouble in words, "why the council does not answer"
    if place.far:
        assert says_nothing(screen) == []
        assert any(each.text() == "Ask again" for each in places.steps(screen))


def test_an_empty_view_of_the_caseload_does_not_say_that_there_is_nobody(qtbot, tmp_path, clock):
    vault = make_vault(tmp_path / "four", clock)
    context = make_context(vault)
    screen = opened(qtbot, context, Place("caseload"))
    screen.filter_box.setText("Peetr")
    screen.filter_box.textEdited.emit("Peetr")
    assert screen.nobody.words == "No enterprise here matches “Peetr”."
    screen.nobody.findChild(QPushButton).click()
    assert screen.filter_box.text() == ""
    assert screen.model.rowCount() == 4
    empty = next(code for code, count in vault.reader.caseload_counts().items() if not count)
    screen._presenter.choose(empty)
    assert screen.nobody.words == "Nobody is in this view just now."
    screen.nobody.findChild(QPushButton).click()
    assert screen.model.rowCount() == 4
    vault.close()


def test_the_check_sees_a_screen_that_says_none_too_early(qtbot):
    """With the protection off it goes red: words that stand there from the beginning are found."""
    page = QLabel()
    qtbot.addWidget(page)
    inner = QLabel("No claims yet.", page)
    page.show()
    assert says_nothing(page) == ["No claims yet."]
    inner.hide()
    assert says_nothing(page) == []
    with pytest.raises(VaultDamaged):
        Bad(VaultDamaged()).reader.all()


def test_a_change_that_the_figures_may_not_have_heard_of_is_told_once_more():
    asked, failing = [], [True]

    class Beside:
        def ask(self, body, progress=None, hand=None):
            asked.append(unpacked(body))
            if failing[0]:
                raise OSError("the process went away")
            return packed_answer(3)

    context = refusing(VaultDamaged())
    figures = Figures(context, Beside())
    figures._stale.add("enterprise")
    came = []
    for works in (False, True):
        failing[0] = not works
        figures.ask(Read("enterprise"), owner=None, on_done=came.append, on_failed=came.append)
    assert [type(each).__name__ for each in came] == ["OSError", "int"]
    assert asked == [Forget(("enterprise",)), Forget(("enterprise",)), Read("enterprise")]


def test_every_screen_inherits_its_signal_from_qts_first_base():
    """Else Python adds it once more, after the slots, and what it says may reach nobody."""
    for module in pkgutil.walk_packages(desktop.views.__path__, "desktop.views."):
        import_module(module.name)
    kinds = _all_below(Screen)
    assert len(kinds) > 20
    for kind in kinds:
        own = kind.staticMetaObject
        assert 0 <= own.indexOfSignal("can_begin()") < own.methodOffset(), kind


def _all_below(kind):
    return {each for one in kind.__subclasses__() for each in (one, *_all_below(one))}


class Later(Spot):
    """Jobs that come back when they are told to."""

    def __init__(self):
        self.waiting = []

    def run(self, work, *, owner, on_done, on_failed, lane=None):
        self.waiting.append(
            partial(super().run, work, owner=owner, on_done=on_done, on_failed=on_failed, lane=lane)
        )

    def all_come(self):
        while self.waiting:
            self.waiting.pop(0)()


@pytest.mark.parametrize(
    ("name", "params", "focus"),
    [
        ("form", {"id": "newcomer", "enterprise": "ent-1"}, ""),
        ("form", {"id": "no such form", "enterprise": "ent-1"}, ""),
        ("things_to_check", {}, "Go to Today"),
    ],
)
def test_a_page_that_comes_after_the_person_takes_the_focus_in(qtbot, four, name, params, focus):
    context = over(four, jobs=Later())
    view = MainView()
    qtbot.addWidget(view)
    context.goes = view
    view.begin(context)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    context.jobs.all_come()
    view.open_route(name, **params)
    assert not view.front.isAncestorOf(view.focusWidget())
    context.jobs.all_come()
    at = view.focusWidget()
    assert view.front.isAncestorOf(at), at
    if focus:
        assert at.text() == focus


@of([each for each in PLACES if each.name != "claim"])
def test_the_focus_is_in_sight_whenever_a_page_comes_to_the_front(qtbot, four, place):
    context = over(four, jobs=NoLine(), joined=place.joined)
    context.rounds = Waits()
    view = MainView()
    qtbot.addWidget(view)
    context.goes = view
    view.begin(context)
    view.resize(1093, 614)
    view.show()
    view.activateWindow()
    qtbot.waitUntil(view.isActiveWindow)
    other = "help" if place.name != "help" else "keys"
    for name, params in ((place.name, dict(place.params)), (other, {})) * 2:
        view.open_route(name, **params)
        QApplication.processEvents()
        at = QApplication.focusWidget()
        assert at is not None, name
        assert at.isVisibleTo(view), (name, at)
        assert at.isEnabled(), (name, at)
