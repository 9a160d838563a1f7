"""Every page: Back and Forward lead there again, and a restart opens it as it was left."""

from desktop.navigation import History, route
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
