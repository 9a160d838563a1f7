"""Carry by hand, the register's side: take a laptop's file in, write the answer to carry back.

The same work as over a line, in the same transactions and by the same rules; only who is asking
is known by the file's signature instead of a request's. Taking a file in twice changes nothing
the second time. Whoever made it for a key that was replaced gets the new one back. Refuses a file
before any of it is used, unless it is whole and its device known.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import msgspec

from forms.values import Clock, new_id
from sync import carried, envelope, keys, signing
from sync.carried import BACK, OUT, CarriedBack, Frame, Header, NotOurs
from sync.protocol import (
    BATCH_OPS,
    DecideAsk,
    HelloAsk,
    PullAsk,
    PushAsk,
    PushReply,
    Trouble,
    WireOp,
)
from sync.register.errors import CarriedRefused, NotAnswered, Troubled
from sync.register.service import Register, Signed
from sync.whole_file import written_whole

_RECOVER = frozenset({"epoch", "forked", "gap", "unknown_incarnation", "device_regressed"})


def take_file(register: Register, source: Path, answer: Path, clock: Clock) -> bool:
    """Take a file in and write the answer. Raises CarriedRefused, Troubled, NotAnswered, OSError.

    False: it was sealed for an earlier key of the register, and the answer only brings the new one.
    """
    with source.open("rb") as asked, TemporaryFile() as made:
        opened = take(register, asked, made, clock)
        made.seek(0)
        try:
            with written_whole(answer) as out:
                shutil.copyfileobj(made, out, 1 << 20)
        except OSError as error:
            raise NotAnswered(error) from error
    return opened


def take(register: Register, asked: IO[bytes], out: IO[bytes], clock: Clock) -> bool:
    """Take one file in and write the answer to it. False as in `take_file`."""
    try:
        header, key = _known(register, asked)
        told, private = register.keys.shown(), register.keys.private
        opened = header.to not in keys.every(told)[:-1]
        frames = iter((Frame(b"H", envelope.pack(CarriedBack(trouble="key"))),))
        if opened:
            carried.check(asked, private=private, sender=lambda _: key)
            frames = _answers(_Work(register, header.device), asked, key, private)
        back = Header(
            id=new_id(),
            way=BACK,
            device=header.device,
            made_at=clock.now(),
            answers=header.id,
            keys=told.links,
        )
        carried.write(out, back, frames, private=private, to=key)
    except (NotOurs, envelope.Unreadable) as error:
        raise CarriedRefused from error
    return opened


def _known(register: Register, asked: IO[bytes]) -> tuple[Header, bytes]:
    """The header of a question, and the key of the device that it names."""
    header = carried.read_header(asked)
    key = register.device_key(header.device)
    if header.way != OUT or key is None:
        raise NotOurs("not a question of a device that is known")
    return header, key


def _answers(work: _Work, asked: IO[bytes], key: bytes, private: bytes) -> Iterator[Frame]:
    """Do what the frames ask, one after the other; the first trouble ends it."""
    made: list[Frame] = []
    frames = carried.read(asked, private=private, sender=lambda _: key)
    try:
        for frame in frames:
            made += work.do(frame)
    except Troubled as error:
        if error.trouble.trouble == "revoked":
            yield from work.last(made, frames, error)
            return
        if error.trouble.trouble not in _RECOVER:
            raise
        for frame in frames:  # the rest is not done, but it shows whose the numbers are
            if frame.kind == b"G":
                work.shown_by(envelope.unpack(frame.body, PullAsk))
        yield Frame(b"H", envelope.pack(work.trouble(error.trouble)))
        yield from made  # what was taken before it has its receipt, or would get another name
        yield from work.fitting
        return
    work.look_for_files()
    yield Frame(b"H", envelope.pack(work.since))
    yield from made


def _receipt(reply: PushReply, ops: list[WireOp]) -> Frame:
    """A receipt that says of which ops it is: a laptop may have others of these numbers by then."""
    acked = {ack.seq for ack in reply.acks}
    named = sorted((op for op in ops if op.seq in acked), key=lambda op: op.seq)
    hashes = [signing.op_hash(op) for op in named]
    return Frame(b"A", envelope.pack(msgspec.structs.replace(reply, hashes=hashes)))


class _Work:
    """What one file asks for."""

    def __init__(self, register: Register, device_id: str) -> None:
        self.register, self._device = register, device_id
        self.since = CarriedBack()
        self._incarnations: set[int] = set()
        self._shown: dict[int, PushReply] = {}  # a receipt of each
        self._asked = False  # for pages of the feed
        self._refused = 0  # the incarnation of the batch that was
        self.fitting: list[Frame] = []  # receipts of what is known of a batch that was refused

    def do(self, frame: Frame) -> list[Frame]:
        """The answers to one frame."""
        if frame.kind == b"P":
            return [self._push(envelope.unpack(frame.body, PushAsk))]
        if frame.kind == b"D":
            reply = self.register.decide(
                self._who("/v1/decide"), envelope.unpack(frame.body, DecideAsk)
            )
            return [Frame(b"D", envelope.pack(reply))]
        if frame.kind == b"G":
            return list(self._pages(envelope.unpack(frame.body, PullAsk)))
        if frame.kind == b"F":
            return self._part(frame)
        raise NotOurs("a frame of a kind that is not known")

    def _push(self, ask: PushAsk) -> Frame:
        if len(ask.ops) > BATCH_OPS:
            raise NotOurs("a batch that is too long")
        self._incarnations.add(ask.inc)
        try:
            reply = self.register.push(self._who("/v1/push"), ask, lambda told: told)
        except Troubled as error:
            told = error.trouble
            self._refused = ask.inc
            if told.acks:
                known = PushReply(
                    inc=told.inc, epoch=told.epoch, acks=told.acks, signature=told.signature
                )
                self.fitting.append(_receipt(known, ask.ops))
            raise
        return _receipt(reply, ask.ops)

    def last(self, made: list[Frame], rest: Iterator[Frame], closed: Troubled) -> Iterator[Frame]:
        """A laptop closed as retired brings its last work and is told nothing else.

        Raises Troubled for one closed as lost, and where there was nothing to take.
        """
        made += [told for frame in rest if frame.kind == b"F" for told in self._part(frame)]
        if not made:
            raise closed
        told = CarriedBack(trouble=closed.trouble.trouble, words=closed.trouble.words)
        yield Frame(b"H", envelope.pack(told))
        yield from made

    def shown_by(self, ask: PullAsk) -> None:
        """The receipts that a file has for the numbers of its laptop, and the one in use."""
        self._shown = {one.inc: one for one in ask.shown}
        self._incarnations |= {ask.inc, *self._shown}
        self._asked = True

    def _pages(self, ask: PullAsk) -> Iterator[Frame]:
        self.shown_by(ask)
        self.since = CarriedBack(
            epoch=ask.epoch, seq=ask.seq, chain=ask.chain, witnessed=ask.witnessed
        )
        more = True
        while more:
            reply = self.register.pull(self._who("/v1/pull"), ask)
            yield Frame(b"G", envelope.pack(reply))
            ask.epoch, ask.seq, ask.chain, more = reply.epoch, reply.seq, reply.chain, reply.more

    def look_for_files(self) -> None:
        """What is not here of files, now that those of this file are; for who asked for pages."""
        if self._asked:
            self.since.lacking = self.register.sums(self._who("/v1/sums"), None).lacking

    def _part(self, frame: Frame) -> list[Frame]:
        part, data = carried.file_part(frame.body)
        try:
            who = self._who("/v1/blob/{sha256}", data, method="PATCH")
            reply = self.register.blob_add(who, part.sha256, part.record, part.start)
        except Troubled as error:
            if error.trouble.trouble not in ("unknown_file", "too_big", "full"):
                raise
            return []  # the laptop keeps it as not sent, and a line will say why
        return [Frame(b"B", envelope.pack(reply))]

    def trouble(self, trouble: Trouble) -> CarriedBack:
        """What the laptop needs to know to say again what this register does not hold."""
        who = self._who("/v1/hello")
        back = CarriedBack(trouble=trouble.trouble, words=trouble.words, inc=self._refused)
        for inc in self._incarnations:  # one that a copy has forgotten is known again from here on
            try:
                self.register.hello(who, HelloAsk(inc=inc, shown=self._shown.get(inc)))
            except Troubled as error:  # without a receipt what waits goes under a fresh one
                if error.trouble.trouble not in ("unproven", "refused"):
                    raise
                if error.trouble.trouble == "refused":
                    back.others.append(inc)
        for hello in self.register.hello_all(who):
            back.held[str(hello.inc)], back.which[str(hello.inc)] = hello.last, hello.which
        back.fresh = self.register.hello(who, HelloAsk(inc=0, fresh=True)).inc
        return back

    def _who(self, route: str, body: bytes = b"", *, method: str = "POST") -> Signed:
        headers = {signing.DEVICE: self._device}
        return Signed(method, route, headers, body, route=route, carried=True)
