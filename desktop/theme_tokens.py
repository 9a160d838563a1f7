"""Colours and sizes by name, three sets: light, dark, high contrast. Contrast is tested, not hoped.

Refuses Qt: tests read the table without a window.
"""

from __future__ import annotations

from typing import NamedTuple

BASE_POINTS = 10.5
GRID = 8  # pixels between things; type never uses pixels


class Tokens(NamedTuple):
    """One theme. Every text colour is read on `page`, `card` and, for `on_accent`, on `accent`."""

    name: str
    page: str
    card: str
    rail: str
    text: str
    muted: str
    line: str  # borders of things you can press or fill in
    hair: str  # quiet separators, never the only sign of anything
    accent: str
    accent_soft: str  # behind the chosen row; text stays `text`
    on_accent: str
    ok: str
    ok_soft: str
    warn: str
    warn_soft: str
    error: str
    error_soft: str
    focus: str
    practice: str
    on_practice: str


LIGHT = Tokens(
    name="light",
    page="#F6F7F8",
    card="#FFFFFF",
    rail="#ECEFF1",
    text="#1B2126",
    muted="#4E5963",
    line="#7A858F",
    hair="#DDE2E6",
    accent="#0B5C8A",
    accent_soft="#DCEBF4",
    on_accent="#FFFFFF",
    ok="#1B6B3A",
    ok_soft="#E3F2E8",
    warn="#8A4B00",
    warn_soft="#FBEEDD",
    error="#B3261E",
    error_soft="#FBE6E4",
    focus="#0B57D0",
    practice="#6B3FA0",
    on_practice="#FFFFFF",
)
DARK = Tokens(
    name="dark",
    page="#14181C",
    card="#1E242A",
    rail="#1A1F24",
    text="#E9EDF0",
    muted="#B4BEC7",
    line="#7F8B96",
    hair="#323A42",
    accent="#7CC4F0",
    accent_soft="#20384A",
    on_accent="#0C1A24",
    ok="#7FD69B",
    ok_soft="#1D3327",
    warn="#F2B866",
    warn_soft="#3A2E1B",
    error="#FF9E94",
    error_soft="#402522",
    focus="#A8C7FA",
    practice="#CDB2F2",
    on_practice="#1E1230",
)
CONTRAST = Tokens(
    name="contrast",
    page="#000000",
    card="#000000",
    rail="#000000",
    text="#FFFFFF",
    muted="#F0F0F0",
    line="#FFFFFF",
    hair="#FFFFFF",
    accent="#FFE94D",
    accent_soft="#303000",
    on_accent="#000000",
    ok="#7CFF9E",
    ok_soft="#00260D",
    warn="#FFC773",
    warn_soft="#2E1D00",
    error="#FFB0A8",
    error_soft="#330A07",
    focus="#4DE1FF",
    practice="#E3CCFF",
    on_practice="#000000",
)
THEMES = {tokens.name: tokens for tokens in (LIGHT, DARK, CONTRAST)}


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB as WCAG 2.2 defines it."""
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)
