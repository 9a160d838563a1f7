"""The register without its HTTP: signed messages in, messages out. One method for each route.

Each call is one transaction that begins with who is asking. Refuses to read the wall clock and to
look inside a council: everything a programme decides comes in by its pack.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.exc import DBAPIError, OperationalError

from forms.rules.pack import Pack
from forms.rules.pack_file import PackError
from forms.rules.pack_travel import PackUnreadable
from forms.values import Clock, new_id
from sync import keys as chain
from sync import signing
from sync.columns import ops_of, states_in_groups, states_of
from sync.office import (
    AuditEntriesAsk,
    AuditEntriesReply,
    AuditProofAsk,
    AuditProofReply,
    CloseDeviceAsk,
    CloseDeviceReply,
    DeviceLedgerAsk,
    DeviceLedgerReply,
    DevicesAsk,
    DevicesReply,
    SignInAsk,
    SignInBeginReply,
    SignInReply,
    TokenAsk,
    TokenEnded,
    TokenReply,
)
from sync.protocol import (
    BATCH_OPS,
    BlobReply,
    DecideAsk,
    DecideReply,
    EnrolAsk,
    EnrolReply,
    HelloAsk,
    HelloReply,
    PullAsk,
    PullReply,
    PushAsk,
    PushReply,
    SumsAsk,
    SumsReply,
    Trouble,
    WireTreeHead,
)
from sync.register import (
    along,
    audit,
    auth,
    files,
    hello,
    journal,
    keys,
    limits,
    logins,
    office,
    oidc,
    packs,
    readiness,
    refused,
    sums,
)
from sync.register.decide import Decider, decide
from sync.register.errors import AgainPlease, Troubled
from sync.register.feed import pull
from sync.register.limits import Limits
from sync.register.log import database_fault
from sync.register.matrix import matrix
from sync.register.public import Public
from sync.register.push import Arrivals, Taken, push
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore

T = TypeVar("T")
_NOT_SET_UP = (
    "The council register has not been set up for a programme yet. Your work is saved on this "
    "laptop. The council's administrator has to choose one."
)
_NOT_READ = (
    "The council register cannot read the programme's rules since its program changed. Your work "
    "is saved on this laptop. The council's administrator has to publish the rules again."
)


@dataclass(frozen=True, slots=True)
class Signed:
    """The part of a request that its signature covers."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    route: str = ""  # the address without what was asked for: names a row of the matrix
    address: str = ""  # where it came from
    carried: bool = False  # out of a carried file, whose signature was checked as a whole
    known: list[auth.Caller] = field(default_factory=list)  # who it turned out to be
    epoch: list[str] = field(default_factory=list)  # of the history that it met


class Register:
    """One programme's register over one store."""

    def __init__(
        self,
        store: RegisterStore,
        clock: Clock,
        shipped: Mapping[str, Pack],
        key: bytes,
        rules: Decider,
        limit: Limits | None = None,
        erased: Path | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._packs = shipped
        self._rules = rules
        self._erased = erased
        self.keys = keys.Keyring(store, key)
        self.limits = limit or Limits()
        self.readiness = readiness.Readiness(store)
        self.public = Public(store, clock, self.limits, self._pack)

    def enrol(self, request: Signed, ask: EnrolAsk) -> EnrolReply:
        """Take a device in by its code."""
        now = self._clock.now()

        def work(tx: Tx) -> EnrolReply | None:
            limits.count_sign_in(tx, self.limits, request.address, now)
            epoch = self.keys.look(tx)
            return auth.enrol(tx, ask, self.keys.told(tx), new_id(), epoch, now)

        reply = self._store.write(work)
        if reply is None:
            raise auth.refuse_code()
        return reply

    def push(self, request: Signed, ask: PushAsk, told: Callable[[PushReply], T]) -> T:
        """Take a batch in: its signed receipt, as it is `told`, perhaps while the disk takes it."""
        now = self._clock.now()
        limits.check_depth([(op.fields, op.was) for op in ask.ops], self.limits.depth + 1)
        limits.check_depth([(of.fields, of.was) for of in ask.groups], self.limits.depth + 2)
        ask.ops, ask.groups = [*ask.ops, *ops_of(ask.groups)], []
        if len(ask.ops) > BATCH_OPS:
            raise Troubled(413, Trouble(trouble="too_big", now=now))
        ops = Arrivals(ask.ops)
        alone = self._store.dialect == "sqlite"  # one writes at a time
        if alone:
            ops.made()

        def work(tx: Tx) -> tuple[str, Taken, PullReply | None]:
            who = self._caller(tx, request)
            epoch = request.epoch[-1]
            if ask.epoch and ask.epoch != epoch:
                mine = tx.people.incarnation(ask.inc)
                last = mine.last if mine is not None else 0
                raise Troubled(409, Trouble(trouble="epoch", epoch=epoch, last=last, now=now))
            if not tx.people.seen(who.device, who.person, now):
                raise AgainPlease  # they are closed by now: whoever asks is looked up anew
            if ask.waiting >= 0:
                tx.people.note_waiting(who.device.id, ask.waiting, ask.waiting_since, now)
            try:
                taken = push(tx, who.person, ask, ops, now, who.device.id, last_work=who.retired)
            except Troubled as error:
                along.sign_acks(self.keys.private, error.trouble, ask.inc, epoch)
                raise
            return epoch, taken, along.nothing_new(self, tx, request, ask.pull) if alone else None

        def said(done: tuple[str, Taken, PullReply | None]) -> tuple[PushReply, T | None]:
            reply = along.receipt(self.keys.private, ask, *done[:2])
            reply.page = done[2]
            whole = ask.pull is None or reply.page is not None
            return reply, told(reply) if whole else None

        reply, answer = self._store.write_and(work, said)
        if answer is None:
            reply.page = along.page_after(self, request, ask.pull)
            answer = told(reply)
        return answer

    def pull(self, request: Signed, ask: PullAsk, known: auth.Caller | None = None) -> PullReply:
        """One page of the feed for whoever asks; `known` is who this request has shown to be."""
        now = self._clock.now()

        def work(tx: Tx) -> PullReply:
            who = known or self._caller(tx, request)
            epoch = request.epoch[-1] if known is None else self.keys.look(tx)
            return self.page(tx, who, ask, epoch)

        reply = self._store.read(work, of_records=known is None)
        if ask.waiting >= 0 and not request.carried:
            device = request.known[-1].device.id
            try:
                self._store.write(
                    lambda tx: tx.people.note_waiting(device, ask.waiting, ask.waiting_since, now)
                )
            except OperationalError as error:  # a full disk keeps nobody from reading
                database_fault(error)
                reply.unnoted = True
        told = len(reply.states) + sum(len(group.records) for group in reply.groups)
        if told:
            self._note_reading(request, {"feed": reply.seq, "records": told})
        if ask.columns:
            groups, reply.states = states_in_groups(reply.states)
            reply.groups += groups
        else:
            reply.states, reply.groups = [*states_of(reply.groups), *reply.states], []
        return reply

    def page(self, tx: Tx, who: auth.Caller, ask: PullAsk, epoch: str) -> PullReply:
        """What changed after a bookmark, and at its end what is new in the audit log."""
        reply = pull(tx, who.person, ask, epoch, self._clock.now())
        if not reply.more:
            reply.head, reply.proof = audit.news(tx, self.keys.private, reply.epoch, ask)
        return reply

    def sums(self, request: Signed, ask: SumsAsk | None) -> SumsReply:
        """Whether a laptop holds what it should, and what it should hold where it does not.

        None in a carried file: only which files are not here.
        """
        now = self._clock.now()

        def work(tx: Tx) -> SumsReply:
            person = self._caller(tx, request).person
            if ask is None:
                return SumsReply(lacking=sums.lacking(tx, person))
            return sums.answer(tx, person, ask, request.epoch[-1], now)

        reply = self._store.read(work)
        if ask is not None and reply.states:
            self._note_reading(request, {"feed": ask.seq, "records": len(reply.states)})
        return reply

    def decide(self, request: Signed, ask: DecideAsk) -> DecideReply:
        """Judge a decision."""
        now = self._clock.now()
        limits.check_depth(ask.payload, self.limits.depth)

        def work(tx: Tx) -> DecideReply:
            who = self._caller(tx, request)  # closed meanwhile, they meet in the audit log's head
            return decide(tx, who, ask, self._pack(tx), now, self._rules)

        reply = self._store.decide(work)
        if reply.state == "granted" and ask.name in journal.ERASES and self._erased is not None:
            journal.keep_or_log(self._store, self._erased)  # it is decided, listed or not
        return reply

    def hello(self, request: Signed, ask: HelloAsk) -> HelloReply:
        """Where a device stands; a fresh incarnation if its disk came back from an old image."""
        now = self._clock.now()

        def work(tx: Tx) -> HelloReply:
            who = logins.stays(tx, self._caller(tx, request))
            if ask.fresh and not request.carried:
                limits.count_fresh(tx, self.limits, who.device.id, now)
            keys = chain.every(self.keys.told(tx))
            return hello.where(tx, who, ask, request.epoch[-1], now, keys)

        return self._store.write(work)

    def hello_all(self, request: Signed) -> list[HelloReply]:
        """Where a device stands in every incarnation of its person, and with which ops.

        A vault that was made known anew has written under numbers of the device it was before.
        """

        def work(tx: Tx) -> list[HelloReply]:
            person = self._caller(tx, request).person
            return hello.everywhere(tx, person.id, request.epoch[-1])

        return self._store.read(work)

    def blob_status(self, request: Signed, sha256: str, record_id: str) -> BlobReply:
        """How much of a file is here."""

        def work(tx: Tx) -> tuple[BlobReply, bool]:
            reply = files.status(tx, self._caller(tx, request), sha256, record_id)
            return reply, reply.complete and files.owes(tx, sha256, record_id)

        reply, owes = self._store.read(work)
        if owes:
            files.keep(self._store, sha256, record_id)
        return reply

    def blob_add(self, request: Signed, sha256: str, record_id: str, start: int) -> BlobReply:
        """Take a part of a file in."""
        now, part = self._clock.now(), files.Part(start, request.body)

        def work(tx: Tx) -> BlobReply:
            who = logins.stays(tx, self._caller(tx, request))
            return files.add(tx, who, sha256, record_id, part, self.limits, now)

        return self._store.write(work)

    def blob_read(self, request: Signed, sha256: str, record_id: str, start: int) -> bytes:
        """A part of a file."""

        def work(tx: Tx) -> tuple[bytes, bool]:
            person = self._caller(tx, request).person
            part = files.read(tx, person, sha256, record_id, start)
            return part, bool(part) and files.owes(tx, sha256, record_id)

        part, owes = self._store.read(work)
        if owes:
            files.keep(self._store, sha256, record_id)
        if part:
            self._note_reading(request, {"file": record_id, "start": start, "bytes": len(part)})
        return part

    def sign_in_begin(self, request: Signed) -> SignInBeginReply:
        """A try to sign in by the council's own accounts."""
        now = self._clock.now()

        def work(tx: Tx) -> SignInBeginReply:
            limits.count_sign_in(tx, self.limits, request.address, now)
            return logins.begin(tx, now)

        return self._store.write(work)

    def sign_in(self, request: Signed, ask: SignInAsk) -> SignInReply:
        """The token is looked at, and a laptop made known or a login begun."""
        now = self._clock.now()

        def asked(tx: Tx) -> tuple[oidc.Issuer, str]:
            limits.count_sign_in(tx, self.limits, request.address, now)
            return oidc.issuer(tx), logins.nonce_of(tx, ask.ticket, now)

        def finish(tx: Tx) -> SignInReply:
            epoch = self.keys.look(tx)
            return logins.finish(tx, ask, account, (self.keys.told(tx), epoch), now)

        with refused.noting_sign_in(self._store, now):
            issuer, nonce = self._store.write(asked)
            keyset = oidc.keys(self._store, issuer, oidc.kid_of(ask.token), now)
            account = oidc.account(ask.token, keyset, issuer, nonce, now)
            return self._store.write(finish)

    def token(self, request: Signed, ask: TokenAsk) -> TokenReply | TokenEnded:
        """The next pair of keys of a login, or its end."""
        now = self._clock.now()

        def work(tx: Tx) -> TokenReply | TokenEnded | None:
            limits.count_sign_in(tx, self.limits, request.address, now)
            if ask.end:
                logins.sign_out(tx, ask.refresh, now)
                return TokenEnded()
            return logins.refresh(tx, ask.refresh, now)

        reply = self._store.write(work)
        if reply is None:  # it was used before: that the login ended is kept, then said
            raise logins.over(now)
        return reply

    def devices(self, request: Signed, ask: DevicesAsk) -> DevicesReply:
        """Which devices there are."""
        return self._store.read(lambda tx: office.devices(tx, self._caller(tx, request), ask))

    def device_ledger(self, request: Signed, ask: DeviceLedgerAsk) -> DeviceLedgerReply:
        """What came from one device."""
        return self._store.read(lambda tx: office.device_ledger(tx, self._caller(tx, request), ask))

    def close_device(self, request: Signed, ask: CloseDeviceAsk) -> CloseDeviceReply:
        """Close a device's access."""
        now = self._clock.now()
        reply = self._store.write(
            lambda tx: office.close_device(
                tx, logins.stays(tx, self._caller(tx, request)), ask, now
            )
        )
        if reply.closed and self._erased is not None:
            journal.keep_or_log(self._store, self._erased)  # no copy opens it again
        return reply

    def audit_proof(self, request: Signed, ask: AuditProofAsk) -> AuditProofReply:
        """That the audit log has only grown."""

        def work(tx: Tx) -> AuditProofReply:
            self._caller(tx, request)
            return office.audit_proof(tx, ask, self.keys.private, request.epoch[-1])

        return self._store.read(work)

    def audit_entries(self, request: Signed, ask: AuditEntriesAsk) -> AuditEntriesReply:
        """A page of the audit log."""

        def work(tx: Tx) -> AuditEntriesReply:
            self._caller(tx, request)
            return office.audit_entries(tx, ask)

        return self._store.read(work)

    def audit_head(self) -> WireTreeHead:
        """The signed head of the audit log, for anybody to keep."""

        def work(tx: Tx) -> WireTreeHead:
            epoch = self.keys.look(tx)
            return audit.head(tx, self.keys.private, epoch)

        return self._store.read(work, of_records=False)

    def admit(self, request: Signed) -> None:
        """Only who is asking. Raises Troubled for a stranger and for a role that may not."""
        self._store.read(lambda tx: self._caller(tx, request), of_records=False)

    def afterwards(self, request: Signed) -> Callable[[], None] | None:
        """What is left to do after an answer, if anything: it waits for the disk.

        A request of somebody known is counted when the lot draws it, and records that follow are
        written. Whatever is written brings them level first, so one of the two is enough.
        """
        if not (request.known and limits.drawn(self.limits)):
            return self._store.catch_up if self._store.owes else None
        person, now = request.known[0].person.id, self._clock.now()
        return lambda: self._store.write(
            lambda tx: limits.count_person(tx, self.limits, person, now)
        )

    def not_ready(self) -> str:
        """Why the register cannot do its work, in words; '' where it can."""
        try:
            made = self._store.read(self.keys.look, of_records=False)
        except DBAPIError as error:
            database_fault(error)
            return readiness.SILENT
        return self.readiness.why_not() if made else readiness.UNMADE

    def device_key(self, device_id: str) -> bytes | None:
        """The public key of a device, or None for one that is not known."""
        device = self._store.read(lambda tx: tx.people.device(device_id), of_records=False)
        return None if device is None else device.public_key

    def _note_reading(self, request: Signed, about: dict[str, Any]) -> None:
        """What was told goes into the audit log, for a role whose reading is logged."""
        who, now = request.known[0], self._clock.now()
        if matrix().roles[who.person.role.value].reads_are_logged:
            act = audit.Act(act="read", by=who.person.id, device=who.device.id, about=about)
            self._store.write(lambda tx: audit.note(tx, act, now))

    def _caller(self, tx: Tx, request: Signed) -> auth.Caller:
        """Who asks: known, in a role that this address is for, and not too often."""
        now = self._clock.now()
        request.epoch.append(self.keys.look(tx))
        row = matrix().route(request.method, request.route)
        if request.carried:
            device = request.headers[signing.DEVICE]
            who = auth.carrier(tx, request.method, request.path, device, now)
        elif row.proof == "device or login" and "authorization" in request.headers:
            who = logins.caller(tx, request.headers, now)
        else:
            who = auth.caller(tx, request.method, request.path, request.headers, request.body, now)
        if who.person.role.value not in row.who:
            words = "This is not for your role. Nothing was changed."
            raise Troubled(403, Trouble(trouble="not_for_role", words=words, now=now))
        if not request.carried:
            limits.check_person(tx, self.limits, who.person.id, now)
        request.known.append(who)
        return who

    def _pack(self, tx: Tx) -> Pack:
        only = next(iter(self._packs)) if len(self._packs) == 1 else ""
        name = tx.people.setting("pack") or only
        try:
            told = packs.in_use(tx, name)
        except (PackError, PackUnreadable) as error:
            raise Troubled(503, Trouble(trouble="no_programme", words=_NOT_READ)) from error
        if told is not None:
            return told
        if name not in self._packs:
            raise Troubled(503, Trouble(trouble="no_programme", words=_NOT_SET_UP))
        return self._packs[name]
