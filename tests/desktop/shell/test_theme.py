"""Colours can be told apart and read; type is never in pixels."""

import re
from pathlib import Path

import pytest

from desktop.theme import Theme, style_sheet
from desktop.theme_tokens import THEMES, contrast

ROOT = Path(__file__).resolve().parents[3]
TEXTS = ("text", "muted", "accent", "ok", "warn", "error")


@pytest.mark.parametrize("name", THEMES)
@pytest.mark.parametrize("text", TEXTS)
def test_text_is_readable_on_page_card_and_rail(name, text):
    tokens = THEMES[name]
    for behind in (tokens.page, tokens.card, tokens.rail):
        assert contrast(getattr(tokens, text), behind) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_text_is_readable_on_soft_grounds_and_buttons(name):
    tokens = THEMES[name]
    for behind in (tokens.accent_soft, tokens.ok_soft, tokens.warn_soft, tokens.error_soft):
        assert contrast(tokens.text, behind) >= 7
    assert contrast(tokens.on_accent, tokens.accent) >= 4.5
    assert contrast(tokens.on_practice, tokens.practice) >= 4.5


@pytest.mark.parametrize("name", THEMES)
def test_controls_and_focus_stand_out(name):
    tokens = THEMES[name]
    for mark in (tokens.line, tokens.focus):
        for behind in (tokens.page, tokens.card):
            assert contrast(mark, behind) >= 3


@pytest.mark.parametrize("name", THEMES)
def test_type_is_in_points_and_grows_with_the_text_size(name):
    small, large = style_sheet(Theme(name, 100)), style_sheet(Theme(name, 200))
    assert not re.search(r"font(-size)?\s*:[^;]*px", small)
    sizes = [float(x) for x in re.findall(r"font-size: ([\d.]+)pt", small)]
    doubled = [float(x) for x in re.findall(r"font-size: ([\d.]+)pt", large)]
    assert sizes
    assert doubled == pytest.approx([2 * size for size in sizes], abs=0.2)


def test_no_file_sets_type_in_pixels():
    guilty = [
        str(path)
        for path in (ROOT / "desktop").rglob("*.py")
        if re.search(r"setPixelSize|font-size:\s*\d+px", path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_the_drawings_of_the_style_sheet_are_there():
    for name in THEMES:
        for url in re.findall(r"url\(([^)]+)\)", style_sheet(Theme(name))):
            assert Path(url).is_file()


def test_the_sheet_never_styles_a_bare_widget():
    assert not re.search(r"(^|\s)QWidget\s*\{", style_sheet(Theme()))
