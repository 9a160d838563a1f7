"""Recorded workbooks: good ones become forms, the others give problems in words, none a crash."""

from __future__ import annotations

import warnings

from forms.engine.compile_worker import answered
from tests.conformance.cases import folder, lines, report

ACCEPTED_FLOOR = 93.0  # the rest hold formulas that no engine can read


def test_workbooks():
    where = folder() / "xlsforms"
    accepted, good, refused, bad = 0, 0, 0, 0
    wordless: list[str] = []
    for entry in lines(where / "manifest.jsonl"):
        if entry["file"].endswith(".xls"):
            continue  # the old format is refused as such
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl's remarks on other programs' files
            answer = answered((where / entry["file"]).read_bytes(), entry["file"])
        words = [problem["message"] for problem in answer["problems"]]
        if answer["form"] is None and not (words and all(words)):
            wordless.append(entry["file"])
        if any("Traceback" in word or "Error(" in word for word in words):
            wordless.append(entry["file"])
        if entry["ok"]:
            good += 1
            accepted += answer["form"] is not None
        else:
            bad += 1
            refused += answer["form"] is None and bool(words)
    share = report("workbooks accepted", accepted, good)
    report("workbooks with mistakes refused in words", refused, bad)
    assert share >= ACCEPTED_FLOOR
    assert refused == bad
    assert wordless == []


def test_the_old_format_is_refused_in_words():
    where = folder() / "xlsforms"
    old = [e["file"] for e in lines(where / "manifest.jsonl") if e["file"].endswith(".xls")]
    for file in old:
        answer = answered((where / file).read_bytes(), file)
        assert "Save it as an Excel workbook" in answer["problems"][0]["fix"]
