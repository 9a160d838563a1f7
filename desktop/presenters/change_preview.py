"""What a new version would mean, enterprise by enterprise: counts for a table, lines for a look.

The same four heads for a form's draft and for a checklist. Moves nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from desktop.presenters import words
from desktop.presenters.form_states import move_preview

if TYPE_CHECKING:
    from desktop.operations.checklist_look import Look
    from desktop.operations.form_publishing import Draft
    from forms.rules.checklist_change import ChecklistChange, ItemChange, RuleChange

Parts = tuple[tuple[str, tuple[str, ...]], ...]
NO_READING = "The answers cannot be read on the new version. They stay on their own."
_FIELDS = {
    "level": "how binding it is", "title": "its title", "plain": "its words",
    "applies_when": "who it applies to", "authority": "the authority",
    "evidence": "what shows that it is done", "renew": "when to do it again",
    "renew_months": "when it runs out", "cost": "the cost", "source": "the source",
    "basis": "how well it is known", "valid_from": "from when it holds",
    "valid_to": "until when it holds", "must_for_ready": "whether it must be done",
    "must_when": "when it must be done", "group": "its heading", "ask": "the question",
    "ask_why": "why it is asked", "ask_shows": "what to show", "training": "whether it is training",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PerEnterprise:
    """One enterprise under the new version."""

    id: str
    name: str
    kept: int
    dropped: int
    required: int
    misfits: int
    parts: Parts  # heads and their lines

    @property
    def is_touched(self) -> bool:
        """Whether anything but keeping would happen."""
        return bool(self.dropped or self.required or self.misfits)

    @property
    def spoken(self) -> str:
        """As one sentence."""
        counts = (
            (self.kept, "kept"),
            (self.dropped, "left out"),
            (self.required, "to be done or answered now"),
            (self.misfits, "that would not fit any more"),
        )
        said = ", ".join(f"{count} {what}" for count, what in counts if count)
        return f"{self.name}: {said or (self.parts[0][0] if self.parts else 'nothing to move yet')}"


def of_drafts(drafts: Iterable[Draft]) -> tuple[PerEnterprise, ...]:
    """Drafts of a form, those that lose or owe something first."""
    return _sorted(map(_of_draft, drafts))


def _of_draft(draft: Draft) -> PerEnterprise:
    moved = draft.moved
    if moved is None:
        return PerEnterprise(
            id=draft.response_id, name=draft.enterprise, kept=0, dropped=0, required=0, misfits=0,
            parts=((NO_READING, ()),),
        )  # fmt: skip
    return PerEnterprise(
        id=draft.response_id,
        name=draft.enterprise,
        kept=len(moved.kept),
        dropped=len(moved.dropped),
        required=len(moved.newly_required),
        misfits=len(moved.no_longer_fits),
        parts=tuple((head, lines) for head, lines in move_preview(moved).parts if lines),
    )


def of_checklist(look: Look) -> tuple[PerEnterprise, ...]:
    """Every enterprise under another checklist, those that it touches first."""
    return _sorted(_of_change(*one) for one in look.changes)


def _of_change(enterprise_id: str, name: str, change: ChecklistChange) -> PerEnterprise:
    heads = (
        ("Kept as they are", change.kept),
        ("Asked no more; what was ticked stays in the record", change.dropped),
        ("Must be done now", change.newly_required),
        ("Would not count as done any more", change.no_longer_fits),
    )
    return PerEnterprise(
        id=enterprise_id,
        name=name,
        kept=len(change.kept),
        dropped=len(change.dropped),
        required=len(change.newly_required),
        misfits=len(change.no_longer_fits),
        parts=tuple(
            (f"{head} ({len(items)})", tuple(map(_item_line, items)))
            for head, items in heads
            if items
        ),
    )


def _item_line(item: ItemChange) -> str:
    why = f" ({words.say_days(item.why).rstrip('.')})" if item.why else ""
    return f"{item.code} {item.title}: {item.before}{why}"


def rule_lines(changes: Iterable[RuleChange]) -> tuple[str, ...]:
    """The checklist's own changes in words."""
    return tuple(map(_rule_line, changes))


def _rule_line(change: RuleChange) -> str:
    said = ", ".join(_FIELDS.get(name, name) for name in change.fields)
    return f"{change.code} {change.title}: {change.what}{f' ({said})' if said else ''}"


def _sorted(found: Iterable[PerEnterprise]) -> tuple[PerEnterprise, ...]:
    return tuple(sorted(found, key=lambda each: (not each.is_touched, each.name.casefold())))


def summed_up(found: tuple[PerEnterprise, ...], what: str) -> str:
    """How many it touches: "3 of 40 enterprises"."""
    touched = sum(each.is_touched for each in found)
    if not found:
        return f"No {what} here."
    return f"{touched:,} of {words.counted(len(found), what)} would lose or owe something."
