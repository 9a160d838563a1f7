"""What an open form is, in words: draft or finished, on which version, what can be done with it.

Says of a newer version what would be kept, dropped, asked and would fit no more, before anything
is moved.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.presenters import words
from forms.values import london_day

if TYPE_CHECKING:
    from desktop.operations.form_filling import Filled, Opened
    from forms.engine.migrate import Line, Migration
    from forms.engine.session import FormSession
    from forms.facts.casework import FormResponse


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An earlier revision of the form, to be read."""

    response_id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormStatus:
    """What the form is, and what can be done with it now."""

    words: str  # "Finished 12 Mar 2026, version 1"
    final: bool  # only to be read, until somebody changes it as a new revision
    revisable: bool
    newer: str  # words when there is a newer version, else ""
    can_undo: bool
    languages: tuple[str, ...]  # two or more when there is a choice
    language: str
    earlier: tuple[Revision, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePreview:
    """What moving a draft to a newer version would do: lines of words under four heads."""

    heading: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]


def status_of(session: FormSession, opened: Opened, begun: Filled) -> FormStatus:
    """The status of a form that is open."""
    response = opened.response
    final = response is not None and response.state != "draft" and not begun.supersedes
    languages = session.languages if len(session.languages) > 1 else ()
    return FormStatus(
        words=_status_words(session, response, begun),
        final=final,
        revisable=final and response is not None and response.state == "final",
        newer=_newer_words(session, opened) if opened.newer and not final else "",
        can_undo=session.can_undo and not final,
        languages=languages,
        language=session.language,
        earlier=tuple(
            Revision(response_id=each.id, words=f"Read the answers of {_when(each)}")
            for each in opened.earlier
        ),
    )


def _status_words(session: FormSession, response: FormResponse | None, begun: Filled) -> str:
    version = f"version {session.form.version}" if session.form.version else ""
    if begun.supersedes:
        first = f"A new revision, because: {begun.reason}. The earlier answers are kept"
    elif response is None:
        first = "Every answer is saved on this laptop"
    elif response.state == "draft":
        first = f"Begun {_when(response)}. Every answer is saved on this laptop"
        if response.reason:
            first = f"A new revision, because: {response.reason}. The earlier answers are kept"
    elif response.state == "superseded":
        first = f"Finished {_when(response)}; changed later"
    else:
        first = f"Finished {_when(response)}"
    return f"{first}; {version}." if version else f"{first}."


def _when(response: FormResponse) -> str:
    moment = response.finalised_at or response.opened_at
    return words.day(london_day(moment)) if moment is not None else "on a day not written down"


def _newer_words(session: FormSession, opened: Opened) -> str:
    return (
        f"There is a newer version of this form ({opened.newer}). Your answers stay on version "
        f"{session.form.version or '(none)'} unless you move them."
    )


def move_preview(moved: Migration) -> MovePreview:
    """A migration in words."""
    return MovePreview(
        heading=f"What moving to version {moved.version} would do",
        parts=(
            (f"Kept as they are ({len(moved.kept)})", tuple(map(_line, moved.kept))),
            (f"Left out ({len(moved.dropped)})", tuple(map(_line, moved.dropped))),
            (f"Must be answered now ({len(moved.newly_required)})",
             tuple(map(_line, moved.newly_required))),
            (f"Would not fit any more ({len(moved.no_longer_fits)})",
             tuple(map(_line, moved.no_longer_fits))),
        ),
    )  # fmt: skip


def _line(line: Line) -> str:
    said = f"{line.label}: {line.value}" if line.value else line.label
    return f"{said} ({line.why})" if line.why else said
