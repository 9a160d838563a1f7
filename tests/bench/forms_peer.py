"""The same large form in the peer engine (@getodk/xforms-engine under node), in the same run.

Wants node, and a folder with the packages @getodk/xforms-engine and jsdom, named by HEDGEROW_PEER
(`npm install --prefix FOLDER @getodk/xforms-engine jsdom`). Says so and goes on when there is none.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

from forms.engine.session import FormSession
from tests.bench.measure import Figure, Report, median

LOADS = 5
SECONDS = 300
_SCRIPT = """
import { JSDOM } from 'jsdom';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
const dom = new JSDOM('<!doctype html>');
for (const name of Object.getOwnPropertyNames(dom.window)) {
  if (/^[A-Z]/.test(name) && !(name in globalThis)) globalThis[name] = dom.window[name];
}
globalThis.window = dom.window; globalThis.document = dom.window.document;
globalThis.require = createRequire(process.cwd() + '/'); globalThis.__dirname = process.cwd();
const { createInstance } = await import('@getodk/xforms-engine');
const { xform, said, loads } = JSON.parse(readFileSync(0, 'utf8'));
const opened = [];
let instance;
for (let round = 0; round < loads; round++) {
  const begun = performance.now();
  instance = await createInstance(xform);
  opened.push(performance.now() - begun);
}
const nodes = new Map();
const walk = (node) => {
  nodes.set(node.currentState.reference, node);
  for (const kid of node.currentState.children ?? []) walk(kid);
};
walk(instance.root);
const begun = performance.now();
for (const [ref, value] of said) nodes.get(ref).setValue(value);
const answer = (performance.now() - begun) / said.length * 1000;
const values = {};
for (const [ref, node] of nodes) {
  if (node.currentState.children) continue;
  values[ref] = node.currentState.relevant ? String(node.currentState.value ?? '') : '';
}
console.log(JSON.stringify({ opened, answer, values }));
"""


def run(
    report: Report,
    xform: str,
    said: list[tuple[str, str]],
    session: FormSession,
    ours: tuple[float, float, float],
) -> None:
    """The peer's figures, and how many times ours: opened first, opened again, one answer."""
    found = _measured(xform, said)
    if found is None:
        print("the peer engine is not here: set HEDGEROW_PEER (see tests/bench/forms_peer.py)")
        return
    first, opened = found["opened"][0], median(found["opened"])
    answer = float(found["answer"])
    report.add(Figure("peer: the form opened for the first time", first, "ms", 1))
    report.add(Figure("peer: opened again", opened, "ms", LOADS))
    report.add(Figure("peer: one answer, mean", answer, "us", len(said)))
    report.add(Figure("peer, opening first: times ours", first / ours[0], "x", 1, note="want 20"))
    report.add(Figure("peer, opening again: times ours", opened / ours[1], "x", LOADS))
    report.add(
        Figure("peer, answering: times ours", answer / ours[2], "x", len(said), note="want 15")
    )
    differ = [
        ref
        for ref, value in found["values"].items()
        if "/meta" not in ref and value != _value(session, ref)
    ]
    report.add(Figure("answers that end otherwise there", len(differ), "nodes", 1, goal=0))


def _value(session: FormSession, ref: str) -> str:
    node = session.node(ref)
    return node.value if node.relevant else ""


def _measured(xform: str, said: list[tuple[str, str]]) -> dict[str, Any] | None:
    node, folder = shutil.which("node"), os.environ.get("HEDGEROW_PEER", "")
    if node is None or not (Path(folder) / "node_modules" / "@getodk" / "xforms-engine").is_dir():
        return None
    done = subprocess.run(
        [node, "--input-type=module", "-e", _SCRIPT],
        input=json.dumps({"xform": xform, "said": said, "loads": LOADS}).encode(),
        capture_output=True, cwd=folder, timeout=SECONDS, check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found
