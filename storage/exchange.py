"""What the sync client may ask of a vault: identity, what is unsent, receipts, the bookmark, pages.

Everything that changes the vault is one transaction. Refuses to know how any of it travels.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

from forms.change import Ack, Bookmark, Changes, EarlierKey, Identity, Op, Page
from forms.facts.decisions import DecisionRequest
from forms.values import london_day
from storage import (
    absorb,
    acknowledge,
    adopt,
    decisions,
    enrolment,
    erase,
    forgotten,
    leave,
    outbox,
    sums,
)
from storage import meta as m
from storage.books import Books
from storage.database import Database
from storage.enrolment import Enrolment
from storage.erasures import Erasures
from storage.files import Files
from storage.meta import Meta, stamp
from storage.rows import as_text

# among what `Database.known.now` holds; no name of a row in `meta`
_UNSENT, _NUMBERS = "unsent ops", "newest ops"
NOTED_EVERY = timedelta(minutes=10)  # that the register was reached, while it tells nothing


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A place in the feed that the disk does not have yet: nothing was told up to it."""

    after: str  # the bookmark that it follows, as the disk has it
    bookmark: str
    seen: str  # of the audit log, "" for nothing new


class Exchange:
    """Made by the vault as `vault.exchange`; a practice vault has none."""

    def __init__(
        self, db: Database, files: Files, erasures: Erasures, enrolment: Enrolment
    ) -> None:
        self._db, self._meta, self._files = db, Meta(db), files
        self._erasures, self._enrolment = erasures, enrolment
        self._ahead: _Ahead | None = None

    def identity(self) -> Identity | None:
        """Who this laptop is to its register, or None before it was enrolled."""
        text = self._meta.text(m.IDENTITY)
        return _identity(text) if text else None

    def adopt(self, identity: Identity) -> None:
        """Take an identity. With another incarnation, unsent ops get its numbers."""
        with self._db.transaction():
            self._meta.put(m.IDENTITY, _identity_text(identity))
            adopt.renumber(self._db, identity.incarnation)
            self._seal()

    def unsent(self, limit: int = 2000, skip: int = 0) -> Sequence[Op]:
        """The oldest ops without a receipt, in order, the first `skip` left out."""
        if self._db.known.now().get(_UNSENT) == 0:
            return []
        return outbox.unsent(self._db, limit, skip)

    def unsent_count(self) -> int:
        """How many ops have no receipt."""
        known = self._db.known.now()
        if _UNSENT not in known:
            known[_UNSENT] = outbox.unsent_count(self._db)
        return int(known[_UNSENT])

    def untold(self) -> tuple[int, str] | None:
        """How many changes and files wait and the day of the oldest; None: as it was told last."""
        files, added = self._files.waiting()
        count = self.unsent_count()
        moments = (outbox.oldest_unsent_at(self._db) if count else None, added)
        since = min((london_day(at).isoformat() for at in moments if at), default="")
        count += files
        known = self._meta.text(m.TOLD_WAITING, "0 ")
        return None if known == f"{count} {since}" else (count, since)

    def note_told(self, count: int, since: str) -> None:
        """The register has heard this."""
        with self._db.transaction():
            self._meta.put(m.TOLD_WAITING, f"{count} {since}")

    def acknowledge(
        self,
        acks: Sequence[Ack],
        at: datetime,
        receipt: bytes = b"",
        incarnation: int | None = None,
    ) -> Changes:
        """Store what became of ops, with the register's signed receipt of the batch as it came.

        What the register did not take goes back to the register's value. `incarnation` is given for
        ops of an older one that were sent again.
        """
        with self._db.transaction():
            inc = self._meta.number(m.INCARNATION) if incarnation is None else incarnation
            changes = acknowledge.acknowledge(self._db, inc, acks, at)
            if receipt:
                self._db.do("INSERT INTO receipt(body, at) VALUES (?,?)", (receipt, stamp(at)))
            kept = self._kept_ahead()
            if acks:
                kept[m.LAST_SENT] = stamp(at)
            self._meta.put_all(kept)
        self._ahead = None
        self.unsent_count()  # what is asked next: nothing is read for it again
        return changes

    def last_seq(self) -> int:
        """The highest op number ever written in this incarnation; 0 before the first."""
        return self._meta.number(m.NEXT_SEQ, 1) - 1

    def reopen(
        self, after_seq: int, incarnation: int | None = None, only: Sequence[int] | None = None
    ) -> int:
        """Unsent again: every op after this seq, with the same dots (the register went back).

        With `only` no others than these: in their place the register has ops of a copy. One that
        was emptied with a person's words goes as it is, empty, and stays so: without it the ones
        after it would follow on nothing.
        """
        inc = self._meta.number(m.INCARNATION) if incarnation is None else incarnation
        named = "" if only is None else "AND seq IN (SELECT value FROM json_each(?4))"
        values = (
            inc,
            after_seq,
            erase.ERASED_RESULT,
            *([] if only is None else [as_text([*only])]),
        )
        with self._db.transaction():
            return self._db.do(
                "UPDATE outbox SET acked_at = NULL, feed_seq = NULL, words = '', "  # noqa: S608
                "result = CASE result WHEN ?3 THEN ?3 ELSE '' END "
                f"WHERE inc = ?1 AND seq > ?2 AND acked_at IS NOT NULL {named}",
                values,
            )

    def renumber(self, incarnation: int) -> None:
        """Back from an old image: unsent ops get new dots, the feed is read from its start."""
        with self._db.transaction():
            known = self.identity()
            if known is not None:
                renewed = replace(known, incarnation=incarnation)
                self._meta.put(m.IDENTITY, _identity_text(renewed))
            adopt.renumber(self._db, incarnation)
            self._meta.drop(m.BOOKMARK)
            self._seal()

    def _seal(self) -> None:
        """Remember beside the records file who this laptop is, before it is said to be so."""
        enrolled = enrolment.of(self._db)
        if enrolled is not None:
            self._enrolment.keep(enrolled)

    def receipted(self, incarnation: int, after: int, limit: int) -> list[Op]:
        """Ops with a receipt after a number that are here as the register heard them.

        Not those emptied with a person's words, nor those whose words were kept long enough.
        """
        less = f"result = '{erase.ERASED_RESULT}' OR {forgotten.SHORTENED}"
        return outbox.receipted(self._db, incarnation, after, limit, less)

    def kept_receipts(self) -> dict[int, bytes]:
        """Incarnation -> a signed receipt of it as it came, the shortest.

        Goes once through all that are kept: asked only for a file that is carried by hand, and when
        a register has forgotten a number.
        """
        found = self._db.rows(  # the body is that of the row with the least length
            "SELECT json_extract(CAST(body AS TEXT), '$.inc') AS inc, body, min(length(body)) "
            "FROM receipt WHERE length(body) GROUP BY inc"
        )
        return {int(inc): bytes(body) for inc, body, _ in found}

    def incarnations(self) -> dict[int, int]:
        """Every incarnation this vault ever had -> its last seq."""
        known = self._db.known.now()
        if _NUMBERS not in known:
            known[_NUMBERS] = outbox.newest(self._db)
        return dict(known[_NUMBERS])

    def bookmark(self) -> Bookmark:
        """Where this laptop is in the register's feed."""
        text = self._meta.text(m.BOOKMARK)
        if self._ahead is not None and self._ahead.after == text:
            text = self._ahead.bookmark
        return Bookmark(**json.loads(text)) if text else Bookmark()

    def _kept_ahead(self) -> dict[str, str]:
        """What waits to be kept of the place in the feed, inside a transaction."""
        ahead = self._ahead
        if ahead is None or ahead.after != self._meta.text(m.BOOKMARK):
            return {}  # the vault was mended meanwhile, or begins again
        seen = {m.WITNESSED: ahead.seen} if ahead.seen else {}
        return {m.BOOKMARK: ahead.bookmark} | seen

    def reset_bookmark(self) -> None:
        """Begin again at the start of the feed; records stay as they are."""
        with self._db.transaction():
            self._meta.drop(m.BOOKMARK)
        self._ahead = None

    def witnessed(self) -> str:
        """What this laptop has seen of the register's audit log, as the client wrote it; or ''."""
        ahead = self._ahead
        if ahead is not None and ahead.seen and ahead.after == self._meta.text(m.BOOKMARK):
            return ahead.seen
        return self._meta.text(m.WITNESSED)

    def witness(self, seen: str, upto: Bookmark | None = None, at: datetime | None = None) -> None:
        """Keep what this laptop has seen of the audit log, "" for nothing new: on disk at once.

        With it is what was put away before.

        Or, with the place `upto` which the feed told nothing: both go to disk with what is written
        next. Lost with the program, the same question is asked once more and tells nothing once
        more; a wait for the disk at the end of every push would buy no more. Only a first place of
        all is written at once, and one after a while: `at`, when the register was reached, is shown
        to the coach, and what left long ago goes by it.
        """
        after = self._meta.text(m.BOOKMARK)
        if upto is not None:
            if self._ahead is not None and self._ahead.after == after:
                seen = seen or self._ahead.seen
            self._ahead = _Ahead(after=after, bookmark=_bookmark_text(upto), seen=seen)
            if after and not self._is_due(at):
                return
        with self._db.transaction():
            kept = self._kept_ahead() | ({m.WITNESSED: seen} if seen else {})
            if at is not None:
                leave.sweep_attic(self._db, at)
                if not self.unsent_count():
                    kept[m.LAST_SENT] = stamp(at)
            self._meta.put_all(kept)
        self._ahead = None
        if at is not None:
            self._files.sweep()

    def _is_due(self, at: datetime | None) -> bool:
        """Whether the register was noted as reached long ago, or the clock went back."""
        last = self._meta.moment(m.LAST_SENT)
        return at is not None and (last is None or not last <= at < last + NOTED_EVERY)

    def numbers(self, after: tuple[str, str], limit: int) -> list[tuple[str, str, int]]:
        """The next (kind, record id, number) of what is here, to compare; -1: not to be compared.

        Empty at the end of the list.
        """
        return sums.numbers(self._db, after, limit)

    def compared_at(self) -> datetime | None:
        """When this laptop was last found equal to the register, or put right."""
        return self._meta.moment(m.COMPARED)

    def note_compared(self, at: datetime) -> None:
        """It was compared."""
        with self._db.transaction():
            self._meta.put(m.COMPARED, stamp(at))

    def absorb_some(self, page: Page, at: datetime, seen: str = "") -> tuple[Changes, Page | None]:
        """One short step of applying a page: (what changed, what is left of it or None).

        Short by this laptop's own measure, so that whoever types is served between two steps. The
        bookmark moves with the last: cut before it, the register tells the page again, and what is
        here already stays as it is. Typed work that is unsent stays. What was `seen` of the audit
        log is kept with the bookmark. The last step does not wait for the disk: what the machine
        loses of it goes with its bookmark, and is told again. What takes something away waits.
        """
        if self._db.fold():
            return Changes(at=at, by="register"), page
        pace = self._db.pace
        cleaned: list[erase.Erased] = []

        def on_erased(done: erase.Erased) -> None:
            cleaned.append(done)
            self._erasures.remember(self._db, done, at)

        with self._db.transaction(folds=False, waits=_takes_away(page)):
            pace.begin()
            changes, rest = absorb.absorb(self._db, page, at, on_erased, pace)
            if rest is None:
                kept = self._kept_ahead() | {m.BOOKMARK: _bookmark_text(page.bookmark)}
                if seen:
                    kept[m.WITNESSED] = seen
                if not self.unsent_count():
                    kept[m.LAST_SENT] = stamp(at)
                self._meta.put_all(kept)
        # a step among many waits, and is measured with it; so does what cleaned the books here
        if rest is not None or any(done.subjects or done.forgot for done in cleaned):
            self._db.make_sure()
        pace.end()
        if rest is None:
            self._ahead = None
            self._files.sweep()
        return changes, rest

    def absorb(self, page: Page, at: datetime) -> Changes:
        """A page with its bookmark, all its steps in a row."""
        rest: Page | None = page
        done: list[Changes] = []
        while rest is not None:
            changes, rest = self.absorb_some(rest, at)
            done.append(changes)
        records = tuple(changed for changes in done for changed in changes.records)
        conflicts = sum(changes.conflicts for changes in done)
        return Changes(at=at, by="register", records=records, conflicts=conflicts)

    def held_back(self) -> int:
        """How many records wait for a person's yes before they leave this laptop."""
        return len(leave.held_back(self._db))

    def let_leave(self, at: datetime) -> Changes:
        """A person has looked: what was held back leaves, and is kept in the attic for a month."""
        with self._db.transaction():
            books = Books(self._db, at)
            leave.let_leave(books)
        return books.changes()

    def waiting_decisions(self) -> list[DecisionRequest]:
        """Decisions asked for and not answered yet, oldest first."""
        return decisions.every(self._db, "waiting")

    def answer(
        self,
        decision_id: str,
        *,
        state: str,
        at: datetime,
        codes: Sequence[str] = (),
        words: str = "",
    ) -> Changes:
        """The register's answer: granted or refused, and why. A second answer is ignored."""
        with self._db.transaction():
            answered = decisions.answer(
                self._db, decision_id, state=state, codes=codes, words=words, at=at
            )
        return Changes(at=at, by="register", decisions=int(answered is not None))

    def keep_decision(self, request: DecisionRequest) -> Changes:
        """A decision asked for online, with its answer, so that the story shows it."""
        with self._db.transaction():
            decisions.keep(self._db, request)
        return Changes(at=request.asked_at, by=request.asked_by_id, decisions=1)

    def came_back(self) -> list[str]:
        """Ids of people who were erased and whom the register, put back, has told here again."""
        return self._erasures.came_back(self._db)

    def pack_version(self) -> str:
        """The version of the programme pack that the register last named, or ''."""
        return self._meta.text(m.PACK_VERSION)

    def use_pack(self, version: str) -> None:
        """Remember the version of the programme pack."""
        with self._db.transaction():
            self._meta.put(m.PACK_VERSION, version)


def _takes_away(page: Page) -> bool:
    """Whether a page says that records go: no power cut may bring them back.

    Whose words went shows only when it is taken in.
    """
    return page.whole or bool(page.left) or any(state.deleted for state in page.states)


def _identity_text(identity: Identity) -> str:
    body = {
        name: getattr(identity, name)
        for name in ("register_url", "device_id", "incarnation", "actor_id", "actor_name", "role")
    }
    body["signing_key"] = base64.b64encode(identity.signing_key).decode()
    body["register_key"] = base64.b64encode(identity.register_key).decode()
    body["earlier_keys"] = [
        [base64.b64encode(one.key).decode(), one.until.isoformat()] for one in identity.earlier_keys
    ]
    return json.dumps(body)


def _bookmark_text(bookmark: Bookmark) -> str:
    return json.dumps(asdict(bookmark))


def _identity(text: str) -> Identity:
    body = json.loads(text)
    for name in ("signing_key", "register_key"):
        body[name] = base64.b64decode(body[name])
    body["earlier_keys"] = tuple(
        EarlierKey(base64.b64decode(key), datetime.fromisoformat(until))
        for key, until in body.get("earlier_keys", ())
    )
    return Identity(**body)
