"""Claims as a list: what each is for, where it is now, who it is with. Draft to paid.

Refuses to show a state's code: states are said in words, with a shape.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.claims import EDITABLE, start_claim
from desktop.presenters import words
from desktop.presenters.claims_fund import fund_words
from desktop.presenters.people import Names
from desktop.presenters.saving import FieldSaver, ShowsFields, when_seen
from forms.facts.casework import ChecklistItem
from forms.facts.money import ClaimEvent, ClaimLine, SeedClaim
from forms.facts.people import Consent, Dpia, Enterprise, Leader
from forms.rules.claims import STEPS, Step
from forms.rules.finding import Verdict
from forms.rules.indicators.world import grouped
from forms.rules.pack import Pack
from forms.rules.seed_fund import SeedContext, judge
from forms.values import Actor, Role, london_day

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop.broadcast import News
    from desktop.context import Context

FEW = 20  # claims that are asked about one by one
GROUPS = (
    ("all", "All"),
    ("you", "For you"),
    ("draft", "Draft"),
    ("ready", "Ready"),
    ("sent", "Sent"),
    ("queried", "Sent back"),
    ("approved", "Approved"),
    ("paid", "Paid"),
    ("ended", "Ended"),
)
STATE_WORDS: dict[str, tuple[str, str, str, str]] = {
    # state: group, words, shape, who it is with
    "DRAFT": ("draft", "Draft", "todo", "With the coach"),
    "SUBMITTED": ("sent", "Sent", "sending", "With a checker"),
    "CHECKED": ("sent", "Checked", "doing", "Waits to be recommended"),
    "RETURNED": ("queried", "Sent back", "warn", "Back with the coach"),
    "REJECTED": ("ended", "Turned down", "stop", ""),
    "RECOMMENDED": ("sent", "Recommended", "doing", "With the budget holder"),
    "REFERRED": ("sent", "Referred back", "warn", "With the checker"),
    "APPROVED": ("approved", "Approved", "done", "The offer waits to be signed"),
    "DECLINED": ("ended", "Declined", "stop", ""),
    "AGREED": ("approved", "Offer signed", "done", "Waits for the money to be committed"),
    "COMMITTED": ("approved", "Money committed", "done", "With finance, to be paid"),
    "PAID": ("paid", "Paid", "done", "Proof of spending is due"),
    "EVIDENCED": ("paid", "Proof seen", "done", "Can be closed"),
    "CLOSED": ("paid", "Closed", "none", ""),
    "WITHDRAWN": ("ended", "Taken back", "none", ""),
    "VARIATION": ("approved", "Being changed", "doing", "With the budget holder"),
    "CLAWBACK_OPEN": ("paid", "To be paid back", "warn", "With finance"),
    "RECOVERED": ("ended", "Paid back", "none", ""),
    "WRITTEN_OFF": ("ended", "Written off", "none", ""),
}
_READY = ("ready", "Ready to send", "doing", "With the coach")
_ON_ITS_WAY = [said for _, said, _, _ in STATE_WORDS.values()]
_ON_ITS_WAY.insert(1, _READY[1])  # after a draft
_FORWARD = (
    "claim.submit",
    "claim.check",
    "claim.recommend",
    "claim.approve",
    "claim.agree",
    "claim.commit",
    "claim.pay",
    "claim.evidence",
)
_SAID_WHY = frozenset({"RETURNED", "REFERRED", "REJECTED", "DECLINED"})
_KINDS = ("seed_claim", "claim_line", "claim_event", "enterprise", "checklist_item", "leader")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimRow:
    """One claim of the list."""

    id: str
    who: str
    what: str
    amount: str
    pence: int | None  # None = no cost is written yet
    group: str
    state: str
    look: str
    with_whom: str
    moved: str  # since when
    moved_on: date | None = None
    step: int = 0  # how far on its way, for sorting
    waiting: str  # a decision asked for and not answered
    for_you: bool = False  # the next move is one of this person's
    why: str = ""  # why it was sent back or turned down, in the words of whoever did
    missing: tuple[str, ...] = ()  # what stands against sending it, in words
    trail: tuple[str, ...] = ()  # who did what when, the newest first

    @property
    def missing_words(self) -> str:
        """What is missing, as short as a cell: "Nothing" only for a draft that can go."""
        if self.missing:
            return words.counted(len(self.missing), "thing", "things")
        return "Nothing" if self.group == "ready" else ""


def claim_rows(
    reader: Any, pack: Pack, actor: Actor, enterprise_id: str, today: date
) -> tuple[ClaimRow, ...]:
    """Claims of one enterprise, or of all; what needs the coach first, then newest first."""
    tied = {"enterprise_id": enterprise_id} if enterprise_id else {}
    claims = reader.all(SeedClaim, **tied)
    everything, beside = Everything(reader), _Beside(reader, claims)
    waiting = {d.subject_id for d in reader.decisions(state="waiting")}
    names = Names(reader, actor)
    rows = [
        _row(reader, pack, names, claim, everything, beside, today, claim.id in waiting)
        for claim in claims
    ]
    order = [code for code, _ in GROUPS]
    rows.sort(key=lambda row: row.id, reverse=True)
    rows.sort(key=lambda row: (row.group != "queried", order.index(row.group)))
    return tuple(rows)


@dataclass(frozen=True, slots=True)
class ClaimList:
    """The rows with what filters need of them, made once in the vault lane."""

    rows: tuple[ClaimRow, ...]
    counts: dict[str, int]  # by group, "all" and "you" among them
    words: tuple[str, ...]  # of each row, as they are searched
    fund: str = ""  # of the day, where every claim is listed


def claim_list(reader: Any, pack: Pack, actor: Actor, enterprise_id: str, today: date) -> ClaimList:
    """What `claim_rows` gives, counted."""
    rows = claim_rows(reader, pack, actor, enterprise_id, today)
    found = Counter(row.group for row in rows)
    counts = {code: found[code] for code, _ in GROUPS}
    counts |= {"all": len(rows), "you": sum(row.for_you for row in rows)}
    said = (f"{r.who} {r.what} {r.state} {r.with_whom} {r.amount}".casefold() for r in rows)
    fund = "" if enterprise_id or not rows else _fund(reader, pack, today)
    return ClaimList(rows, counts, tuple(said), fund)


def _fund(reader: Any, pack: Pack, today: date) -> str:
    kinds = (ClaimLine, SeedClaim, ClaimEvent)
    lines, claims, events = (tuple(reader.all(kind)) for kind in kinds)
    return fund_words(pack, lines, claims, events, today)


class Everything:
    """Records that a claim is judged against, read when the first one is judged."""

    def __init__(self, reader: Any) -> None:
        self._reader = reader

    @cached_property
    def dpias(self) -> tuple[Dpia, ...]:
        """Every data protection assessment."""
        return tuple(self._reader.all(Dpia))

    @cached_property
    def lines(self) -> tuple[ClaimLine, ...]:
        """Every cost of every claim."""
        return tuple(self._reader.all(ClaimLine))

    @cached_property
    def claims(self) -> tuple[SeedClaim, ...]:
        """Every claim."""
        return tuple(self._reader.all(SeedClaim))

    @cached_property
    def events(self) -> tuple[ClaimEvent, ...]:
        """Every step of every claim."""
        return tuple(self._reader.all(ClaimEvent))


class _Beside:
    """What stands beside the claims of a list: for many of them a kind is read at a time."""

    def __init__(self, reader: Any, claims: Sequence[SeedClaim]) -> None:
        self._reader, self._many = reader, len(claims) > FEW
        self._lines, self._events = self._of(ClaimLine), self._of(ClaimEvent)
        self._leaders: dict[str, tuple[Leader, ...]] = {}
        self._names: dict[str, str] = {}
        if self._many:
            self._leaders = grouped(reader.all(Leader), lambda each: each.enterprise_id)
            nameless = {each.enterprise_id for each in claims} - self._leaders.keys()
            self._names = {e.id: e.name for e in reader.get_all(Enterprise, nameless)}

    def lines(self, claim_id: str) -> Sequence[ClaimLine]:
        """The costs of a claim."""
        found: Sequence[ClaimLine] = self._one(ClaimLine, self._lines, claim_id)
        return found

    def events(self, claim_id: str) -> Sequence[ClaimEvent]:
        """What happened to a claim."""
        found: Sequence[ClaimEvent] = self._one(ClaimEvent, self._events, claim_id)
        return found

    def who(self, enterprise_id: str) -> str:
        """Who a claim is for."""
        named = _said(self._leaders.get(enterprise_id, ())) or self._names.get(enterprise_id)
        return named or who_of(self._reader, enterprise_id)

    def _of(self, cls: type[Any]) -> dict[str, tuple[Any, ...]]:
        return grouped(self._reader.all(cls), lambda each: each.claim_id) if self._many else {}

    def _one(self, cls: type[Any], known: dict[str, tuple[Any, ...]], claim_id: str) -> Any:
        return known.get(claim_id, ()) if self._many else self._reader.all(cls, claim_id=claim_id)


def around(reader: Any, enterprise_id: str, everything: Everything | None = None) -> SeedContext:
    """What stands around a claim of this enterprise."""
    known = everything or Everything(reader)
    return SeedContext(
        dpias=known.dpias,
        consents=tuple(reader.all(Consent, enterprise_id=enterprise_id)),
        items=tuple(reader.all(ChecklistItem, enterprise_id=enterprise_id)),
        lines=known.lines,
        claims=known.claims,
        events=known.events,
    )


def is_complete(line: ClaimLine) -> bool:
    """Whether a cost has words, a kind, an amount and a day."""
    return bool(line.pence > 0 and line.what.strip() and line.cost_kind and line.cost_on)


def _row(
    reader: Any,
    pack: Pack,
    names: Names,
    claim: SeedClaim,
    everything: Everything,
    beside: _Beside,
    today: date,
    waiting: bool,  # noqa: FBT001 -- a fact of the row
) -> ClaimRow:
    lines = beside.lines(claim.id)
    group, state, look, with_whom = STATE_WORDS.get(
        claim.state, ("sent", claim.state.title(), "info", "")
    )
    lacks: tuple[str, ...] = ()
    if claim.state in EDITABLE:
        lacks = missing(reader, pack, claim, lines, everything, today)
        if claim.state == "DRAFT" and not lacks:
            group, state, look, with_whom = _READY
    events = beside.events(claim.id)
    pence = sum(each.pence for each in lines) or None
    last = max((e.on for e in events if e.on), default=claim.drafted_on)
    what = ", ".join(each.what for each in lines if each.what) or "Nothing written yet"
    return ClaimRow(
        id=claim.id,
        who=beside.who(claim.enterprise_id),
        what=what,
        amount=words.money(pence, "Not written yet"),
        pence=pence,
        group=group,
        state=state,
        look=look,
        with_whom=with_whom if claim.state != "DRAFT" else _drafter(names, claim),
        moved=words.day(last),
        moved_on=last,
        step=_ON_ITS_WAY.index(state) if state in _ON_ITS_WAY else len(_ON_ITS_WAY),
        waiting="Asked, waiting for a signal" if waiting else "",
        for_you=not waiting and _is_for(names.actor, claim),
        why=_why(claim, events),
        missing=lacks,
        trail=trail(claim, events, names),
    )


def _is_for(actor: Actor, claim: SeedClaim) -> bool:
    """Whether the next move belongs to this person's role, and not to somebody else's own draft."""
    if actor.role is Role.COACH and claim.drafted_by_id not in ("", actor.id):
        return False
    return any(_may_next(actor, claim, STEPS[name]) for name in _FORWARD)


def _may_next(actor: Actor, claim: SeedClaim, step: Step) -> bool:
    if actor.role not in step.roles or claim.state not in step.from_states:
        return False
    return all(getattr(claim, field) != actor.id for field in step.apart_from)


def _why(claim: SeedClaim, events: Sequence[ClaimEvent]) -> str:
    """What was said when it was sent back, referred, turned down or declined."""
    if claim.state not in _SAID_WHY:
        return ""
    said = [e for e in events if e.to_state == claim.state and e.note]
    return max(said, key=lambda e: (e.on or date.min, e.id)).note if said else ""


def _drafter(names: Names, claim: SeedClaim) -> str:
    return f"With {names.who(claim.drafted_by_id) or 'the coach'}"


def missing(
    reader: Any,
    pack: Pack,
    claim: SeedClaim,
    lines: Sequence[ClaimLine],
    everything: Everything,
    today: date,
) -> tuple[str, ...]:
    """What a coach has to mend before it can be sent; nothing when it can go."""
    enterprise = reader.get(Enterprise, claim.enterprise_id)
    if enterprise is None:
        return ("The enterprise is not on this laptop.",)
    if not lines:
        return ("No cost is written yet.",)
    lacks = [
        f"{line.what.strip() or 'A cost'}: {_lacks(line)}."
        for line in lines
        if not is_complete(line)
    ]
    known = around(reader, claim.enterprise_id, everything)
    found = judge(pack, claim, lines, enterprise, known, today)
    lacks += [
        words.say_days(each.because)
        for each in found
        if each.blocks and each.verdict is Verdict.UNMET
    ]
    return tuple(dict.fromkeys(lacks))


def _lacks(line: ClaimLine) -> str:
    asked = (
        ("what it is", bool(line.what.strip())),
        ("the kind of cost", bool(line.cost_kind)),
        ("an amount", line.pence > 0),
        ("the day", line.cost_on is not None),
    )
    return f"write {' and '.join(name for name, there in asked if not there)}"


def in_order(events: Iterable[ClaimEvent]) -> list[ClaimEvent]:
    """The steps of a claim as they happened: by day, those of one day from state to state."""
    left = sorted(events, key=lambda e: (e.on or date.min, e.id))
    told: list[ClaimEvent] = []
    while left:
        state = told[-1].to_state if told else "DRAFT"
        same_day = [each for each in left if each.on == left[0].on]
        told.append(next((e for e in same_day if e.from_state == state), same_day[0]))
        left.remove(told[-1])
    return told


def trail(claim: SeedClaim, events: Sequence[ClaimEvent], names: Names) -> tuple[str, ...]:
    """Who did what when, the newest first: the strip under the list."""
    said = []
    for event in reversed(in_order(events)):
        state = STATE_WORDS.get(event.to_state, ("", event.to_state.title(), "", ""))[1]
        who = f"by {names.who(event.by_id)}" if event.by_id else ""
        said.append(", ".join(x for x in (state, who, words.day(event.on)) if x))
    if claim.drafted_on is not None:
        who = names.who(claim.drafted_by_id) or "the coach"
        said.append(f"Draft begun, by {who}, {words.day(claim.drafted_on)}")
    return tuple(said)


def who_of(reader: Any, enterprise_id: str) -> str:
    """Who a claim is for: the leader, or the enterprise."""
    leaders = reader.all(Leader, enterprise_id=enterprise_id)
    enterprise = reader.get(Enterprise, enterprise_id)
    return _said(leaders) or (enterprise.name if enterprise else "") or "No name yet"


def _said(leaders: Sequence[Leader]) -> str:
    return " and ".join(each.name for each in leaders if each.name)


class ClaimsView(ShowsFields, Protocol):
    """What the presenter asks of the list."""

    def show_claims(self, rows: tuple[ClaimRow, ...], counts: dict[str, int]) -> None:
        """Show these rows; counts by group for the filters."""
        ...

    def show_fund(self, words: str) -> None:
        """How the fund of the day stands; "" where one enterprise's claims are listed."""
        ...


class ClaimsPresenter:
    """Lists claims, filters by state, begins one."""

    def __init__(self, context: Context, view: ClaimsView, enterprise_id: str = "") -> None:
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        self._list = ClaimList((), Counter({code: 0 for code, _ in GROUPS}), ())
        self._group = "all"
        self._typed: tuple[str, ...] = ()
        self._saver = FieldSaver(context, view, "claims")
        context.broadcast.listen(view, self._hear)

    def load(self) -> None:
        """Read the list again."""
        pack, actor, tied = self._context.pack, self._context.actor, self._enterprise_id
        today = london_day(self._context.clock.now())
        self._context.recall(
            ("claims", tied, today),
            lambda vault: claim_list(vault.reader, pack, actor, tied, today),
            owner=self._view,
            on_done=self._arrived,
        )

    @property
    def group(self) -> str:
        """The filter that holds now."""
        return self._group

    def find(self, typed: str) -> None:
        """Only claims whose words hold everything that is typed."""
        self._typed = tuple(typed.casefold().split())
        self._show()

    def show(self, group: str) -> None:
        """Filter by state."""
        self._group = group
        self._show()

    def open(self, claim_id: str) -> None:
        """Go to a claim."""
        self._context.open_route("claim", id=claim_id)

    def begin(self) -> None:
        """Begin a draft for this enterprise and go to it."""
        operation = partial(
            _start,
            enterprise_id=self._enterprise_id,
            policy_version=self._context.pack.seed_policy.version,
        )
        self._saver.commit("claim", operation, self.open)

    def _arrived(self, found: ClaimList) -> None:
        self._list = found
        self._view.show_fund(found.fund)
        self._show()

    def _show(self) -> None:
        rows = self._list.rows
        if self._typed:
            held = zip(rows, self._list.words, strict=True)
            rows = tuple(row for row, said in held if all(each in said for each in self._typed))
        if self._group == "you":
            rows = tuple(row for row in rows if row.for_you)
        elif self._group != "all":
            rows = tuple(row for row in rows if row.group == self._group)
        self._view.show_claims(rows, self._list.counts)

    def _hear(self, news: News) -> None:
        if news.touches(*_KINDS) or news.changes.decisions:
            when_seen(self._view, self.load)


def _start(writing: Any, *, enterprise_id: str, policy_version: str) -> str:
    applicant = who_of(writing.reader, enterprise_id)
    return start_claim(writing, enterprise_id, policy_version=policy_version, applicant=applicant)
