"""Attachments: kept by the SHA-256 of their bytes, encrypted, under random names.

Each file has its own key; bytes are sealed in 64 KB pieces, the last one marked, so that a file cut
short or stitched together is noticed. Refuses what is not on the allow-list by its first bytes,
anything over 25 MB, and to write decrypted bytes to a disk: they are read back into memory only.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from forms.values import Clock
from storage import meta as m
from storage import reserve
from storage.atomic import make_folder, write_whole
from storage.columns import NOT_TAKEN
from storage.database import Database
from storage.errors import FileMissing, FileRefused, VaultFull, classified
from storage.filetypes import recognised
from storage.meta import Meta, stamp, unstamp
from storage.place import Place
from storage.rows import as_text

MOST_BYTES = 25 * 1024 * 1024
PIECE = 64 * 1024
_TAG = 16
# Files that a record names, also one that went to another coach before its bytes were sent. Those
# of a record that the register did not take stay here: it would not take them either. One of which
# it took all but a field is there; of one that is kept apart they go once it was looked at.
_REFUSED = (
    f"SELECT record_id FROM outbox WHERE {NOT_TAKEN} AND verb = 'new' "  # noqa: S608
    "AND result NOT LIKE 'partly%' AND result <> 'held:quarantine'"
)
_HERE = f"SELECT sha256 FROM attachment WHERE deleted = 0 AND id NOT IN ({_REFUSED})"  # noqa: S608
_LEFT = (
    "SELECT json_extract(body, '$.fields.sha256') FROM attic WHERE kind = 'attachment' "
    "AND NOT json_extract(body, '$._deleted') AND record_id NOT IN (SELECT id FROM attachment)"
)
UNSENT = f"FROM stored_file WHERE sent_at IS NULL AND (sha256 IN ({_HERE}) OR sha256 IN ({_LEFT}))"
_NOT_WANTED = "sha256 IN (SELECT sha256 FROM file_refused)"
TO_SEND = f"{UNSENT} AND NOT {_NOT_WANTED}"  # the register would not take the others either
NOT_TAKEN_FILES = f"{UNSENT} AND {_NOT_WANTED}"
_MARK = b"HGF1"


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What a record needs to name a file."""

    sha256: str
    size: int
    mime: str


@dataclass(frozen=True, slots=True)
class ToSend:
    """Files that wait to be sent; what the register did not take is not among them."""

    count: int = 0
    size: int = 0  # bytes


class Files:
    """The attachments of one vault."""

    def __init__(self, db: Database, place: Place, clock: Clock) -> None:
        self._db, self._place, self._clock = db, place, clock

    def store(self, data: bytes, *, name: str = "", mime: str = "") -> StoredFile:  # noqa: ARG002
        """Keep a file; its bytes are on disk before this returns. Raises FileRefused, VaultFull.

        `mime` is what somebody calls it; what counts is what its bytes say.
        """
        if len(data) > MOST_BYTES:
            raise FileRefused("This file is over 25 MB. It was not kept. Use a smaller copy.")
        kind = recognised(data, name)
        sha256 = hashlib.sha256(data).hexdigest()
        if not self._is_good(sha256):
            self._write(sha256, data, kind)
        return StoredFile(sha256, len(data), kind)

    def has(self, sha256: str) -> bool:
        """Whether the bytes are on this laptop."""
        row = self._db.row("SELECT file_name FROM stored_file WHERE sha256 = ?", (sha256,))
        return row is not None and (self._place.files / row[0]).exists()

    def _is_good(self, sha256: str) -> bool:
        """Whether the bytes are here and whole: what is damaged is written again."""
        if not self.has(sha256):
            return False
        try:
            self.read(sha256)
        except FileMissing:
            return False
        return True

    def read(self, sha256: str) -> bytes:
        """The bytes, in memory. Raises FileMissing when they are not here or were changed."""
        row = self._db.row("SELECT file_name, key FROM stored_file WHERE sha256 = ?", (sha256,))
        if row is None:
            raise FileMissing
        try:
            sealed = (self._place.files / row[0]).read_bytes()
        except FileNotFoundError as error:
            raise FileMissing from error
        except OSError as error:
            raise classified(error) from error
        data = unseal(sealed, row[1])
        if hashlib.sha256(data).hexdigest() != sha256:
            raise FileMissing
        return data

    def unsent(self) -> list[StoredFile]:
        """Files that the register does not have yet and a record names."""
        return [
            StoredFile(*row)
            for row in self._db.rows(f"SELECT sha256, size, mime {UNSENT} ORDER BY sha256")
        ]

    def waiting(self) -> tuple[int, datetime | None]:
        """How many files are not sent, and when the oldest of them was added."""
        count, oldest = self._db.row(f"SELECT count(*), min(stored_at) {UNSENT}")
        return int(count), unstamp(oldest)

    def to_send(self) -> ToSend:
        """How many files wait and how large they are together."""
        return ToSend(*self._db.row(f"SELECT count(*), coalesce(sum(size), 0) {TO_SEND}"))

    def unsent_small(self) -> list[StoredFile]:
        """Small copies that the register has neither of: not them, not the whole photo."""
        return [
            StoredFile(*row)
            for row in self._db.rows(
                "SELECT DISTINCT s.sha256, s.size, s.mime FROM attachment a "
                "JOIN stored_file s ON s.sha256 = a.small_sha256 AND s.sent_at IS NULL "
                "JOIN stored_file w ON w.sha256 = a.sha256 AND w.sent_at IS NULL "
                "WHERE a.deleted = 0 ORDER BY s.size, s.sha256"
            )
        ]

    def mark_sent(self, sha256: str, at: datetime) -> None:
        """The register has these bytes."""
        with self._db.transaction():
            self._db.do("UPDATE stored_file SET sent_at = ? WHERE sha256 = ?", (stamp(at), sha256))
            self._db.do("DELETE FROM file_refused WHERE sha256 = ?", (sha256,))
            if sha256 in self.held_there():
                self.note_held(sha256, 0)

    def held_there(self) -> dict[str, int]:
        """How many bytes of files the register said that it has, of those that went in part."""
        text = Meta(self._db).text(m.CARRIED)
        return dict(json.loads(text)) if text else {}

    def note_held(self, sha256: str, held: int) -> None:
        """The register has the first so many bytes of a file that waits; it may have lost some."""
        waiting = {one.sha256 for one in (*self.unsent(), *self.unsent_small())}
        known = self.held_there() | {sha256: held}
        left = {name: n for name, n in sorted(known.items()) if n and name in waiting}
        with self._db.transaction():
            Meta(self._db).put(m.CARRIED, as_text(left))

    def named_by(self, sha256: str) -> list[str]:
        """The ids of records that name these bytes, whole or small: those here, then those gone."""
        found = self._db.rows(
            f"SELECT id, 0 FROM attachment WHERE deleted = 0 AND id NOT IN ({_REFUSED}) "  # noqa: S608
            "AND ? IN (sha256, small_sha256) "
            "UNION ALL SELECT record_id, 1 FROM attic WHERE kind = 'attachment' AND ? IN "
            "(json_extract(body, '$.fields.sha256'), json_extract(body, '$.fields.small_sha256')) "
            "ORDER BY 2, 1",
            (sha256, sha256),
        )
        return [str(row[0]) for row in found]

    def send_again(self, names: Collection[str]) -> int:
        """The register has these no more: those that are here wait again. How many there are."""
        if not names:
            return 0
        with self._db.transaction():
            return self._db.do(
                "UPDATE stored_file SET sent_at = NULL WHERE sent_at IS NOT NULL AND sha256 IN "
                "(SELECT value FROM json_each(?1) UNION SELECT small_sha256 FROM attachment "
                "WHERE sha256 IN (SELECT value FROM json_each(?1)))",
                (as_text(sorted(names)),),
            )

    def mark_refused(self, sha256: str, words: str, at: datetime) -> bool:
        """These bytes did not go, and why. They stay here and unsent. Whether that is news."""
        known = self._db.row("SELECT words FROM file_refused WHERE sha256 = ?", (sha256,))
        if known is not None and known[0] == words:
            return False
        with self._db.transaction():
            self._db.do(
                "INSERT OR REPLACE INTO file_refused(sha256, words, at) VALUES (?,?,?)",
                (sha256, words, stamp(at)),
            )
        return True

    def missing(self) -> list[str]:
        """Hashes that records name and whose bytes are still on another laptop."""
        return [
            row[0]
            for row in self._db.rows(
                "SELECT DISTINCT sha256 FROM attachment WHERE deleted = 0 AND sha256 NOT IN "
                "(SELECT sha256 FROM stored_file) ORDER BY sha256"
            )
        ]

    def sweep(self) -> int:
        """Remove bytes whose key is gone: nobody could read them anyhow. How many there were.

        Raises VaultUnwell where the disk does not let them go.
        """
        folder = self._place.files
        try:
            if not folder.exists():
                return 0
            with os.scandir(folder) as found:
                there = {entry.name for entry in found}
            if not there:  # every page that comes asks
                return 0
            named = self._db.rows("SELECT file_name FROM stored_file")
            loose = there.difference(name for (name,) in named)
            if loose:  # a row that names them must not come back with the machine
                self._db.make_sure()
            for name in loose:
                (folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise classified(error) from error
        return len(loose)

    def _write(self, sha256: str, data: bytes, kind: str) -> None:
        key = AESGCM.generate_key(bit_length=256)
        file_name = os.urandom(16).hex()
        try:
            make_folder(self._place.files)
            write_whole(self._place.files / file_name, seal(data, key))
        except OSError as error:
            fault = classified(error)
            if isinstance(fault, VaultFull):
                reserve.give_up(self._place.folder)
            raise fault from error
        try:
            with self._db.transaction():
                self._db.do(
                    "INSERT INTO stored_file(sha256, file_name, size, mime, key, stored_at) "
                    "VALUES (?,?,?,?,?,?) ON CONFLICT(sha256) DO UPDATE SET "
                    "file_name = excluded.file_name, key = excluded.key",
                    (sha256, file_name, len(data), kind, key, stamp(self._clock.now())),
                )
        except BaseException:
            self._drop(file_name)
            raise

    def _drop(self, file_name: str) -> None:
        """Bytes that no row names. On a dead disk they stay: without their key they are noise."""
        with suppress(OSError):
            (self._place.files / file_name).unlink(missing_ok=True)


def seal(data: bytes, key: bytes) -> bytes:
    """Bytes in sealed pieces; the nonce counts them and says which is the last."""
    cipher = AESGCM(key)
    pieces = [data[start : start + PIECE] for start in range(0, len(data), PIECE)] or [b""]
    last = len(pieces) - 1
    return _MARK + b"".join(
        cipher.encrypt(_nonce(number, last=number == last), piece, _MARK)
        for number, piece in enumerate(pieces)
    )


def unseal(sealed: bytes, key: bytes) -> bytes:
    """The bytes again. Raises FileMissing when a piece is changed, lost, moved or added."""
    if not sealed.startswith(_MARK):
        raise FileMissing
    cipher = AESGCM(key)
    body = sealed[len(_MARK) :]
    step = PIECE + _TAG
    starts = range(0, max(len(body), 1), step)
    out = []
    try:
        for number, start in enumerate(starts):
            last = number == len(starts) - 1
            out.append(cipher.decrypt(_nonce(number, last=last), body[start : start + step], _MARK))
    except InvalidTag as error:
        raise FileMissing from error
    return b"".join(out)


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])
