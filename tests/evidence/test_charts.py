"""Drawings: lengths follow numbers, hidden values are not drawn, everything stays on the canvas."""

from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

import evidence
from evidence.charts import Bar, Point, Stack, bars, line_against_steps, stacks
from evidence.drawing import Box, Dot, Drawing, Ink, Label, Stroke


def inside(drawing: Drawing) -> bool:
    for shape in drawing.shapes:
        if isinstance(shape, Box):
            places = [(shape.x, shape.y), (shape.x + shape.width, shape.y + shape.height)]
        elif isinstance(shape, Stroke):
            places = list(shape.points)
        else:
            places = [(shape.x, shape.y)]
        for x, y in places:
            if not (-0.01 <= x <= drawing.width + 0.01 and -0.01 <= y <= drawing.height + 0.01):
                return False
    return True


@given(st.lists(st.none() | st.integers(0, 10_000), max_size=14))
def test_bars_are_as_long_as_their_numbers_and_hidden_ones_are_not_drawn(values):
    drawing = bars([Bar(f"n{v}", v, str(v)) for v in values])
    drawn = [s.width for s in drawing.shapes if isinstance(s, Box)]
    known = [v for v in values if v]
    assert len(drawn) == len(known)
    if known:
        longest = max(drawn)
        for width, value in zip(drawn, known, strict=True):
            assert abs(width - max(longest * value / max(known), 0.8)) < 1
    assert inside(drawing)


@given(st.lists(st.tuples(st.integers(1, 10**9), st.integers(0, 10**9)), min_size=1, max_size=6))
def test_a_part_never_sticks_out_of_its_whole(pairs):
    items = [
        Stack("E", whole, min(part, whole), max(whole - part, 0), "w") for whole, part in pairs
    ]
    assert inside(stacks(items, ("Paid", "Lapsed", "Left")))


@given(st.lists(st.integers(0, 3000), min_size=1, max_size=20), st.integers(1, 5000))
def test_lines_and_targets_stay_on_the_canvas(values, target):
    points = [Point(n / 20, value) for n, value in enumerate(values)]
    drawing = line_against_steps(points, [(0.1, 0.9, target, "Target")])
    assert inside(drawing)
    dots = [s.y for s in drawing.shapes if isinstance(s, Dot)]
    ordered = sorted(zip(values, dots, strict=True))
    assert all(a[1] >= b[1] - 0.001 for a, b in pairwise(ordered))


def test_inks_keep_their_contrast_on_white_and_on_panels():
    def light(ink: Ink) -> float:
        parts = [int(ink.value[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        lin = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2]

    for ground in (Ink.WHITE, Ink.PANEL):
        for ink in (Ink.TEXT, Ink.MUTED, Ink.ACCENT, Ink.WARN):
            assert (light(ground) + 0.05) / (light(ink) + 0.05) >= 4.5, (ink, ground)
        assert (light(ground) + 0.05) / (light(Ink.LINE) + 0.05) >= 3, ground


def test_labels_say_what_a_bar_is_worth():
    drawing = bars([Bar("Ashford", Decimal("18.5"), "18.5"), Bar("Dover", None, "hidden")])
    words = [s.text for s in drawing.shapes if isinstance(s, Label)]
    assert words == ["Ashford", "18.5", "Dover", "hidden"]


def test_fonts_are_small_and_come_with_their_licences():
    folder = Path(evidence.__file__).parent / "fonts"
    files = list(folder.glob("*.ttf"))
    assert len(files) == 3
    assert all(file.stat().st_size < 2_000_000 for file in files)
    assert "SIL OPEN FONT LICENSE" in (folder / "AtkinsonHyperlegible-OFL.txt").read_text("utf-8")
    assert (folder / "DejaVu-LICENSE.txt").stat().st_size > 1000


def test_targets_that_follow_one_another_are_joined_and_others_are_not():
    steps = [(0.0, 0.3, 10, "a"), (0.302, 0.6, 20, "b"), (0.8, 1.0, 30, "c")]
    drawn = line_against_steps([Point(0.1, 1)], steps)
    rises = [s.points for s in drawn.shapes if isinstance(s, Stroke) and s.dashed]
    upright = [p for p in rises if abs(p[0][0] - p[1][0]) < 0.01]
    assert len(rises) == 4
    assert len(upright) == 1
    assert inside(drawn)
