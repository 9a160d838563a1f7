"""Sync against PouchDB and Anki on the same corpus in the same run, and on a shaped line.

Peers are run when HEDGEROW_SYNC_PEERS names a folder with `scripts` (pouch_bench.js,
pouch_server.js, anki_bench.py, tcpcount.py), `pouch/node_modules` (pouchdb, express-pouchdb) and
`venv-anki` (anki). Without it the bench says so and gives our figures alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.bench.measure import Figure, Report, median, percentile
from tests.bench.sync_corpus import documents

RECORDS, CHANGED, RUNS = 10_000, 100, 7
LINK = "300,512,2000"  # ms, kbit/s up, kbit/s down
LINKED, LINKED_CHANGED = 1_000, 10
SECONDS = 600
PEER_SECONDS = 240  # the slowest takes 40, and 80 on the slow line
STEPS = {  # ours: (peers' name, words)
    "push": ("push_10k", "push 10,000 records"),
    "pull": ("pull_10k", "pull 10,000 records, fresh"),
    "push_some": ("push_100", "push 100 changed"),
    "pull_some": ("pull_100", "pull 100 changed"),
    "quiet_push": ("nochange_push", "nothing changed"),
}
LINKED_STEPS = {
    "push": ("push_10k", "push 1,000"),
    "pull": ("pull_10k", "pull 1,000"),
    "push_some": ("push_100", "push 10 changed"),
    "pull_some": ("pull_100", "pull 10 changed"),
    "quiet_push": ("nochange_push", "nothing changed"),
}
NAMES = {"pouch": "PouchDBs", "anki": "Ankis"}
# PouchDB in a browser keeps its connections; under Node it opens one for each request.
KEPT = {"NODE_OPTIONS": f"--require {Path(__file__).with_name('keep_alive.cjs')}"}
Runs = dict[str, list[dict[str, Any]]]


def _loopback(report: Report) -> None:
    """Interleaved runs; medians and ratios. What is quick goes twice a turn."""
    with tempfile.TemporaryDirectory() as home:
        place = Path(home)
        peers = _peers(place, RECORDS)
        runs: Runs = {name: [] for name in ("ours", *peers)}
        for number in range(RUNS):
            runs["ours"].append(_ours(place / f"ours{number}", RECORDS, CHANGED))
            for name, command in peers.items():
                runs[name] += _peer(command, place / f"{name}{number}")
            if "anki" in peers:
                runs["ours"].append(_ours(place / f"again{number}", RECORDS, CHANGED))
                runs["anki"] += _peer(peers["anki"], place / f"anki-again{number}")
        counted = {"ours": _ours(place / "counted", RECORDS, CHANGED, "", "counted")}
        for name, command in peers.items():
            more = ["--proxy"] if name == "anki" else []
            found = _peer(command, place / f"{name}-counted", more)
            counted |= {name: found[0]} if found else {}
        _tell(report, runs, counted)


def _tell(report: Report, runs: Runs, counted: dict[str, dict[str, Any]]) -> None:
    for step, (theirs, words) in STEPS.items():
        mine = median(each[step]["s"] for each in runs["ours"])
        report.add(Figure(f"{words}", mine, "s", len(runs["ours"])))
        size = counted["ours"][step]["bytes"]
        report.add(Figure(f"{words}, bytes both ways", size, "B", 1))
        for peer, name in NAMES.items():
            if runs.get(peer):
                other = median(each[theirs]["s"] for each in runs[peer])
                times = len(runs[peer])
                report.add(Figure(f"{words}, speed in {name}", other / mine, "x", times))
            if peer in counted:
                sent = sum(counted[peer][theirs][way] for way in ("up", "down"))
                report.add(Figure(f"{words}, bytes in {name}", size / sent, "x", 1))
    later, times = median(each["words"] for each in runs["ours"]), len(runs["ours"])
    report.add(Figure("fresh pull: search takes its words in afterwards", later, "s", times))
    for what, share in (("median", 0.5), ("longest", 1.0)):
        held = median(percentile(each["locks"], share) for each in runs["ours"]) * 1000
        report.add(Figure(f"fresh pull: write lock, {what}", held, "ms", times))
    asked = runs["ours"][0]["quiet_push"]["n"]
    report.add(Figure("nothing changed, requests", asked, "", 1))


def _line(report: Report) -> None:
    """A thousand records over a line as it is in the country, each side once."""
    with tempfile.TemporaryDirectory() as home:
        place = Path(home)
        mine = _ours(place / "linked", LINKED, LINKED_CHANGED, LINK)
        for step, (_, words) in LINKED_STEPS.items():
            note = f"{mine[step]['bytes']:,} bytes both ways"
            report.add(Figure(f"slow line: {words}", mine[step]["s"], "s", 1, note))
        quiet = mine["quiet_push"]["s"] / (float(LINK.split(",", maxsplit=1)[0]) / 1000)
        report.add(Figure("slow line: nothing changed, round trips", quiet, "", 1))
        for peer, command in _peers(place, LINKED).items():
            more = ["--proxy"] if peer == "anki" else []
            found = _peer(command, place / peer, more, {"LINK": LINK})
            _compare(report, mine, found, NAMES[peer])
            if peer == "pouch":
                found = _peer(command, place / "kept", more, {"LINK": LINK} | KEPT)
                _compare(report, mine, found, f"{NAMES[peer]} that keep connections")


def _compare(report: Report, mine: dict[str, Any], found: list[dict[str, Any]], name: str) -> None:
    """Each step beside a peer's; where it did not end in its time, what is sure about all."""
    if not found:
        whole = sum(mine[step]["s"] for step in LINKED_STEPS)
        title, note = f"slow line: all steps, speed in {name}", "more than: it did not end"
        report.add(Figure(title, PEER_SECONDS / whole, "x", 1, note))
    for each in found:
        for step, (theirs, words) in LINKED_STEPS.items():
            ratio = each[theirs]["s"] / mine[step]["s"]
            note = f"theirs {each[theirs]['s']:.2f} s"
            report.add(Figure(f"slow line: {words}, speed in {name}", ratio, "x", 1, note))


PARTS: dict[str, Callable[[Report], None]] = {"loopback": _loopback, "line": _line}


def _ours(folder: Path, *words: object) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.sync_laptops", str(folder), *map(str, words)],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _peers(place: Path, count: int) -> dict[str, list[str]]:
    """Commands of the peers that are there: each takes a working folder as its last word."""
    folder = Path(os.environ.get("HEDGEROW_SYNC_PEERS", ""))
    corpus = place / "docs.jsonl"
    _write(corpus, count)
    scripts, out = folder / "scripts", {}
    if (folder / "pouch" / "node_modules" / "pouchdb").is_dir():
        out["pouch"] = ["node", str(scripts / "pouch_bench.js"), str(corpus)]
        os.environ["NODE_PATH"] = str(folder / "pouch" / "node_modules")
    python = folder / "venv-anki" / "bin" / "python"
    if python.exists():
        out["anki"] = [str(python), str(scripts / "anki_bench.py"), str(corpus)]
    for name in {"pouch", "anki"} - set(out):
        print(f"{name}: not here (HEDGEROW_SYNC_PEERS names no folder with it); ours alone.")
    return out


def _peer(
    command: list[str],
    folder: Path,
    more: list[str] | None = None,
    environment: dict[str, str] | None = None,
) -> list[dict[str, Any]]:
    """What it printed, or nothing: a peer that fails or does not end is said and left out.

    It has done its work when its figures are there: PouchDB's script does not end by itself on a
    shaped line, because the line that it started beside itself goes on.
    """
    with (
        tempfile.TemporaryFile("w+") as wrong,
        subprocess.Popen(
            [*command, str(folder), *(more or [])],
            stdout=subprocess.PIPE,
            stderr=wrong,
            env=os.environ | (environment or {}),
            start_new_session=True,  # with the line that it starts beside itself
        ) as process,
    ):
        try:
            found = _said(process, perf_counter() + PEER_SECONDS)
        except TimeoutError:
            print(f"a peer did not end within {PEER_SECONDS} s: {command[:2]}")
            return []
        finally:
            with contextlib.suppress(ProcessLookupError, PermissionError):  # it ended by itself
                os.killpg(process.pid, signal.SIGKILL)
        if found is None:
            wrong.seek(0)
            print(f"a peer did not run: {wrong.read().strip().splitlines()[-1:]}")
            return []
    return [found]


def _said(process: subprocess.Popen[bytes], until: float) -> dict[str, Any] | None:
    """The figures, as soon as they are whole; nothing where a peer ends without any."""
    assert process.stdout is not None
    told = b""
    with selectors.DefaultSelector() as door:
        door.register(process.stdout, selectors.EVENT_READ)
        while door.select(max(0.0, until - perf_counter())):
            part = os.read(process.stdout.fileno(), 65536)
            told += part
            start = told.find(b"{")
            try:
                found: dict[str, Any] = json.loads(told[start:])
            except ValueError:  # not whole yet
                if not part:
                    return None
            else:
                return found
    raise TimeoutError


def _write(path: Path, count: int) -> None:
    lines = (json.dumps(each, separators=(",", ":")) for each in documents(count))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
