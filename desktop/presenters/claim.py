"""A claim being drafted, sent, checked, approved and paid, each by another person.

Findings follow every key press; each field commits on its own; decisions are asked of the register.
Refuses to ask offline for what only exists online, and says why.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import claims as claims_op
from desktop.operations import decisions
from desktop.operations.files import add_file
from desktop.presenters import words
from desktop.presenters.claim_picture import (
    ClaimCase,
    ClaimPicture,
    Move,
    Said,
    claim_picture,
    findings_of,
    read_case,
)
from desktop.presenters.half_typed import half_of
from desktop.presenters.saving import STILL_ASKING, FieldSaver, ShowsFields, when_seen, words_for
from forms.facts.decisions import DecisionRequest
from forms.rules.decisions import may_wait, refuse_offline
from forms.rules.pack import Pack
from forms.values import Actor, london_day

if TYPE_CHECKING:
    from pathlib import Path

    from desktop.broadcast import News
    from desktop.context import Context

_KINDS = ("seed_claim", "claim_line", "claim_event", "enterprise", "checklist_item",
          "consent", "dpia", "attachment")  # fmt: skip
TYPED = (
    "what",
    "pence",
    "cost_on",
    "supplier",
    "invoice_no",
    "quotes",
    "months",
    "already_funded_by",
    "justification",
)
Loaded = tuple[ClaimCase, ClaimPicture, dict[str, tuple[Said, ...]]] | None


class ClaimView(ShowsFields, Protocol):
    """What the presenter asks of the claim page."""

    def show_claim(self, picture: ClaimPicture) -> None:
        """Show it."""
        ...

    def show_findings(self, findings: dict[str, tuple[Said, ...]]) -> None:
        """What the policy says of the claim ("") and of each cost."""
        ...

    def show_answer(self, words: str, *, good: bool) -> None:
        """What became of a decision that was asked for."""
        ...

    def show_missing(self, words: str) -> None:
        """The claim is not here."""
        ...

    def restore(self, key: str, text: str) -> None:
        """Give half-typed text back to its field."""
        ...


class ClaimPresenter:
    """One claim."""

    def __init__(self, context: Context, view: ClaimView, claim_id: str) -> None:
        self._context = context
        self._view = view
        self._claim_id = claim_id
        self._case: ClaimCase | None = None
        self._online = False  # a decision is being asked for with the connection
        self._saver = FieldSaver(context, view, f"claim/{claim_id}")
        context.broadcast.listen(view, self._hear)

    def load(self) -> None:
        """Read the claim again."""
        today = london_day(self._context.clock.now())
        pack, actor, claim_id = self._context.pack, self._context.actor, self._claim_id
        self._context.recall(
            ("claim", claim_id, today),
            lambda vault: _load(vault.reader, pack, actor, claim_id, today),
            owner=self._view,
            on_done=self._arrived,
        )

    def typing(self, line_id: str, field: str, text: str) -> None:
        """Somebody types in a cost: judge it as it would be, write nothing."""
        if self._case is None:
            return
        try:
            fields = self._read(field, text)
        except words.NotThat:
            return
        lines = tuple(
            replace(each, **fields) if each.id == line_id else each for each in self._case.lines
        )
        self._view.show_findings(findings_of(self._context.pack, replace(self._case, lines=lines)))

    def set_line(self, line_id: str, field: str, text: str) -> None:
        """A field of a cost was left: commit it."""
        key = f"{line_id}/{field}"
        try:
            fields = self._read(field, text)
        except words.NotThat as error:
            self._view.field_failed(key, str(error))
            return
        self._saver.commit(key, partial(_set_line, line_id=line_id, fields=fields))

    def set_claim(self, field: str, text: str) -> None:
        """A field of the claim itself was left."""
        operation = partial(_set_claim, claim_id=self._claim_id, fields={field: text.strip()})
        self._saver.commit(field, operation)

    def keep_draft(self, key: str, text: str) -> None:
        """Keep half-typed text."""
        self._saver.keep_draft(key, text)

    def add_line(self) -> None:
        """One more cost."""
        self._saver.commit("lines", partial(_add_line, claim_id=self._claim_id))

    def remove_line(self, line_id: str) -> None:
        """Take a cost off the draft."""
        self._saver.commit("lines", partial(_remove_line, line_id=line_id))

    def attach(self, line_id: str, paper_id: str) -> None:
        """Put a file that is there beside a cost."""
        self._saver.commit(f"{line_id}/files", partial(_attach, line_id=line_id, paper_id=paper_id))

    def add_paper(self, line_id: str, path: Path) -> None:
        """Add a file from disk and put it beside a cost."""
        if self._case is None:
            return
        operation = partial(
            _add_paper, line_id=line_id, enterprise_id=self._case.enterprise.id, path=path
        )
        self._saver.commit(f"{line_id}/files", operation)

    def may_ask(self) -> bool:
        """Whether nothing that was asked for is still on its way; says so where it is."""
        if self._online or self._saver.is_under_way("decision"):
            self._view.show_answer(STILL_ASKING, good=False)
            return False
        return True

    def ask(self, move: Move, payload: dict[str, Any]) -> None:
        """Ask the register for a decision: now, or with the next exchange."""
        problem = _payload_problem(move, payload)
        if problem:
            self._view.show_answer(problem, good=False)
            return
        if may_wait(move.name):
            operation = partial(
                _ask, name=move.name, claim_id=self._claim_id, payload=_dates(payload)
            )
            drops = (half_of(f"claim/{self._claim_id}/{move.name}"),)
            waits = partial(self._waits, move)
            self._saver.commit("decision", operation, waits, once=True, drops=drops)
        else:
            self._ask_online(move, _dates(payload))

    def open_enterprise(self) -> None:
        """Go to the record the claim is for."""
        if self._case is not None:
            self._context.open_route("enterprise", id=self._case.enterprise.id, tab="claims")

    def _ask_online(self, move: Move, payload: dict[str, Any]) -> None:
        refused = refuse_offline(move.name)
        if not self._context.session.register_name or self._context.session.practice:
            because = refused.because if refused else ""
            self._view.show_answer(because, good=False)
            return
        request = decisions.request_now(self._context, move.name, self._claim_id, payload)
        self._online = True
        decisions.ask_online(
            self._context,
            request,
            owner=self._view,
            on_done=self._answered,
            on_failed=self._not_answered,
        )

    def _answered(self, request: DecisionRequest) -> None:
        self._online = False
        good = request.state == "granted"
        said = words.say_days(request.words)
        if good:
            said = f"{said} The claim changes here with the next exchange.".strip()
            _exchange(self._context)
        self._view.show_answer(said, good=good)

    def _not_answered(self, error: Exception) -> None:
        self._online = False
        self._view.show_answer(words_for(error), good=False)

    def _waits(self, move: Move, _request_id: object) -> None:
        said = f"{move.title}: asked. It goes to the register with the next exchange."
        self._view.show_answer(said, good=True)
        _exchange(self._context)

    def _read(self, field: str, text: str) -> dict[str, Any]:
        if field == "cost_kind":
            kind = self._context.pack.seed_policy.cost_kind(text)
            return {"cost_kind": text, "category": kind.category if kind else ""}
        readers: dict[str, Any] = {
            "pence": words.read_money,
            "cost_on": partial(words.read_day, today=self._context.today, ahead=False),
            "quotes": _quotes,
            "months": words.read_whole,
        }
        return {field: readers.get(field, str.strip)(text)}

    def _arrived(self, loaded: Loaded) -> None:
        if loaded is None:
            self._view.show_missing("This claim is not on this laptop. Go back to the list.")
            return
        first = self._case is None
        self._case, picture, findings = loaded
        self._view.show_claim(picture)
        self._view.show_findings(findings)
        if first and picture.can_edit:
            keys = ["barrier", "interest_declared"]
            keys += [f"{line.id}/{field}" for line in picture.lines for field in TYPED]
            self._saver.read_drafts(keys, self._view.restore)

    def _hear(self, news: News) -> None:
        if news.touches(*_KINDS) or news.changes.decisions:
            when_seen(self._view, self.load)


def _load(reader: Any, pack: Pack, actor: Actor, claim_id: str, today: date) -> Loaded:
    case = read_case(reader, pack, claim_id, today)
    if case is None:
        return None
    return case, claim_picture(reader, pack, actor, case), findings_of(pack, case)


def _exchange(context: Context) -> None:
    if context.rounds is not None:
        context.rounds.run_now()


def _quotes(text: str) -> int:
    return words.read_whole(text, most=20) or 0


def _payload_problem(move: Move, payload: dict[str, Any]) -> str:
    asked = {
        "line": "Choose which cost.",
        "paid_on": "Write the day of the payment.",
        "on": "Write the day the proof was looked at.",
        "reference": "Write finance's reference for the payment.",
        "code": "Choose the reason.",
    }
    for need in move.needs:
        key = "line_id" if need == "line" else need
        if need in asked and not payload.get(key):
            return asked[need]
    if move.name in ("claim.return", "claim.refer") and not str(payload.get("note", "")).strip():
        return "Write a note that says why."
    return ""


def _dates(payload: dict[str, Any]) -> dict[str, object]:
    return {
        key: value.isoformat() if isinstance(value, date) else value
        for key, value in payload.items()
    }


def _set_line(writing: Any, *, line_id: str, fields: dict[str, Any]) -> None:
    claims_op.set_line(writing, line_id, **fields)


def _set_claim(writing: Any, *, claim_id: str, fields: dict[str, Any]) -> None:
    claims_op.set_claim(writing, claim_id, **fields)


def _add_line(writing: Any, *, claim_id: str) -> str:
    return claims_op.add_line(writing, claim_id)


def _remove_line(writing: Any, *, line_id: str) -> None:
    claims_op.remove_line(writing, line_id)


def _attach(writing: Any, *, line_id: str, paper_id: str) -> None:
    claims_op.attach_to_line(writing, line_id, paper_id)


def _add_paper(writing: Any, *, line_id: str, enterprise_id: str, path: Path) -> str:
    paper_id = add_file(writing, enterprise_id, path, caption="For a claim")
    claims_op.attach_to_line(writing, line_id, paper_id)
    return paper_id


def _ask(writing: Any, *, name: str, claim_id: str, payload: dict[str, object]) -> str:
    return decisions.ask(writing, name, claim_id, payload)
