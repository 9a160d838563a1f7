"""The checklist as two people go through it at one screen: one question a page, in plain words.

Pure: takes the narrowed reader of one enterprise, gives frozen steps. Refuses remarks, reasons and
sources: what is here may be read by the person it is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from desktop.operations.errors import NothingWritten
from desktop.presenters import words
from forms.facts.casework import Action, Attachment, ChecklistItem, Signature
from forms.facts.people import Enterprise, Leader
from forms.rules.checklist import ItemState, ItemStatus, checklist, progress
from forms.rules.conditions import judge, names_in
from forms.rules.finding import Verdict
from forms.rules.pack import Pack, Question
from forms.rules.signatures import stroke_points
from forms.values import london_day

ANSWERS = (("done", "Yes, it is done"), ("doing", "I have made a start"), ("to do", "Not yet"))
YES_NO = (("yes", "Yes"), ("no", "No"))
_DONE = {ItemState.DONE, ItemState.VERIFIED, ItemState.NOT_NEEDED, ItemState.WAIVED}
_STATES = {
    ItemState.TO_DO: ("To do", "todo"),
    ItemState.DOING: ("Started", "doing"),
    ItemState.DONE: ("Done", "done"),
    ItemState.VERIFIED: ("Done and checked", "done"),
    ItemState.EXPIRED: ("Needs a new one", "warn"),
    ItemState.NOT_NEEDED: ("Not for you", "none"),
    ItemState.WAIVED: ("Not for you", "none"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A file that shows that something is done; told by kind and day, never by name."""

    id: str
    words: str  # "Photo, 20 Nov 2026"
    is_picture: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question: an item of the checklist, or a fact that decides which items there are."""

    key: str  # "item.C07" | "fact.drives"
    title: str  # short, for the list
    question: str
    why: str
    shows: str  # what shows that it is done; "" for a fact
    kind: str  # item | yes_no | whole | choice | choices
    value: str
    values: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    state_words: str
    look: str
    is_done: bool
    must: bool
    said_by: str
    papers: tuple[Paper, ...]
    promised: tuple[Promised, ...] = ()  # to do at home, or to bring

    @property
    def is_item(self) -> bool:
        """Whether it can be taken home or shown."""
        return self.kind == "item"

    @property
    def code(self) -> str:
        """C07, drives."""
        return self.key.partition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """Something the person takes home."""

    id: str
    text: str
    due_on: date | None

    @property
    def words(self) -> str:
        """With its day, as it is said."""
        return f"{self.text}, by {long_day(self.due_on)}" if self.due_on else self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class TogetherPicture:
    """Everything that may be seen of one person while the screen is turned."""

    name: str  # Mary Thorne
    first_name: str  # Mary
    done: int
    total: int
    questions: tuple[Step, ...]
    musts: tuple[Step, ...]
    others: tuple[Step, ...]
    promised: tuple[Promised, ...]
    signed: str  # "Signed by Mary Thorne at 14:32", or ""
    strokes: tuple[tuple[tuple[int, int], ...], ...]  # as drawn, in thousandths of the pad
    today: date

    @property
    def whose(self) -> str:
        """Mary's, or Your when there is no name yet."""
        return f"{self.first_name}'s" if self.first_name else "Your"

    @property
    def progress(self) -> str:
        """9 of 14 done."""
        return f"{self.done} of {self.total} done"

    def find(self, key: str) -> Step | None:
        """The step with this key."""
        every = (*self.questions, *self.musts, *self.others)
        return next((step for step in every if step.key == key), None)


def together_picture(
    reader: Any, pack: Pack, today: date, answered: frozenset[str] = frozenset()
) -> TogetherPicture:
    """The steps of the one enterprise that the reader knows. Raises NothingWritten if it is gone.

    `reader` is storage.one_case.Seen: it needs no id, and there is none to give. `answered` are the
    facts answered at this sitting: they stay in the list, so that an answer can be changed.
    """
    found = reader.all(Enterprise)
    if not found:
        raise NothingWritten("This record is no longer on this laptop.")
    enterprise = found[0]
    names = [leader.name for leader in reader.all(Leader) if leader.name.strip()]
    name = names[0] if names else enterprise.name
    statuses = checklist(pack, enterprise, reader.all(ChecklistItem), today)
    counted = progress(statuses)
    papers = {each.id: _paper(each) for each in reader.all(Attachment)}
    last = _last_signature(reader.all(Signature), today)
    promised = tuple(_promised(reader.all(Action)))
    steps = [_item(each, papers, promised) for each in statuses if _is_asked(each)]
    return TogetherPicture(
        name=name,
        first_name=(name.split() or [""])[0],
        done=counted.done,
        total=counted.total,
        questions=tuple(_questions(pack, enterprise, statuses, answered)),
        musts=tuple(step for step in steps if step.must),
        others=tuple(step for step in steps if not step.must),
        promised=promised,
        signed=_signed_words(last),
        strokes=tuple(tuple(stroke_points(each)) for each in last.strokes) if last else (),
        today=today,
    )


def _is_asked(status: ItemStatus) -> bool:
    return status.state not in (ItemState.DOES_NOT_APPLY, ItemState.NOT_ASKED)


def to_bring(title: str) -> str:
    """What is promised when the paper is at home."""
    return f"Bring what shows it: {title}"


def _item(status: ItemStatus, papers: dict[str, Paper], promised: Iterable[Promised]) -> Step:
    rule, item = status.rule, status.item
    of_it = (rule.title, to_bring(rule.title))
    said, look = _STATES[status.state]
    return Step(
        key=f"item.{rule.code}",
        title=rule.title,
        question=rule.ask or f"{rule.title}: is it done?",
        why=rule.ask_why or words.say_days(rule.plain),
        shows=rule.ask_shows or rule.evidence,
        kind="item",
        value=item.state if item is not None else "",
        values=(),
        choices=ANSWERS,
        state_words=said,
        look=look,
        is_done=status.state in _DONE,
        must=status.must,
        said_by=item.said_by if item is not None else "",
        papers=tuple(papers[one] for one in (item.files if item else ()) if one in papers),
        promised=tuple(each for each in promised if each.text in of_it),
    )


def _questions(
    pack: Pack, enterprise: Enterprise, statuses: Iterable[ItemStatus], answered: frozenset[str]
) -> Iterable[Step]:
    statuses = tuple(statuses)
    missing = frozenset().union(*(status.missing for status in statuses))
    waits = _waiting(pack, missing)
    for question in pack.checklist_facts:
        if question.id in answered or question.id in missing - waits:
            yield _fact(question, enterprise.facts.get(question.id))


def _waiting(pack: Pack, missing: frozenset[str]) -> frozenset[str]:
    """Missing answers that no item asks for if an earlier question, missing too, is a no.

    Is the food regular? Nobody need say before it is known that there is food.
    """
    asked = [each for each in pack.checklist_facts if each.id in missing]
    return frozenset(
        later.id
        for number, later in enumerate(asked)
        if any(
            each.kind == "yes_no" and _is_nothing_without(pack, later.id, each.id)
            for each in asked[:number]
        )
    )


def _is_nothing_without(pack: Pack, name: str, other: str) -> bool:
    """Whether every item that looks at `name` is out of the question where `other` is a no."""
    looks = [
        rule.applies_when
        for rule in pack.checklist
        if name in names_in(rule.applies_when) | names_in(rule.must_when or "never")
    ]
    return all(judge(each, {other: False}).verdict is Verdict.UNMET for each in looks)


def _fact(question: Question, value: object) -> Step:
    kind = {"integer": "whole", "yes_no": "yes_no", "choices": "choices"}.get(
        question.kind, "choice"
    )
    many = tuple(str(each) for each in value) if isinstance(value, list | tuple) else ()
    text = ""
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif value is not None and not many:
        text = str(value)
    answered = value is not None
    return Step(
        key=f"fact.{question.id}",
        title=question.text,
        question=question.text,
        why="Your answer tells us which steps are for you.",
        shows="",
        kind=kind,
        value=text,
        values=many,
        choices=tuple(question.choices) or YES_NO,
        state_words="Answered" if answered else "To answer",
        look="done" if answered else "info",
        is_done=answered,
        must=True,
        said_by="",
        papers=(),
    )


def _paper(file: Attachment) -> Paper:
    picture = file.mime.startswith("image/")
    kind = "Photo" if picture else "Paper"
    return Paper(id=file.id, words=f"{kind}, {words.day(file.added_on)}", is_picture=picture)


def _promised(actions: Iterable[Action]) -> Iterable[Promised]:
    still = [each for each in actions if each.done_on is None]
    for each in sorted(still, key=lambda a: (a.due_on or date.max, a.id)):
        yield Promised(id=each.id, text=each.text, due_on=each.due_on)


def _last_signature(signatures: Iterable[Signature], today: date) -> Signature | None:
    """The newest of today; the others stay in the records."""
    own = [
        (each.signed_at, each.id, each)
        for each in signatures
        if each.signed_at is not None
        and each.about == "visit"
        and london_day(each.signed_at) == today
    ]
    return max(own)[2] if own else None


def _signed_words(last: Signature | None) -> str:
    if last is None or last.signed_at is None:
        return ""
    return f"Signed by {last.name} at {words.clock_time(last.signed_at)}."


def long_day(day: date | None) -> str:
    """Friday 28 November."""
    return f"{day:%A} {day.day} {day:%B}" if day is not None else ""


def home_days(today: date) -> tuple[tuple[str, str], ...]:
    """Days to choose from, code and words: tomorrow, the end of the week, one and two weeks on."""
    friday = today + timedelta(days=(4 - today.weekday()) % 7 or 7)
    offered = (
        (today + timedelta(days=1), "Tomorrow"),
        (friday, "This week" if friday.isocalendar()[1] == today.isocalendar()[1] else "Next week"),
        (today + timedelta(days=7), "In a week"),
        (today + timedelta(days=14), "In two weeks"),
        (today + timedelta(days=28), "In four weeks"),
    )
    seen: dict[date, str] = {}
    for day, said in offered:
        seen.setdefault(day, said)
    return tuple((day.isoformat(), _offer(said, day, today)) for day, said in seen.items())


def _offer(said: str, day: date, today: date) -> str:
    """With its weekday, unless that is the same as today's."""
    return f"{said}: {long_day(day).removeprefix(f'{today:%A} ')}"
