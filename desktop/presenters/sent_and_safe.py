"""Sent & safe: is my work safe, what has not gone, what was asked, and are my records well?

Tells the last success, never the last try. Refuses to show anything that a helper on the
telephone may not hear, save the decisions a coach asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import exchange
from desktop.operations import vault as vaults
from desktop.operations.devices import computer_name
from desktop.operations.packs import in_use
from desktop.presenters import words
from desktop.presenters.chip import day_words
from desktop.presenters.one_work import OneWork, WorkView
from desktop.presenters.pack_arrivals import rules_words
from desktop.presenters.saving import unread
from desktop.trouble import in_words

if TYPE_CHECKING:
    from datetime import datetime

    from desktop.broadcast import News
    from desktop.context import Context
    from desktop.operations.packs import InUse
    from forms.change import Changes
    from forms.facts.decisions import DecisionRequest
    from storage.check import Health
    from storage.files import ToSend
    from storage.vault import Vault

CHECKING = "Checking every record, then making a copy"
COPYING = "Making a copy"
STOPPED = (
    "Stopped before the end. Your records were not changed, no new copy was made, and your "
    "earlier copies are kept."
)
LONGEST = 20
SHOWN_COPIES = 4
DECISIONS = {
    "claim.submit": "Send a claim to the council",
    "claim.withdraw": "Withdraw a claim",
    "claim.check": "Check a claim",
    "claim.return": "Return a claim",
    "claim.reject": "Reject a claim",
    "claim.recommend": "Recommend a claim",
    "claim.refer": "Refer a claim",
    "claim.approve": "Approve a claim",
    "claim.decline": "Decline a claim",
    "claim.agree": "Agree an offer",
    "claim.commit": "Set the money aside",
    "claim.pay": "Pay a claim line",
    "claim.evidence": "Confirm evidence of spending",
    "claim.close": "Close a claim",
    "claim.vary": "Ask for a change of an offer",
    "claim.vary_agree": "Agree to a change of an offer",
    "claim.vary_refuse": "Turn down a change of an offer",
    "claim.clawback": "Ask money back",
    "claim.recover": "Note money that came back",
    "claim.write_off": "Write money off",
    "claim.look": "Note a second look at a claim",
    "listing.submit": "Send a listing for review",
    "listing.publish": "Publish a listing",
    "listing.hide": "Hide a listing",
    "listing.suspend": "Suspend a listing",
    "listing.reinstate": "Bring a listing back",
    "listing.remove": "Remove a listing",
    "listing.withdraw": "Withdraw a listing",
    "dpia.sign": "Sign the data protection assessment",
    "case.transfer": "Hand a case to another coach",
    "case.offer": "Offer a case to another coach",
    "case.accept": "Accept a case",
    "case.decline": "Decline a case",
    "case.recall": "Take the offer of a case back",
    "person.erase": "Erase a person",
    "claim.forget": "Remove the words of a claim",
}
STATES = {"waiting": "Waiting to be sent", "granted": "Agreed", "refused": "Not agreed"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A decision that was asked for."""

    words: str
    state: str
    waiting: bool
    refused: bool
    answer: str
    when: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SafePage:
    """Everything on the page."""

    saved: str  # "" while nothing was written here
    to_send: str
    files: str  # photos and papers that wait, with their size; "" for none
    last_sent: str
    trouble: str
    may_send: bool
    practice: bool
    asked: tuple[Asked, ...]
    to_check: int
    copies: str
    device: str  # what this laptop is called; "" before it has joined
    not_taken: int
    copy_lines: tuple[str, ...]  # the newest good copies, with their size
    may_put_back: bool
    ways: str  # who can open these records
    may_join: bool = False  # what stopped the last round ends with a new code of the council
    held_back: str = ""  # very many records would leave at once: somebody has to look first
    rules: str = ""  # which programme pack this laptop works by
    rules_amiss: tuple[str, ...] = ()  # packs that came and are not used


class SafeView(WorkView, Protocol):
    """The page, as the presenter sees it."""

    def show_page(self, page: SafePage) -> None:
        """Show it all."""
        ...

    def show_unread(self, words: str) -> None:
        """Nobody could look; what was shown before is not taken for what is."""
        ...

    def show_health(self, words: str, lines: tuple[str, ...], *, well: bool) -> None:
        """What the check found."""
        ...

    def show_mend(self, words: str) -> None:
        """A good copy can be put back: offer it."""
        ...


class SafePresenter:
    """Fills the page and carries out its buttons."""

    def __init__(self, view: SafeView, context: Context) -> None:
        self._view, self._context = view, context
        self.work = OneWork(context, view, STOPPED)  # a check or a copy
        context.broadcast.listen(view, self._heard)

    def load(self) -> None:
        """Read the page again."""
        self._context.with_vault(
            gather,
            owner=self._view,
            on_done=self._gathered,
            on_failed=unread(self._context, self._view.show_unread, self.load),
        )

    def send_now(self) -> None:
        """Send and fetch now."""
        rounds = self._context.rounds
        if rounds is not None:
            rounds.run_now()
            self.load()

    def check(self) -> None:
        """Check my data: every page and record, then a copy of what is well."""
        self.work.begin(CHECKING, vaults.copy_and_check, self._checked, self._failed)

    def copy(self) -> None:
        """A copy of the records, now."""
        self.work.begin(COPYING, vaults.back_up, self._copied, self._failed)

    def let_leave(self) -> None:
        """The council has said that it is right: what was held back leaves."""
        self._context.with_vault(exchange.let_leave, owner=self._view, on_done=self._let_go)

    def _let_go(self, changes: Changes) -> None:
        self._context.broadcast.announce(changes, self)
        self._context.tell.say("They have left this laptop")
        self.load()

    def join_again(self) -> None:
        """Close the records and ask for the council's new code."""
        if self._context.join_again is not None:
            self._context.join_again()

    def see_to_check(self) -> None:
        """Things to check."""
        self._context.open_route("things_to_check")

    def carry(self) -> None:
        """Work to the council on a stick."""
        self._context.open_route("carry")

    def see(self, name: str) -> None:
        """Another page about the same: ledger, ways_in, privacy."""
        self._context.open_route(name)

    def put_back(self) -> None:
        """Offer the newest copy, though nothing is broken."""
        self._offer_mend()

    def mend(self) -> None:
        """Close the records and put the last good copy back."""
        if self._context.mend is not None:
            self._context.mend()

    def _gathered(self, facts: SafeFacts) -> None:
        now = self._context.clock.now()
        session, rounds = self._context.session, self._context.rounds
        self._view.show_page(
            SafePage(
                saved=f"Last saved {day_words(facts.saved_at, now)}" if facts.saved_at else "",
                to_send=_to_send(facts.unsent, facts.files.count, practice=session.practice),
                files=_files(facts.files, practice=session.practice),
                last_sent=f"Last sent {day_words(facts.sent_at, now)}"
                if facts.sent_at
                else ("Nothing has been sent yet"),
                trouble=rounds.last_trouble if rounds is not None else "",
                may_send=rounds is not None and not session.practice,
                may_join=rounds is not None
                and rounds.needs_code
                and self._context.join_again is not None,
                practice=session.practice,
                asked=tuple(_asked(each, now) for each in facts.asked),
                to_check=facts.to_check,
                copies=_copies(facts.copies, now),
                device=facts.device,
                not_taken=facts.not_taken,
                copy_lines=tuple(
                    f"{day_words(each.taken_at, now)}, {words.size(each.size)}"
                    for each in facts.listed[:SHOWN_COPIES]
                ),
                may_put_back=bool(facts.listed) and self._context.mend is not None,
                ways=_ways(facts.ways, practice=session.practice),
                held_back=_held_back(facts.held_back),
                rules=rules_words(facts.rules, session.pack),
                rules_amiss=facts.rules.refused,
            )
        )

    def _checked(self, health: Health) -> None:
        lines = tuple(f"{check.words}" for check in health.checks if not check.ok)
        words = (
            "Your records are well. A good copy was made."
            if health.ok
            else "Something needs looking at. Nothing was changed. Your earlier copies are kept."
        )
        self._view.show_health(words, lines, well=health.ok)
        if not health.ok:
            self._offer_mend()
        self.load()

    def _copied(self, at: datetime | None) -> None:
        del at
        self._context.tell.say("A copy was made and checked")
        self.load()

    def _failed(self, error: Exception) -> None:
        from storage.errors import VaultDamaged

        self._view.show_health(in_words(error).words, (), well=False)
        if isinstance(error, VaultDamaged):
            self._offer_mend()

    def _offer_mend(self) -> None:
        vault = self._context.session.vault
        copies = vaults.copies(vault)
        if copies and self._context.mend is not None:
            when = day_words(copies[0], self._context.clock.now())
            first = "" if self._context.session.practice else "You type your passphrase first. "
            self._view.show_mend(
                f"Your newest copy is from {when}. {first}"
                "Later changes that can be read are put back too. Nothing is deleted."
            )

    def _heard(self, news: News) -> None:
        del news
        self.load()


@dataclass(frozen=True, slots=True, kw_only=True)
class SafeFacts:
    """What the page needs from the vault."""

    saved_at: datetime | None
    sent_at: datetime | None
    unsent: int
    files: ToSend
    asked: tuple[DecisionRequest, ...]
    to_check: int
    copies: tuple[datetime, ...]
    device: str  # what this laptop is called; "" before it has joined
    not_taken: int
    listed: tuple[Any, ...]
    ways: tuple[str, ...]
    rules: InUse
    held_back: int = 0


def gather(vault: Vault) -> SafeFacts:
    """Read it in one go (vault lane)."""
    reader = vault.reader
    identity = None if vault.is_practice else vault.exchange.identity()
    return SafeFacts(
        saved_at=reader.last_saved_at(),
        sent_at=reader.last_sent_at(),
        unsent=reader.unsent_count(),
        files=vault.files.to_send(),
        asked=tuple(reader.decisions()[-LONGEST:][::-1]),
        to_check=len(reader.conflicts(open_only=True)),
        copies=vaults.copies(vault),
        device=computer_name() if identity is not None else "",
        not_taken=len(reader.not_taken()),
        listed=tuple(vault.copies()),
        ways=tuple(vault.access.ways()),
        rules=in_use(vault, vaults.usual_programme()),
        held_back=0 if vault.is_practice else vault.exchange.held_back(),
    )


_WAYS = {
    "passphrase": "your passphrase",
    "recovery": "the recovery sheet",
    "keyring": "this computer's log-in",
    "escrow": "the council's key",
}


def _ways(ways: tuple[str, ...], *, practice: bool) -> str:
    """Who can open these records, and whether that is enough."""
    if practice:
        return "Practice records open without a secret."
    named = [_WAYS[each] for each in _WAYS if each in ways]
    said = f"These records open with {' or '.join(named)}."
    safe = len({"passphrase", "recovery", "escrow"} & set(ways)) > 1
    council = "" if "escrow" in ways else " The council has no key to them."
    return said + council if safe else f"{said} One way is not enough: make a recovery sheet."


def _held_back(count: int) -> str:
    """Why nothing has left yet, what is safe and what to do."""
    if not count:
        return ""
    return (
        f"The register says that {count:,} records are no longer yours. That is very many at once, "
        "so they are all still here. Ring the council. If it is right, let them go: this laptop "
        "keeps them for 30 days more."
    )


def _to_send(count: int, files: int, *, practice: bool) -> str:
    if practice:
        return "Practice records are never sent"
    if not count:
        return "All changes are sent" if files else "Nothing waits to be sent"
    return "1 change to send" if count == 1 else f"{count:,} changes to send"


def _files(found: ToSend, *, practice: bool) -> str:
    if practice or not found.count:
        return ""
    return (
        f"{words.counted(found.count, 'photo or paper', 'photos and papers')} to send, about "
        + (words.size(found.size))
    )


def _copies(copies: tuple[datetime, ...], now: datetime) -> str:
    if not copies:
        return "No copy yet. One is made by itself every half hour while you work."
    how_many = "1 good copy" if len(copies) == 1 else f"{len(copies)} good copies"
    return f"{how_many} on this laptop, the newest from {day_words(copies[0], now)}"


def _asked(request: DecisionRequest, now: datetime) -> Asked:
    return Asked(
        words=DECISIONS.get(request.name, request.name.replace(".", " ")),
        state=STATES.get(request.state, request.state),
        waiting=request.state == "waiting",
        refused=request.state == "refused",
        answer=request.words,
        when=f"asked {day_words(request.asked_at, now)}",
    )
