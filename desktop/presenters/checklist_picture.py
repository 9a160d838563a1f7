"""The checklist of an enterprise in words: each row with why it applies and how far it is.

Pure: takes records, gives frozen rows. Refuses to decide what applies: the rules do.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from desktop.operations.errors import NothingWritten
from desktop.presenters import words
from desktop.presenters.people import Names, identity
from forms.facts.casework import Attachment, ChecklistItem
from forms.facts.people import Enterprise
from forms.rules import conditions
from forms.rules.checklist import ItemState, ItemStatus, checklist, condition_facts, progress
from forms.rules.pack import ChecklistRule, Pack
from forms.rules.sources import Cited, cited
from forms.values import Actor

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
STATE_WORDS = {
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
class ReadIn:
    """A page or paper in which an item was read."""

    name: str
    line: str  # its name, its address and the day, as far as they are known
    page: str = ""
    site_only: bool = False  # `page` is the front page of its site


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
    authority: str  # who asks for it
    sources: tuple[ReadIn, ...]  # where that was read
    evidence_asked: str
    cost: str
    reason: str
    approver: str
    said_by: str
    evidence_ref: str
    evidence_on: date | None
    expires_on: date | None
    runs_out: str
    ends_by: date | None  # the day in these words
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

    who: str  # whose it is
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
        who=identity(reader, pack, enterprise, today).title,
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
    shown, look = STATE_WORDS[status.state]
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
        authority=rule.authority,
        sources=tuple(_read_in(each) for each in cited(pack, rule.source)),
        evidence_asked=rule.evidence,
        cost=words.say_unchecked(rule.cost),
        reason=item.reason,
        approver=names.who(item.approver_id),
        said_by=item.said_by,
        evidence_ref=item.evidence_ref,
        evidence_on=item.evidence_on,
        expires_on=item.expires_on,
        runs_out=_runs_out(status),
        ends_by=_ends_by(status),
        note=item.note,
        checked=checked,
        files=tuple(paper for paper in papers if paper.id in item.files),
        section=section_of(status),
    )


def _read_in(source: Cited) -> ReadIn:
    read = f"read on {words.day(source.read_on)}" if source.read_on else ""
    page = source.page.removeprefix("https://").rstrip("/")
    if source.site_only:
        page = f"a page on {page} whose address was not kept"
    line = ", ".join(each for each in (source.words, page, read) if each)
    return ReadIn(name=source.words, line=line, page=source.page, site_only=source.site_only)


def section_of(status: ItemStatus) -> str:
    """Which list of the page an item is in: open, done or questions."""
    if status.state is ItemState.NOT_ASKED:
        return "questions"
    return "done" if status.state in _DONE else "open"


def _runs_out(status: ItemStatus) -> str:
    if status.expires_on is None or status.days_left is None:
        return f"By {words.day(status.due_on)}" if status.due_on and _is_open(status) else ""
    if status.days_left < 0:
        return f"Ran out {words.day(status.expires_on)}"
    return words.day(status.expires_on)


def _ends_by(status: ItemStatus) -> date | None:
    if status.expires_on is None or status.days_left is None:
        return status.due_on if _is_open(status) else None
    return status.expires_on


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
