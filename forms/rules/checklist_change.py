"""What another checklist would mean for one enterprise: kept, dropped, required anew, fits no more.

Items are told apart by their codes, which stay for ever. Changes nothing: what was ticked under an
item that is asked no more stays in the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from forms.facts.casework import ChecklistItem
from forms.facts.people import Enterprise
from forms.rules.checklist import ItemState, ItemStatus, checklist
from forms.rules.pack import ChecklistRule, Pack

_DONE = frozenset({ItemState.VERIFIED, ItemState.DONE, ItemState.WAIVED, ItemState.NOT_NEEDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemChange:
    """One item of one enterprise under the other checklist."""

    code: str
    title: str
    before: str  # its state now, as `ItemState` says it
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistChange:
    """What the other checklist would mean for one enterprise."""

    kept: tuple[ItemChange, ...]  # somebody worked on it, and it is still asked
    dropped: tuple[ItemChange, ...]  # somebody worked on it, and it is asked no more
    newly_required: tuple[ItemChange, ...]  # must be done now, and is not
    no_longer_fits: tuple[ItemChange, ...]  # counted as done, and would not any more


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleChange:
    """One item of the checklist itself that is new, gone or asks something else."""

    code: str
    title: str
    what: str  # added | taken out | changed
    fields: tuple[str, ...] = ()  # of a change: what is different


def rule_changes(old: Pack, new: Pack) -> tuple[RuleChange, ...]:
    """The difference between two checklists, in the order of the newer one."""
    before = {rule.code: rule for rule in old.checklist}
    after = {rule.code: rule for rule in new.checklist}
    found = [_rule_change(before.get(code), rule) for code, rule in after.items()]
    gone = [
        RuleChange(code=code, title=rule.title, what="taken out")
        for code, rule in before.items()
        if code not in after
    ]
    return (*(change for change in found if change is not None), *gone)


def _rule_change(old: ChecklistRule | None, new: ChecklistRule) -> RuleChange | None:
    if old is None:
        return RuleChange(code=new.code, title=new.title, what="added")
    fields = tuple(
        name
        for name in ChecklistRule.__dataclass_fields__
        if getattr(old, name) != getattr(new, name)
    )
    if not fields:
        return None
    return RuleChange(code=new.code, title=new.title, what="changed", fields=fields)


def change_for(
    old: Pack, new: Pack, enterprise: Enterprise, items: Iterable[ChecklistItem], on: date
) -> ChecklistChange:
    """What moving from one checklist to the other would mean for this enterprise on that day."""
    held = tuple(items)
    before = {each.code: each for each in checklist(old, enterprise, held, on)}
    after = {each.code: each for each in checklist(new, enterprise, held, on)}
    worked_on = [each for each in before.values() if _worked_on(each)]
    return ChecklistChange(
        kept=tuple(_line(each) for each in worked_on if _asked(after.get(each.code))),
        dropped=tuple(
            _line(each, _why_dropped(after.get(each.code)))
            for each in worked_on
            if not _asked(after.get(each.code))
        ),
        newly_required=tuple(
            _line(each, _why_required(before.get(each.code)), before.get(each.code))
            for each in after.values()
            if _open_must(each) and not _required(before.get(each.code))
        ),
        no_longer_fits=tuple(_misfits(worked_on, after)),
    )


def _misfits(worked_on: Sequence[ItemStatus], after: dict[str, ItemStatus]) -> Iterable[ItemChange]:
    for each in worked_on:
        now = after.get(each.code)
        if now is not None and each.state in _DONE and _asked(now) and now.state not in _DONE:
            yield _line(each, now.because)


def _worked_on(status: ItemStatus) -> bool:
    return status.item is not None and status.item.state != "to do" and status.applies


def _asked(status: ItemStatus | None) -> bool:
    return status is not None and status.state is not ItemState.DOES_NOT_APPLY


def _required(status: ItemStatus | None) -> bool:
    return status is not None and status.must and status.state is not ItemState.DOES_NOT_APPLY


def _open_must(status: ItemStatus) -> bool:
    return _required(status) and status.state not in _DONE


def _why_dropped(status: ItemStatus | None) -> str:
    return "is not in the checklist any more" if status is None else "does not apply any more"


def _why_required(before: ItemStatus | None) -> str:
    if before is None:
        return "is new"
    if before.state is ItemState.DOES_NOT_APPLY:
        return "applies now"
    return "must be done now; it was advice before"


def _line(status: ItemStatus, why: str = "", before: ItemStatus | None = None) -> ItemChange:
    state = (before or status).state
    return ItemChange(code=status.code, title=status.rule.title, before=str(state), why=why)
