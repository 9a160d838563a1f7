"""The legal-entity guide: forms ranked with reasons for and against. Information, not advice.

Every rule of the pack is looked at; a rule whose answers are missing is left out and named. The
person decides. Refuses to hide a form that scored: excluded ones are listed with the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from forms.facts.casework import EntityDecision
from forms.rules import conditions
from forms.rules.finding import Verdict
from forms.rules.pack import EntityForm, EntityRule, Pack, Question

SHOWN = 3
TIE = 1  # points

_WORDS = {"yes": True, "no": False}
_RULE = re.compile(r"([A-Z]+\d+[a-z]?): ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why a rule speaks for or against a form."""

    rule: str
    points: int
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A warning beside a form. `red` means: stop and ask first."""

    rule: str
    because: str
    red: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """One form in the ranking."""

    form: EntityForm
    score: int
    reasons_for: tuple[Reason, ...]
    reasons_against: tuple[Reason, ...]
    warnings: tuple[Warned, ...]

    @property
    def code(self) -> str:
        """SOLE, CICG ..."""
        return self.form.code

    @property
    def red(self) -> bool:
        """Whether a check has to come first."""
        return any(warning.red for warning in self.warnings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A form that cannot be, and every reason."""

    form: EntityForm
    reasons: tuple[Reason, ...]

    @property
    def code(self) -> str:
        """SOLE, CICG ..."""
        return self.form.code


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """What the guide says: the best three, all the rest, and what would tell them apart."""

    ruleset_version: str
    ranked: tuple[Ranked, ...]  # every form that can be, best first
    excluded: tuple[Excluded, ...]
    seek_advice: tuple[str, ...]
    open_questions: tuple[str, ...]  # not answered, and some rule asks for them
    ask_next: str = ""  # E22: the question that tells the first two apart

    @property
    def top(self) -> tuple[Ranked, ...]:
        """The three to show."""
        return self.ranked[:SHOWN]

    @property
    def lead(self) -> int:
        """Points between the first and the second; 0 when there is no second."""
        return self.ranked[0].score - self.ranked[1].score if len(self.ranked) > 1 else 0

    @property
    def tied(self) -> bool:
        """Whether the first two are within one point."""
        return len(self.ranked) > 1 and self.lead <= TIE

    def find(self, code: str) -> Ranked | None:
        """A form's place in the ranking, or None when it is excluded."""
        return next((one for one in self.ranked if one.code == code), None)

    def as_record(self) -> dict[str, object]:
        """The ranking as `EntityDecision.ranked` keeps it."""
        return {
            one.code: {
                "score": one.score,
                "reasons": [f"{r.rule}: {r.because}" for r in one.reasons_for],
                "against": [f"{r.rule}: {r.because}" for r in one.reasons_against],
                "warnings": [f"{w.rule}: {w.because}" for w in one.warnings],
            }
            for one in self.ranked
        }


def rank(pack: Pack, answers: Mapping[str, object], employees: int | None = None) -> Ranking:
    """Every form scored by the pack's rules from answers Q1 to Q16."""
    facts = _facts(pack, answers, employees)
    judged = [(rule, conditions.judge(rule.when, facts)) for rule in pack.entity_rules]
    held = [rule for rule, result in judged if result.verdict is Verdict.MET]
    missing = frozenset().union(*(result.missing for _, result in judged))
    asked = [question.id for question in pack.entity_questions]
    ranked, excluded = [], []
    for form in pack.entity_forms:
        out = tuple(
            Reason(rule=rule.id, points=0, because=rule.reason)
            for rule in held
            if form.code in rule.excludes
        )
        if out:
            excluded.append(Excluded(form=form, reasons=out))
        else:
            ranked.append(_score(form, held))
    # the pack's own order settles equal scores, so the same answers always give the same list
    ranked.sort(key=lambda one: -one.score)
    ranking = Ranking(
        ruleset_version=pack.entity_ruleset_version,
        ranked=tuple(ranked),
        excluded=tuple(excluded),
        seek_advice=_advice(pack, held, ranked),
        open_questions=tuple(q for q in asked if q in missing),
    )
    if not ranking.tied:
        return ranking
    question = _separates(pack, ranking, facts)
    return Ranking(
        ruleset_version=ranking.ruleset_version,
        ranked=ranking.ranked,
        excluded=ranking.excluded,
        seek_advice=ranking.seek_advice,
        open_questions=ranking.open_questions,
        ask_next=question,
    )


def changed_since(pack: Pack, kept: EntityDecision, employees: int | None = None) -> list[str]:
    """What today's rules say otherwise to the answers of a kept decision; empty when nothing.

    Compares points and which rules speak, by their ids: a rule said in other words is the same
    advice. Decides nothing: a choice stays.
    """
    now = rank(pack, kept.answers, employees).as_record()
    found: list[str] = []
    for form in pack.entity_forms:
        found += _form_since(form, _part(kept.ranked, form.code), _part(now, form.code))
    if found and kept.ruleset_version != pack.entity_ruleset_version:
        found.insert(
            0,
            f"The rules were {kept.ruleset_version or 'not written down'} then and are "
            f"{pack.entity_ruleset_version} now.",
        )
    return found


def _part(ranked: Mapping[str, object], code: str) -> dict[str, Any] | None:
    part = ranked.get(code)
    return dict(part) if isinstance(part, Mapping) else None


def _form_since(
    form: EntityForm, then: dict[str, Any] | None, now: dict[str, Any] | None
) -> list[str]:
    if then is None and now is None:
        return []
    if now is None:
        return [f"{form.name} could be chosen then; now a rule takes it out."]
    if then is None:
        return [f"{form.name} was left out then; now it could be chosen."]
    found = []
    if then.get("score") != now["score"]:
        found.append(f"{form.name} had {then.get('score')} points then and has {now['score']} now.")
    for part, words in (("reasons", "for"), ("against", "against"), ("warnings", "a warning for")):
        if not isinstance(then.get(part, ()), list | tuple):
            continue  # a result of before reasons were kept
        after = _by_rule(now[part])
        before = _by_rule(then.get(part, ()), {said: rule for rule, said in after.items()})
        new = [said for rule, said in after.items() if rule not in before]
        gone = [said for rule, said in before.items() if rule not in after]
        found += [f"New, {words} {form.name}: {said}" for said in sorted(new)]
        found += [f"No longer said, {words} {form.name}: {said}" for said in sorted(gone)]
    return found


def _by_rule(reasons: Iterable[object], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Kept reasons by the id of their rule: `E01: One person who …` is E01 with its words.

    One that was kept without an id is told by its words, as far as `known` has them.
    """
    found = {}
    for said in reasons:
        if isinstance(said, str):
            named = _RULE.match(said)
            words = said[named.end() :] if named else said
            found[named[1] if named else (known or {}).get(words, words)] = words
    return found


def _facts(pack: Pack, answers: Mapping[str, object], employees: int | None) -> dict[str, Any]:
    questions = {question.id: question for question in pack.entity_questions}
    facts: dict[str, Any] = {}
    for name, said in answers.items():
        answer = _answer(questions.get(name), said)
        if answer is not None:
            facts[name] = answer
    if employees is not None:
        facts["employees_at_limit"] = employees >= pack.employee_limit
    return facts


def _answer(question: Question | None, said: object) -> object:
    """An answer as a fact; None when it is none, or not one that the question can have."""
    if question is None:
        return None
    if question.kind == "yes_no":
        return said if isinstance(said, bool) else _WORDS.get(str(said).casefold())
    if question.kind == "integer":
        if isinstance(said, str) and said.isascii() and said.isdecimal() and len(said) < 9:
            return int(said)
        return said if isinstance(said, int) and not isinstance(said, bool) else None
    return said if said in [value for value, _ in question.choices] else None


def _score(form: EntityForm, held: list[EntityRule]) -> Ranked:
    reasons = [
        Reason(rule=rule.id, points=rule.scores[form.code], because=rule.reason)
        for rule in held
        if rule.scores.get(form.code)
    ]
    warnings = tuple(
        Warned(rule=rule.id, because=rule.reason, red=rule.severity == "W-RED")
        for rule in held
        if form.code in rule.warns
    )
    return Ranked(
        form=form,
        score=sum(reason.points for reason in reasons),
        reasons_for=tuple(r for r in reasons if r.points > 0),
        reasons_against=tuple(r for r in reasons if r.points < 0),
        warnings=warnings,
    )


def _advice(pack: Pack, held: list[EntityRule], ranked: list[Ranked]) -> tuple[str, ...]:
    shown = {one.code for one in ranked[:SHOWN]}
    codes = {form.code for form in pack.entity_forms}
    wanted: dict[str, None] = {}
    for rule in held:
        about = set(rule.scores) | set(rule.warns) | set(rule.excludes)
        if about & shown or not about & codes:
            wanted |= dict.fromkeys(rule.advise)
    return tuple(wanted)


def _separates(pack: Pack, ranking: Ranking, facts: Mapping[str, object]) -> str:
    """The question whose rule pulls the first two furthest apart; unanswered ones first."""
    first, second = ranking.ranked[0].code, ranking.ranked[1].code
    best: tuple[int, int, int, str] | None = None
    order = {question.id: at for at, question in enumerate(pack.entity_questions)}
    for rule in pack.entity_rules:
        gap = abs(rule.scores.get(first, 0) - rule.scores.get(second, 0))
        gap += 10 * ((first in rule.excludes) != (second in rule.excludes))
        if not gap:
            continue
        for name in conditions.names_in(rule.when) & set(order):
            found = (int(name in facts), -gap, order[name], name)
            best = found if best is None else min(best, found)
    return best[3] if best else ""
