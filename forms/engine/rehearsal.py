"""A compiled form is opened and answered at random before anybody relies on it."""

from __future__ import annotations

import random
from datetime import UTC, datetime

from forms.engine.problems import FormRefused, Problem
from forms.engine.session import FormSession
from forms.engine.views import NodeView
from forms.engine.xform_reader import read_form
from forms.values import SetClock

ANSWERS = 120
_SAMPLES = {
    "text": ("Ann", "07700 900123", "x"),
    "integer": ("0", "3", "45"),
    "decimal": ("0", "12.50", "3"),
    "date": ("2026-11-20", "2027-02-28"),
    "time": ("09:30",),
    "datetime": ("2026-11-20T09:30:00Z",),
    "range": ("3",),
    "acknowledge": ("OK",),
}


def rehearse(xform: str) -> list[Problem]:
    """What goes wrong when the form is opened and answered."""
    try:
        form = read_form(xform)
        session = FormSession(form, clock=SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC)))
    except FormRefused as refusal:
        return list(refusal.problems)
    problems = list(session.faults)
    _answer_at_random(session)
    return problems + _faults(session)


def _answer_at_random(session: FormSession) -> None:
    dice = random.Random(20)  # noqa: S311 - the same answers every time
    for _ in range(ANSWERS):
        nodes = _open_questions(session.root)
        if not nodes:
            return
        node = dice.choice(nodes)
        if node.kind == "repeat":
            if node.can_add and len(node.all_nodes) < 3:
                session.add_repeat(node.ref)
        elif node.choices:
            session.answer(node.ref, dice.choice(node.choices).value)
        else:
            session.answer(node.ref, dice.choice(_SAMPLES.get(node.kind, ("",))))


def _open_questions(node: NodeView) -> list[NodeView]:
    found: list[NodeView] = []
    for kid in node.nodes:
        if not kid.relevant or kid.readonly:
            continue
        if kid.kind not in {"group", "instance", "note", "file"}:
            found.append(kid)
        found.extend(_open_questions(kid))
    return found


def _faults(session: FormSession) -> list[Problem]:
    found: dict[str, Problem] = {}
    queue = [session.root]
    while queue:
        node = queue.pop()
        problem = node.problem
        if problem is not None and problem.code == "formula-fault":
            found[node.name] = problem
        queue.extend(node.all_nodes)
    return list(found.values())
