"""Replays traces of user actions in our sessions and lists every node state that differs."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from forms.engine.session import FormSession
from forms.engine.views import NodeView
from forms.engine.xform_reader import read_form
from forms.engine.xpath.dates import Calendar
from forms.values import SetClock

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_SECONDS = re.compile(r"(2026-11-20T02:19):\d{2}(\.\d+)?")


def scenario_session(
    xml: str,
    draft: str | None = None,
    *,
    revising: bool = False,
    properties: dict[str, str] | None = None,
) -> FormSession:
    """A session as the scenario suite ran: Phoenix time, instants."""
    clock = SetClock(datetime.fromisoformat("2026-11-20T02:19:00-07:00"))
    calendar = Calendar(ZoneInfo("America/Phoenix"), whole_days=False)
    form = read_form(xml)
    return FormSession(
        form, clock=clock, calendar=calendar, instance_xml=draft, revising=revising,
        properties=properties,
    )  # fmt: skip


def _properties(xml: str, state: dict[str, Any]) -> dict[str, str]:
    """What a trace's device was told: traces do not say it, but show where it came out."""
    if 'preload="property"' not in xml:
        return {}
    return {
        node.preload[1]: state.get(node.path, {}).get("v", "")
        for node in read_form(xml).nodes
        if node.preload[0] == "property"
    }


def differential_session(xml: bytes) -> FormSession:
    """A session as the differential suite ran: London, noon."""
    clock = SetClock(datetime.fromisoformat("2026-11-20T12:00:00+00:00"))
    calendar = Calendar(ZoneInfo("Europe/London"), whole_days=False)
    properties = {"deviceid": "dev1", "deviceID": "dev1", "username": "u1"}
    return FormSession(read_form(xml), clock=clock, calendar=calendar, properties=properties)


def every_node(session: FormSession) -> dict[str, NodeView]:
    """Every node by the key the suites use."""
    found: dict[str, NodeView] = {}
    queue = [session.root]
    while queue:
        node = queue.pop()
        found[f"{node.ref}#range" if node.kind == "repeat" else node.ref] = node
        queue.extend(node.all_nodes)
    return found


def _masked(text: str) -> str:
    """Ids, and the seconds that the anchor's own clock moved on."""
    return _SECONDS.sub(r"\1:ss", _UUID.sub("<uuid>", text))


_KINDS = {
    "select_one": "select", "select_multiple": "select", "acknowledge": "trigger",
    "file": "upload", "calculate": "model-value", "instance": "repeat-instance",
    "repeat": "repeat-range", "group": "group", "root": "root", "note": "note", "rank": "rank",
    "range": "range",
}  # fmt: skip


def scenario_state(session: FormSession, node: NodeView) -> dict[str, Any]:
    """A node's state in the scenario suite's letters."""
    kind = _KINDS.get(node.kind, "input")
    state: dict[str, Any] = {"k": kind}
    if kind not in {"root", "group", "repeat-instance", "repeat-range"}:
        shown = node.relevant or kind == "upload"  # of a hidden file too the anchor tells the name
        state["v"] = _masked(node.value) if shown else ""
    if not node.relevant:
        state["rel"] = False
    if node.readonly:
        state["ro"] = True
    if node.required:
        state["req"] = True
    if node.violation:
        state["viol"] = node.violation
    if node.label:
        state["l"] = node.label
    if node.hint:
        state["h"] = node.hint
    if kind in {"select", "rank"}:
        state["o"] = [[c.value, c.label] for c in node.choices]
    return state


def scenario_differs(wanted: dict[str, Any], state: dict[str, Any]) -> list[str]:
    """Which letters of a wanted state are not so."""
    wrong: list[str] = []
    for letter in ("v", "rel", "ro", "req", "l", "h"):
        default: Any = {"v": "", "rel": True, "ro": False, "req": False}.get(letter, "")
        given, found = wanted.get(letter, default), state.get(letter, default)
        if letter in {"v", "l", "h"}:
            given, found = _masked(str(given)).strip(), _masked(str(found)).strip()
        if letter == "v" and not _same_value(given, found):
            wrong.append(f"v {given!r} != {found!r}")
        elif letter != "v" and given != found:
            wrong.append(f"{letter} {given!r} != {found!r}")
    given_viol = (wanted.get("viol") or {}).get("c", "")
    if given_viol != state.get("viol", ""):
        wrong.append(f"viol {given_viol!r} != {state.get('viol', '')!r}")
    wanted_kind = str(wanted.get("k", "")).split(":", maxsplit=1)[0]
    if wanted_kind != state["k"]:
        wrong.append(f"k {wanted_kind} != {state['k']}")
    if "o" in wanted and isinstance(wanted["o"], list):
        given = [[str(v), str(label)] for v, label in wanted["o"]]
        if given != state.get("o"):
            wrong.append(f"o {given} != {state.get('o')}")
    elif isinstance(wanted.get("o"), dict) and wanted["o"].get("n") != len(state.get("o", [])):
        wrong.append("o count")
    return wrong


def _same_value(wanted: str, found: str) -> bool:
    if wanted == found:
        return True
    if set(wanted.split()) == set(found.split()) and " " in wanted:
        return True  # several choices in the order of the list
    try:
        numbers = [
            [float(word) for word in text.replace(";", " ").split()] for text in (wanted, found)
        ]
    except ValueError:
        return False
    return numbers[0] == numbers[1] and bool(numbers[0])


def differential_state(node: NodeView) -> dict[str, Any]:
    """A node's state in the differential suite's letters."""
    state: dict[str, Any] = {}
    if node.kind == "repeat":
        state["n"] = len(node.all_nodes)
    elif node.kind not in {"root", "group", "instance"}:
        state["v"] = _masked(node.value) if node.relevant else ""
    if not node.relevant:
        state["rel"] = 0
    if node.required:
        state["req"] = 1
    if node.readonly:
        state["ro"] = 1
    if node.violation:
        state["bad"] = node.violation
    if node.label:
        state["l"] = node.label
    if node.kind in {"select_one", "select_multiple", "rank"}:
        state["o"] = " ".join(choice.value for choice in node.choices)
    return state


def differential_differs(wanted: dict[str, Any], state: dict[str, Any]) -> list[str]:
    """Which letters of a wanted state are not so."""
    wrong: list[str] = []
    for letter in ("v", "rel", "req", "ro", "bad", "l", "o", "n"):
        default = {"rel": 1, "req": 0, "ro": 0}.get(letter, "")
        given, found = wanted.get(letter, default), state.get(letter, default)
        if letter == "v":
            if not _same_value(_masked(str(given)), str(found)):
                wrong.append(f"v {given!r} != {found!r}")
        elif str(given).strip() != str(found).strip():
            wrong.append(f"{letter} {given!r} != {found!r}")
    return wrong


def _plain(arg: Any) -> Any:
    if arg is None:
        return ""
    if isinstance(arg, dict) and "latitude" in arg:
        if not any(arg.values()):
            return ""  # a place of noughts with no accuracy is no place
        height = arg.get("altitude", 0 if "accuracy" in arg else None)
        parts = [arg["latitude"], arg["longitude"], height, arg.get("accuracy")]
        return " ".join(str(part) for part in parts if part is not None)
    if isinstance(arg, dict):
        return str(next(iter(arg.values()), ""))
    if isinstance(arg, float) and arg == int(arg):
        return str(int(arg))
    return str(arg)


def _answer(session: FormSession, ref: str, text: str) -> None:
    """Answer; where ours refuses (value kept, problem shown) the anchor blanks or cuts."""
    session.answer(ref, text)
    problem = session.node(ref).problem
    if problem is not None and problem.code == "not-an-answer":
        whole = text.partition(".")[0]
        kind = session.node(ref).kind
        session.answer(ref, whole if kind == "integer" and "." in text else "")
        if session.node(ref).problem is not None:
            session.answer(ref, "")


def act(session: FormSession, step: dict[str, Any]) -> None:
    """Do one step of a trace of either suite."""
    op, ref, args = step["op"], step.get("ref", ""), step.get("args", [])
    if op in {"setValue", "selectValues", "setValues"}:
        value = args[0] if args else ""
        if value == {} and session.node(ref).kind == "file":  # a trace keeps no file, only its name
            value = step["d"].get("set", {}).get(ref, {}).get("v", "")
        _answer(
            session, ref, " ".join(map(str, value)) if isinstance(value, list) else _plain(value)
        )
    elif op in {"input", "select"}:
        _answer(session, ref, step.get("value") or "")
    elif op in {"addInstances", "add"}:
        session.add_repeat(ref)
    elif op == "removeInstances":
        session.remove_repeat(f"{ref}[{int(args[0]) + 1}]")
    elif op == "remove":
        session.remove_repeat(f"{ref}[{int(step.get('index', 0)) + 1}]")
    elif op == "setLanguage":
        session.set_language(args[0])


def play_scenario(trace: dict[str, Any], xml: str) -> list[str]:
    """Everything that differs in a scenario, from the first step on."""
    steps = trace["steps"]
    draft = None
    if trace.get("starts_from_instance"):
        draft = steps[0]["xml"].replace("<uuid>", "00000000-0000-0000-0000-000000000000")
    edited = trace.get("edit_instance")
    told = _properties(xml, steps[0]["d"].get("set", {}))
    session = scenario_session(xml, edited or draft, revising=bool(edited), properties=told)
    expected: dict[str, Any] = {}
    wrong: list[str] = []
    for number, step in enumerate(steps):
        if step["op"] != "init":
            act(session, step)
        expected.update(step["d"].get("set", {}))
        for gone in step["d"].get("gone", []):
            expected.pop(gone, None)
        nodes = every_node(session)
        wrong += [f"step {number} {ref}: only one has it" for ref in expected.keys() ^ nodes.keys()]
        for ref in expected.keys() & nodes.keys():
            found = scenario_differs(expected[ref], scenario_state(session, nodes[ref]))
            wrong.extend(f"step {number} {ref}: {each}" for each in found)
    return wrong


def play_differential(trace: dict[str, Any], xml: bytes) -> tuple[int, list[str]]:
    """Node states compared, and everything that differs, in a real form's trace."""
    session = differential_session(xml)
    expected: dict[str, Any] = dict(trace["init"])
    wrong = _differential_wrong(session, expected, "init")
    compared = len(expected)
    for number, step in enumerate(trace["steps"], 1):
        act(session, step)
        expected.update(step["d"].get("set", {}))
        for gone in step["d"].get("gone", []):
            expected.pop(gone, None)
        wrong += _differential_wrong(session, expected, f"step {number} {step['op']}")
        compared += len(expected)
    return compared, wrong


def _differential_wrong(session: FormSession, expected: dict[str, Any], where: str) -> list[str]:
    nodes = every_node(session)
    wrong = [f"{where} {ref}: only one has it" for ref in sorted(expected.keys() ^ nodes.keys())]
    for ref in expected.keys() & nodes.keys():
        found = differential_differs(expected[ref], differential_state(nodes[ref]))
        wrong.extend(f"{where} {ref}: {each}" for each in found)
    return wrong
