"""The read side: frozen records, lists, search, history. Every value in a query is bound.

Refuses to hand out rows, and to write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import TypeVar

from forms.change import Conflict
from forms.facts.casework import Action, ChecklistItem, CoachingSession
from forms.facts.decisions import DecisionRequest
from forms.facts.kinds import kind_of
from forms.values import Clock, london_day
from storage import caseload as lists
from storage import clashes, consents, decisions, forms, late_words, outbox, rows, today, trail
from storage import meta as m
from storage.caseload import Caseload, CaseloadRow
from storage.database import Database
from storage.errors import VaultBug
from storage.forms import Ending, FormVersion
from storage.meta import Meta
from storage.outbox import NotTaken
from storage.search import PEOPLE, Hit, asked, near_words, search
from storage.text import whole
from storage.trail import TrailEntry

R = TypeVar("R")


class Reader:
    """Made by the vault as `vault.reader`. `before_read` lets an open unit write what waits."""

    def __init__(
        self, db: Database, clock: Clock, before_read: Callable[[], None], *, practice: bool
    ) -> None:
        self._db, self._clock, self._ready, self._practice = db, clock, before_read, practice

    @contextmanager
    def one_moment(self) -> Iterator[None]:
        """Everything read inside is of one moment, whatever is committed meanwhile."""
        self._ready()
        with self._db.one_moment():
            yield

    def changed_since(self, number: int | None) -> tuple[int, frozenset[str]]:
        """The number of the newest change, and the names of the kinds changed after `number`."""
        self._ready()
        kinds = frozenset[str]() if number is None else trail.kinds_after(self._db, number)
        return trail.newest(self._db), kinds

    def get(self, cls: type[R], record_id: str) -> R | None:
        """The record with this id, or None when there is none or it was removed."""
        self._ready()
        found = rows.load(self._db, kind_of(cls), [record_id]).get(record_id)
        return found.record if found and not found.deleted else None

    def get_all(self, cls: type[R], record_ids: Iterable[str]) -> list[R]:
        """The records with these ids that there are, ordered by id."""
        self._ready()
        found = rows.load(self._db, kind_of(cls), record_ids)
        return [found[key].record for key in sorted(found) if not found[key].deleted]

    def all(self, cls: type[R], **equal: object) -> list[R]:
        """Records whose fields have these values; removed ones left out; ordered by id.

        With `storage.statements.FILLED` for a value: whose field has any.
        """
        self._ready()
        kind = kind_of(cls)
        if set(equal) - set(rows.specs_of(kind.name)):
            raise VaultBug(f"{kind.name} has no field {', '.join(sorted(equal))}")
        return rows.records_where(self._db, kind, equal)

    def removed(self, cls: type[R], **equal: object) -> list[R]:
        """The same of records that were removed: they keep their words until these are emptied."""
        self._ready()
        return rows.removed_where(self._db, kind_of(cls), equal)

    def under(self, cls: type[R], enterprise_ids: Iterable[str]) -> dict[str, list[R]]:
        """Records of a kind by the enterprise they belong to, for a page of enterprises."""
        self._ready()
        out: dict[str, list[R]] = {}
        for record in rows.records_under(self._db, kind_of(cls), enterprise_ids):
            out.setdefault(record.enterprise_id, []).append(record)
        return out

    def count(self, cls: type) -> int:
        """How many records of a kind there are, removed ones left out."""
        self._ready()
        sql = f'SELECT count(*) FROM "{kind_of(cls).name}" WHERE deleted = 0'  # noqa: S608 - our own
        return int(self._db.row(sql)[0])

    def caseload(
        self, words: str = "", view: str = "all", limit: int = 1000, order: str = "name"
    ) -> Caseload:
        """Enterprises that match what is typed: how many, and the first ids in an order."""
        self._ready()
        return lists.find(self._db, whole(words), view, limit, self._clock.now(), order)

    def caseload_rows(self, ids: Iterable[str]) -> list[CaseloadRow]:
        """The lines of these enterprises, in the order asked for."""
        self._ready()
        return lists.lines(self._db, ids, london_day(self._clock.now()))

    def caseload_counts(self) -> dict[str, int]:
        """How many enterprises each view holds."""
        self._ready()
        return lists.counts(self._db, self._clock.now())

    def search(self, words: str, limit: int = 50) -> list[Hit]:
        """One box: names, places, phone digits, notes."""
        self._ready()
        late = late_words.look(self._db, asked(whole(words)))
        today = london_day(self._clock.now())
        found = search(self._db, whole(words), limit, today, late.ids)
        if not late.hits:
            return found
        return sorted([*late.hits, *found], key=lambda hit: hit.kind not in PEOPLE)[:limit]

    def words_waiting(self) -> int:
        """How many changes from the register search has not indexed yet."""
        return late_words.waiting(self._db)

    def search_is_behind(self) -> bool:
        """Whether so many of them wait that a search does not look at all: it may miss some."""
        return self.words_waiting() > late_words.LIVE

    def agreed(self, enterprise_ids: Iterable[str], purpose: str, on: date) -> frozenset[str]:
        """Those of them who have agreed to a purpose (storage.consents.PURPOSES) on that day."""
        self._ready()
        return consents.agreed(self._db, set(enterprise_ids), purpose, on)

    def did_you_mean(self, typed: str) -> str:
        """What was perhaps meant by words that nothing begins with; '' for no idea."""
        self._ready()
        return near_words(self._db, whole(typed))

    def seen_between(self, first: date, last: date, limit: int = 20) -> list[str]:
        """Ids of the enterprises with their last contact between these days, latest first."""
        self._ready()
        return lists.seen_between(self._db, first, last, limit)

    def open_actions(
        self, *, mine: bool, begun_by: date, due_by: date | None = None, limit: int = 200
    ) -> list[Action]:
        """Actions not done yet: the coach's by due day, or what others owe, longest first."""
        self._ready()
        where = today.Open(mine, begun_by, due_by)
        return self.get_in_order(Action, today.open_action_ids(self._db, where, limit))

    def count_open_actions(self, *, mine: bool, begun_by: date, due_by: date | None = None) -> int:
        """How many actions `open_actions` would give without a limit."""
        self._ready()
        return today.count_open_actions(self._db, today.Open(mine, begun_by, due_by))

    def ending_items(
        self, by: date, renewals: Mapping[str, date], limit: int = 200
    ) -> list[ChecklistItem]:
        """Done checklist items that run out by a day, or whose evidence is too old by then.

        `renewals`: code -> newest day of evidence that is too old, where no end is written.
        """
        self._ready()
        return self.get_in_order(
            ChecklistItem, today.ending_item_ids(self._db, by, renewals, limit)
        )

    def ending_steps(self, on: date, limit: int = 200) -> list[Ending]:
        """Steps of checklist forms whose day to speak up has come. No form is opened for it."""
        self._ready()
        return today.ending_steps(self._db, on, limit)

    def form_versions(self, form_id: str = "") -> list[FormVersion]:
        """Every version of a form that is kept, or of all forms; the newest of each first."""
        return forms.versions(self._db, form_id)

    def sessions_on(self, day: date) -> list[CoachingSession]:
        """Visits, calls and notes of one day, in the order they were written."""
        return self.all(CoachingSession, on=day)

    def conflict_count(self) -> int:
        """How many things there are to check."""
        self._ready()
        return len(clashes.every(self._db, open_only=True))

    def get_in_order(self, cls: type[R], record_ids: list[str]) -> list[R]:
        """The records with these ids that there are, in the order asked for."""
        found = rows.load(self._db, kind_of(cls), record_ids)
        return [found[one].record for one in record_ids if one in found]

    def history(self, record_id: str) -> list[TrailEntry]:
        """A record's story, oldest first."""
        self._ready()
        return trail.of_record(self._db, record_id)

    def last_change(self, record_ids: Iterable[str]) -> TrailEntry | None:
        """The newest change to any of these records, None when there is none."""
        self._ready()
        return trail.last_of(self._db, record_ids)

    def conflicts(self, open_only: bool = True) -> list[Conflict]:  # noqa: FBT001, FBT002
        """Things to check, oldest first."""
        self._ready()
        return clashes.every(self._db, open_only=open_only)

    def not_taken(self, limit: int = 200) -> list[NotTaken]:
        """Edits that the register refused or holds, newest first, each with its words."""
        self._ready()
        return outbox.not_taken(self._db, limit)

    def decisions(self, state: str | None = None) -> list[DecisionRequest]:
        """Decisions asked for, in the order they were asked."""
        self._ready()
        return decisions.every(self._db, state)

    def unsent_count(self) -> int:
        """How many changes the register does not have yet. Practice records are never sent."""
        self._ready()
        return 0 if self._practice else outbox.unsent_count(self._db)

    def last_sent_at(self) -> datetime | None:
        """When the register last took a change or said there was nothing to take."""
        return Meta(self._db).moment(m.LAST_SENT)

    def last_saved_at(self) -> datetime | None:
        """When the last change was saved on this laptop."""
        return Meta(self._db).moment(m.LAST_SAVED)
