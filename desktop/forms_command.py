"""`hedgerow forms`: what the writer of a form needs: check, diff, export, preview.

A workbook is only ever read in the worker process. Shows all problems at once and changes no file
but those it is asked to write.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from forms.engine.compile import Checked, CompiledForm
    from forms.engine.problems import Problem
    from forms.engine.session import FormSession
    from forms.engine.views import NodeView


def add_words(words: Any) -> None:
    """The word `forms` and what may follow it."""
    forms = words.add_parser("forms", help="check and try out forms")
    forms.set_defaults(run=lambda _: forms.error("say what to do with a form"))
    doing = forms.add_subparsers(title="commands", metavar="")

    word = doing.add_parser("check", help="tell every problem of a workbook")
    word.add_argument("file", help="workbook: .xlsx, .md or .csv")
    word.set_defaults(run=check)

    word = doing.add_parser("diff", help="tell what changed between two versions")
    word.add_argument("old", help="workbook of the older version")
    word.add_argument("new", help="workbook of the newer version")
    word.set_defaults(run=difference)

    word = doing.add_parser("export", help="write a form for ODK or Kobo")
    word.add_argument("file", help="workbook: .xlsx, .md or .csv")
    word.add_argument("folder", help="where the .xlsx and the .xml go")
    word.set_defaults(run=export)

    word = doing.add_parser("preview", help="try a form out while it is being written")
    word.add_argument("file", help="workbook: .xlsx, .md or .csv")
    word.add_argument("--print", dest="printed", action="store_true", help="print it instead")
    word.set_defaults(run=preview)


def _say(words: str = "") -> None:
    sys.stdout.write(f"{words}\n")


def _checked(file: str) -> Checked:
    from forms.engine.compile import check_workbook

    path = Path(file)
    return check_workbook(path.read_bytes(), path.name)


def _tell(problems: Sequence[Problem]) -> None:
    for problem in problems:
        mark = "" if problem.severity == "error" else f" ({problem.severity})"
        _say(f"{problem}{mark}")


def _compiled(file: str) -> CompiledForm | None:
    """The compiled form; None when it cannot be had, and then every problem has been told."""
    checked = _checked(file)
    if checked.compiled is None:
        _say(f"{Path(file).name} cannot be used yet:")
        _tell(checked.problems)
    return checked.compiled


def count_words(problems: Sequence[Problem]) -> str:
    """How many problems there are, in words."""
    errors = sum(problem.severity == "error" for problem in problems)
    remarks = len(problems) - errors
    told = [
        f"{count} {word}{'s' if count != 1 else ''}"
        for count, word in ((errors, "problem"), (remarks, "remark"))
        if count
    ]
    return f"{' and '.join(told) or 'No problems'}."


def check(arguments: argparse.Namespace) -> int:
    """Tell every problem of a workbook: 1 when it cannot become a form."""
    checked = _checked(arguments.file)
    _tell(checked.problems)
    _say(count_words(checked.problems))
    return 1 if checked.compiled is None else 0


def difference(arguments: argparse.Namespace) -> int:
    """Tell what changed from one version to another."""
    from forms.engine.diff import diff
    from forms.engine.versions import fingerprint
    from forms.engine.xform_reader import read_form

    made = [_compiled(file) for file in (arguments.old, arguments.new)]
    if made[0] is None or made[1] is None:
        return 1
    old, new = (read_form(each.xform) for each in made if each is not None)
    found = diff(old, new)
    for change in found.changes:
        _say(str(change))
    if not found.changes:
        _say("Nothing changed in the questions.")
    if found.loses:
        _say(f"{len(found.loses)} of these leave answers in old records only.")
    same = old.version == new.version and fingerprint(made[0].xform) != fingerprint(made[1].xform)
    if same and new.version:
        _say(f"Both are version {new.version}. Write a new version on the settings sheet.")
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Write the workbook as plain XLSForm, and the XForm."""
    compiled = _compiled(arguments.file)
    if compiled is None:
        return 1
    from forms.engine.export import workbook_bytes

    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    stem = Path(arguments.file).stem
    files = {
        folder / f"{stem}.xlsx": workbook_bytes(compiled.sheets),
        folder / f"{stem}.xml": compiled.xform.encode(),
    }
    taken = [path for path in files if path.exists() and path.samefile(arguments.file)]
    if taken:
        _say(f"{taken[0].name} is the workbook itself. Choose another folder.")
        return 1
    for path, body in files.items():
        path.write_bytes(body)
        _say(str(path))
    return 0


def preview(arguments: argparse.Namespace) -> int:
    """Open a form to try it out; without a screen, print its pages and questions."""
    if not arguments.printed and _has_screen():
        from desktop.forms_preview import run

        return run(Path(arguments.file))
    compiled = _compiled(arguments.file)
    if compiled is None:
        return 1
    from forms.engine.session import FormSession
    from forms.engine.xform_reader import read_form
    from forms.values import SystemClock

    _tell(compiled.warnings)
    for line in printed(FormSession(read_form(compiled.xform), clock=SystemClock())):
        _say(line)
    return 0


def _has_screen() -> bool:
    if sys.platform in {"win32", "darwin"}:
        return True
    named = os.environ.get("QT_QPA_PLATFORM", "")
    if named:
        return named not in {"offscreen", "minimal"}
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def printed(session: FormSession) -> Iterator[str]:
    """The pages and questions of a form as lines, those not shown yet in brackets."""
    for number, page in enumerate(session.pages, 1):
        yield f"Page {number}: {page.label or 'Questions'}"
        for node in page.nodes:
            yield from _lines(node, 1)


def _lines(node: NodeView, depth: int) -> Iterator[str]:
    words = node.label or node.name
    told = [node.kind.replace("_", " ")]
    told += ["must be answered"] if node.required else []
    told += [] if node.relevant else ["not shown yet"]
    yield f"{'  ' * depth}{words} ({', '.join(told)})"
    if node.hint:
        yield f"{'  ' * (depth + 1)}{node.hint}"
    for choice in node.choices:
        yield f"{'  ' * (depth + 1)}- {choice.label}"
    for kid in node.nodes:
        yield from _lines(kid, depth + 1)
