"""The engine against recorded cases: expressions, scenarios, real forms. Floors it reaches."""

from __future__ import annotations

from collections import Counter
from typing import Any

from tests.conformance.cases import folder, lines, report
from tests.conformance.session_runner import play_differential, play_scenario
from tests.conformance.xpath_runner import differs, document

XPATH_FLOOR = 99.5
SCENARIO_FLOOR = 99.0


def _heaps(case: dict[str, Any]) -> set[str]:
    """What a case counts for: its profile, the suites it was recorded in, its functions."""
    suites = {f"suite {source['suite']}" for source in case.get("src", ())}
    return {case["profile"], *suites, *(f"function {name}( )" for name in case.get("fn", ()))}


def test_expressions():
    where = folder() / "xpath"
    xml = {doc["doc"]: doc["xml"] for doc in lines(where / "docs.jsonl")}
    trees = {name: document(text) for name, text in xml.items()}
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    missed: list[str] = []
    for case in lines(where / "cases.jsonl"):
        found = differs(case, trees[case["doc"]])
        for heap in _heaps(case):
            total[heap] += 1
            passed[heap] += not found
        if found:
            missed.append(f"{case['id']} {case['expr']}: wanted {case['expect']}, {found}")
    for heap in sorted(total):
        report(f"xpath {heap}", passed[heap], total[heap])
    assert report("xpath odk", passed["odk"], total["odk"]) >= XPATH_FLOOR, "\n".join(missed)


def test_scenarios():
    where = folder() / "scenarios"
    forms = {form["form"]: form["xml"] for form in lines(where / "forms.jsonl")}
    traces = [trace for trace in lines(where / "scenarios.jsonl") if not trace["needs_files"]]
    wrong = {trace["id"]: play_scenario(trace, forms[trace["form"]]) for trace in traces}
    missed = [f"{name}: {found[0]}" for name, found in wrong.items() if found]
    share = report("scenarios", len(traces) - len(missed), len(traces))
    assert share >= SCENARIO_FLOOR, "\n".join(missed)


def test_real_forms_node_by_node():
    where = folder() / "differential"
    traces = lines(where / "traces.jsonl")
    compared, exact = 0, 0
    missed: list[str] = []
    for trace in traces:
        states, wrong = play_differential(trace, (where / "forms" / trace["form"]).read_bytes())
        compared += states
        exact += not wrong
        missed += [f"{trace['form']} {each}" for each in wrong]
    report("differential forms", exact, len(traces))
    report("differential node states", compared - len(missed), compared)
    assert exact == len(traces), "\n".join(missed[:50])
