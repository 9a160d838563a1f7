"""Every page: Back and Forward lead there again, and a restart opens it as it was left."""

from PySide6.QtWidgets import QApplication

from desktop.navigation import History, route
from desktop.views.form_pages.answer_pages import AnswerPages
from desktop.views.screens import SCREENS


def test_every_page_comes_back_by_back_forward_and_after_a_restart(whole):
    view = whole.view
    for name, params in whole.places():
        wanted = route(name, **params)
        whole.open(name, params)
        kept = History()
        kept.put_back(view.place(), SCREENS)
        assert kept.current.route == wanted, name
        assert "screen" in kept.current.state, name
        elsewhere = "help" if name == "keys" else "keys"
        whole.open(elsewhere, {})
        view.back()
        whole.settle()
        assert view.history.current.route == wanted, name
        view.step(1)
        whole.settle()
        assert view.history.current.route.name == elsewhere
        assert view.problem.words == "", (name, view.problem.words)


def test_a_page_built_again_from_what_was_kept_says_the_same(whole):
    view = whole.view
    for name in ("caseload", "claims", "impact", "directory", "market_gaps", "ledger"):
        whole.open(name, {})
        first = view.front
        title, state = first.title(), first.keep_state()
        again = SCREENS[name].make(view.context, route(name))
        again.restore_state(state)
        whole.settle()
        assert again.title() == title
        assert again.keep_state() == state, name
        again.deleteLater()


def test_a_form_begins_at_its_first_question(whole):
    """Its pages are put in after the window stands: they are far behind in the order of Tab."""
    name, params = next((name, params) for name, params in whole.places() if name == "form")
    whole.open(name, params)
    at = QApplication.focusWidget()
    pages = whole.view.front.findChild(AnswerPages)
    assert pages.isAncestorOf(at)
    assert at is pages.first_stop
