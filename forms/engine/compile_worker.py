"""The worker process: reads one workbook, lints it, compiles it, tries it, answers once, ends.

`python -m forms.engine.compile_worker` takes {"name", "data" (base64), "memory_mb"} on stdin and
writes {"problems", "form"} on stdout. The only place that imports pyxform.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import sys
from contextlib import redirect_stdout
from dataclasses import asdict
from typing import Any

from forms.engine.expand import Expanded, expanded
from forms.engine.lint import lint, source_map
from forms.engine.problems import FormRefused, Problem
from forms.engine.rehearsal import rehearse
from forms.engine.sources import read_workbook

_ROW = re.compile(r"^\[row : (\d+)\]\s*")
_ELSEWHERE = re.compile("max-pixels")  # pictures are kept whole here
_DAMAGED = Problem(
    "unreadable",
    "This workbook cannot be read.",
    "Open it in a spreadsheet program and save it again as .xlsx.",
)


def main() -> int:
    """Answer one request."""
    request = json.loads(sys.stdin.buffer.read())
    _limit_memory(int(request.get("memory_mb", 0)))
    spoken = io.StringIO()
    with redirect_stdout(spoken):  # libraries that print must not spoil the answer
        answer = answered(base64.b64decode(request["data"]), str(request["name"]))
    sys.stdout.write(json.dumps(answer))
    return 0


def answered(data: bytes, name: str) -> dict[str, Any]:
    """The answer to a request."""
    try:
        book = read_workbook(data, name)
    except FormRefused as refusal:
        return _told(refusal.problems)
    except Exception:  # noqa: BLE001 - process border: a damaged workbook fails in many ways
        return _told([_DAMAGED])
    made = expanded(book)
    problems = [*made.problems, *made.placed(lint(made.book))]
    if any(problem.severity == "error" for problem in problems):
        return _told(problems)
    xform, found = _compiled(data, name, made)
    problems += made.placed(found)
    if xform is None:
        return _told(problems)
    problems += rehearse(xform)
    if any(problem.severity == "error" for problem in problems):
        return _told(problems)
    import pyxform

    form = {
        "xform": xform,
        "source_map": {path: made.where(*at) for path, at in source_map(made.book).items()},
        "pyxform_version": str(pyxform.__version__),
        "sheets": made.as_rows(),
        "sha256": hashlib.sha256(data).hexdigest(),
    }
    return {"problems": [asdict(problem) for problem in problems], "form": form}


def _told(problems: list[Problem] | tuple[Problem, ...]) -> dict[str, Any]:
    return {"problems": [asdict(problem) for problem in problems], "form": None}


def _compiled(data: bytes, name: str, made: Expanded) -> tuple[str | None, list[Problem]]:
    from pyxform.xls2xform import convert

    suffix = "." + name.lower().rpartition(".")[2]
    warnings: list[str] = []
    source: Any = data if suffix == ".xlsx" else data.decode("utf-8-sig", "replace")
    if made.changed:
        source = made.as_sheets()
    form_name = next((row.get("form_id") for row in made.book.sheet("settings").rows), "") or "data"
    try:
        done = convert(
            source,
            file_type=None if made.changed else suffix,
            warnings=warnings,
            validate=False,
            form_name=form_name if form_name.isidentifier() else "data",
        )
    except Exception as fault:  # noqa: BLE001 - process border: any fault becomes words
        return None, [_in_words(fault)]
    return done.xform, [_remark(text) for text in warnings if not _ELSEWHERE.search(text)]


def _remark(text: str) -> Problem:
    """A remark of the compiler, at its row."""
    told = _ROW.match(text)
    row = int(told.group(1)) if told is not None else None
    plain = text[told.end() :] if told is not None else text
    return Problem(
        "pyxform", " ".join(plain.split()), sheet="survey" if row else "", row=row,
        severity="warning",
    )  # fmt: skip


def _in_words(fault: Exception) -> Problem:
    from pyxform.errors import PyXFormError

    text = " ".join(str(fault).split()) if isinstance(fault, PyXFormError) else ""
    place = getattr(fault, "context", None)
    place = place if isinstance(place, dict) else {}
    row = place.get("row")
    told = _ROW.match(text)
    if told is not None:
        text = text[told.end() :]
        row = row if isinstance(row, int) else int(told.group(1))
    return Problem(
        "compile",
        text or "This workbook cannot be turned into a form.",
        "" if text else "Compare it with the sample workbook, sheet by sheet.",
        sheet=str(place.get("sheet") or "") or ("survey" if row else ""),
        row=row if isinstance(row, int) else None,
        column=str(place.get("column") or ""),
    )


def _limit_memory(megabytes: int) -> None:
    if megabytes <= 0 or sys.platform == "win32":
        return
    import resource

    limit = megabytes * 1_048_576
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


if __name__ == "__main__":
    raise SystemExit(main())
