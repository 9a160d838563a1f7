"""One round between a laptop and its register: push until empty, ask, pull until level, files.

Every step stands by itself: cut anywhere, the next round goes on from what is on disk. A quiet
round is one request. Refuses to clear an op without the register's signed receipt, to use an
answer that is not the register's, and to run a recovery for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from forms.change import AlikeOps, Bookmark, Changes, Op, Page, TakenRuns, Verb, seqs_of
from forms.values import Clock
from sync import envelope, errors, keys
from sync.client import erased, files, recovery, sums, witness
from sync.client.ahead import Ahead
from sync.client.decide import ask_waiting
from sync.client.question import after, along, came_along, page_question
from sync.client.receipt import Receipt
from sync.client.side import Laptop
from sync.client.transport import Transport
from sync.client.whole import whole_of
from sync.client.wire import Line, Told
from sync.columns import batch_in_groups, blocks_of, check_groups, seqs_acked
from sync.protocol import (
    BATCH_OPS,
    PullAsk,
    PullReply,
    PushAsk,
    PushReply,
    bookmark_of,
    op_to_wire,
    state_from_wire,
)

Progress = Callable[[int, int], None]  # ops sent in this round, of how many
CLOCK_OFF = timedelta(minutes=5)  # from here on a wrong clock is said; it never stops anything
FIRST_RECORDS = 200  # of a first pull: the laptop puts them away while the register reads on
FIRST_OPS = 500  # of many batches: on a quick line the register is at work while more is read
_RECOVER = frozenset({"epoch", "forked", "gap", "device_regressed", "unknown_incarnation"})


@dataclass(frozen=True, slots=True)
class FileGoing:
    """The file that is on its way now."""

    number: int  # the first is 1
    of: int
    percent: int  # of its bytes that the register has


@dataclass(slots=True, kw_only=True)
class RoundReport:
    """What one round did."""

    pushed: int = 0  # ops with a receipt
    pulled: int = 0  # records that changed here
    clashes_opened: int = 0
    clashes_settled: int = 0
    decisions_answered: int = 0  # that waited here until now
    refused: list[str] = field(default_factory=list)  # words of what the register did not take
    passed_on: list[str] = field(default_factory=list)  # words of what went to another coach
    left: int = 0  # records that went to somebody else
    held_back: int = 0  # records that would all leave at once: a person looks first
    files_sent: int = 0
    small_sent: int = 0  # small copies of photos, ahead of the whole ones
    files_again: int = 0  # the register had them and has them no more: they wait once more
    file_going: FileGoing | None = None
    requests: int = 0
    recovered: str = ""  # what was put right, if anything was
    mended: int = 0  # records that were not as the register has them, and are now
    uneven: str = ""  # words, when some still are not
    clock_ahead: timedelta = timedelta()  # of the register's clock, when it is well off
    history_changed: str = ""  # words, when the register's audit log is not as it was
    changes: list[Changes] = field(default_factory=list)  # to tell whoever shows them

    @property
    def conflicts(self) -> int:
        """Things to check that came up in this round."""
        return self.clashes_opened

    @property
    def quiet(self) -> bool:
        """Whether nothing moved."""
        return not (self.pushed or self.pulled or self.decisions_answered or self.left)


@dataclass(slots=True)
class Round:
    """A round under way."""

    vault: Laptop
    line: Line
    clock: Clock
    report: RoundReport
    progress: Progress | None = None
    with_files: bool = True
    files_wait: Callable[[], bool] = bool  # asked between two parts; its own answer is no
    waiting: tuple[int, str] | None = None  # what the register does not know yet of what waits
    small_sent: bool = False  # the small copies of photos have had their turn
    along: tuple[PullAsk, PullReply] | None = None  # the page that came with the last receipt

    def pack_push(
        self,
        inc: int,
        ops: Sequence[Op],
        epoch: str,
        pull: PullAsk | None = None,
        *,
        later: bool = False,
    ) -> bytes:
        """A batch as it goes over the line, like ops in columns; `later` than the first one."""
        groups, rows = batch_in_groups(ops)
        ask = PushAsk(inc=inc, epoch=epoch, ops=rows, groups=groups, runs=True, pull=pull)
        if self.waiting is not None and not later:
            ask.waiting, ask.waiting_since = self.waiting
        return self.line.pack(ask)

    def ask_push(
        self,
        inc: int,
        ops: Sequence[Op],
        epoch: str,
        body: bytes = b"",
        pull: PullAsk | None = None,
    ) -> Receipt:
        """Send one batch, packed already or not; the reply's receipt is checked."""
        try:
            receipt = self._push(body or self.pack_push(inc, ops, epoch, pull))
        except Told as told:
            told.inc = inc
            raise
        mine = sorted(seqs_of(ops))
        few = len(receipt.acks)
        if few < len(mine) and few == len(batch_in_groups(ops)[1]):  # it knows no columns yet
            wires = [op_to_wire(op) for op in ops]
            receipt = self._push(self.line.pack(PushAsk(inc=inc, epoch=epoch, ops=wires)))
        if (
            not receipt.is_signed(*keys.known_to(self.line.identity))
            or receipt.reply.inc != inc
            or seqs_acked(receipt.acks) != mine
        ):
            raise errors.NotTheRegister(detail="the receipt is not for what was sent")
        return receipt

    def _push(self, body: bytes) -> Receipt:
        self.report.requests += 1
        return Receipt.of(self.line.ask_packed("/v1/push", body, PushReply))

    def now(self) -> datetime:
        """The laptop's moment."""
        return self.clock.now()


def run_round(
    vault: Laptop,
    transport: Transport,
    clock: Clock,
    progress: Progress | None = None,
    *,
    with_files: bool = True,
    files_wait: Callable[[], bool] = bool,
    report: RoundReport | None = None,
) -> RoundReport:
    """One round. Raises SyncError; what was done before it stays done, and stands in a `report`.

    Without `with_files` photos and papers wait for another round; only small copies of photos go.
    `files_wait` says so later, while the round runs: what has arrived of a file is not sent again.
    """
    identity = vault.exchange.identity()
    if identity is None:
        raise errors.SignInNeeded(detail="not enrolled")
    report = RoundReport() if report is None else report
    line = Line(transport, identity, clock)
    this = Round(vault, line, clock, report, progress, with_files, files_wait)
    try:
        for attempt in range(recovery.ROUNDS + 1):
            try:
                _steps(this)
                break
            except Told as told:
                if told.trouble.trouble not in _RECOVER:
                    raise errors.Refused(told.trouble.words, detail=told.trouble.trouble) from told
                if attempt == recovery.ROUNDS:
                    raise errors.OutOfStep(detail=told.trouble.trouble) from told
                _recover(this, told)
    finally:
        if this.line.identity.register_key != identity.register_key:  # from here on no other one
            vault.exchange.adopt(this.line.identity)
    return report


def _recover(this: Round, refused: Told) -> None:
    try:
        recovery.recover(this, refused.trouble, refused.inc)
    except Told as told:  # it does not even say where the two stand
        raise errors.OutOfStep(detail=told.trouble.trouble) from told


def _steps(this: Round) -> None:
    push_all(this)
    try:
        ask_waiting(this)
        pull_all(this)
    except errors.DeviceRevoked:
        files.send_all(this)  # one closed as retired may send these still, and then nothing
        raise
    say_how_far(this)  # what came is told of before what may take minutes
    if this.report.pulled and erased.ask_again(this):
        ask_waiting(this)
    this.report.held_back = this.vault.exchange.held_back()
    if sums.is_due(this):
        sums.check(this)
        say_how_far(this)
    files.send_all(this)


def say_how_far(this: Round) -> None:
    """Whoever shows it hears how many changes have a receipt; the report says which file goes."""
    if this.progress is not None:
        done = this.report.pushed
        this.progress(done, done + this.vault.exchange.unsent_count())


def push_all(this: Round, *, then_pull: bool = True) -> None:
    """Send what waits, in order, until nothing waits; with the last of it what a pull would ask.

    The next batch is read and packed while one is under way, and sent while the receipt is put
    away: the register has the one before it, and a receipt that did not reach the disk is given
    again. Of many batches the first is short, so that the register soon has something to do.
    """
    exchange, this.along = this.vault.exchange, None
    epoch = exchange.bookmark().epoch
    waits = exchange.unsent_count()
    size = _first_size(waits)
    with Ahead() as ahead:

        def question(ops: Sequence[Op]) -> PullAsk | None:
            return along(this, ops) if then_pull and 0 < len(ops) < size else None

        def send(ops: Sequence[Op]) -> Future[Receipt]:
            if len(ops) >= size:
                return ahead.start(_asking(this, ops, epoch))
            return ahead.wait_for(_asking(this, ops, epoch, pull=question(ops)))

        ops = _one_incarnation(exchange.unsent(size)) if waits else []
        if len(ops) >= size:  # more than one batch: if the line breaks, the lead knows of the rest
            this.waiting = exchange.untold()
        sent = send(ops) if ops else None
        size, full = max(size, BATCH_OPS), len(ops) >= size
        while ops and sent is not None:
            next_ops = _one_incarnation(exchange.unsent(size, len(ops))) if full else []
            body, pull = b"", question(next_ops)
            if next_ops:
                body = this.pack_push(next_ops[0].inc, next_ops, epoch, pull, later=True)
            try:
                receipt = sent.result()
            except (errors.Slow, Told) as fault:
                went_along = then_pull and len(ops) < size
                size, then_pull = _less(fault, len(ops), size, went_along=went_along), False
                ops = _one_incarnation(exchange.unsent(size))
                sent, full = send(ops), len(ops) >= size
                continue
            sent = None
            if next_ops:
                sent = ahead.start(_asking(this, next_ops, epoch, body, pull))
            _put_batch(this, ops, receipt)
            ops = next_ops or _one_incarnation(exchange.unsent(size))
            full = len(ops) >= size
            if ops and sent is None:
                sent = send(ops)


def _asking(
    this: Round, ops: Sequence[Op], epoch: str, body: bytes = b"", pull: PullAsk | None = None
) -> Callable[[], Receipt]:
    def ask() -> Receipt:
        receipt = this.ask_push(ops[0].inc, ops, epoch, body, pull)
        if receipt.page is not None:
            _look_at(this, receipt.page)
        this.along = (pull, receipt.page) if pull and receipt.page else None
        return receipt

    return ask


def _first_size(count: int) -> int:
    return min(FIRST_OPS, BATCH_OPS) if count > BATCH_OPS else BATCH_OPS


def _less(fault: errors.Slow | Told, count: int, size: int, *, went_along: bool) -> int:
    """How many ops next: as many where the receipt can come by itself, without the page."""
    return size if went_along and isinstance(fault, errors.Slow) else _smaller(fault, count)


def _smaller(fault: errors.Slow | Told, count: int) -> int:
    """How many ops to try instead of so many. Raises what is no matter of how many they are."""
    if count == 1 or (isinstance(fault, Told) and fault.trouble.trouble != "too_big"):
        raise fault
    return max(1, count // 2)


def _put_batch(this: Round, ops: Sequence[Op], receipt: Receipt) -> None:
    put_receipt(this, receipt)
    _was_told(this)
    if isinstance(ops, AlikeOps) and ops.verb is not Verb.SETTLE:
        return
    settled = {op.seq for op in ops if op.verb is Verb.SETTLE}
    took = {ack.seq for ack in receipt.acks if ack.result == "ok"}
    this.report.clashes_settled += len(settled & took)


def put_receipt(this: Round, receipt: Receipt) -> None:
    """Store a receipt: only now is an op sent."""
    acks, inc = receipt.told(), receipt.reply.inc
    exchange, now = this.vault.exchange, this.now()
    body = envelope.canonical(receipt.reply)
    # said, not left to the vault: an answer read from a stick may have renamed what waits meanwhile
    changes = exchange.acknowledge(acks, now, receipt=body, incarnation=inc)
    _keep_changes(this, changes)
    this.report.pushed += len(acks)
    said = () if isinstance(acks, TakenRuns) else acks
    this.report.refused += [ack.words for ack in said if ack.result.startswith("refused")]
    this.report.passed_on += [ack.words for ack in said if ack.words and ack.result == "ok"]
    say_how_far(this)


def pull_all(this: Round) -> None:
    """Take the feed page by page until level; each page goes to disk with its bookmark.

    The next page is under way while one is put away. It may be lost with the program: the bookmark
    on disk is the one before it.
    """
    mark = this.vault.exchange.bookmark()
    if not mark.epoch and recovery.was_reset(this):
        _put_whole(this)
        return
    question, reply = came_along(this, mark) or _first_page(this, mark)
    been = {(question.seq, question.after)}
    with Ahead() as ahead:
        while True:
            following = None
            _check_further(been, reply)
            if reply.more:
                following = ahead.start(partial(_asked, this, after(question, reply)))
            put_page(this, reply, witness.check(this, reply))
            if following is None:
                return
            reply = following.result()


def _first_page(this: Round, mark: Bookmark) -> tuple[PullAsk, PullReply]:
    question = page_question(this, mark, own_too=False)
    if question.snapshot and not question.after:
        question.limit = min(question.limit, FIRST_RECORDS)
    return question, _asked_telling(this, question)


def _asked_telling(this: Round, question: PullAsk) -> PullReply:
    """A page; the question says how much waits here, where the register does not know it so."""
    this.waiting = this.vault.exchange.untold()
    if this.waiting is not None:
        question.waiting, question.waiting_since = this.waiting
    reply = _asked(this, question)
    if not reply.unnoted:
        _was_told(this)
    return reply


def _was_told(this: Round) -> None:
    """The register has heard how much waits here; it is not said again while it stays so."""
    if this.waiting is not None:
        this.vault.exchange.note_told(*this.waiting)
        this.waiting = None


def _check_further(been: set[tuple[int, str]], reply: PullReply) -> None:
    """A page with more after it ends where none of this pull ended, or the pages never end."""
    place = (reply.seq, reply.after)
    if reply.more and (place in been or reply.seq < max(been)[0]):
        raise errors.OutOfStep(detail="the pages do not get further")
    been.add(place)


def ask_page(this: Round, mark: Bookmark, *, own_too: bool = True) -> PullReply:
    """One page after a bookmark."""
    reply = _asked_telling(this, page_question(this, mark, own_too=own_too))
    seen = witness.check(this, reply)
    if seen:
        this.vault.exchange.witness(seen)
    return reply


def _asked(this: Round, ask: PullAsk) -> PullReply:
    """A page from the register, whole: its columns fit each other."""
    this.report.requests += 1
    reply = this.line.ask("/v1/pull", ask, PullReply)
    _look_at(this, reply)
    return reply


def _look_at(this: Round, reply: PullReply) -> None:
    """How late it is there. Raises NotTheRegister for columns that do not fit each other."""
    off = this.now() - reply.now
    this.report.clock_ahead = off if abs(off) >= CLOCK_OFF else timedelta()
    try:
        check_groups(reply.groups)
    except envelope.Unreadable as error:
        raise errors.NotTheRegister(detail=str(error)) from error


def put_page(this: Round, reply: PullReply, seen: str = "") -> None:
    """Put one page away, unless it says nothing, with what was seen of the audit log."""
    mark = bookmark_of(reply)
    states = tuple(state_from_wire(wire) for wire in reply.states)
    page = Page(
        states=states, left=tuple(reply.left), bookmark=mark, columns=blocks_of(reply.groups)
    )
    if page.count or page.left:
        _absorb(this, page, seen)
    elif seen or mark != this.vault.exchange.bookmark():
        this.vault.exchange.witness(seen, mark, this.now())
    if seen and this.report.history_changed:  # what shows it is on disk before anybody is told
        this.vault.exchange.witness(seen)


def _put_whole(this: Round) -> None:
    """After a reset: everything in sight as one page that names all there is."""
    replies, been = [ask_page(this, Bookmark())], {(0, "")}
    _check_further(been, replies[0])
    while replies[-1].more:
        replies.append(ask_page(this, bookmark_of(replies[-1])))
        _check_further(been, replies[-1])
    _absorb(this, whole_of(replies))


def put_pages(this: Round, replies: Sequence[PullReply]) -> None:
    """Put away pages that were asked for from here on, the last of them the newest."""
    if not this.vault.exchange.bookmark().epoch and recovery.was_reset(this):
        _absorb(this, whole_of(replies))
        return
    for reply in replies:
        put_page(this, reply)


def _absorb(this: Round, page: Page, seen: str = "") -> None:
    before = _open(this)
    put_away(this, page, seen)
    after = _open(this)
    this.report.pulled += page.count
    this.report.left += len(page.left)
    this.report.clashes_opened += len(after - before)
    this.report.clashes_settled += len(before - after)


def put_away(this: Round, page: Page, seen: str = "") -> None:
    """A page goes to disk in short steps: whoever works at the laptop is served between two."""
    rest: Page | None = page
    while rest is not None:
        changes, rest = this.vault.exchange.absorb_some(rest, this.now(), seen)
        if rest is None or changes.records:
            _keep_changes(this, changes)


def _open(this: Round) -> set[str]:
    return {clash.id for clash in this.vault.reader.conflicts(open_only=True)}


def _keep_changes(this: Round, changes: object) -> None:
    if isinstance(changes, Changes):
        this.report.changes.append(changes)


def _one_incarnation(ops: Sequence[Op]) -> Sequence[Op]:
    """A batch is of one incarnation; what was written before a new one goes first."""
    if isinstance(ops, AlikeOps):
        return ops
    return [op for op in ops if op.inc == ops[0].inc]
