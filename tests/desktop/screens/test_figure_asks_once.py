"""The page of a figure: many changes while it is worked out are one question more, not many."""

from desktop.presenters.figure import FigurePresenter
from desktop.presenters.figures_asked import Explain
from desktop.presenters.figures_kept import figures_of
from tests.desktop.screens.desk import FakeView, context
from tests.desktop.screens.people import full_vault


def test_changes_while_a_figure_is_worked_out_are_one_question_more(monkeypatch):
    made, view, held = context(full_vault()), FakeView(), []
    figures = figures_of(made)
    ask = figures.ask

    def hold(what, **more):
        assert isinstance(what, Explain)
        held.append(lambda: ask(what, **more))

    monkeypatch.setattr(figures, "ask", hold)
    presenter = FigurePresenter(made, view, "I-01", "")
    presenter.load()
    for _ in range(20):
        presenter.load()
    assert len(held) == 1
    held[0]()
    assert len(held) == 2, "what changed meanwhile is asked for, once"
    held[1]()
    assert len(held) == 2
    assert view.last["show_indicator"].title
