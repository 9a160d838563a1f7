"""The set-up checklist of an enterprise: rows in plain words, why each applies, how far it is.

The rules say which items apply and what state they are in; this says it to people. Refuses
"not needed" and "waived" without a reason, and a check by the coach's own hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.answers import set_item, verify_item
from desktop.operations.errors import NothingWritten
from desktop.presenters import words
from desktop.presenters.people import Names
from desktop.presenters.saving import FieldSaver, ShowsFields, when_seen
from forms.facts.casework import Attachment, ChecklistItem
from forms.facts.people import Enterprise
from forms.rules import conditions
from forms.rules.checklist import ItemState, ItemStatus, checklist, condition_facts, progress
from forms.rules.pack import ChecklistRule, Pack
from forms.values import Actor, london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context

STATE_CHOICES = (
    ("to do", "To do"),
    ("doing", "Doing"),
    ("done", "Done"),
    ("not needed", "Not needed"),
    ("waived", "Waived"),
)
SAID_CHOICES = (("told us", "Told us"), ("saw it", "We saw it"), ("document", "Document attached"))
SHOWN = (
    ("open", "Still to do"),
    ("all", "All that apply"),
    ("done", "Done"),
    ("questions", "Answer needed"),
)
_STATE_WORDS = {
    ItemState.NOT_ASKED: ("Answer needed", "info"),
    ItemState.TO_DO: ("To do", "todo"),
    ItemState.DOING: ("Doing", "doing"),
    ItemState.DONE: ("Done, not checked", "waiting"),
    ItemState.VERIFIED: ("Checked", "done"),
    ItemState.EXPIRED: ("Ran out", "warn"),
    ItemState.NOT_NEEDED: ("Not needed", "none"),
    ItemState.WAIVED: ("Waived", "none"),
}
_LEVEL_WORDS = {"M": "The law asks", "P": "The programme asks", "A": "Advised", "n": "Good to know"}
_OPEN = {ItemState.TO_DO, ItemState.DOING, ItemState.EXPIRED}
_DONE = {ItemState.DONE, ItemState.VERIFIED, ItemState.NOT_NEEDED, ItemState.WAIVED}
_WORKED_OUT = {
    "ent": "Legal form",
    "emp": "People employed",
    "svc": "Services",
    "pa": "Personal assistant",
    "income_over_mtd": "Income over the limit for quarterly updates",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file that can be evidence."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One item of the checklist."""

    id: str  # the item's code
    title: str
    plain: str
    group: str
    level: str
    must: bool
    state: str  # as set by a person
    state_words: str
    look: str
    because: str
    why: str
    source: str
    evidence_asked: str
    cost: str
    reason: str
    approver: str
    said_by: str
    evidence_ref: str
    evidence_on: date | None
    expires_on: date | None
    runs_out: str
    note: str
    checked: str
    files: tuple[Paper, ...]
    section: str  # open | done | questions

    @property
    def spoken(self) -> str:
        """The row as one sentence."""
        return f"{self.title}: {self.state_words}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChecklistPicture:
    """The whole checklist with its progress."""

    rows: tuple[Row, ...]
    progress: str  # "9 of 14"
    done: int
    total: int
    questions: int
    papers: tuple[Paper, ...]
    may_check: bool  # this person is not the coach of the case


def checklist_picture(
    reader: Any, pack: Pack, actor: Actor, enterprise_id: str, today: date
) -> ChecklistPicture:
    """The checklist of one enterprise on a day."""
    enterprise = reader.get(Enterprise, enterprise_id)
    if enterprise is None:
        raise NothingWritten("This record is no longer on this laptop.")
    items = reader.all(ChecklistItem, enterprise_id=enterprise_id)
    statuses = checklist(pack, enterprise, items, today)
    counted = progress(statuses)
    papers = tuple(
        Paper(id=each.id, name=each.name or "No name")
        for each in reader.all(Attachment, enterprise_id=enterprise_id)
    )
    facts = condition_facts(pack, enterprise, today)
    names = Names(reader, actor)
    rows = tuple(
        _row(status, pack, facts, names, papers)
        for status in statuses
        if status.state is not ItemState.DOES_NOT_APPLY
    )
    return ChecklistPicture(
        rows=rows,
        progress=str(counted),
        done=counted.done,
        total=counted.total,
        questions=counted.questions,
        papers=papers,
        may_check=enterprise.coach_id != actor.id,
    )


def _row(
    status: ItemStatus,
    pack: Pack,
    facts: dict[str, object],
    names: Names,
    papers: tuple[Paper, ...],
) -> Row:
    rule = status.rule
    item = status.item or ChecklistItem(id="", enterprise_id="", code=rule.code)
    shown, look = _STATE_WORDS[status.state]
    checked = ""
    if item.checked_by_id:
        checked = f"Checked by {names.who(item.checked_by_id)} on {words.day(item.checked_on)}"
    return Row(
        id=rule.code,
        title=rule.title,
        plain=words.say_days(rule.plain),
        group=rule.group,
        level=_LEVEL_WORDS.get(rule.level[:1], ""),
        must=status.must,
        state=item.state,
        state_words=shown,
        look=look,
        because=words.say_days(_plain_missing(status, pack)),
        why=why_it_applies(rule, pack, facts),
        source=f"{rule.authority}. Source: {rule.source}" if rule.authority else rule.source,
        evidence_asked=rule.evidence,
        cost=rule.cost,
        reason=item.reason,
        approver=names.who(item.approver_id),
        said_by=item.said_by,
        evidence_ref=item.evidence_ref,
        evidence_on=item.evidence_on,
        expires_on=item.expires_on,
        runs_out=_runs_out(status),
        note=item.note,
        checked=checked,
        files=tuple(paper for paper in papers if paper.id in item.files),
        section=_section(status),
    )


def _section(status: ItemStatus) -> str:
    if status.state is ItemState.NOT_ASKED:
        return "questions"
    return "done" if status.state in _DONE else "open"


def _runs_out(status: ItemStatus) -> str:
    if status.expires_on is None or status.days_left is None:
        return f"By {words.day(status.due_on)}" if status.due_on and _is_open(status) else ""
    if status.days_left < 0:
        return f"Ran out {words.day(status.expires_on)}"
    return words.day(status.expires_on)


def _is_open(status: ItemStatus) -> bool:
    return status.state in _OPEN


def _plain_missing(status: ItemStatus, pack: Pack) -> str:
    if status.state is not ItemState.NOT_ASKED:
        return status.because
    asked = "; ".join(sorted(fact_words(name, pack) for name in status.missing))
    return f"Not known yet if this applies. Answer on the overview: {asked}"


def say_missing(said: str, pack: Pack) -> str:
    """A rule's words with the names of missing facts as the questions behind them."""
    head, found, names = said.partition("an answer that is missing: ")
    if not found:
        return said
    asked = [fact_words(each.strip(" ."), pack) for each in names.split(",")]
    return f"{head}an answer: {' '.join(asked)}"


def fact_words(name: str, pack: Pack) -> str:
    """The question behind a fact."""
    question = next((q for q in pack.checklist_facts if q.id == name), None)
    return question.text if question else _WORKED_OUT.get(name, name)


def why_it_applies(rule: ChecklistRule, pack: Pack, facts: dict[str, object]) -> str:
    """The facts that call for an item, in words."""
    known = [n for n in sorted(conditions.names_in(rule.applies_when)) if n in facts]
    if not known:
        return "Asked of everyone." if rule.applies_when == "always" else ""
    said = [f"{fact_words(n, pack)} {_answer(n, facts[n], pack)}" for n in known]
    return "Because: " + "; ".join(each.replace("? ", ": ") for each in said)


def _answer(name: str, value: object, pack: Pack) -> str:
    labels = answer_labels(name, pack)
    if isinstance(value, list | tuple):
        return ", ".join(labels.get(str(each), str(each)).lower() for each in value) or "none"
    return labels.get(str(value), words.plain(value))


def answer_labels(name: str, pack: Pack) -> dict[str, str]:
    """Code → words for the answers to a fact."""
    if name == "svc":
        return {each.code: each.label for each in pack.service_types}
    if name == "ent":
        return {each.code: each.name for each in pack.entity_forms}
    question = next((q for q in pack.checklist_facts if q.id == name), None)
    return dict(question.choices) if question else {}


class ChecklistView(ShowsFields, Protocol):
    """What the presenter asks of the checklist page."""

    def show_checklist(self, picture: ChecklistPicture, rows: tuple[Row, ...]) -> None:
        """Show these rows of the picture."""
        ...

    def show_section(self, section: str) -> None:
        """The filter that holds now."""
        ...

    def show_item(self, row: Row) -> None:
        """Show one item in full."""
        ...

    def restore(self, field: str, text: str) -> None:
        """Give half-typed text back to a field of the item."""
        ...

    def ask_reason(self, state: str) -> None:
        """A reason is needed before the state can be set."""
        ...


class ChecklistPresenter:
    """Reads the checklist, filters it, writes what is set."""

    def __init__(self, context: Context, view: ChecklistView, enterprise_id: str) -> None:
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        self._picture: ChecklistPicture | None = None
        self._shown = "open"
        self._code = ""
        self._wanted_state = ""
        self._saver = FieldSaver(context, view, f"checklist/{enterprise_id}")
        context.broadcast.listen(
            view, self._hear, "checklist_item", "enterprise", "attachment", "colleague"
        )

    def load(self) -> None:
        """Read everything again."""
        today = london_day(self._context.clock.now())
        self._context.read(
            partial(
                checklist_picture,
                pack=self._context.pack,
                actor=self._context.actor,
                enterprise_id=self._enterprise_id,
                today=today,
            ),
            owner=self._view,
            on_done=self._arrived,
        )

    def show(self, section: str) -> None:
        """Filter: open, all, done or questions."""
        self._shown = section
        self._show()

    def choose(self, code: str) -> None:
        """Look at one item, with what was half typed there."""
        fresh = code != self._code
        self._code, self._wanted_state = code, ""
        self._show_item()
        if fresh:
            keys = [f"{code}/{field}" for field in ("note", "evidence_ref", "reason")]
            self._saver.read_drafts(keys, self._restore)

    def _restore(self, key: str, text: str) -> None:
        code, _, field = key.partition("/")
        if code == self._code:
            self._view.restore(field, text)

    def set_state(self, state: str, reason: str) -> None:
        """Set the state; asks for a reason where one is needed."""
        if state in ("not needed", "waived") and not reason.strip():
            self._wanted_state = state
            self._view.ask_reason(state)
            return
        self._wanted_state = ""
        fields: dict[str, Any] = {"state": state}
        if state in ("not needed", "waived"):
            fields["reason"] = reason.strip()
        if state == "waived" and self._picture is not None and self._picture.may_check:
            fields["approver_id"] = self._context.actor.id
        self._write("state", fields, undo=True)

    def set_reason(self, reason: str) -> None:
        """The reason, together with the state that waited for it."""
        if self._wanted_state:
            self.set_state(self._wanted_state, reason)
        else:
            self._write("reason", {"reason": reason.strip()})

    def set_text(self, field: str, text: str) -> None:
        """A text field: evidence reference, note, who said so."""
        self._write(field, {field: text.strip()})

    def set_day(self, field: str, text: str) -> None:
        """A day field."""
        try:
            value = words.read_day(text)
        except words.NotThat as error:
            self._view.field_failed(field, str(error))
            return
        self._write(field, {field: value})

    def attach(self, paper_id: str) -> None:
        """Name a file as evidence."""
        row = self._row(self._code)
        if row is not None and paper_id:
            files = tuple(dict.fromkeys([*(paper.id for paper in row.files), paper_id]))
            self._write("files", {"files": files})

    def verify(self) -> None:
        """A second person has looked at it."""
        operation = partial(_verify, enterprise_id=self._enterprise_id, code=self._code)
        self._saver.commit("verify", operation)

    def keep_draft(self, field: str, text: str) -> None:
        """Keep half-typed text."""
        self._saver.keep_draft(f"{self._code}/{field}", text)

    def _write(self, key: str, fields: dict[str, Any], *, undo: bool = False) -> None:
        before = self._row(self._code)
        operation = partial(_set, enterprise_id=self._enterprise_id, code=self._code, fields=fields)
        offered = before if undo else None
        self._saver.commit(key, operation, partial(self._written, f"{self._code}/{key}", offered))

    def _written(self, draft: str, before: Row | None, _result: object) -> None:
        self._saver.drop_draft(draft)
        if before is not None:
            self._offer_undo(before)

    def _offer_undo(self, before: Row) -> None:
        fields = {"state": before.state, "reason": before.reason}
        operation = partial(_set, enterprise_id=self._enterprise_id, code=before.id, fields=fields)
        self._context.tell.offer_undo(
            f"“{before.title}” changed", partial(self._saver.commit, "state", operation)
        )

    def _row(self, code: str) -> Row | None:
        rows = self._picture.rows if self._picture else ()
        return next((row for row in rows if row.id == code), None)

    def _arrived(self, picture: ChecklistPicture) -> None:
        first = self._picture is None
        self._picture = picture
        if first and not any(row.section == "open" for row in picture.rows):
            self._shown = "all"
            self._view.show_section("all")
        self._show()
        self._show_item()

    def _show(self) -> None:
        if self._picture is not None:
            rows = self._picture.rows
            if self._shown == "all":
                rows = tuple(row for row in rows if row.section != "questions")
            else:
                rows = tuple(row for row in rows if row.section == self._shown)
            self._view.show_checklist(self._picture, rows)

    def _show_item(self) -> None:
        row = self._row(self._code)
        if row is not None:
            self._view.show_item(row)

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


def _set(writing: Any, *, enterprise_id: str, code: str, fields: dict[str, Any]) -> str:
    return set_item(writing, enterprise_id, code, **fields)


def _verify(writing: Any, *, enterprise_id: str, code: str) -> None:
    verify_item(writing, enterprise_id, code)
