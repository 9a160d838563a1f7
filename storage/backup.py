"""The ladder of copies: taken whole, opened and checked, thinned with age.

A copy is the encrypted records file with its vault.json and its attachments. Refuses to count a
copy that does not check as a copy, and to let one push out an older good one.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from forms.values import Clock
from storage import copied_files, reserve, slots
from storage.atomic import make_folder, name_for_good, sync_file, write_whole
from storage.check import problems
from storage.connection import private_file
from storage.database import Database
from storage.errors import VaultDamaged, classified
from storage.keys import SecretKey
from storage.place import Place

_STAMP = "%Y-%m-%dT%H-%M-%SZ"
_LADDER = (  # (how far back, one copy per this much)
    (timedelta(days=1), timedelta(minutes=30)),
    (timedelta(days=7), timedelta(days=1)),
    (timedelta(weeks=8), timedelta(weeks=1)),
    (timedelta(days=372), timedelta(days=31)),
)


@dataclass(frozen=True, slots=True)
class Copy:
    """One verified copy: where it is, when it was taken, its size on disk in bytes.

    Bytes count a file that copies share once for each of them.
    """

    path: Path
    taken_at: datetime
    size: int


_AT_ONCE = 2  # a laptop whose clock jumps by years must not lose its whole ladder at one copy


class Backup:
    """Takes, lists and thins copies of one vault."""

    def __init__(self, db: Database, place: Place, key: SecretKey, clock: Clock) -> None:
        self.db, self._place, self._key, self._clock = db, place, key, clock

    def take(self) -> Path:
        """A new verified copy; only then are older ones thinned. Raises VaultDamaged, VaultFull."""
        return self._taken(self._copy_into)

    def take_whole(self) -> Path:
        """The same of a file that nobody has open and whose log is folded in: byte for byte.

        It is looked through once: what holds of the copy holds of the file. Raises as `take`.
        """
        return self._taken(self._copy_file)

    def _taken(self, copy_into: Callable[[Path], None]) -> Path:
        now = self._clock.now()
        final = self._free_name(now)
        unfinished = final.with_name(final.name + ".unfinished")
        try:
            make_folder(self._place.copies)
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir(mode=0o700)
            copy_into(unfinished)
            name_for_good(unfinished, final)
        except OSError as error:
            raise classified(error) from error
        finally:
            shutil.rmtree(unfinished, ignore_errors=True)
        self._thin(now)
        reserve.keep(self._place.folder)
        return final

    def is_due(self) -> bool:
        """Whether the newest copy is older than the shortest step, or the clock went back."""
        newest = next((at for path in self.good() if (at := taken_at(path))), None)
        return newest is None or not timedelta(0) <= self._clock.now() - newest < _LADDER[0][1]

    def good(self) -> list[Path]:
        """Finished copies, newest first."""
        if not self._place.copies.exists():
            return []
        found = [p for p in self._place.copies.iterdir() if taken_at(p) is not None]
        return sorted(found, reverse=True)

    def listed(self) -> list[Copy]:
        """The same, as a list to show."""
        return [Copy(path, at, _size(path)) for path in self.good() if (at := taken_at(path))]

    def _copy_into(self, folder: Path) -> None:
        self.db.checkpoint()  # a disk that cannot fold the log is said as such, not as damage
        if problems(self.db):
            raise VaultDamaged  # a damaged vault never becomes a copy
        target = Place(folder)
        private_file(target.records)
        self.db.copy_into(target.records)
        sync_file(target.records)
        write_whole(target.header, self._place.header.read_bytes())
        copied_files.add_to(target, self.db, self._place, self.good())
        verify(target, self._key)

    def _copy_file(self, folder: Path) -> None:
        target = Place(folder)
        private_file(target.records)
        shutil.copyfile(self._place.records, target.records)
        write_whole(target.header, self._place.header.read_bytes())
        copy = Database(target.records, self._key, slots.read(target).cipher)
        try:
            copied_files.add_to(target, copy, self._place, self.good())
            copy.rows("PRAGMA journal_mode = DELETE")  # it is read where nothing may be written
        finally:
            copy.close()
        sync_file(target.records)
        verify(target, self._key)

    def _free_name(self, now: datetime) -> Path:
        while (path := self._place.copies / now.strftime(_STAMP)).exists():
            now += timedelta(seconds=1)
        return path

    def _thin(self, now: datetime) -> None:
        keep = kept_of([at for path in self.good() if (at := taken_at(path))], now)
        spare = [path for path in self.good() if taken_at(path) not in keep]
        for path in spare[:_AT_ONCE]:
            shutil.rmtree(path, ignore_errors=True)


def verify(place: Place, key: SecretKey) -> None:
    """Open a copy as a person would and check every page. Raises VaultDamaged."""
    copy = Database(place.records, key, slots.read(place).cipher, read_only=True)
    try:
        if problems(copy):
            raise VaultDamaged
    finally:
        copy.close()


def taken_at(path: Path) -> datetime | None:
    """When a copy was taken, by its name; None for anything else."""
    try:
        return datetime.strptime(path.name, _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None


def kept_of(taken: list[datetime], now: datetime) -> set[datetime]:
    """Which copies the ladder keeps: the newest always, then the oldest of each step's span."""
    keep: set[datetime] = set(sorted(taken)[-1:])
    for reach, step in _LADDER:
        spans: dict[int, datetime] = {}
        for at in sorted(taken):
            if now - at <= reach:
                spans.setdefault(int(at.timestamp() // step.total_seconds()), at)
        keep |= set(spans.values())
    return keep


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
