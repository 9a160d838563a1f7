"""The page that says where each line of the first drawings is names files that are there."""

import re
from pathlib import Path

from desktop.views.screens import SCREENS

ROOT = Path(__file__).parents[3]
TOLD = (ROOT / "docs" / "screens.md").read_text(encoding="utf-8")


def test_every_path_it_names_is_there():
    named = re.findall(r"`([\w/]+(?:\.py|\.md|/))`", TOLD)
    assert len(named) > 30
    gone = [each for each in named if not any((top / each).exists() for top in (ROOT, DESKTOP))]
    assert gone == []


DESKTOP = ROOT / "desktop"


def test_every_screen_it_names_is_one():
    routes = re.findall(r"\*\*W\d [\w ]+\*\* \(([^)]*)\)", TOLD)
    names = [name for each in routes for name in re.findall(r"`(\w+)`", each)]
    assert len(names) > 5
    assert set(names) <= set(SCREENS)
