"""What anybody may ask of the register: the listings that are shown now, whoever asks.

Worked out once for each end of the log and each day. The end of the log is read with every
question, so what another worker wrote, and a copy that was put back, end what is kept here.
Refuses to tell anything that `public_list` does not show.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from forms.facts.kinds import to_json
from forms.rules.listing import PublicEntry
from forms.rules.pack import Pack
from forms.values import Clock, london_day
from sync.protocol import Directory, DirectoryEntry
from sync.register import limits as limiting
from sync.register import public_list
from sync.register.limits import Limits
from sync.register.sql_store import Tx
from sync.register.store import RegisterStore

Shown = tuple[Pack, list[PublicEntry], datetime]


class Public:
    """The public side of one register."""

    def __init__(
        self, store: RegisterStore, clock: Clock, limits: Limits, pack_of: Callable[[Tx], Pack]
    ) -> None:
        self._store, self._clock, self._limits, self._pack_of = store, clock, limits, pack_of
        self._kept: tuple[tuple[object, ...], list[PublicEntry]] | None = None

    def shown(self, address: str) -> Shown:
        """The pack, the listings that the public may see at this moment, and the moment.

        `address` is where the question came from. Raises Troubled 429.
        """
        now = self._clock.now()

        def work(tx: Tx) -> Shown:
            limiting.check_looks(tx, self._limits, address, now)
            return self._pack_of(tx), self._listed(tx, london_day(now)), now

        return self._store.read(work)

    def count(self, address: str) -> None:
        """Count a look at what is public."""
        now = self._clock.now()
        self._store.write(lambda tx: limiting.count_look(tx, self._limits, address, now))

    def directory(self) -> Directory:
        """The same for laptops, which keep it for days without signal."""
        now = self._clock.now()
        entries = [
            DirectoryEntry(
                id=entry.entry_id,
                fields={
                    name: value
                    for name, value in entry.fields.items()
                    if value and name != "published_on"
                },
                published_on=to_json(entry.fields["published_on"]) or "",
            )
            for entry in self._store.read(lambda tx: self._listed(tx, london_day(now)))
        ]
        return Directory(checked_at=now, entries=entries)

    def _listed(self, tx: Tx, day: date) -> list[PublicEntry]:
        stands = (tx.people.setting("epoch"), *tx.log.top(), day)
        kept = self._kept
        if kept is None or kept[0] != stands:
            kept = self._kept = stands, public_list.shown(tx, day)
        return list(kept[1])
