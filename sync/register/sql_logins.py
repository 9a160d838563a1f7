"""Accounts of a council's sign-in, tries under way and logins, in SQL. Secrets only as hashes.

Refuses to give a secret back: what is stored cannot be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from sync.register.tables import identity, login, login_refresh, sign_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """A login of somebody without a laptop of the programme."""

    id: str
    person_id: str
    access: bytes
    access_until: datetime
    refresh_until: datetime
    ends_at: datetime
    started_at: datetime
    ended_at: str = ""
    ended_why: str = ""


class LoginTable:
    """Accounts, tries and logins. Binds every value."""

    def __init__(self, connection: Connection) -> None:
        self._c = connection

    def link(self, issuer: str, subject: str, person_id: str) -> None:
        """From now on the account is that person."""
        self._c.execute(
            delete(identity).where(identity.c.issuer == issuer, identity.c.subject == subject)
        )
        values = {"issuer": issuer, "subject": subject, "person_id": person_id}
        self._c.execute(insert(identity).values(**values))

    def linked(self) -> list[tuple[str, str, str]]:
        """Every account that is somebody's: (person, account, issuer), by person."""
        query = select(identity.c.person_id, identity.c.subject, identity.c.issuer)
        rows = self._c.execute(query.order_by(identity.c.person_id, identity.c.subject))
        return [(str(person), str(subject), str(issuer)) for person, subject, issuer in rows]

    def unlink(self, person_id: str) -> int:
        """No account is theirs any more. Returns how many went."""
        return self._c.execute(delete(identity).where(identity.c.person_id == person_id)).rowcount

    def person_of(self, issuer: str, subject: str) -> str:
        """Whose account it is, or ''. It stays so until the transaction ends."""
        query = select(identity.c.person_id).where(
            identity.c.issuer == issuer, identity.c.subject == subject
        )
        return str(self._c.execute(query.with_for_update(read=True)).scalar() or "")

    def begin(self, ticket: bytes, nonce: str, until: datetime, now: datetime) -> None:
        """A try begins; tries that ran out go."""
        self._c.execute(delete(sign_in).where(sign_in.c.expires_at < now.isoformat()))
        self._c.execute(
            insert(sign_in).values(
                ticket=ticket, nonce=nonce, expires_at=until.isoformat(), used_at=""
            )
        )

    def nonce_of(self, ticket: bytes, now: datetime) -> str:
        """The nonce of a try that has not run out and was not used, or ''."""
        query = select(sign_in.c.nonce).where(
            sign_in.c.ticket == ticket,
            sign_in.c.used_at == "",
            sign_in.c.expires_at >= now.isoformat(),
        )
        return str(self._c.execute(query).scalar() or "")

    def use(self, ticket: bytes, now: datetime) -> bool:
        """A try is used, once; False when somebody was quicker."""
        done = self._c.execute(
            update(sign_in)
            .where(sign_in.c.ticket == ticket, sign_in.c.used_at == "")
            .values(used_at=now.isoformat())
        )
        return done.rowcount == 1

    def start(self, one: Login, refresh: bytes) -> None:
        """A login begins."""
        self._c.execute(
            insert(login).values(
                id=one.id,
                person_id=one.person_id,
                access=one.access,
                access_until=one.access_until.isoformat(),
                refresh_until=one.refresh_until.isoformat(),
                ends_at=one.ends_at.isoformat(),
                started_at=one.started_at.isoformat(),
                ended_at="",
                ended_why="",
            )
        )
        self._c.execute(insert(login_refresh).values(refresh=refresh, login_id=one.id, used_at=""))

    def by_access(self, access: bytes) -> Login | None:
        """The login of a short key, or None."""
        found = self._c.execute(select(login).where(login.c.access == access)).mappings().first()
        return None if found is None else _login(dict(found))

    def by_refresh(self, refresh: bytes) -> tuple[Login, bool] | None:
        """The login of a refresh key and whether it was used before, or None."""
        query = select(login_refresh).where(login_refresh.c.refresh == refresh)
        key = self._c.execute(query.with_for_update()).mappings().first()
        if key is None:
            return None
        row = self._c.execute(select(login).where(login.c.id == key["login_id"])).mappings().one()
        return _login(dict(row)), key["used_at"] != ""

    def rotate(self, one: Login, used: bytes, access: bytes, refresh: bytes, now: datetime) -> None:
        """One refresh key is spent, and the next pair takes its place."""
        self._c.execute(
            update(login_refresh)
            .where(login_refresh.c.refresh == used)
            .values(used_at=now.isoformat())
        )
        self._c.execute(insert(login_refresh).values(refresh=refresh, login_id=one.id, used_at=""))
        self._c.execute(
            update(login)
            .where(login.c.id == one.id)
            .values(
                access=access,
                access_until=one.access_until.isoformat(),
                refresh_until=one.refresh_until.isoformat(),
            )
        )

    def end(self, login_id: str, now: datetime, why: str) -> bool:
        """A login ends; False when it had."""
        done = self._c.execute(
            update(login)
            .where(login.c.id == login_id, login.c.ended_at == "")
            .values(ended_at=now.isoformat(), ended_why=why)
        )
        return done.rowcount == 1

    def of(self, person_id: str) -> list[Login]:
        """Logins of a person that have not ended."""
        query = select(login).where(login.c.person_id == person_id, login.c.ended_at == "")
        return [_login(dict(r)) for r in self._c.execute(query.order_by(login.c.id)).mappings()]


def _login(row: dict[str, object]) -> Login:
    moments = ("access_until", "refresh_until", "ends_at", "started_at")
    values = row | {name: datetime.fromisoformat(str(row[name])) for name in moments}
    return Login(**(values | {"access": bytes(row["access"])}))  # type: ignore[call-overload]
