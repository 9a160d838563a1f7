"""One field for a day everywhere: it says what was understood, and leans as its presenter does."""

import ast
from datetime import date, timedelta

import pytest

from desktop.presenters.typed_when import day_rule, read_day_or_moment
from desktop.presenters.words import day, read_day
from desktop.views.form_pages.calendar_popup import CalendarPopup
from desktop.views.form_pages.day_field import DayField
from desktop.views.form_pages.fields import TextField
from desktop.views.form_pages.when_field import WhenField
from tests.desktop.screens.desk import FINANCE
from tests.desktop.screens.gallery import shown_by
from tests.test_architecture import ROOT

TODAY = date(2026, 11, 24)  # a Tuesday
# Where days are typed: the place, the field's label, whether a day without a year lies ahead.
FIELDS = [
    ("overview", "By when?", True),
    ("timeline", "When?", False),
    ("listing", "Runs out on", True),
    ("move_stage", "Day, if not today", False),
    ("move_stage", "Look at it again on", True),
    ("new_enterprise", "Signed on", False),
    ("new_enterprise", "Look at it again on", True),
    ("impact", "From", False),
    ("impact", "As at", False),
    ("reports", "From", False),
    ("reports", "As at", False),
]


@pytest.fixture
def show(qtbot):
    return shown_by(qtbot)


def at(screen, words):
    return next(each for each in screen.findChildren(DayField) if each.words == words)


@pytest.mark.parametrize(("place", "words", "ahead"), FIELDS)
def test_a_typed_day_is_said_back_as_it_will_be_read(show, place, words, ahead):
    screen, made = show(place)
    field = at(screen, words)
    field.editor.setText("mon")
    meant = read_day("mon", made.today, ahead=ahead)
    assert (meant > made.today) is ahead
    assert day(meant)[:6].strip() in field._meant.text().replace("November", "Nov")
    assert field._open.accessibleName() == f"Calendar: {words}"
    field.open_calendar()
    popup = field.findChild(CalendarPopup)
    assert popup is not None
    popup.close()


def test_what_the_timeline_suggests_is_now_or_to_come(show):
    """It is where a visit is planned: a day that lies behind would be no plan."""
    screen, made = show("timeline")
    said = at(screen, "When?").editor.placeholderText()
    assert said.startswith("Now, or ")
    found, moment = read_day_or_moment(said.removeprefix("Now, or "), made.today)
    assert moment is not None
    assert found > made.today


def test_days_of_a_decision_about_a_claim_have_the_field(qtbot, show):
    screen, _made = show("claim", actor=FINANCE)
    moves = screen._moves
    for fields in moves._fields.values():
        for key, field in fields.items():
            assert isinstance(field, DayField) == (key in ("paid_on", "on"))


def test_the_field_follows_midnight(qtbot):
    now = [TODAY]
    field = DayField("When", lambda: now[0])
    qtbot.addWidget(field)
    field.editor.setText("today")
    assert field._meant.text().startswith("Tuesday 24 November 2026")
    now[0] += timedelta(days=1)
    field.editor.setText("now")
    assert field._meant.text().startswith("Wednesday 25 November 2026")


def test_no_screen_makes_a_day_of_a_plain_line():
    """A placeholder that looks like a day outside the one field: a second kind of day field."""
    found = []
    for path in (ROOT / "desktop" / "views").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "placeholder":
                texts = [n.value for n in ast.walk(node) if isinstance(n, ast.Constant)]
                found += [path.name for text in texts if "28/11" in str(text)]
    assert not found
    assert issubclass(DayField, WhenField)
    assert issubclass(WhenField, TextField)


def test_the_example_lies_where_the_day_does(qtbot):
    today = date(2026, 11, 27)
    for ahead, like in ((False, "mon"), (True, "tue")):
        field = DayField("A day", lambda: today, ahead=ahead)
        qtbot.addWidget(field)
        first, _, last = field.editor.placeholderText().partition(" or ")
        assert last == like
        assert (read_day(first, today) > today) is ahead
    claimed = WhenField("Date of the cost", day_rule(today))
    qtbot.addWidget(claimed)
    assert read_day(claimed.editor.placeholderText().partition(" or ")[0], today) < today
