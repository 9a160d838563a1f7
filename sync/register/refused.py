"""Who was not let in, told in the audit log: never a code or a token, nor where it was tried from.

A try at a code that was given tells whose it is, five times at most. All others, and sign-ins by
the council's accounts that did not work, are counted in an hour, whoever makes them, and told at
the first, the tenth, the hundredth: so nobody who is not let in makes the log long. Refuses to tell
a stranger anything: see `auth.refuse_code` and `oidc.refused`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sync.register import audit, oidc
from sync.register.errors import Troubled
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore

HOUR = timedelta(hours=1)
_CODE, _SIGN_IN = "code refused", "sign-in refused"


def note(tx: Tx, person_id: str, now: datetime) -> None:
    """A code was refused: one of this person's, or, without one, any that nobody can say of."""
    if person_id:
        _tell(tx, _CODE, {"person": person_id}, now)
    else:
        _count(tx, _CODE, "c", now)


@contextmanager
def noting_sign_in(store: RegisterStore, now: datetime) -> Iterator[None]:
    """Work of a sign-in by the council's accounts; that it was refused is noted, and raised on."""
    try:
        yield
    except Troubled as error:
        if error.trouble.trouble == oidc.REFUSED:
            store.write(lambda tx: _count(tx, _SIGN_IN, "s", now))
        raise


def _count(tx: Tx, act: str, kind: str, now: datetime) -> None:
    begun = now.replace(minute=0, second=0, microsecond=0)
    count = tx.limits.count(f"{kind}||{begun:%Y-%m-%dT%H:%M}", 1, begun + HOUR, now)
    if str(count).strip("0") == "1":
        _tell(tx, act, {"in_hour": count}, now)


def _tell(tx: Tx, act: str, about: dict[str, object], now: datetime) -> None:
    audit.note(tx, audit.Act(act=act, by=audit.STRANGER, about=about), now)
