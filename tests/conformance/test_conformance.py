"""The engine against recorded cases: expressions, scenarios, real forms. Floors it reaches."""

from __future__ import annotations

from collections import Counter

from tests.conformance.cases import folder, lines, report
from tests.conformance.session_runner import play_differential, play_scenario
from tests.conformance.xpath_runner import differs, document

XPATH_FLOOR = 99.5
SCENARIO_FLOOR = 99.0


def test_expressions():
    where = folder() / "xpath"
    xml = {doc["doc"]: doc["xml"] for doc in lines(where / "docs.jsonl")}
    trees = {name: document(text) for name, text in xml.items()}
    passed: Counter[str] = Counter()
    total: Counter[str] = Counter()
    missed: list[str] = []
    for case in lines(where / "cases.jsonl"):
        total[case["profile"]] += 1
        found = differs(case, trees[case["doc"]])
        passed[case["profile"]] += not found
        if found:
            missed.append(f"{case['id']} {case['expr']}: wanted {case['expect']}, {found}")
    for profile in sorted(total):
        report(f"xpath {profile}", passed[profile], total[profile])
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
