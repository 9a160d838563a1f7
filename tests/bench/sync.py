"""Sync against PouchDB and Anki on the same corpus in the same run, and on a shaped line.

Peers are run when HEDGEROW_SYNC_PEERS names a folder with `scripts` (pouch_bench.js,
pouch_server.js, anki_bench.py, tcpcount.py), `pouch/node_modules` (pouchdb, express-pouchdb) and
`venv-anki` (anki). Without it the bench says so and gives our figures alone.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.bench.measure import Figure, Report, median, percentile
from tests.bench.sync_corpus import documents

RECORDS, CHANGED, RUNS = 10_000, 100, 3
LINK = "300,512,2000"  # ms, kbit/s up, kbit/s down
LINKED, LINKED_CHANGED = 1_000, 10
SECONDS = 600
PEER_SECONDS = 240  # the slowest takes 40
STEPS = {  # ours: (peers' name, words)
    "push": ("push_10k", "push 10,000 records"),
    "pull": ("pull_10k", "pull 10,000 records, fresh"),
    "push_some": ("push_100", "push 100 changed"),
    "pull_some": ("pull_100", "pull 100 changed"),
    "quiet_push": ("nochange_push", "nothing changed"),
}
FASTER = {  # step: (times PouchDB's speed, times Anki's) that ours should have at least
    "push": (4, 1),
    "pull": (8, 1.2),
    "push_some": (None, 1),
    "pull_some": (None, 1),
}
SMALLER = {"push": (0.15, 0.75), "pull": (0.36, 0.75), "push_some": (None, 0.6)}
Runs = dict[str, list[dict[str, Any]]]


def run(report: Report) -> None:
    """Interleaved runs; medians and ratios."""
    with tempfile.TemporaryDirectory() as home:
        place = Path(home)
        peers = _peers(place)
        runs: Runs = {name: [] for name in ("ours", *peers)}
        for number in range(RUNS):
            runs["ours"].append(_ours(place / f"ours{number}", RECORDS, CHANGED))
            for name, command in peers.items():
                runs[name] += _peer(command, place / f"{name}{number}")
        counted = {"ours": _ours(place / "counted", RECORDS, CHANGED, "", "counted")}
        for name, command in peers.items():
            more = ["--proxy"] if name == "anki" else []
            found = _peer(command, place / f"{name}-counted", more)
            counted |= {name: found[0]} if found else {}
        _tell(report, runs, counted)
        _tell_linked(report, place, peers)


def _tell(report: Report, runs: Runs, counted: dict[str, dict[str, Any]]) -> None:
    for step, (theirs, words) in STEPS.items():
        mine = median(each[step]["s"] for each in runs["ours"])
        report.add(Figure(f"{words}", mine, "s", len(runs["ours"])))
        size = counted["ours"][step]["bytes"]
        goal = 900 if step == "quiet_push" else None
        report.add(Figure(f"{words}, bytes both ways", size, "B", 1, goal=goal))
        goals = FASTER.get(step, (None, None)), SMALLER.get(step, (None, None))
        for place, (peer, name) in enumerate((("pouch", "PouchDB"), ("anki", "Anki"))):
            if runs.get(peer):
                other = median(each[theirs]["s"] for each in runs[peer])
                ratio = other / mine
                figure = Figure(f"{words}, speed in {name}s", ratio, "x", RUNS, goals[0][place])
                report.add(figure)
            if peer in counted:
                other = sum(counted[peer][theirs][way] for way in ("up", "down"))
                report.add(
                    Figure(f"{words}, bytes in {name}s", size / other, "x", 1, goals[1][place])
                )
    words = median(each["words"] for each in runs["ours"])
    report.add(Figure("fresh pull: search takes its words in afterwards", words, "s", RUNS))
    for what, share in (("median", 0.5), ("longest", 1.0)):
        held = median(percentile(each["locks"], share) for each in runs["ours"]) * 1000
        report.add(Figure(f"fresh pull: write lock, {what}", held, "ms", RUNS, goal=50))
    asked = runs["ours"][0]["quiet_push"]["n"]
    report.add(Figure("nothing changed, requests", asked, "", 1, goal=1))


def _tell_linked(report: Report, place: Path, peers: dict[str, list[str]]) -> None:
    mine = _ours(place / "linked", LINKED, LINKED_CHANGED, LINK)
    report.add(Figure("slow line: push 1,000 records", mine["push"]["s"], "s", 1))
    quiet = mine["quiet_push"]["s"] / (float(LINK.split(",", maxsplit=1)[0]) / 1000)
    report.add(Figure("slow line: nothing changed, round trips", quiet, "", 1, goal=1.2))
    few = place / "few.jsonl"
    _write(few, LINKED)
    for peer, name, goal in (("pouch", "PouchDB", 12), ("anki", "Anki", 2.5)):
        if peer not in peers:
            continue
        command = [str(few) if part.endswith("docs.jsonl") else part for part in peers[peer]]
        more = ["--proxy"] if peer == "anki" else []
        found = _peer(command, place / f"{peer}-linked", more, {"LINK": LINK})
        for each in found:
            ratio = each["push_10k"]["s"] / mine["push"]["s"]
            report.add(Figure(f"slow line: push, speed in {name}s", ratio, "x", 1, goal))


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


def _peers(place: Path) -> dict[str, list[str]]:
    """Commands of the peers that are there: each takes a working folder as its last word."""
    folder = Path(os.environ.get("HEDGEROW_SYNC_PEERS", ""))
    corpus = place / "docs.jsonl"
    _write(corpus, RECORDS)
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
    """What it printed, or nothing: a peer that fails or does not end is said and left out."""
    with subprocess.Popen(
        [*command, str(folder), *(more or [])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | (environment or {}),
        start_new_session=True,  # with the line that it starts beside itself
    ) as process:
        try:
            said, wrong = process.communicate(timeout=PEER_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            print(f"a peer did not end within {PEER_SECONDS} s: {command[:2]}")
            return []
    start = said.find("{")
    if process.returncode or start < 0:
        print(f"a peer did not run: {wrong.strip().splitlines()[-1:]}")
        return []
    return [json.loads(said[start:])]


def _write(path: Path, count: int) -> None:
    lines = (json.dumps(each, separators=(",", ":")) for each in documents(count))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
