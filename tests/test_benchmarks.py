"""Goals, benches and docs/benchmarks.md say the same; peers and lines are measured as they are."""

from __future__ import annotations

import ast
import re
import socket
import sys
import time
from pathlib import Path

import pytest

from tests.bench import __main__ as benches
from tests.bench import sync, table
from tests.bench.goals import TABLE, Goal
from tests.bench.measure import Figure, Report, read
from tests.bench.tcp_line import line_to

BENCH = Path(benches.__file__).parent
posix = pytest.mark.skipif(sys.platform == "win32", reason="the peers' scripts are run on POSIX")


def test_every_goal_has_its_row_and_no_other():
    page = benches.PAGE.read_text("utf-8")
    rows = [(bench, figure, cells[2]) for (bench, figure), cells in table.rows_of(page).items()]
    assert rows == [(goal.bench, goal.figure, str(goal)) for goal in TABLE]


def test_every_goal_belongs_to_a_bench():
    assert {goal.bench for goal in TABLE} <= set(benches.PARTS)


def templates():
    """What strings of the benches can become: holes stand for anything."""
    for path in BENCH.glob("*.py"):
        if path.name == "goals.py":
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                yield re.escape(node.value)
            elif isinstance(node, ast.JoinedStr):
                parts = (
                    re.escape(part.value) if isinstance(part, ast.Constant) else ".+"
                    for part in node.values
                )
                yield "".join(parts)


def test_every_goal_is_of_a_figure_that_a_bench_names():
    known = [re.compile(one) for one in templates() if len(one.replace(".+", "")) > 4]
    lost = [goal for goal in TABLE if not any(one.fullmatch(goal.figure) for one in known)]
    assert lost == []
    renamed = "one edit through the old door"
    assert not any(one.fullmatch(renamed) for one in known)


@pytest.mark.parametrize(
    ("names", "parts"),
    [
        (["register:feed"], ["register:feed"]),
        (["vault"], ["vault:file", "vault:edit", "vault:search", "vault:trail"]),
        (["desk", "sync:line"], ["desk", "sync:line"]),
        (["register:ops"], ["register:ops:sqlite", "register:ops:postgresql"]),
        (["register:ops:sqlite"], ["register:ops:sqlite"]),
        ([], list(benches.PARTS)),
    ],
)
def test_a_bench_or_a_part_of_it_is_chosen(names, parts):
    assert sorted(benches.chosen(names)) == sorted(parts)


def test_a_name_nobody_knows_is_said(capsys):
    assert benches.main(["register:fed"]) == 2
    assert "register:feed" in capsys.readouterr().out


def test_a_run_of_a_part_keeps_what_others_took(tmp_path, capsys):
    path = tmp_path / "bench.json"
    for bench, value in (("desk", 1.0), ("impact", 2.0), ("desk", 3.0)):
        report = Report(bench=bench)
        report.add(Figure("worst event-loop gap", value, "ms", 1))
        report.write(path)
    assert [(one.bench, one.value) for one in read(path)] == [("impact", 2.0), ("desk", 3.0)]
    assert "goal: at most 100 ms" in capsys.readouterr().out


def test_a_goal_without_a_figure_is_said():
    report = Report(bench="startup")
    assert report.not_shown() == ["unlock screen / bare window"]
    report.add(Figure("unlock screen / bare window", 1.4, "x", 1))
    assert report.not_shown() == []


def test_the_table_takes_what_was_taken_and_keeps_the_rest():
    page = benches.PAGE.read_text("utf-8")
    stood = table.rows_of(page)
    taken = Figure(
        "worst event-loop gap", 140.0, "ms", 1, bench="desk", taken="2027-01-02T03:04+00:00",
        machine="Linux x86_64, 8 cores", load=5.0,
    )  # fmt: skip
    after = table.renewed(page, [taken])
    rows = table.rows_of(after)
    cells = ["140 ms: **missed**", "2027-01-02 03:04, load 5", "Linux x86_64, 8 cores"]
    assert rows.pop(("desk", taken.name))[3:] == cells
    stood.pop(("desk", taken.name))
    assert rows == stood
    assert table.renewed(page, []) == page


@pytest.mark.parametrize(
    ("goal", "value", "note", "said"),
    [
        (Goal("a", "b", 12, "x", least=True), 11.9, "", "11.9 x: **missed**"),
        (Goal("a", "b", 12, "x", least=True), 12, "more than: it did not end", "more than 12 x"),
        (Goal("a", "b", 1.2, ""), 1.05, "", "1.05"),
        (Goal("a", "b", 15_000, "/s", least=True), 20_186.4, "", "20,186 /s"),
    ],
)
def test_a_figure_says_whether_it_misses(goal, value, note, said):
    assert table.said(goal, Figure("b", value, goal.unit, 1, note)) == said


PEER = """
import json, sys, threading
print(json.dumps({"push": {"s": 1.5}}, indent=1), flush=True)
if sys.argv[1] == "stays":
    threading.Event().wait()
"""


@posix
@pytest.mark.parametrize("way", ["stays", "ends"])
def test_a_peer_has_done_its_work_when_its_figures_are_there(way):
    assert sync._peer([sys.executable, "-c", PEER], Path(way)) == [{"push": {"s": 1.5}}]


@posix
def test_a_peer_that_fails_is_said(capsys):
    broken = "import sys; print('begun'); sys.exit('no such module')"
    assert sync._peer([sys.executable, "-c", broken], Path("x")) == []
    assert "no such module" in capsys.readouterr().out


@posix
def test_a_peer_that_does_not_end_gives_a_lower_bound_of_all_steps(monkeypatch, capsys):
    monkeypatch.setattr(sync, "PEER_SECONDS", 0)
    found = sync._peer(
        [sys.executable, "-c", "import threading; threading.Event().wait()"], Path("x")
    )
    monkeypatch.setattr(sync, "PEER_SECONDS", 240)
    report, ours = Report(bench="sync:line"), {step: {"s": 0.8} for step in sync.LINKED_STEPS}
    sync._compare(report, ours, found, "PouchDBs")
    (figure,) = report.figures
    assert (figure.value, figure.note[:9]) == (pytest.approx(60.0), "more than")
    assert "did not end" in capsys.readouterr().out


def test_all_connections_of_a_line_share_what_it_carries():
    kbit, size, count = 8_000, 40_000, 3
    with (
        socket.create_server(("127.0.0.1", 0)) as far,
        line_to(far.getsockname()[1], (0, kbit, kbit)) as line,
    ):
        begun = time.perf_counter()
        near = [socket.create_connection(("127.0.0.1", line.port)) for _ in range(count)]
        ends = [far.accept()[0] for _ in range(count)]
        for one in near:
            one.sendall(b"x" * size)
            one.shutdown(socket.SHUT_WR)
        for end in ends:
            while end.recv(65536):
                pass
        took = time.perf_counter() - begun
        for one in (*near, *ends):
            one.close()
    assert line.up == size * count
    assert took >= size * count * 8 / (kbit * 1000)  # each with a line of its own: a third of it
