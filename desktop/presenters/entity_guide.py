"""The legal-entity guide: sixteen questions in four groups, forms ranked with reasons, a choice.

Answers are kept as a draft of this laptop until a choice is kept. The person decides; excluded
forms stay in the list with the reason. Refuses to keep a choice without "information, not advice".
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.answers import Choosing, decide_entity
from desktop.presenters import words
from desktop.presenters.people import Identity, identity
from desktop.presenters.saving import FieldSaver, ShowsFields, rest_of, unread
from forms.facts.casework import EntityDecision
from forms.facts.people import Enterprise
from forms.rules.legal_entity import Ranked, Ranking, changed_since, rank
from forms.rules.pack import Pack, Question

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.presenters.printing import Part

_GROUPS = (
    ("The people", ("Q1", "Q4", "Q8", "Q9", "Q15")),
    ("The money", ("Q2", "Q6", "Q10", "Q14", "Q16")),
    ("The work", ("Q3", "Q5", "Q7", "Q12")),
    ("Getting going", ("Q11", "Q13")),
)
YES_NO = (("yes", "Yes"), ("no", "No"))
NOT_KNOWN = "not_known"  # an answer like any other; no rule takes it for a yes or a no
SAID_NOT_KNOWN = "I do not know yet"


NO_ANSWER = "Answer the questions to see what fits."
NOTHING_YET = (
    "Your answers do not point to one kind of business yet. Every answer you can add helps."
)
NONE_FITS = "No kind of business fits these answers. Look at the reasons, and seek advice."


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One question of the guide."""

    id: str
    text: str
    why: str
    whole: bool
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """One page of questions."""

    title: str
    asks: tuple[Ask, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One legal form in the ranking."""

    code: str
    name: str
    points: str
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    why: tuple[str, ...]  # the same without their points
    why_not: tuple[str, ...]
    warnings: tuple[tuple[str, bool], ...]  # words, red
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the guide says so far."""

    headline: str
    top: tuple[Option, ...]
    others: tuple[str, ...]
    excluded: tuple[tuple[str, str], ...]
    seek_advice: tuple[str, ...]
    unanswered: tuple[str, ...]
    ask_next: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GuidePicture:
    """Who it is about, the pages, the forms, and what was chosen before."""

    identity: Identity
    groups: tuple[Group, ...]
    forms: tuple[tuple[str, str], ...]
    chosen_before: str
    changed_since: tuple[str, ...]  # what today's rules say otherwise to the answers of then
    answers: dict[str, str]
    employees: int | None


def groups(pack: Pack) -> tuple[Group, ...]:
    """The questions of the pack, a page a group; what no group names comes last."""
    known = {question.id: question for question in pack.entity_questions}
    placed = {each for _, ids in _GROUPS for each in ids}
    rest = tuple(each for each in known if each not in placed)
    out = []
    for title, ids in (*_GROUPS, ("Other", rest)):
        asks = tuple(_ask(known[each]) for each in ids if each in known)
        if asks:
            out.append(Group(title=title, asks=asks))
    return tuple(out)


def _ask(question: Question) -> Ask:
    whole = question.kind == "integer"
    choices = YES_NO if question.kind == "yes_no" else question.choices
    return Ask(
        id=question.id,
        text=question.text,
        why=question.why,
        whole=whole,
        choices=() if whole else (*choices, (NOT_KNOWN, SAID_NOT_KNOWN)),
    )


def guide_picture(reader: Any, pack: Pack, enterprise_id: str, today: date) -> GuidePicture | None:
    """The guide for one enterprise, with the last answers given."""
    enterprise = reader.get(Enterprise, enterprise_id)
    if enterprise is None:
        return None
    decisions = sorted(
        reader.all(EntityDecision, enterprise_id=enterprise_id),
        key=lambda each: (each.decided_on, each.id),
    )
    names = {each.code: each.name for each in pack.entity_forms}
    last = decisions[-1] if decisions else None
    before = ""
    if last is not None:
        name = names.get(last.chosen, last.chosen)
        before = f"Chosen on {words.day(last.decided_on)}: {name}. Why: {last.chosen_why}"
    return GuidePicture(
        identity=identity(reader, pack, enterprise, today),
        groups=groups(pack),
        forms=tuple(names.items()),
        chosen_before=before,
        changed_since=tuple(
            changed_since(pack, last, enterprise.employee_count) if last is not None else ()
        ),
        answers={key: _as_text(value) for key, value in (last.answers if last else {}).items()},
        employees=enterprise.employee_count,
    )


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def result(pack: Pack, ranking: Ranking, *, answered: int) -> Result:
    """A ranking in words."""
    texts = {each.id: each.text for each in pack.entity_questions}
    return Result(
        headline=_headline(ranking) if answered else NO_ANSWER,
        top=tuple(_option(each) for each in ranking.top),
        others=tuple(f"{each.form.name}: {each.score} points" for each in ranking.ranked[3:]),
        excluded=tuple(
            (each.form.name, " ".join(r.because for r in each.reasons)) for each in ranking.excluded
        ),
        seek_advice=tuple(each[:1].upper() + each[1:] for each in ranking.seek_advice),
        unanswered=tuple(texts.get(each, each) for each in ranking.open_questions),
        ask_next=texts.get(ranking.ask_next, ""),
    )


def _headline(ranking: Ranking) -> str:
    if not ranking.ranked:
        return NONE_FITS
    if not ranking.ranked[0].reasons_for:
        return NOTHING_YET
    first = ranking.ranked[0].form.name
    if ranking.tied:
        return f"{first} and {ranking.ranked[1].form.name} are close: look at both."
    if len(ranking.ranked) == 1:
        return f"{first} is the only kind that fits."
    ahead = words.counted(ranking.lead, "point")
    return f"{first} comes first, {ahead} ahead of {ranking.ranked[1].form.name}."


def _option(ranked: Ranked) -> Option:
    form = ranked.form
    facts = (
        ("People", form.people),
        ("Profit", form.profit),
        ("If it goes wrong", form.liability),
        ("Register with", form.register_with),
        ("Each year", form.yearly_work),
        ("Take care", form.caution),
    )
    return Option(
        code=form.code,
        name=form.name,
        points=words.counted(ranked.score, "point"),
        reasons_for=tuple(f"+{each.points}  {each.because}" for each in ranked.reasons_for),
        reasons_against=tuple(
            f"−{abs(each.points)}  {each.because}" for each in ranked.reasons_against
        ),
        why=tuple(each.because for each in ranked.reasons_for),
        why_not=tuple(each.because for each in ranked.reasons_against),
        warnings=tuple((each.because, each.red) for each in ranked.warnings),
        facts=tuple((head, words.say_unchecked(said)) for head, said in facts if said),
    )


HALF = "half"  # before the keys of numbers that are being typed


class GuideView(ShowsFields, Protocol):
    """What the presenter asks of the guide."""

    def show_guide(self, picture: GuidePicture, answers: dict[str, str]) -> None:
        """Show the pages with the answers so far."""
        ...

    def show_result(self, result: Result, answered: int, of: int) -> None:
        """Show what the answers come to."""
        ...

    def show_why(self, typed: str) -> None:
        """The person's own reason, as it was half typed."""
        ...

    def restore(self, question: str, typed: str) -> None:
        """A number as it was half typed."""
        ...

    def show_chosen(self, words: str) -> None:
        """The choice is kept."""
        ...

    def show_missing(self, words: str) -> None:
        """The record is not here."""
        ...


class GuidePresenter:
    """Asks, ranks at once, keeps the choice."""

    def __init__(self, context: Context, view: GuideView, enterprise_id: str) -> None:
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        self._answers: dict[str, str] = {}
        self._picture: GuidePicture | None = None
        self._ranking: Ranking | None = None
        self._saver = FieldSaver(context, view, f"entity_guide/{enterprise_id}")

    def load(self) -> None:
        """Read the enterprise, the last decision and the unfinished answers."""
        self._context.read(
            partial(
                guide_picture,
                pack=self._context.pack,
                enterprise_id=self._enterprise_id,
                today=self._context.today,
            ),
            owner=self._view,
            on_done=self._arrived,
            on_failed=unread(self._context, self._view.show_missing, self.load),
        )

    def answer(self, question: str, text: str) -> None:
        """One answer; the ranking follows at once."""
        ask = self._ask(question)
        try:
            if ask is not None and ask.whole and text != NOT_KNOWN:
                words.read_whole(text, least=1, most=500)
        except words.NotThat as error:
            self._view.field_failed(question, str(error))
            return
        if text.strip():
            self._answers[question] = text.strip()
        else:
            self._answers.pop(question, None)
        self._saver.drop_draft(f"{HALF}/{question}")
        self._saver.keep_draft("answers", json.dumps(self._answers))
        self._rank()

    def keep_half(self, question: str, typed: str) -> None:
        """A number while it is typed: no answer before its field is left."""
        self._saver.keep_draft(f"{HALF}/{question}", typed)

    def keep_why(self, typed: str) -> None:
        """The reason while it is typed: kept on this laptop until the choice is."""
        self._saver.keep_draft("why", typed, rest_of)

    @property
    def is_choosing(self) -> bool:
        """Whether the choice before is being written: what is typed meanwhile is not taken."""
        return self._saver.is_under_way("choice")

    def choose(self, code: str, why: str, *, information_not_advice: bool) -> None:
        """Keep what the person decided."""
        if self._ranking is None:
            return
        choosing = Choosing(
            answers=dict(self._answers),
            ruleset_version=self._ranking.ruleset_version,
            ranked=self._ranking.as_record(),
            chosen=code,
            chosen_why=why,
            advised_to_seek=self._ranking.seek_advice,
            information_not_advice=information_not_advice,
        )
        operation = partial(_decide, enterprise_id=self._enterprise_id, choosing=choosing)
        drops = (self._saver.draft("answers"), self._saver.draft("why"))
        chosen = partial(self._chosen, code)
        self._saver.commit("choice", operation, chosen, once=True, drops=drops)

    def paper(self) -> tuple[Part, ...]:
        """What is printed: what the answers come to, and the answers; () before they are read."""
        if self._picture is None or self._ranking is None:
            return ()
        from desktop.presenters.guide_paper import guide_parts  # only when asked for

        known = _known(self._answers)
        told = result(self._context.pack, self._ranking, answered=known)
        return guide_parts(self._picture, self._answers, told, self._ranking.ruleset_version)

    def open_enterprise(self) -> None:
        """Go back to the record."""
        self._context.open_route("enterprise", id=self._enterprise_id)

    def _ask(self, question: str) -> Ask | None:
        pages = self._picture.groups if self._picture else ()
        return next((a for page in pages for a in page.asks if a.id == question), None)

    def _arrived(self, picture: GuidePicture | None) -> None:
        if picture is None:
            self._view.show_missing("This record is not on this laptop.")
            return
        self._picture = picture
        self._answers = dict(picture.answers)
        self._view.show_guide(picture, self._answers)
        self._rank()
        self._saver.read_draft("answers", self._restore)
        self._saver.read_draft("why", self._view.show_why)
        numbers = [f"{HALF}/{a.id}" for page in picture.groups for a in page.asks if a.whole]
        self._saver.read_drafts(numbers, self._give_back)

    def _give_back(self, key: str, typed: str) -> None:
        self._view.restore(key.removeprefix(f"{HALF}/"), typed)

    def _restore(self, text: str) -> None:
        if self._picture is not None:
            kept = json.loads(text)
            self._answers = {str(key): str(value) for key, value in kept.items()}
            self._view.show_guide(self._picture, self._answers)
            self._rank()

    def _rank(self) -> None:
        if self._picture is None:
            return
        pack = self._context.pack
        self._ranking = rank(pack, self._answers, self._picture.employees)
        asked = sum(len(page.asks) for page in self._picture.groups)
        told = result(pack, self._ranking, answered=_known(self._answers))
        self._view.show_result(told, len(self._answers), asked)

    def _chosen(self, code: str, _decision_id: object) -> None:
        names = dict(self._picture.forms) if self._picture else {}
        self._view.show_chosen(f"Kept: {names.get(code, code)}. The checklist follows the choice.")


def _known(answers: dict[str, str]) -> int:
    return sum(said != NOT_KNOWN for said in answers.values())


def _decide(writing: Any, *, enterprise_id: str, choosing: Choosing) -> str:
    return decide_entity(writing, enterprise_id, choosing)
