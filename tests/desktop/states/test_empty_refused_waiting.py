"""A new vault: words and one next step. Records that cannot be read, or not yet: never "none"."""

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desktop.presenters.figures_asked import Forget, Read, packed_answer, unpacked
from desktop.presenters.figures_kept import Figures
from desktop.presenters.saving import NOT_READ
from desktop.views.screens import SCREENS
from forms.values import SetClock
from storage.errors import VaultDamaged
from storage.vault import Vault
from tests.desktop.shell.world import NOW, make_context, make_vault
from tests.desktop.states import places
from tests.desktop.states.places import (
    LISTS,
    Bad,
    Never,
    every_place,
    opened,
    refusing,
    says_nothing,
)

PLACES = list(every_place())
NAMES = ["/".join((name, *params.values())) for name, params in PLACES]


@pytest.fixture
def new_vault(tmp_path, clock):
    made, _ = Vault.create(tmp_path / "new", practice=True, clock=clock)
    yield made
    made.close()


@pytest.fixture
def clock():
    return SetClock(NOW)


def test_a_new_screen_is_looked_at_here_or_said_to_be_looked_at_elsewhere():
    assert sorted((*LISTS, *places.RECORDS, *places.ELSEWHERE)) == sorted(SCREENS)


@pytest.mark.parametrize("name", LISTS)
def test_a_new_vault_has_words_and_a_next_step_on_every_screen(qtbot, new_vault, name):
    screen = opened(qtbot, make_context(new_vault), name, {})
    assert says_nothing(screen), "says nothing about there being none"
    steps = [b for b in screen.findChildren(QPushButton) if b.isVisibleTo(screen) and b.isEnabled()]
    assert steps, "no next step"
    assert not places.bare_tables(screen), "a frame around nothing"


@pytest.mark.parametrize(("name", "params"), PLACES, ids=NAMES)
@pytest.mark.parametrize("error", [VaultDamaged(), RuntimeError("Mary")], ids=["trouble", "bug"])
def test_what_cannot_be_read_is_never_called_none(qtbot, name, params, error):
    context = refusing(error)
    screen = opened(qtbot, context, name, params)
    assert says_nothing(screen) == []
    assert context.tell.errors, "nobody was told, and a mistake of ours left no report"
    assert any(context.tell.agains), "no way to try again"
    words = " ".join(places.said(screen))
    assert "not saved" not in words
    assert "Mary" not in words


@pytest.mark.parametrize(("name", "params"), PLACES, ids=NAMES)
def test_what_has_not_come_yet_is_never_called_none(qtbot, name, params):
    context = refusing(VaultDamaged(), jobs=Never())
    assert says_nothing(opened(qtbot, context, name, params)) == []


@pytest.mark.parametrize("name", ["claims", "things_to_check", "directory", "figure"])
def test_try_again_shows_what_could_not_be_read(qtbot, tmp_path, clock, name):
    vault = make_vault(tmp_path / "four", clock)
    context = refusing(VaultDamaged())
    screen = opened(qtbot, context, name, {"id": "I-06"} if name == "figure" else {})
    before = places.said(screen)
    context.session.vault = vault
    again = next(each for each in context.tell.agains if each)
    again()
    QApplication.processEvents()
    assert len(places.said(screen)) > len(before)
    vault.close()


@pytest.mark.parametrize(
    ("name", "params"),
    [
        ("market_gaps", {}),
        ("privacy", {}),
        ("ledger", {}),
        ("move_stage", {"id": "ent-1"}),
        ("enterprise", {"id": "ent-1", "tab": "listing"}),
    ],
)
def test_what_was_read_at_last_is_not_said_to_be_unread(qtbot, tmp_path, clock, name, params):
    vault = make_vault(tmp_path / "four", clock)
    context = refusing(VaultDamaged())
    screen = opened(qtbot, context, name, params)
    before = places.said(screen)
    assert NOT_READ in before
    assert not any(words.startswith("Looking") for words in before)
    context.session.vault = vault
    for again in [each for each in context.tell.agains if each]:
        again()
    QApplication.processEvents()
    assert NOT_READ not in places.said(screen)
    vault.close()


def test_an_empty_view_of_the_caseload_does_not_say_that_there_is_nobody(qtbot, tmp_path, clock):
    vault = make_vault(tmp_path / "four", clock)
    context = make_context(vault)
    screen = opened(qtbot, context, "caseload", {})
    screen.filter_box.setText("Peetr")
    screen.filter_box.textEdited.emit("Peetr")
    assert screen._empty.words == "No enterprise here matches “Peetr”."
    screen._empty.findChild(QPushButton).click()
    assert screen.filter_box.text() == ""
    assert screen.model.rowCount() == 4
    empty = next(code for code, count in screen._counts.items() if not count)
    screen._presenter.choose(empty)
    assert screen._empty.words == "Nobody is in this view just now."
    screen._empty.findChild(QPushButton).click()
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
        def ask(self, body):
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
