"""Settings says which rules of the programme this laptop works by, and whether they are signed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QLabel

from desktop.operations.packs import in_use
from desktop.presenters import pack_arrivals
from desktop.views.kit.chips import StatusChip
from desktop.views.rules_card import RulesCard
from desktop.views.settings import make


def said(widget):
    return " ".join(each.text() for each in widget.findChildren(QLabel))


def chips(widget):
    return [each.words for each in widget.findChildren(StatusChip)]


@pytest.fixture
def card(context, qtbot):
    made = RulesCard(context)
    qtbot.addWidget(made)
    return made


def test_rules_that_came_with_the_program_are_not_called_signed(card):
    card.load()
    assert chips(card) == ["Came with the program"]
    assert ", as it came with the program" in said(card)


def test_rules_that_the_council_published_are_named_with_their_day(card, monkeypatch):
    def published(vault, usual):
        found = replace(in_use(vault, usual), refused=("Pack 2023 is not signed.",))
        return replace(found, published_at=datetime(2022, 3, 1, 9, tzinfo=UTC))

    monkeypatch.setattr(pack_arrivals, "in_use", published)
    card.load()
    assert chips(card) == ["Signed by the council", "Not used"]
    assert "published by the council on 1 Mar 2022" in said(card)
    assert "Pack 2023 is not signed." in said(card)


def test_newer_rules_that_wait_for_the_next_start_are_not_taken_for_those_in_use(card, monkeypatch):
    def published(vault, usual):
        found = in_use(vault, usual)
        newer = replace(found.pack, version="2099.1")
        return replace(found, pack=newer, published_at=datetime(2022, 3, 1, 9, tzinfo=UTC))

    monkeypatch.setattr(pack_arrivals, "in_use", published)
    card.load()
    assert chips(card) == ["Newer ones wait for the next start"]
    assert "In use now:" in said(card)


def test_rules_that_cannot_be_read_are_not_guessed(card, monkeypatch):
    def broken(*_):
        raise OSError("the disk is gone")

    monkeypatch.setattr(pack_arrivals, "in_use", broken)
    card.load()
    assert chips(card) == []
    assert "could not be read" in said(card)


def test_the_settings_page_has_them(context, qtbot):
    screen = make(context, None)
    qtbot.addWidget(screen)
    screen.resize(920, 900)
    screen.show()
    screen.arrive()
    assert "The programme's rules on this laptop" in said(screen)
    assert "Came with the program" in chips(screen)
