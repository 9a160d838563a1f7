"""What we write the peer engine reads: our answer sheets under node, every node the same.

Wants node, and a folder with @getodk/xforms-engine and jsdom named by HEDGEROW_PEER (as the bench
does). Skips with a reason where there is none.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from lxml import etree

from forms.engine.library import PACKS, load_form, shipped_xform
from forms.engine.session import FormSession
from forms.engine.xform_reader import read_form
from forms.values import SetClock

CLOCK = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
SECONDS = 120
_ENDING = ".xform.xml"
FORMS = sorted(p.name.removesuffix(_ENDING) for p in PACKS.glob(f"kent/forms/*{_ENDING}"))
REPEATS = """<h:html xmlns="http://www.w3.org/2002/xforms" xmlns:h="http://www.w3.org/1999/xhtml"
 xmlns:jr="http://openrosa.org/javarosa"><h:head><h:title>Lines</h:title><model><instance>
 <data id="lines" version="7"><hide/><secret/><line jr:template=""><what/><cost/><double/></line>
 <total/></data></instance><bind nodeset="/data/secret" relevant="/data/hide != 'yes'"/>
 <bind nodeset="/data/line/cost" type="decimal"/>
 <bind nodeset="/data/line/double" type="string" calculate="../cost * 2"/>
 <bind nodeset="/data/total" type="string" calculate="sum(/data/line/cost)"/></model></h:head>
 <h:body><input ref="/data/hide"><label>Hide</label></input>
 <input ref="/data/secret"><label>S</label></input>
 <group ref="/data/line"><label>Line</label><repeat nodeset="/data/line">
 <input ref="/data/line/what"><label>What</label></input><input ref="/data/line/cost"><label>Cost
 </label></input></repeat></group></h:body></h:html>"""
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
const { restoreInstance } = await import('@getodk/xforms-engine');
const cases = JSON.parse(readFileSync(0, 'utf8'));
const told = [];
for (const { xform, sheet } of cases) {
  const data = new FormData();
  data.set('xml_submission_file', new File([sheet], 'xml_submission_file', { type: 'text/xml' }));
  const { root } = await restoreInstance(xform, { data: [data] });
  const values = {};
  const walk = (node) => {
    const state = node.currentState;
    if (state.children) { for (const kid of state.children) walk(kid); return; }
    values[state.reference] = state.relevant ? (state.instanceValue ?? '') : '';
  };
  walk(root);
  told.push(values);
}
console.log(JSON.stringify(told));
"""


def _folder() -> tuple[str, str]:
    node, folder = shutil.which("node"), os.environ.get("HEDGEROW_PEER", "")
    if node is None:
        pytest.skip("node is not installed: nobody reads our answers")  # the peer runs on it
    if not (Path(folder) / "node_modules" / "@getodk" / "xforms-engine").is_dir():
        pytest.skip("no peer engine here: set HEDGEROW_PEER (see tests/bench/forms_peer.py)")  # npm
    return node, folder


def _read_there(cases: list[dict[str, str]]) -> list[dict[str, str]]:
    node, folder = _folder()
    done = subprocess.run(
        [node, "--input-type=module", "-e", _SCRIPT],
        input=json.dumps(cases).encode(), capture_output=True, cwd=folder, timeout=SECONDS,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()[-2_000:]
    found: list[dict[str, str]] = json.loads(done.stdout)
    return found


def _filled(session: FormSession, dice: random.Random) -> FormSession:
    """Three rounds of answers at random: a first one shows questions for the next."""
    for _ in range(3):
        for node in list(_questions(session)):
            if node.kind in {"select_one", "select_multiple"} and node.choices:
                session.answer(node.ref, dice.choice(node.choices).value)
            elif node.kind in {"integer", "decimal", "range"}:
                session.answer(node.ref, str(dice.randint(1, 9)))
            elif node.kind == "date":
                session.answer(node.ref, f"2026-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}")
            elif node.kind == "text":
                session.answer(node.ref, dice.choice(("Élan & <b>", "two words", "'x' & \"y\"")))
    return session


def _questions(session: FormSession):
    queue = [session.root]
    while queue:
        node = queue.pop(0)
        if node.kind == "repeat" and node.can_add and len(node.all_nodes) < 2:
            session.add_repeat(node.ref)
        queue.extend(node.all_nodes)
        if node.relevant and not node.all_nodes and not node.readonly:
            yield node


def _ours(session: FormSession) -> dict[str, str]:
    found = {}
    queue = [session.root]
    while queue:
        node = queue.pop(0)
        queue.extend(node.all_nodes)
        if not node.all_nodes and node.kind not in {"repeat", "group", "root", "instance"}:
            found[node.ref] = node.value if node.relevant else ""
    return found


def _same(ours: dict[str, str], theirs: dict[str, str]) -> list[str]:
    wrong = []
    for ref, value in ours.items():
        if "/meta" in ref:
            continue
        there = theirs.get(ref)
        if there is None or not _alike(value, there):
            wrong.append(f"{ref}: ours {value!r}, theirs {there!r}")
    return wrong


def _alike(ours: str, theirs: str) -> bool:
    """The same but for the peer's ways: choices in the list's order, 1.0 for a decimal 1."""
    if ours == theirs or set(ours.split()) == set(theirs.split()):
        return True
    try:
        return float(ours) == float(theirs)
    except ValueError:
        return False


def test_the_peer_reads_every_answer_we_write():
    dice = random.Random(11)  # noqa: S311 - the same answers every time
    forms = [(name, shipped_xform("kent", name), load_form("kent", name)) for name in FORMS]
    forms.append(("lines", REPEATS, read_form(REPEATS)))
    sessions = [_filled(FormSession(form, clock=CLOCK), dice) for _, _, form in forms]
    cases = [
        {"xform": xform, "sheet": session.to_xml()}
        for (_, xform, _), session in zip(forms, sessions, strict=True)
    ]
    there = _read_there(cases)
    wrong = []
    answered = 0
    for (name, _, _), session, theirs in zip(forms, sessions, there, strict=True):
        ours = _ours(session)
        answered += sum(bool(value) for value in ours.values())
        wrong += [f"{name} {each}" for each in _same(ours, theirs)]
    assert answered > 100
    assert wrong == []


def test_the_comparison_would_notice():
    """The proof: a sheet with one answer changed on the way is told apart."""
    session = _filled(FormSession(read_form(REPEATS), clock=CLOCK), random.Random(1))  # noqa: S311
    sheet = session.to_xml().replace("<what>", "<what>x", 1)
    (theirs,) = _read_there([{"xform": REPEATS, "sheet": sheet}])
    assert any("/what" in each for each in _same(_ours(session), theirs))


def test_a_sheet_has_the_shape_the_standard_asks_for():
    session = _filled(FormSession(read_form(REPEATS), clock=CLOCK), random.Random(2))  # noqa: S311
    session.answer("/data/hide", "yes")
    root = etree.fromstring(session.to_xml(drop_hidden=True))
    assert (root.tag, root.get("id"), root.get("version")) == ("data", "lines", "7")
    assert [each.tag for each in root if each.tag == "line"] == ["line"] * 2
    assert root.find("secret") is None  # hidden answers are kept in the draft, not sent
    named = root.xpath("*[local-name()='meta']/*[local-name()='instanceID']")
    assert named[0].text.startswith("uuid:")
    assert not [key for each in root.iter() for key in each.attrib if "template" in key]
    again = FormSession(read_form(REPEATS), clock=CLOCK, instance_xml=session.to_xml())
    assert _ours(again) == _ours(session)
