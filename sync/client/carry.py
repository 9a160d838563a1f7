"""Carry by hand, the laptop's side: write what waits into a file, read the answer that comes back.

A file out holds what a round would have sent; the file back holds receipts, decisions and the
feed. Both may be made, carried and read as often as anybody likes: what is known is known. A stick
that is too small for all photos takes those that fit, and the next file takes the rest; of a large
one too, from where the answer says. Refuses to clear an op before its receipt is on disk, and to
use a page that starts elsewhere than here.
"""

from __future__ import annotations

import errno
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from forms.change import Bookmark, Identity
from forms.values import Clock, new_id
from storage.errors import FileMissing
from sync import carried, envelope, errors, keys, signing
from sync.carried import BACK, OUT, CarriedBack, FilePart, Frame, Header, NotOurs
from sync.client import erased, exchange, question, recovery, witness
from sync.client.decide import put_answer
from sync.client.exchange import Round, RoundReport
from sync.client.receipt import Receipt
from sync.client.side import Exchange, Laptop
from sync.client.transport import Answer, Transport
from sync.client.wire import Line, closed_words
from sync.protocol import (
    BATCH_OPS,
    CHUNK_BYTES,
    BlobReply,
    DecideReply,
    KeysReply,
    PullReply,
    PushAsk,
    PushReply,
    decision_to_wire,
    op_to_wire,
)
from sync.whole_file import written_whole

MOST_OPS = 200_000  # in one file
SPARE = 4 << 20  # bytes of a stick that are left alone
_HEALED = frozenset({"epoch", "forked", "gap", "unknown_incarnation", "device_regressed"})
_NEEDS_A_LINE = (
    "This laptop and the register have to talk once over a line before a file can help. "
    + errors.SAFE
)
_TWIN = (
    "This laptop was put back to an older copy of its disk, or its records are on a second laptop. "
    f"{errors.SAFE} Make a new file for the council and carry it: it holds everything."
)
_EARLIER_KEY = (
    "That answer was made before the council changed its register's key. Nothing was changed. "
    f"{errors.SAFE} Make a new file for the council and carry it: it holds everything."
)
_NEW_KEY = (
    "The council has changed its register's key, so it could not open your file. This laptop knows "
    f"the new key now. {errors.SAFE} Make a new file for the council and carry it: it holds "
    "everything."
)
_ENDS: Mapping[str, Callable[[CarriedBack], errors.SyncError]] = {  # no more is to be done here
    "revoked": lambda b: errors.DeviceRevoked(closed_words(b.words), detail=b.trouble),
    "key": lambda b: errors.CarriedAgain(_NEW_KEY, detail=b.trouble),
}
_COUNTED = ("ops", "decisions", "files", "begun", "small", "left", "needs")
OVERHEAD = 512  # bytes of a frame beside what it carries, at most


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """What a file holds."""

    path: Path
    ops: int
    decisions: int
    files: int
    begun: int = 0  # files of which a part goes, from where the last file left off
    small: int = 0  # small copies of photos
    left: int = 0  # files that wait for the next one: no room, or damaged here
    needs: int = 0  # bytes that have to be free on a stick for one more of them; 0: none has to


def write_out(
    vault: Laptop, path: Path, clock: Clock, *, room: int | None = None, small: bool = False
) -> CarriedOut:
    """Write what waits into a file for the register. Nothing is changed here.

    Work and questions go first and whole. Then files, the smallest first, while there is `room`
    (bytes; None: what the stick has free); with `small` only the small copies of photos. Of one
    that does not fit go the parts that do; the rest waits for the next file. Raises StickTrouble,
    and then there is no file.
    """
    identity = _identity(vault)
    this = _round(vault, identity, clock)
    header = Header(
        id=new_id(),
        way=OUT,
        device=identity.device_id,
        made_at=clock.now(),
        to=identity.register_key,
    )
    counted = dict.fromkeys(_COUNTED, 0)
    try:
        free = shutil.disk_usage(path.parent).free - SPARE if room is None else room
        frames = _frames(this, counted, min(free, carried.MAX_FILE - SPARE), small=small)
        with written_whole(path) as out:
            carried.write(
                out, header, frames, private=identity.signing_key, to=identity.register_key
            )
    except OSError as error:
        raise errors.StickTrouble(_not_written(error), detail=type(error).__name__) from error
    return CarriedOut(path=path, **counted)


def _not_written(error: OSError) -> str:
    """Why there is no file, what is safe, what to do."""
    safe = "No file was made, nothing was changed here and nothing counts as sent."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return (
            "There is no such folder: was the stick taken out, or is the name another? "
            f"{safe} Try once more."
        )
    if error.errno == errno.EINVAL:  # of the names that a stick cannot have
        return (
            f"A file cannot have that name there. {safe} Use letters, numbers and hyphens in its "
            "name."
        )
    if error.errno in (errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return f"There is not enough room on the stick. {safe} Make room on it, or use another one."
    if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        return (
            f"Nothing can be written there. {safe} If the stick has a switch that locks it, open "
            "it; or use another one."
        )
    return f"The stick could not be written to its end: was it taken out? {safe} Try once more."


def _not_read(error: OSError) -> str:
    """Why the answer was not read. Where it was read before, that stays."""
    if error.errno in (errno.EACCES, errno.EPERM):
        return "That file may not be read by you. Nothing was changed. Ask for it once more."
    if isinstance(error, IsADirectoryError):
        return "That is a folder and no file. Nothing was changed. Choose the file in it."
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return (
            "There is no such file: was the stick taken out, or is the name another? Nothing is "
            "lost. Put it in again and read the file once more."
        )
    return (
        "The stick could not be read to its end: was it taken out? Nothing is lost. Put it in "
        "again and read the file once more."
    )


def read_back(
    vault: Laptop, path: Path, clock: Clock, report: RoundReport | None = None
) -> RoundReport:
    """Take in the register's answer. What was put away before it raises stands in a `report`.

    Raises CarriedRefused for a file that is not ours, of which nothing is used; CarriedAgain where
    the two do not agree on the past; TakenForAnother where this laptop has to join once more;
    StickTrouble when it cannot be read to its end. It may be read again after each of them.
    """
    identity = _identity(vault)
    this = _round(vault, identity, clock)
    this.report = this.report if report is None else report
    try:
        with path.open("rb") as source:
            header = carried.read_header(source)
            _mine(header, identity)
            followed = _checked(source, header, identity)
            if followed.register_key != identity.register_key:
                vault.exchange.adopt(followed)
            this.line.identity = followed
            _take_in(this, source, followed)
    except (NotOurs, envelope.Unreadable) as error:
        raise errors.CarriedRefused(detail=str(error)) from error
    except OSError as error:
        raise errors.StickTrouble(_not_read(error), detail=type(error).__name__) from error
    return this.report


def _frames(this: Round, counted: dict[str, int], room: int, *, small: bool) -> Iterator[Frame]:
    for frame in _records(this, counted):
        room -= len(frame.body) + OVERHEAD
        yield frame
    files, there = this.vault.files, this.vault.files.held_there()
    waiting = sorted(files.unsent(), key=lambda one: one.size - there.get(one.sha256, 0))
    chosen, word = (files.unsent_small(), "small") if small else (waiting, "files")
    for stored in chosen:
        ids = files.named_by(stored.sha256)
        start = there.get(stored.sha256, 0)
        left = stored.size - start
        whole = left + OVERHEAD * (1 + left // CHUNK_BYTES) <= room
        some = left if whole else room // (CHUNK_BYTES + OVERHEAD) * CHUNK_BYTES
        if some <= 0 < left:
            counted["needs"] = min(left, CHUNK_BYTES) + OVERHEAD + SPARE
            break
        data = _bytes(files, stored.sha256) if ids else None
        if data is not None:
            room -= some + OVERHEAD * (1 + some // CHUNK_BYTES)
            yield from _parts(stored.sha256, ids[0], data, start, start + some)
            counted[word if whole else "begun"] += 1
            if not whole:
                break
    counted["left"] = len(waiting) - counted["files"]


def _bytes(files: Any, sha256: str) -> bytes | None:
    """A file's bytes; None where they are damaged here: the others go all the same."""
    try:
        return bytes(files.read(sha256))
    except FileMissing:
        return None


def _parts(sha256: str, record_id: str, data: bytes, first: int, end: int) -> Iterator[Frame]:
    """The bytes from one place to another, in parts; of an empty file its one."""
    for start in range(first, max(end, first + 1), CHUNK_BYTES):
        part = FilePart(sha256=sha256, record=record_id, start=start)
        yield carried.file_frame(b"F", part, data[start : min(start + CHUNK_BYTES, end)])


def _records(this: Round, counted: dict[str, int]) -> Iterator[Frame]:
    side = this.vault.exchange
    mark = side.bookmark()
    ops = list(side.unsent(MOST_OPS))
    while ops:
        batch = [op for op in ops[:BATCH_OPS] if op.inc == ops[0].inc]
        ask = PushAsk(inc=ops[0].inc, epoch=mark.epoch, ops=[op_to_wire(op) for op in batch])
        yield Frame(b"P", envelope.pack(ask))
        counted["ops"] += len(batch)
        ops = ops[len(batch) :]
    for request in side.waiting_decisions():
        yield Frame(b"D", envelope.pack(decision_to_wire(request, waited=True)))
        counted["decisions"] += 1
    asked = question.pull_question(this, _from(mark))
    asked.shown = [*recovery.shown(side, *side.incarnations()).values()]  # no second question
    asked.have = -1  # by the time that the file is read a line may have told of newer work
    yield Frame(b"G", envelope.pack(asked))


def _from(mark: Bookmark) -> Bookmark:
    """A first pull that a line began and did not end is begun again: a file tells the feed."""
    return Bookmark() if mark.after else mark


def _mine(header: Header, identity: Identity) -> None:
    if header.way != BACK:
        raise errors.CarriedRefused(
            "That is the file for the council, not the one that came back. Nothing was changed."
        )
    if header.device != identity.device_id:
        raise errors.CarriedRefused(
            "That file is the answer for another laptop. Nothing was changed."
        )


def _checked(source: IO[bytes], header: Header, identity: Identity) -> Identity:
    """Go through the whole file; who this laptop is, with the register's key that signed it.

    That has to be the newest one: what an earlier key signs now may be from whoever has stolen it,
    and a false receipt would have work forgotten. Raises NotOurs, CarriedRefused, KeyForked.
    """
    newest = header.keys[-1].key if header.keys else identity.register_key
    try:
        _check_by(source, newest, identity)
    except NotOurs:
        if not header.keys and any(_is_by(source, one, identity) for one in _earlier(identity)):
            raise errors.CarriedRefused(_EARLIER_KEY) from None
        raise
    if not header.keys:
        return identity
    try:
        followed = keys.follow(identity, KeysReply(key=newest, links=header.keys))
    except errors.KeyBehind:
        raise errors.CarriedRefused(_EARLIER_KEY) from None
    if followed is None:
        raise NotOurs("signed by another register")
    return followed


def _check_by(source: IO[bytes], key: bytes, identity: Identity) -> None:
    source.seek(0)
    carried.check(source, private=identity.signing_key, sender=lambda _: key)


def _is_by(source: IO[bytes], key: bytes, identity: Identity) -> bool:
    try:
        _check_by(source, key, identity)
    except NotOurs:
        return False
    return True


def _earlier(identity: Identity) -> Iterator[bytes]:
    return (one.key for one in identity.earlier_keys)


def _take_in(this: Round, source: IO[bytes], identity: Identity) -> None:
    """Every frame of a file that was checked as a whole."""
    pages: list[PullReply] = []
    back: CarriedBack | None = None
    for frame in carried.read(
        source, private=identity.signing_key, sender=lambda _: identity.register_key
    ):
        if frame.kind == b"H":
            back = envelope.unpack(frame.body, CarriedBack)
        elif frame.kind == b"A":
            _receipt(this, envelope.unpack(frame.body, PushReply))
        elif frame.kind == b"D":
            put_answer(this, envelope.unpack(frame.body, DecideReply))
        elif frame.kind == b"B":
            _file(this, envelope.unpack(frame.body, BlobReply))
        elif frame.kind == b"G":
            pages.append(envelope.unpack(frame.body, PullReply))
    if back is None:
        return
    if back.trouble:  # after the receipts: what has one keeps its name
        _troubled(this, back)
    # a page is put away only where it goes on from: after a line in between it is old news
    since = Bookmark(epoch=back.epoch, seq=back.seq, chain=back.chain)
    if pages and since == _from(this.vault.exchange.bookmark()):
        # so is a head: its proof begins where the laptop stood when the file was written
        proved = back.witnessed == witness.newest(this)[0]
        seen = witness.check(this, pages[-1]) if proved else ""
        exchange.put_pages(this, pages)
        this.report.files_again = this.vault.files.send_again(back.lacking)
        this.vault.exchange.witness(seen)  # all on disk: nobody keeps a file that was read
        erased.ask_again(this)  # with the next file


def _receipt(this: Round, reply: PushReply) -> None:
    receipt = Receipt.of(reply)
    if not receipt.is_signed(*keys.known_to(this.line.identity)):
        raise NotOurs("a receipt that the register did not sign")
    side, report = this.vault.exchange, this.report
    receipt = _of_these_ops(side, receipt)
    waited, told = side.unsent_count(), (report.pushed, report.refused[:], report.passed_on[:])
    exchange.put_receipt(this, receipt)
    fresh = waited - side.unsent_count()
    report.pushed = told[0] + fresh
    if not fresh:  # read before, or over a line: it is not said once more
        report.refused, report.passed_on = told[1], told[2]


def _of_these_ops(side: Exchange, receipt: Receipt) -> Receipt:
    """A receipt without the acks of ops that have another's name.

    A laptop that came back from an old image after the file went, or a copy of it, has written
    others under the same numbers. They were not sent, and wait for a line.
    """
    inc, hashes = receipt.reply.inc, receipt.reply.hashes
    acks = sorted(receipt.acks, key=lambda ack: ack.seq)
    if not hashes:
        return receipt  # of a register that does not say of which ops yet
    if len(hashes) != len(acks):
        raise NotOurs("a receipt that does not say of which ops")
    said = {ack.seq: mark for ack, mark in zip(acks, hashes, strict=True)}
    waiting = (op for op in side.unsent(MOST_OPS) if op.inc == inc and op.seq in said)
    other = {op.seq for op in waiting if signing.op_hash(op_to_wire(op)) != said[op.seq]}
    return Receipt(receipt.reply, [ack for ack in receipt.acks if ack.seq not in other])


def _file(this: Round, reply: BlobReply) -> None:
    files = this.vault.files
    waiting = {one.sha256 for one in (*files.unsent(), *files.unsent_small())}
    if reply.sha256 not in waiting:
        return
    if reply.complete:
        files.mark_sent(reply.sha256, this.now())
        this.report.files_sent += 1
    else:  # the next file goes on from there
        files.note_held(reply.sha256, reply.held)


def _troubled(this: Round, back: CarriedBack) -> None:
    """The two do not agree on the past. Say it again where a file can; else a line is needed."""
    if back.trouble in _ENDS:
        raise _ENDS[back.trouble](back)
    side = this.vault.exchange
    regressed = back.trouble == "device_regressed"
    if back.trouble not in _HEALED or (regressed and not back.fresh):
        raise errors.CarriedRefused(back.words or _NEEDS_A_LINE, detail=back.trouble)
    if this.line.identity.incarnation in back.others:  # nor would a line help: the same is said
        raise errors.TakenForAnother(detail=back.trouble)
    written = side.incarnations().items()
    # somebody else's, who had these records before: theirs to say again, but for what we wrote
    incs = [inc for inc, last in written if inc and last and inc not in back.others]
    taken = {inc: recovery.others(side, inc, back.which.get(str(inc), b"")) for inc in incs}
    me = this.line.identity.actor_id
    taken |= {inc: recovery.written_by(side, inc, me) for inc in back.others}
    # read once more, it finds nothing of that incarnation waiting: what waited has its new name
    anew = regressed and any(op.inc == back.inc for op in side.unsent(MOST_OPS))
    anew = anew or any(taken.values())
    # forgotten there, and nothing here shows whose it was
    forgotten = {inc for inc in incs if str(inc) not in back.held}
    anew = anew or bool(forgotten and forgotten - side.kept_receipts().keys())
    if anew and not recovery.is_fresh(this, back.fresh):
        raise errors.CarriedRefused(_NEEDS_A_LINE, detail=back.trouble)
    for inc in incs:
        if not regressed:
            side.reopen(back.held.get(str(inc), 0), incarnation=inc)
    for inc, ops in taken.items():
        side.reopen(0, incarnation=inc, only=ops)
    if anew:
        recovery.go_on_under(this, back.fresh)
    if anew or not regressed:
        side.reset_bookmark()
    this.report.recovered = back.trouble
    raise errors.CarriedAgain(_TWIN if regressed else "", detail=back.trouble)


def _identity(vault: Laptop) -> Identity:
    identity = vault.exchange.identity()
    if identity is None:
        raise errors.SignInNeeded(detail="not enrolled")
    return identity


def _round(vault: Laptop, identity: Identity, clock: Clock) -> Round:
    return Round(vault, Line(_NoLine(), identity, clock), clock, RoundReport())


class _NoLine(Transport):
    """A file has no line: nothing may be asked on the way."""

    url = ""

    def send(self, method: str, path: str, headers: object, body: bytes) -> Answer:
        """Never."""
        del method, path, headers, body
        raise errors.Unreachable(detail="a file has no line")

    def close(self) -> None:
        """Nothing to hang up."""
