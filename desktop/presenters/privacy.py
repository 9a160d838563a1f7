"""Privacy: everything out, what is due to go, erasures asked for, receipts, the assessments.

One person asks for an erasure, another carries it out. Refuses to show names beside receipts: none
are kept there.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import consents, privacy
from desktop.presenters import words
from desktop.presenters.claims import who_of
from desktop.presenters.field_words import KIND_WORDS
from desktop.presenters.one_work import OneWork, WorkView
from desktop.presenters.people import whom_to_ask
from desktop.presenters.saving import Seen, unread, when_seen
from desktop.presenters.tries import Tries
from forms.facts.people import Dpia, Enquiry, Enterprise
from forms.rules.decisions import DECISIONS
from forms.values import london_day

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from desktop.broadcast import News
    from desktop.context import Context
    from storage.export import Exported

OUT = "everything out"
ACTS = {
    "dbs_details": "Keep number and date only",
    "consent_ended": "Remove it",
    "seed_claim": "Remove their words",
}
WISHES = {"enquiry_not_taken_up", "case_closed"}
STOPPED = "Stopped before the end. Nothing was left behind, and your records are as they were."
ASK_WORDS = "Ask for erasure"
ASKED_WORDS = "asked for; it goes out with the next exchange"
RULE_WORDS = {
    "enquiry_not_taken_up": "Enquiry that went no further",
    "case_closed": "Closed case",
    "seed_claim": "Seed claim",
    "dbs_details": "Details of a DBS certificate",
    "consent_ended": "Consent that was taken back",
    "safeguarding": "Safeguarding concern",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLine:
    """One record that was kept long enough."""

    id: str
    rule: str
    what: str
    who: str
    since: str
    due: str
    since_on: date
    due_on: date
    action: str
    basis: str
    act: str  # words of the button that does it, "" when only people can
    record_id: str
    enterprise_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """Somebody's erasure was asked for and waits for a second person."""

    id: str
    who: str
    since: str
    by: str
    may: bool  # this person may carry it out
    why_not: str
    asked_by: str
    coach: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPicture:
    """Everything on the page."""

    due: tuple[DueLine, ...]
    schedule: tuple[tuple[str, str, str], ...]  # what, how long, from when
    wishes: tuple[Wish, ...]
    asked: tuple[str, ...]  # erasures asked of the register, and what came of them
    removals: tuple[str, ...]  # words of claims that the register was asked to remove
    receipts: tuple[str, ...]
    # version, signed by, on, review; the two days as days
    assessments: tuple[tuple[str, str, str, str, date | None, date | None], ...]
    sign_off: str  # how one comes to be signed


def privacy_picture(context: Context, today: date) -> PrivacyPicture:
    """Read it all in the vault lane."""
    session = context.session
    reader = session.vault.reader
    kept = privacy.retention(session, today)
    names = {c.id: c.name for c in reader.all(_colleague())}
    waiting = {each.subject_id for each in reader.decisions(state="waiting")}
    return PrivacyPicture(
        due=tuple(_due(reader, n, each, waiting) for n, each in enumerate(kept.due)),
        schedule=tuple(
            (RULE_WORDS.get(r.name, r.name), _long(r), r.counts_from) for r in kept.rules
        ),
        wishes=tuple(_wish(each, context, names) for each in _asked_for(reader)),
        asked=_said(reader, consents.ERASE),
        removals=_said(reader, consents.FORGET_CLAIM),
        receipts=tuple(_receipt(each) for each in privacy.receipts(session)),
        assessments=tuple(_assessment(each) for each in _newest_first(reader.all(Dpia))),
        sign_off="You can note it under New enquiry."
        if context.actor.role in DECISIONS["dpia.sign"].roles
        else whom_to_ask(reader),
    )


def _colleague() -> type[Any]:
    from forms.facts.people import Colleague

    return Colleague


def _due(reader: Any, number: int, due: Any, waiting: set[str]) -> DueLine:
    rule = due.rule
    act = ACTS.get(rule.name, ASK_WORDS if rule.name in WISHES else "")
    asked = due.record_id in waiting  # what the register is asked for carries the record's own id
    return DueLine(
        id=f"{number}/{due.record_id}",
        rule=rule.name,
        what=RULE_WORDS.get(rule.name, rule.name),
        who=who_of(reader, due.enterprise_id) if due.enterprise_id else "An enquiry",
        since=words.day(due.since),
        due=words.day(due.due_on),
        since_on=due.since,
        due_on=due.due_on,
        action=ASKED_WORDS if asked else rule.action,
        basis=rule.basis,
        act="" if asked else act,
        record_id=due.record_id,
        enterprise_id=due.enterprise_id,
    )


def _long(rule: Any) -> str:
    if not rule.months:
        return "As the council says"
    years, months = divmod(rule.months, 12)
    return words.counted(rule.months, "month") if months else words.counted(years, "year")


def _asked_for(reader: Any) -> list[Enterprise | Enquiry]:
    """Whose erasure was asked for and not carried out; an enquiry that became a case once."""
    from storage.statements import FILLED

    asked = {"erasure_asked_by_id": FILLED, "anonymised_on": None}
    cases = reader.all(Enterprise, **asked)
    taken = {e.enquiry_id for e in cases}
    return [*cases, *(q for q in reader.all(Enquiry, **asked) if q.id not in taken)]


def _wish(record: Enterprise | Enquiry, context: Context, names: dict[str, str]) -> Wish:
    asked_by, coach = record.erasure_asked_by_id, record.coach_id
    why_not = consents.may_carry_out(context.actor, asked_by=asked_by, coach=coach)
    return Wish(
        id=record.id,
        who=record.name or "Somebody without a name yet",
        since=words.day(record.erasure_asked_on, "no day"),
        by=names.get(asked_by, "a colleague"),
        may=not why_not,
        why_not=why_not,
        asked_by=asked_by,
        coach=coach,
    )


def _said(reader: Any, name: str) -> tuple[str, ...]:
    return tuple(_asked(each) for each in reader.decisions() if each.name == name)


def _asked(request: Any) -> str:
    day = words.day(london_day(request.asked_at))
    if request.state == "waiting":
        return f"Asked on {day}. It goes out with the next exchange."
    if request.state == "refused":
        return f"Asked on {day}. Not agreed: {words.say_days(request.words)}"
    return f"Asked on {day}. {words.say_days(request.words) or 'Agreed.'}"


def _receipt(receipt: Any) -> str:
    day = words.day(london_day(receipt.erased_at))
    kept = ", ".join(
        f"{count} {KIND_WORDS.get(kind, kind).lower()}"
        for kind, count in sorted(receipt.kept_as_counts.items())
    )
    files = words.counted(receipt.files_removed, "file")
    left = f" Kept without a name: {kept}." if kept else ""
    return f"{day}: one person erased, {files} removed.{left} Receipt {receipt.subject_id[:8]}."


def _newest_first(dpias: list[Dpia]) -> list[Dpia]:
    return sorted(dpias, key=lambda d: (str(d.signed_on or ""), d.version), reverse=True)


def _assessment(dpia: Dpia) -> tuple[str, str, str, str, date | None, date | None]:
    return (
        dpia.version or "No number",
        dpia.signed_by or "Not signed",
        words.day(dpia.signed_on, "Not signed"),
        words.day(dpia.review_on, "No day set"),
        dpia.signed_on,
        dpia.review_on,
    )


class PrivacyView(Seen, WorkView, Protocol):
    """What the presenter asks of the page."""

    def show_privacy(self, picture: PrivacyPicture) -> None:
        """Show it all."""
        ...

    def show_done(self, words: str) -> None:
        """It is done; stays until the next."""
        ...

    def show_problem(self, words: str) -> None:
        """It failed."""
        ...


class PrivacyPresenter:
    """Fills the page and does what it offers."""

    def __init__(self, context: Context, view: PrivacyView) -> None:
        self._context, self._view = context, view
        self._tries = Tries(context, view)
        self.work = OneWork(context, view, STOPPED)  # everything out
        context.broadcast.listen(view, self._hear)

    def load(self) -> None:
        """Read it again."""
        today = self._context.today
        self._context.recall(
            ("privacy", today),
            lambda _vault: privacy_picture(self._context, today),
            owner=self._view,
            on_done=self._view.show_privacy,
            on_failed=unread(self._context, self._view.show_problem, self.load),
        )

    def take_out(self, target: Path) -> None:
        """Everything, in open formats, to a file or a folder."""
        session = self._context.session
        self.work.begin(
            "Writing everything out",
            lambda _vault, progress: privacy.everything(session, target, progress.step),
            self._taken,
            partial(self._not_taken, target),
        )

    def act(self, line: DueLine) -> None:
        """Do what the schedule asks for."""
        operation: Any
        if line.rule == "dbs_details":
            operation = partial(consents.keep_number_and_date, check_id=line.record_id)
        elif line.rule == "consent_ended":
            operation = partial(consents.remove_ended_consent, consent_id=line.record_id)
        elif line.rule == "seed_claim":
            operation = partial(consents.forget_claim_words, claim_id=line.record_id)
        else:
            operation = partial(
                consents.ask_erasure,
                subject_id=line.enterprise_id or line.record_id,
                why=f"kept since {line.since}, due {line.due}",
            )
        self._write(line.record_id, operation, f"{line.what}: {line.act.lower()}")

    def carry_out(self, wish: Wish) -> None:
        """Ask the register to erase."""
        self._write(
            wish.id,
            partial(
                consents.carry_out, subject_id=wish.id, asked_by=wish.asked_by, coach=wish.coach
            ),
            "Erasure agreed to",
        )

    def open_person(self, enterprise_id: str) -> None:
        """What one person agreed to, and their own copy."""
        if enterprise_id:
            self._context.open_route("privacy_person", id=enterprise_id)

    def _write(self, what: str, operation: Any, name: str) -> None:
        self._tries.write(
            what, operation, on_done=self._written, says=self._view.show_problem, name=name
        )

    def _written(self, _written: object) -> None:
        self.load()

    def _taken(self, done: Exported) -> None:
        self._tries.settled(OUT)
        records = words.counted(sum(done.counts.values()), "record")
        said = f"Written: {records} and {words.counted(done.files, 'file')} in {done.path.name}."
        if done.missing_files:
            said += f" {words.counted(len(done.missing_files), 'file')} are not on this laptop."
        self._view.show_done(f"{said} Anybody who has it can read it: keep it safe.")

    def _not_taken(self, target: Path, error: Exception) -> None:
        again = partial(self.take_out, target)
        self._view.show_problem(self._tries.failed(OUT, error, again))

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)
