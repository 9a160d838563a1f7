"""A record as its row holds it: the texts, what they say, and a few fields of it at a time.

Most of what is asked of a record concerns one field or two of twenty, so a row is read when more is
asked for than that, and an edit of a row that nobody has read waits until somebody does. What is
said of an unread row is what would be said of it read, and tests hold it to that. Refuses to know
a database.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET
from msgspec.structs import astuple

from forms.change import DELETED, Head, Json
from sync.protocol import WireOp
from sync.register.applying import replace_all
from sync.register.rows import OpenClash, Row

REST = "*"  # in stored versions: every field that is not named
_ERASED = "anonymised_on"
_CASE = "enterprise_id"
_Read = Callable[[str], msgspec.Struct]
Dots = tuple[str, ...]


class StoredHead(msgspec.Struct, array_like=True):
    """One value of a field with different ones."""

    dot: str
    value: Any
    actor: str
    at: datetime


class StoredClash(msgspec.Struct, array_like=True):
    """A field with different values."""

    before: Any
    heads: list[StoredHead]


fields_in = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode
_decode_versions = msgspec.json.Decoder(dict[str, Dots]).decode
_decode_heads = msgspec.json.Decoder(dict[str, StoredClash]).decode
_moment = lru_cache(maxsize=64)(datetime.fromisoformat)  # many records change at one moment


class Kept(NamedTuple):
    """The columns, in the order of the table, nothing read yet."""

    id: str
    kind: str
    enterprise_id: str
    owner_id: str
    body: str
    versions: str
    heads: str
    born: str
    deleted: int
    clashes: int
    last_actor_id: str
    last_at: str

    def row(self) -> Row:
        """The record."""
        return Unread(self)


class Unread(Row):
    """A record whose fields and versions are read from their texts by whoever asks first."""

    __slots__ = ("_edits", "_texts")

    def __init__(self, columns: Sequence[Any]) -> None:
        """Of the columns, in the order of the table."""
        (
            self.id,
            self.kind,
            self.enterprise_id,
            self.owner_id,
            body,
            versions,
            heads,
            born,
            deleted,
            clashes,
            self.last_actor_id,
            last_at,
        ) = columns
        self._texts: tuple[str, str] | None = (body, versions)
        self._edits: list[tuple[WireOp, Dots, Sequence[Json]]] = []
        self.heads = _heads(heads) if heads else {}
        self.born = tuple(born.split())
        self.deleted = bool(deleted)
        self.last_at = _moment(last_at) if last_at else None
        self.touched = False
        self.stored = (self.kind, self.enterprise_id, self.owner_id, clashes)

    @property
    def fields(self) -> dict[str, Json]:
        """The values in use."""
        if self._texts is not None:
            self._read(*self._texts)
        return _fields(self)

    @fields.setter
    def fields(self, value: dict[str, Json]) -> None:
        self._read_first()
        _put_fields(self, value)

    @property
    def versions(self) -> dict[str, Dots]:
        """The dots behind them."""
        if self._texts is not None:
            self._read(*self._texts)
        return _versions(self)

    @versions.setter
    def versions(self, value: dict[str, Dots]) -> None:
        self._read_first()
        _put_versions(self, value)

    def texts(self) -> tuple[str, str] | None:
        """Body and versions as they stand; None once they were read, or an edit waits."""
        return None if self._edits else self._texts

    def wait(self, wire: WireOp, dot: str, at: datetime, before: Sequence[Json]) -> bool:
        """Whether an edit that follows all that stands waits here until somebody reads the row."""
        if self._texts is None:
            return False
        self._edits.append((wire, (dot,), before))
        self.last_actor_id, self.last_at, self.touched = wire.actor, at, True
        return True

    def written(self) -> tuple[str, str] | None:
        """Body and versions with the edits that wait, as they are to be kept; None: read it.

        What the long way writes, letter for letter, where every other field stands under the dot
        of the record's birth and each that does not is a field.
        """
        if self._texts is None or self.heads or not self._edits:
            return None
        body, versions = self._texts
        folded = _decode_versions(versions)
        rest = folded.pop(REST, None)
        if rest is None or rest != self.born[:1]:
            return None
        return self._in_place(body, rest, folded) or self._anew(body, rest, folded)

    def _in_place(
        self, text: str, rest: Dots, folded: Mapping[str, Dots]
    ) -> tuple[str, str] | None:
        """The same where one field changed and no other did since the birth: nearly always.

        What was None may be a field that is not there, which has no place in the text.
        """
        if len(self._edits) != 1:
            return None
        ((wire, dots, before),) = self._edits
        if len(before) != 1 or before[0] is None or not folded.keys() <= wire.fields.keys():
            return None
        ((name, value),) = wire.fields.items()
        body = _put_in(text, name, before[0], value)
        return None if body is None else (body, _encode({REST: rest, name: dots}).decode())

    def _anew(self, text: str, rest: Dots, folded: dict[str, Dots]) -> tuple[str, str] | None:
        fields = fields_in(text)
        if not folded.keys() <= fields.keys():
            return None
        for wire, dots, _ in self._edits:
            for name, value in wire.fields.items():
                fields[name], folded[name] = value, dots
        apart = {name: folded[name] for name in fields if name in folded and folded[name] != rest}
        return _encode(fields).decode(), _encode({REST: rest, **apart}).decode()

    def _read_first(self) -> None:
        if self._texts is not None:
            self._read(*self._texts)

    def _read(self, body: str, versions: str) -> None:
        self._texts = None
        fields, folded = fields_in(body), _decode_versions(versions)
        if folded.get(REST) == self.born:
            folded[REST] = self.born
        stands = _unfold(folded, fields)
        for wire, dots, _ in self._edits:
            for name, value in wire.fields.items():
                fields[name], stands[name] = value, dots
        self._edits = []
        _put_fields(self, fields)
        _put_versions(self, stands)


_SLOTS: Mapping[str, Any] = Row.__dict__
_fields: Callable[[Row], dict[str, Json]] = _SLOTS["fields"].__get__
_versions: Callable[[Row], dict[str, Dots]] = _SLOTS["versions"].__get__
_put_fields, _put_versions = _SLOTS["fields"].__set__, _SLOTS["versions"].__set__


def follow(row: Row, wire: WireOp, dot: str, at: datetime, before: Sequence[Json]) -> None:
    """An edit that follows all that stands: at once, or when an unread row is read.

    `before` are the values in use until now, in the order of the edit's fields.
    """
    if not (isinstance(row, Unread) and row.wait(wire, dot, at, before)):
        replace_all(row, wire, dot, at)


# How some fields of a record stand, in the order that was asked for: whether the record is removed,
# whether of whom it speaks has asked to be forgotten, the enterprise that it names, the values, and
# the dots behind each.
Standing = tuple[bool, bool, str, list[Json], list[Dots]]


@lru_cache(maxsize=1024)
def part_of(names: tuple[str, ...]) -> _Read | None:
    """What reads of a body: erased, case, then these fields. None: the whole row has to be read."""
    if {DELETED, REST, _ERASED, _CASE} & set(names) or not are_plain(names):
        return None
    fields = [(f"f{n}", name, UNSET) for n, name in enumerate(names)]
    return reader([("erased", _ERASED, None), ("case", _CASE, None), *fields], Any)


def standing(row: Row, names: Sequence[str], reads: _Read | None) -> Standing:
    """How these fields of a record stand; an unread one stays so."""
    texts = row.texts() if reads is not None and isinstance(row, Unread) else None
    if texts is None or reads is None:
        fields, versions = row.fields, row.versions
        return (
            bool(versions.get(DELETED)),
            bool(fields.get(_ERASED)),
            str(fields.get(_CASE) or ""),
            [fields.get(name) for name in names],
            [versions.get(name, ()) for name in names],
        )
    erased, case, *values = astuple(reads(texts[0]))
    folded = _decode_versions(texts[1])
    rest = folded.get(REST, ())
    dots = [folded.get(name, rest) for name in names]
    if UNSET in values:
        some = zip(names, values, dots, strict=True)
        dots = [folded.get(name, ()) if value is UNSET else dot for name, value, dot in some]
        values = [None if value is UNSET else value for value in values]
    return bool(folded.get(DELETED)), bool(erased), case or "", values, dots


def are_plain(names: Sequence[str]) -> bool:
    """No names that nobody's program gives: a quotation mark in one, or the end of a line."""
    return not any(sign in '"\\' or sign < " " for name in names for sign in name)


def reader(fields: Sequence[tuple[str, str, Any]], type_: Any) -> _Read:
    """What reads these of a mapping's names and passes over the rest: (ours, its, when absent)."""
    told = [(at, type_, msgspec.field(default=absent, name=name)) for at, name, absent in fields]
    return msgspec.json.Decoder(msgspec.defstruct("Some", told, gc=False)).decode


def _put_in(body: str, name: str, before: Json, value: Json) -> str | None:
    """A body with another value in one field; None where its text alone does not tell the place.

    A quotation mark within a text has a backslash before it, so a name that is found is a key: of
    the body itself, if it is found once, since the body has it.
    """
    key = _key(name)
    if key is None or (at := body.find(key)) < 0 or body.find(key, at + 1) >= 0:
        return None
    said = _encode(before).decode()
    begin = at + len(key)
    end = begin + len(said)
    if not body.startswith(said, begin) or body[end] not in ",}":
        return None
    return body[:begin] + _encode(value).decode() + body[end:]


@lru_cache(maxsize=1024)
def _key(name: str) -> str | None:
    """A field's name as it stands in a body; None for one that nobody's program gives."""
    return f'"{name}":' if are_plain((name,)) else None


def _heads(text: str) -> dict[str, OpenClash]:
    return {
        name: OpenClash(
            before=clash.before,
            heads=tuple(
                Head(dot=h.dot, value=h.value, actor_id=h.actor, at=h.at) for h in clash.heads
            ),
        )
        for name, clash in _decode_heads(text).items()
    }


def _unfold(folded: dict[str, Dots], fields: Mapping[str, Json]) -> dict[str, Dots]:
    rest = folded.pop(REST, None)
    if rest is None:
        return folded
    versions = dict.fromkeys(fields, rest)
    versions.update(folded)
    return versions
