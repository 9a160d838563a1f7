"""Forms in the vault: every version that answers were given on, and the answers as they are given.

A definition never changes and is never deleted: an answer sheet opens on its own version for ever.
An answer is one row of a log and the sheet as it then stands, on disk together; the record that
travels is written when the form is put down. Reads no form and compiles none: text in, text out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from forms.values import Clock
from storage.database import Database
from storage.errors import FormVersionTaken
from storage.meta import stamp
from storage.rows import as_text
from storage.text import whole

_CARD = "form_id, version, title, state, fingerprint, kept_at, published_at, by_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """One version of a form. `state`: shipped with a pack | published here | retired."""

    form_id: str
    version: str
    title: str
    state: str
    xform: str
    fingerprint: str
    source: bytes = b""  # the workbook it was made from
    source_name: str = ""
    compiler: str = ""  # which pyxform made it
    by_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormVersion:
    """What a list of versions shows."""

    form_id: str
    version: str
    title: str
    state: str
    fingerprint: str
    kept_at: str  # ISO moment
    published_at: str  # ISO moment, "" when it came with a pack
    by_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """An answer sheet being filled in on this laptop."""

    response_id: str
    enterprise_id: str
    instance_xml: str
    by_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """One answer of the log."""

    ref: str
    before: str
    after: str
    at: str = ""
    by_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """A step of a checklist form that runs out."""

    code: str
    label: str
    expires_on: date
    warn_on: date
    response_id: str = ""
    enterprise_id: str = ""


class Forms:
    """Made by the vault as `vault.forms`. Every write is on disk when it returns."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    # -- definitions ------------------------------------------------------------------------

    def keep(self, made: Definition) -> bool:
        """Keep a version; whether it is new. Raises FormVersionTaken when it says other things."""
        with self._db.transaction():
            known = self._db.row(
                "SELECT fingerprint FROM form_definition WHERE form_id = ? AND version = ?",
                (whole(made.form_id), whole(made.version)),
            )
            if known is not None:
                if known[0] != made.fingerprint:
                    raise FormVersionTaken
                return False
            now = stamp(self._clock.now())
            self._db.do(
                "INSERT INTO form_definition(form_id, version, title, state, xform, fingerprint, "
                "source, source_name, compiler, kept_at, published_at, by_id) "
                "VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
                (whole(made.form_id), whole(made.version), whole(made.title), made.state,
                 whole(made.xform), made.fingerprint, made.source, whole(made.source_name),
                 whole(made.compiler), now, now if made.state == "published" else None,
                 made.by_id),
            )  # fmt: skip
        return True

    def retire(self, form_id: str, version: str) -> None:
        """Offer it no more; its answers go on opening on it."""
        with self._db.transaction():
            self._db.do(
                "UPDATE form_definition SET state = 'retired' WHERE form_id = ? AND version = ?",
                (form_id, version),
            )

    def xform(self, form_id: str, version: str) -> str:
        """The compiled form of that version; '' when it is not here."""
        found = self._db.row(
            "SELECT xform FROM form_definition WHERE form_id = ? AND version = ?",
            (form_id, version),
        )
        return "" if found is None else str(found[0])

    def source(self, form_id: str, version: str) -> tuple[str, bytes]:
        """The workbook's name and bytes; empty when there are none."""
        found = self._db.row(
            "SELECT source_name, source FROM form_definition WHERE form_id = ? AND version = ?",
            (form_id, version),
        )
        return ("", b"") if found is None else (str(found[0]), bytes(found[1]))

    def versions(self, form_id: str = "") -> list[FormVersion]:
        """Every version of a form, or of all, the newest first."""
        return versions(self._db, form_id)

    def newest(self, form_id: str) -> FormVersion | None:
        """The version that came last, shipped or published here; None when all are retired."""
        return next((one for one in self.versions(form_id) if one.state != "retired"), None)

    # -- answers ----------------------------------------------------------------------------

    def answer(self, sheet: Sheet, answers: Iterable[Answered]) -> None:
        """Answers in the log and the sheet as it now stands, in one commit."""
        now = stamp(self._clock.now())
        with self._db.transaction():
            self._db.do(
                "INSERT INTO form_sheet(response_id, enterprise_id, instance_xml, saved_at, by_id) "
                "VALUES (?,?,?,?,?) ON CONFLICT(response_id) DO UPDATE SET "
                "instance_xml = excluded.instance_xml, saved_at = excluded.saved_at, "
                "by_id = excluded.by_id",
                (sheet.response_id, sheet.enterprise_id, whole(sheet.instance_xml), now,
                 sheet.by_id),
            )  # fmt: skip
            self._db.do_many(
                "INSERT INTO form_answer(response_id, enterprise_id, at, by_id, ref, before, after)"
                " VALUES (?,?,?,?,?,?,?)",
                [
                    (sheet.response_id, sheet.enterprise_id, now, sheet.by_id, one.ref,
                     whole(one.before), whole(one.after))
                    for one in answers
                ],
            )  # fmt: skip

    def sheet(self, response_id: str) -> Sheet | None:
        """The sheet as it stood after the last answer here; None when the record has it all."""
        row = self._db.row(
            "SELECT response_id, enterprise_id, instance_xml, by_id FROM form_sheet "
            "WHERE response_id = ?",
            (response_id,),
        )
        if row is None:
            return None
        return Sheet(response_id=row[0], enterprise_id=row[1], instance_xml=row[2], by_id=row[3])

    def open_sheets(self) -> list[str]:
        """The responses whose record does not have the last answers yet (a crash, a power cut)."""
        return [row[0] for row in self._db.rows("SELECT response_id FROM form_sheet ORDER BY 1")]

    def put_down(self, response_id: str) -> None:
        """The record has it all: the sheet of this laptop is not needed any more."""
        with self._db.transaction():
            self._db.do("DELETE FROM form_sheet WHERE response_id = ?", (response_id,))

    def log(self, response_id: str) -> list[Answered]:
        """Every answer given here, oldest first."""
        found = self._db.rows(
            "SELECT ref, before, after, at, by_id FROM form_answer WHERE response_id = ? "
            "ORDER BY n",
            (response_id,),
        )
        return [
            Answered(ref=row[0], before=row[1], after=row[2], at=row[3], by_id=row[4])
            for row in found
        ]

    # -- days -------------------------------------------------------------------------------

    def note_endings(self, response_id: str, enterprise_id: str, ends: Iterable[Ending]) -> None:
        """What of this sheet runs out when; replaces what was noted before."""
        with self._db.transaction():
            self._db.do("DELETE FROM form_expiry WHERE response_id = ?", (response_id,))
            self._db.do_many(
                "INSERT INTO form_expiry(response_id, code, enterprise_id, label, expires_on, "
                "warn_on) VALUES (?,?,?,?,?,?)",
                [
                    (response_id, one.code, enterprise_id, whole(one.label),
                     one.expires_on.isoformat(), one.warn_on.isoformat())
                    for one in ends
                ],
            )  # fmt: skip


def versions(db: Database, form_id: str = "") -> list[FormVersion]:
    """Every version of a form, or of all, the newest first."""
    found = db.rows(
        f"SELECT {_CARD} FROM form_definition WHERE :form = '' OR form_id = :form "  # noqa: S608
        "ORDER BY form_id, kept_at DESC, rowid DESC",
        {"form": form_id},
    )
    return [
        FormVersion(
            form_id=row[0], version=row[1], title=row[2], state=row[3], fingerprint=row[4],
            kept_at=row[5], published_at=row[6] or "", by_id=row[7],
        )
        for row in found
    ]  # fmt: skip


def half_filled(db: Database, enterprise_ids: Iterable[str]) -> dict[str, str]:
    """The sheets of these enterprises that are being filled in here, by a key."""
    found = db.rows(
        "SELECT response_id, instance_xml FROM form_sheet WHERE enterprise_id IN "
        "(SELECT value FROM json_each(?)) ORDER BY response_id",
        (as_text(sorted(enterprise_ids)),),
    )
    return {f"form/{row[0]}": str(row[1]) for row in found}
