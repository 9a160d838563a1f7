"""The same large form in the peer engine (@getodk/xforms-engine under node), in the same run.

One node process stays up, as a browser tab does, so that its compiler is warm; opening and
answering go pair by pair, ours and theirs in turn. The figure of each side is the best of the
pairs (what another program takes from a run is no cost of ours or theirs); the spread is that of
the single pairs. Opening is the same work on either side: from the XForm's text to a form that can
be answered, every formula worked out. Each side keeps from the opening before what it keeps by
itself (theirs: parsed expressions and compiled code; ours: parsed formulas and their shapes), and
neither keeps the form. The first opening of each side in a fresh process, where nothing is kept,
is told apart. Theirs is the time to set the value alone: a client that also reads what changed
pays more; ours hands back what changed. On a machine that does other things, the ratio of processor
time is the firm one (of theirs it counts what its compiler and collector do at the side, too).

Wants node, and a folder with the packages @getodk/xforms-engine and jsdom, named by HEDGEROW_PEER
(`npm install --prefix FOLDER @getodk/xforms-engine jsdom`). Says so and goes on when there is none.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import mean
from time import process_time
from typing import Any

from forms.engine.session import FormSession
from tests.bench.measure import Figure, Report, median, milliseconds

PAIRS = 15
SECONDS = 300
_SCRIPT = """
import { JSDOM } from 'jsdom';
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';
const dom = new JSDOM('<!doctype html>');
for (const name of Object.getOwnPropertyNames(dom.window)) {
  if (/^[A-Z]/.test(name) && !(name in globalThis)) globalThis[name] = dom.window[name];
}
globalThis.window = dom.window; globalThis.document = dom.window.document;
globalThis.require = createRequire(process.cwd() + '/'); globalThis.__dirname = process.cwd();
const { createInstance } = await import('@getodk/xforms-engine');
let xform, said, root, nodes;
const walk = (node) => {
  nodes.set(node.currentState.reference, node);
  for (const kid of node.currentState.children ?? []) walk(kid);
};
const since = (begun, used) => {  // milliseconds by the clock, and of the processor
  const { user, system } = process.cpuUsage(used);
  return [performance.now() - begun, (user + system) / 1000];
};
const open = async () => {
  const begun = performance.now(), used = process.cpuUsage();
  ({ root } = await createInstance(xform));
  const took = since(begun, used);
  nodes = new Map();
  walk(root);
  return took;
};
const answer = () => {
  const begun = performance.now(), used = process.cpuUsage();
  for (const [ref, value] of said) {
    const node = nodes.get(ref);
    if (node.nodeType === 'select') node.selectValues(value === '' ? [] : value.split(' '));
    else if (node.valueType === 'int') node.setValue(value === '' ? null : BigInt(value));
    else node.setValue(value);
  }
  return since(begun, used);
};
const values = () => {
  const found = {};
  for (const [ref, node] of nodes) {
    if (node.currentState.children) continue;
    found[ref] = node.currentState.relevant ? (node.currentState.instanceValue ?? '') : '';
  }
  return found;
};
for await (const line of createInterface({ input: process.stdin })) {
  const asked = JSON.parse(line);
  let told = null;
  if (asked.do === 'take') { ({ xform, said } = asked); told = true; }
  if (asked.do === 'open') told = await open();
  if (asked.do === 'answer') told = answer();
  if (asked.do === 'values') told = values();
  console.log(JSON.stringify({ told }));
}
"""


class _Peer:
    """The node process, asked one thing at a time."""

    def __init__(self, node: str, folder: str) -> None:
        self._process = subprocess.Popen(
            [node, "--input-type=module", "-e", _SCRIPT],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder, text=True,
        )  # fmt: skip

    def ask(self, what: str, **more: Any) -> Any:
        """What it tells. Raises EOFError when it has died."""
        pipe, back = self._process.stdin, self._process.stdout
        assert pipe is not None
        assert back is not None
        pipe.write(json.dumps({"do": what, **more}) + "\n")
        pipe.flush()
        for line in back:
            if line.startswith('{"told"'):
                return json.loads(line)["told"]
        raise EOFError("the peer engine ended")

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate(timeout=SECONDS)


def run(
    report: Report,
    xform: str,
    said: list[tuple[str, str]],
    opened: Callable[[], FormSession],
) -> None:
    """The peer's figures, and how many times ours: opened first, opened again, one answer.

    `opened` reads the form's text and opens a fresh session.
    """
    node, folder = shutil.which("node"), os.environ.get("HEDGEROW_PEER", "")
    if node is None or not (Path(folder) / "node_modules" / "@getodk" / "xforms-engine").is_dir():
        print("the peer engine is not here: set HEDGEROW_PEER (see tests/bench/forms_peer.py)")
        return
    first = _first_opening(xform)
    peer = _Peer(node, folder)
    try:
        peer.ask("take", xform=xform, said=said)
        first_there, _ = peer.ask("open")
        _pairs(report, peer, said, opened)
    finally:
        peer.close()
    report.add(Figure("opened for the first time in a process", first, "ms", 1))
    report.add(Figure("peer: opened for the first time in a process", first_there, "ms", 1))
    report.add(Figure("peer, opening first: times ours", first_there / first, "x", 1))


def _pairs(
    report: Report, peer: _Peer, said: list[tuple[str, str]], opened: Callable[[], FormSession]
) -> None:
    openings, answers = [], []
    sessions: list[FormSession] = []
    session = opened()
    for _ in range(PAIRS):
        gc.collect()
        mine = _timed(lambda: sessions.append(opened()))
        openings.append((mine, peer.ask("open")))
        session = sessions.pop()
        mine = _timed(lambda: _answer_all(session, said))  # noqa: B023 - called at once
        answers.append((mine, peer.ask("answer")))
    there = peer.ask("values")
    for what, pairs, unit, scale, want in (
        ("opened again", openings, "ms", 1.0, 20),
        ("one answer, mean", answers, "us", 1_000 / len(said), 15),
    ):
        runs = len(pairs) - 1
        worked = [(own[1], others[1]) for own, others in pairs[1:]]
        warm = [(own[0], others[0]) for own, others in pairs[1:]]
        ratios = [theirs / ours for ours, theirs in warm]
        spread = (min(ratios), max(ratios))
        ours, theirs = (min(side) for side in zip(*warm, strict=True))
        report.add(Figure(f"beside the peer: {what}", scale * ours, unit, runs))
        report.add(Figure(f"peer: {what}", scale * theirs, unit, runs))
        name = f"peer, {what}: times ours"
        report.add(Figure(name, theirs / ours, "x", runs, note=f"want {want}", spread=spread))
        report.add(Figure(f"{name}, middle of the pairs", median(ratios), "x", runs))
        ours, theirs = (min(side) for side in zip(*worked, strict=True))
        report.add(Figure(f"{name}, processor time", theirs / ours, "x", runs))
    differ = [
        (ref, value, _value(session, ref))
        for ref, value in there.items()
        if "/meta" not in ref and set(value.split()) != set(_value(session, ref).split())
    ]
    for ref, theirs, ours in differ:
        print(f"ends otherwise: {ref}: {theirs!r} there, {ours!r} here")
    report.add(Figure("answers that end otherwise there", len(differ), "nodes", 1))


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds by the clock, and of the processor."""
    used = process_time()
    took = milliseconds(work)
    return took, 1_000 * (process_time() - used)


def _answer_all(session: FormSession, said: list[tuple[str, str]]) -> None:
    for ref, text in said:
        session.answer(ref, text)


def _first_opening(xform: str) -> float:
    """Milliseconds of the very first opening in a fresh process, imports left out, as theirs."""
    code = (
        "import sys, time\n"
        "from forms.engine.session import FormSession\n"
        "from forms.engine.xform_reader import read_form\n"
        "from forms.values import SystemClock\n"
        "xform = sys.stdin.read()\n"
        "begun = time.perf_counter()\n"
        "FormSession(read_form(xform), clock=SystemClock())\n"
        "print(time.perf_counter() - begun)\n"
    )
    times = [
        float(
            subprocess.run(
                [sys.executable, "-c", code], input=xform, capture_output=True, text=True,
                timeout=SECONDS, check=True,
            ).stdout
        )
        for _ in range(3)
    ]  # fmt: skip
    return 1_000 * mean(sorted(times)[:2])


def _value(session: FormSession, ref: str) -> str:
    node = session.node(ref)
    return node.value if node.relevant else ""
