"""People, enrolment codes, devices, incarnations and the register's own settings, in SQL."""

from __future__ import annotations

import secrets
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, insert, or_, select, update
from sqlalchemy.sql import Executable

from forms.values import Role
from sync.register.rows import Device, Incarnation, Person, Waiting
from sync.register.sql_said import Said
from sync.register.tables import (
    code,
    device,
    device_waiting,
    incarnation,
    login,
    meta,
    person,
    retired_device,
)

MOST_INCARNATION = (1 << 31) - 1
_DEVICE_NAMES = tuple(f.name for f in fields(Device))
_INCARNATION_NAMES = tuple(f.name for f in fields(Incarnation))
_SETTING = Said(select(meta.c.v).where(meta.c.k == bindparam("key")))
_HISTORY = Said(
    select(meta.c.k, meta.c.v).where(
        or_(meta.c.k == bindparam("one"), meta.c.k == bindparam("two"))
    )
)
_ONE_PERSON = select(person.c.id, person.c.name, person.c.role, person.c.active).where(
    person.c.id == bindparam("one")
)
_PERSON, _PERSON_HELD = Said(_ONE_PERSON), Said(_ONE_PERSON.with_for_update(read=True))
_DEVICE = Said(
    select(*(device.c[name] for name in _DEVICE_NAMES)).where(device.c.id == bindparam("one"))
)
_ONE_INCARNATION = select(*(incarnation.c[name] for name in _INCARNATION_NAMES)).where(
    incarnation.c.inc == bindparam("one")
)
_INCARNATION, _INCARNATION_LOCKED = Said(_ONE_INCARNATION), Said(_ONE_INCARNATION.with_for_update())
_NUMBERS = Said(select(incarnation.c.inc).where(incarnation.c.person_id == bindparam("one")))
_SET_LAST = Said(
    update(incarnation)
    .where(incarnation.c.inc == bindparam("one"))
    .values(last=bindparam("newest"))
)
_HERE = (person.c.active == 1, person.c.role == bindparam("role"))
_STAYS = Said(
    select(device.c.id)
    .join(person, person.c.id == device.c.person_id)
    .where(device.c.id == bindparam("one"), device.c.revoked_at == bindparam("closed"), *_HERE)
    .with_for_update(read=True)
)
_LOGIN_STAYS = Said(
    select(login.c.id)
    .join(person, person.c.id == login.c.person_id)
    .where(login.c.id == bindparam("one"), login.c.ended_at == "", *_HERE)
    .with_for_update(read=True)
)


def _seen(dialect: str) -> Executable:
    """A laptop sends: it was not closed, nor was its person let go, since they were looked up.

    SQLite has one writer, so nobody was; of a laptop that sends its last work both are known.
    """
    at = device.c.revoked_at == bindparam("closed")
    said = update(device).where(device.c.id == bindparam("one"), at)
    if dialect == "postgresql":
        theirs = select(person.c.id).where(person.c.id == bindparam("who"), *_HERE)
        here = exists(theirs.with_for_update(read=True))
        said = said.where(or_(device.c.revoked_at != "", here))
    return said.values(seen_at=bindparam("moment"))


_SEEN = Said(_seen)
_WAITING: dict[str, Any] = {
    "count": bindparam("n"),
    "since": bindparam("day"),
    "at": bindparam("moment"),
}
_NOTE_WAITING = Said(
    update(device_waiting).where(device_waiting.c.device_id == bindparam("one")).values(**_WAITING)
)
_ADD_WAITING = Said(insert(device_waiting).values(device_id=bindparam("one"), **_WAITING))


class PeopleTable:
    """Who exists and what they hold. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = self.connection = connection

    def setting(self, key: str) -> str:
        """A setting of the register, or ''."""
        found = _SETTING.one(self._c, key=key)
        return str(found[0]) if found is not None else ""

    def set_setting(self, key: str, value: str) -> None:
        """Write a setting."""
        done = self._c.execute(update(meta).where(meta.c.k == key).values(v=value))
        if done.rowcount == 0:
            self._c.execute(insert(meta).values(k=key, v=value))

    def person(self, person_id: str, *, hold: bool = False) -> Person | None:
        """One person, or None. Who holds them: nobody changes them before the transaction ends."""
        found = (_PERSON_HELD if hold else _PERSON).one(self._c, one=person_id)
        if found is None:
            return None
        one, name, role, active = found
        return Person(id=one, name=name, role=Role(role), active=bool(active))

    def people(self) -> list[Person]:
        """Everybody, by id."""
        ids = self._c.execute(select(person.c.id).order_by(person.c.id)).scalars().all()
        return [p for i in ids if (p := self.person(i)) is not None]

    def add_person(self, who: Person, at: datetime) -> None:
        """Add somebody, or change their name, role or place."""
        values = {"name": who.name, "role": who.role.value, "active": int(who.active)}
        done = self._c.execute(update(person).where(person.c.id == who.id).values(**values))
        if done.rowcount == 0:
            self._c.execute(insert(person).values(id=who.id, added_at=at.isoformat(), **values))

    def add_code(self, locator: str, secret: bytes, person_id: str, expires: datetime) -> bool:
        """Keep a code; False when its first group is taken."""
        taken = self._c.execute(select(code.c.locator).where(code.c.locator == locator)).first()
        if taken is not None:
            return False
        self._c.execute(
            insert(code).values(
                locator=locator,
                secret=secret,
                person_id=person_id,
                expires_at=expires.isoformat(),
                tries=0,
                used_at="",
            )
        )
        return True

    def try_code(self, locator: str) -> tuple[bytes, str, datetime, int, bool] | None:
        """Count one try. (secret, person, runs out at, tries so far, used), or None."""
        self._c.execute(
            update(code).where(code.c.locator == locator).values(tries=code.c.tries + 1)
        )
        found = self._c.execute(select(code).where(code.c.locator == locator)).mappings().first()
        if found is None:
            return None
        return (
            bytes(found["secret"]),
            found["person_id"],
            datetime.fromisoformat(found["expires_at"]),
            found["tries"],
            found["used_at"] != "",
        )

    def use_code(self, locator: str, at: datetime) -> None:
        """A code opens one device, once. Its secret goes."""
        self._c.execute(
            update(code).where(code.c.locator == locator).values(used_at=at.isoformat(), secret=b"")
        )

    def add_device(self, new: Device) -> None:
        """Keep a device."""
        self._c.execute(
            insert(device).values(
                id=new.id,
                person_id=new.person_id,
                public_key=new.public_key,
                label=new.label,
                enrolled_at=new.enrolled_at,
                revoked_at="",
                seen_at=new.enrolled_at,
            )
        )

    def device(self, device_id: str) -> Device | None:
        """One device, or None."""
        found = _DEVICE.one(self._c, one=device_id)
        return None if found is None else _device(found)

    def devices(self, person_id: str = "") -> list[Device]:
        """Devices of one person or of everybody."""
        query = select(device).order_by(device.c.enrolled_at, device.c.id)
        if person_id:
            query = query.where(device.c.person_id == person_id)
        rows = self._c.execute(query).mappings().all()
        return [Device(**(dict(r) | {"public_key": bytes(r["public_key"])})) for r in rows]

    def note_waiting(self, device_id: str, count: int, since: str, at: datetime) -> None:
        """A laptop says how much it has not sent, and since which day."""
        said = {"one": device_id, "n": count, "day": since, "moment": at.isoformat()}
        if not _NOTE_WAITING.changed(self._c, **said):
            _ADD_WAITING.changed(self._c, **said)

    def waiting(self) -> dict[str, Waiting]:
        """What each laptop last said of what it had not sent, by device."""
        rows = self._c.execute(select(device_waiting)).all()
        return {r.device_id: Waiting(count=int(r[1]), since=r.since, at=r.at) for r in rows}

    def is_retired(self, device_id: str) -> bool:
        """Whether a closed device may still send what it had not sent."""
        query = select(retired_device.c.at).where(retired_device.c.device_id == device_id)
        return self._c.execute(query).first() is not None

    def revoke(self, device_id: str, at: datetime, *, retired: bool = False) -> bool:
        """Close a device's access; False when it is unknown, or was closed just so.

        A device closed as lost after it was closed as retired is lost.
        """
        self._c.execute(select(device.c.id).where(device.c.id == device_id).with_for_update())
        known = self.device(device_id)
        if known is None or (known.revoked_at and self.is_retired(device_id) == retired):
            return False
        self._c.execute(delete(retired_device).where(retired_device.c.device_id == device_id))
        if retired:
            self._c.execute(insert(retired_device).values(device_id=device_id, at=at.isoformat()))
        self._c.execute(
            update(device)
            .where(device.c.id == device_id, device.c.revoked_at == "")
            .values(revoked_at=at.isoformat())
        )
        return True

    def new_incarnation(self, device_id: str, person_id: str) -> int:
        """An incarnation number that nobody has had.

        Drawn, not counted: a register that was put back from a copy does not know the numbers it
        gave since, and counting would give them to somebody else.
        """
        # The row of incarnation 0 is the lock: two enrolments at once take turns.
        self._c.execute(update(incarnation).where(incarnation.c.inc == 0).values(device_id=""))
        inc = _drawn()
        while self.incarnation(inc) is not None:
            inc = _drawn()
        self._add_incarnation(inc, device_id, person_id)
        return inc

    def incarnation(self, inc: int, *, lock: bool = False) -> Incarnation | None:
        """One incarnation, or None. Locked until the transaction ends if asked."""
        found = (_INCARNATION_LOCKED if lock else _INCARNATION).one(self._c, one=inc)
        return (
            None
            if found is None
            else Incarnation(**dict(zip(_INCARNATION_NAMES, found, strict=True)))
        )

    def set_last(self, inc: int, last: int) -> None:
        """The newest op of an incarnation."""
        _SET_LAST.changed(self._c, one=inc, newest=last)

    def incarnations_of(self, person_id: str) -> frozenset[int]:
        """Every incarnation of every device of a person."""
        return frozenset(inc for (inc,) in _NUMBERS.rows(self._c, one=person_id))

    def incarnations_at(self, device_id: str) -> frozenset[int]:
        """Every incarnation of one device."""
        query = select(incarnation.c.inc).where(incarnation.c.device_id == device_id)
        return frozenset(self._c.execute(query).scalars().all())

    def readmit(self, inc: int, device_id: str, person_id: str) -> None:
        """An incarnation younger than the copy this register was put back from."""
        self._c.execute(update(incarnation).where(incarnation.c.inc == 0).values(device_id=""))
        if self.incarnation(inc) is None:
            self._add_incarnation(inc, device_id, person_id)

    def _add_incarnation(self, inc: int, device_id: str, person_id: str) -> None:
        self._c.execute(
            insert(incarnation).values(inc=inc, device_id=device_id, person_id=person_id, last=0)
        )

    def seen(self, one: Device, who: Person, at: datetime) -> bool:
        """When a device last sent something; False when it, or its person, is not as looked up.

        From here on to the end of the transaction nobody closes it, nor lets the person go.
        """
        said = {"one": one.id, "closed": one.revoked_at, "moment": at.isoformat()}
        if self._c.dialect.name == "postgresql":
            said |= {"who": who.id, "role": who.role.value}
        return bool(_SEEN.changed(self._c, **said)) and (
            not one.revoked_at or self.is_retired(one.id)
        )


def still_here(people: PeopleTable, one: Device, who: Person, login_id: str = "") -> bool:
    """Whether a device, or a login, and its person are as looked up; until the end they stay so."""
    if people.connection.dialect.name == "sqlite":  # who writes there writes alone
        return True
    if one.revoked_at:  # it sends its last work; its person may have left
        row = select(device.c.id).where(device.c.id == one.id).with_for_update(read=True)
        return people.connection.execute(row).first() is not None and people.is_retired(one.id)
    said = {"one": login_id or one.id, "role": who.role.value}
    if login_id:
        return _LOGIN_STAYS.one(people.connection, **said) is not None
    return _STAYS.one(people.connection, **said, closed=one.revoked_at) is not None


def history(people: PeopleTable) -> tuple[str, str]:
    """The name of this history, and the number of the key that the register signs with."""
    found = {
        str(k): str(v) for k, v in _HISTORY.rows(people.connection, one="epoch", two="key_number")
    }
    return found.get("epoch", ""), found.get("key_number", "")


def hold(people: PeopleTable, key: str) -> None:
    """Nobody writes this setting before the transaction ends."""
    query = select(meta.c.k).where(meta.c.k == key)
    people.connection.execute(query.with_for_update(read=True))


def write_over(people: PeopleTable, key: str, value: str) -> None:
    """Write a setting over a secret one: nothing of that stays in the file."""
    if people.connection.dialect.name == "sqlite":
        people.connection.exec_driver_sql("PRAGMA secure_delete=ON")
    people.set_setting(key, value)


def _device(found: tuple[Any, ...]) -> Device:
    values = dict(zip(_DEVICE_NAMES, found, strict=True))
    return Device(**(values | {"public_key": bytes(values["public_key"])}))


def _drawn() -> int:
    return 1 + secrets.randbelow(MOST_INCARNATION)
