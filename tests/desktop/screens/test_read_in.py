"""Where an item was read: by name, with the address in words and a button for each page."""

import pytest
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QPushButton

from desktop.presenters.checklist_picture import ReadIn, _read_in
from desktop.views.checklist.read_in import ReadInPages
from forms.rules.sources import cited
from tests.forms.rules.making import KENT

INSURED = ReadIn(
    name="GOV.UK: employers' liability insurance",
    line="GOV.UK: employers' liability insurance, gov.uk/insurance, read on 20 Nov 2026",
    page="https://gov.uk/insurance",
)
FOOD = ReadIn(name="Food", line="Food, food.gov.uk/register", page="https://food.gov.uk/register")
KNOWN = ReadIn(name="General knowledge", line="General knowledge, to be checked")
ODD = ReadIn(name="A file", line="A file", page="file:///etc/passwd")


@pytest.fixture
def shown(qtbot):
    made = ReadInPages()
    qtbot.addWidget(made)
    return made


def standing(widget, kind):
    """What is there and not on its way out."""
    return [each for each in widget.findChildren(kind) if not each.isHidden()]


def test_each_page_is_named_and_opens_in_the_browser(shown, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    shown.show_sources((INSURED, FOOD))
    assert not shown.isHidden()
    texts = [each.text() for each in standing(shown, QLabel)]
    assert texts[1:] == [INSURED.line, FOOD.line]
    for each in standing(shown, QPushButton):
        assert each.accessibleName().startswith("Open this page: ")
        each.click()
    assert opened == [INSURED.page, FOOD.page]


def test_another_item_takes_the_pages_of_the_one_before_away(shown):
    shown.show_sources((INSURED, FOOD))
    shown.show_sources((KNOWN, ODD))
    assert [each.text() for each in standing(shown, QLabel)][1:] == [KNOWN.line, ODD.line]
    assert standing(shown, QPushButton) == []
    shown.show_sources(())
    assert shown.isHidden()


def test_a_front_page_is_not_passed_off_as_the_page_that_was_read(shown):
    (site,) = (_read_in(each) for each in cited(KENT, "P36"))
    assert "a page on gov.uk whose address was not kept" in site.line
    shown.show_sources((site,))
    (pressed,) = standing(shown, QPushButton)
    assert pressed.text() == "Open this site"
    assert pressed.accessibleName() == f"Open this site: {site.name}"
