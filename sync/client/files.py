"""Bytes of attachments, after the rows that name them: in parts, picked up where the line broke.

Parts begin small and grow while they get through, so a line that breaks often, or is slow, still
gets further with every try; small files go first. On a slow line, and where sending costs money,
the small copy of every photo goes before any whole one.

The same bytes are sent once, whoever took the photograph. A photo whose case went to another coach
before it was sent goes all the same: its bytes are nowhere else. Refuses to mark a file sent before
the register says that it holds every byte, and to keep bytes that do not hash to their name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import msgspec

from forms.change import Changes
from forms.facts.casework import Attachment
from forms.values import Clock
from storage.errors import FileMissing
from sync import envelope, errors
from sync.client.side import Laptop
from sync.client.transport import Transport
from sync.client.wire import Line, Told
from sync.protocol import CHUNK_BYTES, MAX_FILE, BlobReply

if TYPE_CHECKING:
    from sync.client.exchange import Round


FIRST_PART = 128 << 10  # then twice as much each time: a poor line loses little when it breaks
LEAST_PART = 32 << 10
MOST_SLOW = 4  # parts that a line was too slow for, of one file in one round
_SPARE = 4 << 20  # bytes that may go in vain beside a file sent twice
_PARTS, _LEAST_KEPT = 64, 4 << 10  # how many parts a file may come in: so many, and by size
GONE = (
    "The bytes of this file are damaged or gone from this laptop, so it could not be sent. "
    "Its record is sent. Add the file again if you still have it."
)
UNLIKE = (
    "The record of this file gives another length than the file has, so the council's register "
    "cannot take its bytes. They are kept on this laptop. Add the file again."
)
NOT_YET = (
    "The council's register has not taken the record of this file, so it did not take the file. "
    "Both are kept on this laptop, and the file is tried again with every round."
)
_ONLY_THIS_FILE = ("unknown_file", "too_big", "full")  # the others, and the records, go on


class _Unlike(Exception):
    """A record says that a file has another length: no bytes of that name will ever fit it."""


class _Waits(Exception):
    """From here on whole files wait for another round."""


class _Nothing(msgspec.Struct):
    """An empty question."""


def send_all(this: Round) -> None:
    """Send every file that a sent record names and the register does not hold."""
    waiting = sorted(this.vault.files.unsent(), key=lambda one: one.size)
    if not waiting:
        return
    if not this.with_files:
        _small_first(this)
        return
    try:
        for number, stored in enumerate(waiting, start=1):  # small ones are not kept waiting
            _records_first(this)
            if this.line.pace.is_slow:
                _small_first(this)
            _say_which(this, number, len(waiting))
            if _send_one(this, stored.sha256):
                this.report.files_sent += 1
    except _Waits:
        _small_first(this)
    finally:
        this.report.file_going = None
        if this.report.files_sent:  # whoever shows what waits hears of it, like of a receipt
            this.report.changes.append(Changes(at=this.now(), by="register"))


def _say_which(this: Round, number: int, of: int, percent: int = 0) -> None:
    from sync.client.exchange import FileGoing

    this.report.file_going = FileGoing(number, of, percent)
    _say(this)


def _say_how_much(this: Round, held: int, size: int) -> None:
    """More of the file that is on its way has arrived."""
    going = this.report.file_going
    if going is not None and size:
        this.report.file_going = replace(going, percent=min(100, 100 * held // size))
        _say(this)


def _say(this: Round) -> None:
    from sync.client.exchange import say_how_far

    say_how_far(this)


def _records_first(this: Round) -> None:
    """What was written while photos went does not wait for the rest of them."""
    from sync.client.exchange import push_all

    if this.vault.exchange.unsent_count():
        push_all(this, then_pull=False)


def _small_first(this: Round) -> None:
    """Send the small copies of photos that are at the register in neither form; once a round."""
    if this.small_sent:
        return
    this.small_sent = True
    for stored in this.vault.files.unsent_small():
        if _send_one(this, stored.sha256, small=True):
            this.report.small_sent += 1


def _send_one(this: Round, sha256: str, *, small: bool = False) -> bool:
    """Whether the register holds it now. What it does not take is said, and holds up no other."""
    ids = this.vault.files.named_by(sha256)
    if not ids:
        return False
    try:
        _send_for_one_of(this, sha256, ids, small=small)
    except FileMissing:
        if not small:
            _did_not_go(this, sha256, GONE)
        return False
    except _Unlike:
        if not small:
            _did_not_go(this, sha256, UNLIKE)
        return False
    except Told as told:
        if told.trouble.trouble not in _ONLY_THIS_FILE:
            raise
        if not small:  # without its small copy a photo is only later, and nothing is amiss
            _did_not_go(this, sha256, told.trouble.words or NOT_YET)
        return False
    this.vault.files.mark_sent(sha256, this.now())
    return True


def _did_not_go(this: Round, sha256: str, words: str) -> None:
    """Said once, however often it is tried again."""
    if this.vault.files.mark_refused(sha256, words, this.now()):
        this.report.refused.append(words)


def _send_for_one_of(this: Round, sha256: str, ids: Sequence[str], *, small: bool) -> None:
    """The same paper may stand in several records: the register need know only one of them."""
    for record_id in ids[:-1]:
        try:
            _send(this, sha256, record_id, small=small)
        except Told as told:
            if told.trouble.trouble != "unknown_file":
                raise
        except _Unlike:
            continue  # another record of it may be right
        else:
            return
    _send(this, sha256, ids[-1], small=small)


def fetch(vault: Laptop, transport: Transport, clock: Clock, sha256: str) -> bytes:
    """The bytes of a file, or of a small copy, from the register: checked and kept.

    Raises SyncError.
    """
    identity = vault.exchange.identity()
    records = _records(vault, sha256)
    if identity is None or not records:
        raise errors.SignInNeeded(detail="not enrolled")
    record, data = _fetched_for_one_of(Line(transport, identity, clock), records, sha256)
    whole = record.sha256 == sha256
    if hashlib.sha256(data).hexdigest() != sha256:
        raise errors.NotTheRegister(detail="the file is not the one that was named")
    vault.files.store(data, name=record.name if whole else "")
    vault.files.mark_sent(sha256, clock.now())  # it is where it came from
    return data


def _fetched_for_one_of(line: Line, records: Sequence[Any], sha256: str) -> tuple[Any, bytes]:
    """A record that names the bytes, and these: the register need show this person only one."""
    told: Told | None = None
    for record in records:
        try:
            return record, _fetched(line, record, sha256)
        except Told as said:
            told = said
            if said.trouble.trouble != "unknown_file":
                break
    words, detail = ("", "") if told is None else (told.trouble.words, told.trouble.trouble)
    raise errors.Refused(
        words or "The council register does not have that file for you.", detail=detail
    ) from told


def _fetched(line: Line, record: Any, sha256: str) -> bytes:
    size = record.size if record.sha256 == sha256 else record.small_size
    if size > MAX_FILE:
        raise errors.Refused("That file is larger than a file may be (25 MB). Nothing was fetched.")
    data, asked = bytearray(), 0
    while len(data) < size:
        asked += 1
        if asked > _PARTS + size // _LEAST_KEPT:
            raise errors.NotTheRegister(detail="a file in crumbs")
        part = line.raw("GET", _path(sha256, record.id, len(data)), b"")
        if not part:
            raise errors.Refused("That file is not at the council yet. Try again later.")
        data += part
    return bytes(data)


def _send(this: Round, sha256: str, record_id: str, *, small: bool) -> None:
    this.report.requests += 1
    path = f"/v1/blob/{sha256}?for={record_id}"
    status = this.line.ask(path, _Nothing(), BlobReply)
    data = b"" if status.complete else this.vault.files.read(sha256)
    if not status.complete and status.size != len(data):
        raise _Unlike
    if not small:
        _say_how_much(this, status.held, len(data))  # of what came before the line broke
    size, most, slow, sent, anew = FIRST_PART, CHUNK_BYTES, 0, 0, False
    while not status.complete:
        part = _part(this, data[status.held : status.held + size], small=small)
        this.report.requests += 1
        before, sent = status.held, sent + len(part)
        if sent > 2 * len(data) + _SPARE:  # it says again and again that it has little
            raise errors.OutOfStep(detail="a file is sent and does not arrive")
        try:
            body = this.line.raw("PATCH", _path(sha256, record_id, status.held), part)
        except errors.Slow:
            slow += 1
            if slow > MOST_SLOW:
                raise
            most = max(LEAST_PART, len(part) // 2)
            size = most
            this.report.requests += 1
            status = this.line.ask(path, _Nothing(), BlobReply)  # it may have arrived all the same
            continue
        status = _status(body)
        if not status.complete and status.held <= before:
            _begin_anew(status, before, anew=anew)
            anew = True
        if not small:
            _say_how_much(this, status.held, len(data))
        size = min(size * 2, most)
        if not small and not status.complete and this.line.pace.is_slow:
            _small_first(this)  # this one showed that the line is slow: it goes on afterwards


def _part(this: Round, part: bytes, *, small: bool) -> bytes:
    """What may go now. Raises _Waits where only a small copy may."""
    if not small and this.files_wait():
        raise _Waits
    return part


def _begin_anew(status: BlobReply, before: int, *, anew: bool) -> None:
    """Once in a round, where the register let bytes go that were not of this file.

    Raises OutOfStep where it only does not get further.
    """
    if anew or status.held or not before:
        raise errors.OutOfStep(detail="a file does not get further")


def _status(body: bytes) -> BlobReply:
    try:
        return envelope.unpack(body, BlobReply)
    except envelope.Unreadable as error:
        raise errors.NotTheRegister(detail=str(error)) from error


def _records(vault: Laptop, sha256: str) -> list[Any]:
    """The records that name these bytes, whole or as a small copy."""
    named = vault.reader.all(Attachment, sha256=sha256)
    return list(named or vault.reader.all(Attachment, small_sha256=sha256))


def _path(sha256: str, record_id: str, start: int) -> str:
    return f"/v1/blob/{sha256}?for={record_id}&start={start}"
