"""Every screen in the whole window, in every look and size: names, targets, contrast, Tab."""

import pytest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop import theme
from tests.desktop.audit import audit
from tests.desktop.audit_focus import audit_focus

LOOKS = [("light", 100), ("dark", 150), ("contrast", 200)]
OTHERS = [
    (name, percent)
    for name in ("light", "dark", "contrast")
    for percent in (100, 150, 200)
    if (name, percent) not in LOOKS
]


def look_at_all(whole, *, tab):
    found = {}
    for name, params in whole.places():
        whole.open(name, params)
        seen = audit(whole.frame) + (audit_focus(whole.frame) if tab else [])
        if seen:
            found[name, params.get("tab", "")] = [str(each) for each in seen]
    assert whole.view.problem.words == ""
    return found


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("name", "percent"), LOOKS)
def test_nothing_to_mend_anywhere(whole, qapp, restore_theme, name, percent):
    theme.apply(qapp, name, percent, whole.frame)
    assert look_at_all(whole, tab=percent != 150) == {}


@pytest.mark.long
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("name", "percent"), OTHERS)
def test_nothing_to_mend_in_the_other_looks(whole, qapp, restore_theme, name, percent):
    theme.apply(qapp, name, percent, whole.frame)
    assert look_at_all(whole, tab=True) == {}


def test_the_audit_by_tab_finds_what_is_wrong(qtbot):
    """It goes red on a ring that does not show and on an order that goes back."""
    page = QWidget()
    qtbot.addWidget(page)
    layout = QVBoxLayout(page)
    first, bare, last = QLineEdit(), QPushButton("No ring"), QPushButton("Last")
    bare.setStyleSheet("QPushButton, QPushButton:focus { border: none; outline: none; }")
    faint = QLabel("faint")
    faint.setStyleSheet("color: #b8b8b8; background: #ffffff")
    for each in (first, bare, last, faint):
        layout.addWidget(each)
    page.resize(400, 300)
    first.setMaximumWidth(60)
    last.setContentsMargins(0, 0, 0, 0)
    layout.setAlignment(last, layout.alignment())
    page.show()
    page.activateWindow()
    first.setFocus()
    rules = {each.rule for each in audit_focus(page)}
    assert "2.4.7 focus does not show" in rules
    assert "1.4.3 painted contrast" in {each.rule for each in audit(page)}
