"""A table on a screen, taken along: copied, or saved as a file for a spreadsheet.

Refuses to take it silently: it is said how many rows there are and who could read the file.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop.operations import list_file
from desktop.presenters.printing import TABLE, Part
from desktop.presenters.words import counted
from desktop.trouble import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from desktop.context import Context
    from desktop.presenters.impact import Behind

NONE_HERE = "There is no list on this page to take along."


def as_text(part: Part) -> str:
    """For the clipboard: a line a row, tabs between the cells, the headings first."""
    return list_file.as_text(part.columns, part.rows)


def as_html(part: Part) -> str:
    """For the clipboard of a letter: a table with its headings."""
    return list_file.as_html(part.columns, part.rows)


def line_text(cells: Sequence[str]) -> str:
    """One line for the clipboard."""
    return list_file.as_text(cells, ())


def rows_behind(title: str, parts: Sequence[tuple[str, Sequence[Behind]]]) -> Part:
    """Everything behind a figure as one table, each row with what was done with it."""
    rows = [(b.name, b.what, b.value, done, b.why) for done, those in parts for b in those]
    heads = ("Name", "Kind", "Adds", "Counted", "Why")
    return Part(kind=TABLE, text=title, columns=heads, rows=tuple(rows))


def copied_words(part: Part, left_out: str = "") -> str:
    """What to say after it was copied; `left_out`: the page's words for what it does not list."""
    return f"Copied {counted(len(part.rows), 'row')}: {part.text}. {left_out}".strip()


def file_name(context: Context, title: str) -> str:
    """A name for the file: the page and the day, nobody's name."""
    plain = "".join(c if c.isalnum() else "-" for c in title.casefold()).strip("-")
    return f"{plain or 'list'}-{context.today.isoformat()}.csv"


def save(context: Context, part: Part, target: Path, owner: object, left_out: str = "") -> None:
    """Write the file off the GUI thread, and say how it went, and what the page leaves out."""

    def done(path: Path) -> None:
        said = f"{counted(len(part.rows), 'row')} saved as {path.name}."
        who = "Anybody who has the file can read it."
        context.tell.say(" ".join(each for each in (said, left_out, who) if each))

    def failed(error: Exception) -> None:
        if in_words(error).ours:
            context.tell.failed(error)
        else:
            context.tell.problem(str(error))

    context.work_out(
        partial(list_file.write_csv, target, part.columns, part.rows),
        owner=owner,
        on_done=done,
        on_failed=failed,
    )
