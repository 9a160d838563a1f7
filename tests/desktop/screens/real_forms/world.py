"""Forms on a real encrypted vault: the books, a desk over the vault, and jobs that wait."""

from __future__ import annotations

from datetime import date
from functools import partial

from desktop.broadcast import Broadcast
from desktop.context import Context, Session
from desktop.operations import form_publishing as publishing
from desktop.operations.writing import write
from desktop.presenters.form_pages import FormPresenter
from desktop.settings import Settings
from forms.facts.casework import FormResponse
from forms.rules.pack import load_pack
from forms.values import SetClock
from tests.desktop.screens.desk import COACH, LEAD, FakeView, OnTheSpot, Told, Went
from tests.desktop.screens.memory import NOON
from tests.desktop.screens.people import MARY

WORDS = "three quiet rivers"
BOOK = """
| survey | | | | |
| | type | name | label | required |
| | text | kept | What stays | |
| | text | gone | What goes | |
| settings | | | |
| | form_title | form_id | version |
| | Visit | visit | 1 |
"""
NEXT = """
| survey | | | | |
| | type | name | label | required |
| | text | kept | What stays | |
| | integer | fresh | How many | yes |
| settings | | | |
| | form_title | form_id | version |
| | Visit | visit | |
"""
LISTED = """
| checklist | | | | | | |
| | code | label | help | evidence | expires | warn_days |
| | ins | Insurance | Ask for it | none | required | 60 |
| survey | | | |
| | type | name | label |
| | checklist | | |
| settings | | | |
| | form_title | form_id | version |
| | Steps | steps | 1 |
"""


def desk(vault, actor=COACH):
    return Context(
        clock=SetClock(NOON),
        jobs=OnTheSpot(),
        tell=Told(),
        goes=Went(),
        settings=Settings(None),
        session=Session(vault=vault, actor=actor, pack=load_pack("kent")),
        broadcast=Broadcast(),
    )


def published(vault, book, *, ticked=False):
    made = desk(vault, LEAD)
    proposal = publishing.propose(vault, "kent", book, date(2022, 11, 20), made.clock)
    failed = []
    write(
        made,
        partial(publishing.publish, proposal=proposal, ticked=ticked),
        owner=made,
        on_done=lambda _: None,
        on_failed=failed.append,
    )
    return proposal, failed


def opened(vault, form="visit", **named):
    view, made = FakeView(), desk(vault)
    presenter = FormPresenter(made, view, form, enterprise_id=MARY, **named)
    presenter.load()
    assert not made.tell.failures
    return presenter, view


def refs(view):
    title, pages = view.last["show_form"]
    del title
    return {each.ref.rsplit("/", 1)[-1]: each for page in pages for each in page.asked}


def newer_offered(vault, books):
    """A draft of the first version that says "first", a second version, and the draft open."""
    published(vault, books["one"])
    presenter, view = opened(vault)
    presenter.answer(refs(view)["kept"].ref, "first")
    presenter.put_down()
    published(vault, books["two"], ticked=True)
    return opened(vault)


def only(vault, state):
    (found,) = vault.reader.all(FormResponse, state=state)
    return found
