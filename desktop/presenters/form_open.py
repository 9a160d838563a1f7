"""One form that is open: its session, what it was opened from, what its record is called.

Reads typed words into answers and draws pages. Refuses to write anything and to talk to a screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from desktop.operations.form_filling import FAULT, Filled, Opened, Said
from desktop.presenters.form_drawn import (
    Drawing,
    FormPage,
    page_of,
    problem_words,
    touches,
    when_of,
)
from desktop.presenters.words import NotThat
from forms.engine.checklist_view import expiries
from forms.values import new_id

if TYPE_CHECKING:
    from forms.engine.changes import ChangeSet
    from forms.engine.session import FormSession

NOT_TYPED = frozenset({"note", "group", "instance", "repeat", "acknowledge", "file", "rank"})


def fresh_or_kept(opened: Opened, enterprise_id: str) -> Filled:
    """What the record of this form is called: that of the kept one, or a new one's name."""
    kept = opened.response
    return Filled(
        response_id=kept.id if kept is not None else new_id(),
        form_id=opened.form.form_id if kept is None else kept.form_id,
        form_version=opened.form.version,
        enterprise_id=enterprise_id if kept is None else kept.enterprise_id,
        instance_xml=opened.instance_xml,
    )


@dataclass(slots=True, kw_only=True)
class OpenForm:
    """`begun` names the record, from the first answer on."""

    session: FormSession
    opened: Opened
    begun: Filled
    typed: dict[str, str] = field(default_factory=dict)  # what is no answer stays, by ref
    pages: list[FormPage] = field(default_factory=list)  # as they were drawn last

    @property
    def is_final(self) -> bool:
        """Whether it is only to be read."""
        kept = self.opened.response
        return kept is not None and kept.state != "draft" and not self.begun.supersedes

    @property
    def revised(self) -> str:
        """The finished response that this one takes the place of; "" for none."""
        kept = self.opened.response
        return self.begun.supersedes or (kept.supersedes if kept is not None else "")

    @property
    def typed_refs(self) -> tuple[str, ...]:
        """The questions in which somebody may have been typing when the laptop went off."""
        found: list[str] = []
        waiting = list(self.session.root.nodes)
        while waiting:
            node = waiting.pop()
            waiting += node.nodes
            if not node.nodes and node.kind not in NOT_TYPED and not node.readonly:
                found.append(node.ref)
        return tuple(found)

    def answer(self, ref: str, value: str, now: datetime) -> ChangeSet:
        """Typed days and times by the one rule of the desktop; the rest by the form."""
        when = when_of(self.session.node(ref), now)
        if when is None:
            return self.session.answer(ref, value)
        try:
            meant = when.understood(value)
        except NotThat as wrong:
            return self.session.refuse(ref, str(wrong))
        return self.session.answer(ref, "" if meant is None else meant.kept)

    def filled(self, *, drop_hidden: bool = False) -> Filled:
        """The record as the sheet stands now."""
        xml = self.session.to_xml(drop_hidden=drop_hidden)
        return replace(self.begun, instance_xml=xml, ends=expiries(self.session))

    def faults(self, changes: ChangeSet) -> tuple[Said, ...]:
        """What the form could not work out: kept in the log beside the answer that led to it."""
        found = ((ref, self.session.node(ref)) for ref in changes.problems)
        return tuple(
            Said(ref=ref, before=node.value, after=f"{FAULT}{node.problem.message}")
            for ref, node in found
            if node.problem is not None and node.problem.code == "formula-fault"
        )

    def said(self, changes: ChangeSet) -> tuple[Said, ...]:
        """Every value that changed, for the log."""
        node = self.session.node
        return tuple(Said(ref=ref, before="", after=node(ref).value) for ref in changes.values)

    def draw(self, now: datetime) -> None:
        """Every page anew."""
        drawing = Drawing(now=now, typed=self.typed)
        self.pages = [page_of(each, drawing) for each in self.session.pages]

    def draw_again(self, refs: frozenset[str], now: datetime) -> None:
        """The pages that these refs are on."""
        drawing = Drawing(now=now, typed=self.typed)
        for number, page in enumerate(self.session.pages):
            if touches(self.pages[number], refs):
                self.pages[number] = page_of(page, drawing)

    def page_with(self, ref: str) -> int:
        """The number of the page a question is on; 0 when it is on none."""
        refs = frozenset((ref,))
        return next((n for n, page in enumerate(self.pages) if touches(page, refs)), 0)

    def words_of(self, problem: Any) -> str:
        """The words of a problem, as at its question."""
        label = self.session.node(problem.ref).label if problem.ref else ""
        return problem_words(label, problem.message)
