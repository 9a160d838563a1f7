"""One enterprise and nothing else: what a screen may ask for while a person sits beside the coach.

Made for one id and bound to it. No method takes the id of an enterprise, there is no search, no
list, no story, no thing to check; a record of another enterprise is not found, and writing one is
refused. What is the coach's own (private notes, notes of visits, promises of the coach, concerns,
checks, claims) is not here either: `SHOWN` is the list of what is, and each kind is cleaned first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar

from forms.facts.casework import (
    Action,
    Attachment,
    ChecklistItem,
    CoachingSession,
    EntityDecision,
    FormResponse,
    Signature,
)
from forms.facts.field import Policy
from forms.facts.kinds import Record, kind_of
from forms.facts.money import ClaimLine
from forms.facts.people import ActivityReturn, Consent, Enterprise, Leader
from storage.errors import FileMissing, VaultBug

if TYPE_CHECKING:
    from forms.change import Changes
    from storage.files import StoredFile
    from storage.forms import Answered, Definition, Ending, FormVersion, Sheet
    from storage.reader import Reader
    from storage.unit import Unit
    from storage.vault import Vault

R = TypeVar("R")

FORMS = frozenset({"activity_return", "outcome_questionnaire"})  # that two people fill in together
SHOWN: frozenset[type] = frozenset(
    {
        Enterprise,
        Leader,
        Consent,
        ChecklistItem,
        Action,
        Attachment,
        Signature,
        EntityDecision,
        FormResponse,
    }
)
WRITTEN: frozenset[type] = frozenset(
    {
        Enterprise,
        ChecklistItem,
        Action,
        Attachment,
        Signature,
        EntityDecision,
        FormResponse,
        ActivityReturn,
        CoachingSession,
    }
)
DOCUMENT = "document"  # who says so: a paper
AGREED = "Agreed with your coach."


class OneCase:
    """The vault, narrowed to one enterprise. Raises VaultBug for whatever is outside it."""

    def __init__(self, vault: Vault, enterprise_id: str) -> None:
        self._vault = vault
        self._seen = Seen(vault.reader, enterprise_id)
        self._enterprise_id = enterprise_id

    @property
    def reader(self) -> Seen:
        """The read side."""
        return self._seen

    @property
    def files(self) -> CaseFiles:
        """Files that a checklist item of this enterprise names, and new ones."""
        return CaseFiles(self._vault, self._seen)

    @property
    def forms(self) -> CaseForms:
        """Forms, and the answer sheets of this enterprise."""
        return CaseForms(self._vault, self._seen)

    @property
    def is_read_only(self) -> bool:
        """Whether it can only be looked at."""
        return self._vault.is_read_only

    @property
    def drafts(self) -> CaseDrafts:
        """Half-typed text of this enterprise."""
        return CaseDrafts(self._vault, self._enterprise_id)

    @contextmanager
    def change(self, *, by: str, at: datetime, name: str | None = None) -> Iterator[CaseUnit]:
        """One commit, like `Vault.change`, that can only touch this enterprise."""
        with self._vault.change(by=by, at=at, name=name) as unit:
            yield CaseUnit(unit, self._seen)


class Seen:
    """The read side of one enterprise."""

    def __init__(self, reader: Reader, enterprise_id: str) -> None:
        self._reader, self._enterprise_id = reader, enterprise_id

    @property
    def enterprise_id(self) -> str:
        """Whose records these are."""
        return self._enterprise_id

    def get(self, cls: type[R], record_id: str) -> R | None:
        """A record of this enterprise, cleaned; None for any other."""
        self._refuse_kind(cls)
        found = self._reader.get(cls, record_id)
        if cls is Attachment and record_id not in self._evidence():
            return None
        return self._shown(cls, found) if found is not None and self.owns(found) else None

    def all(self, cls: type[R], **equal: object) -> list[R]:
        """Its records of a kind, cleaned, ordered by id.

        The enterprise may be named, but only this one: another is a mistake of ours.
        """
        self._refuse_kind(cls)
        if equal.pop("enterprise_id", self._enterprise_id) != self._enterprise_id:
            raise VaultBug("another enterprise was asked for while working together")
        if cls is Enterprise:
            own = self._reader.get(cls, self._enterprise_id)
            found = [own] if own is not None else []
        else:
            found = self._reader.all(cls, enterprise_id=self._enterprise_id, **equal)
        if cls is Attachment:
            evidence = self._evidence()
            found = [record for record in found if getattr(record, "id", "") in evidence]
        shown = (self._shown(cls, record) for record in found)
        return [record for record in shown if record is not None]

    def owns(self, record: Record) -> bool:
        """Whether a record is this enterprise, or belongs to it."""
        owner = record.id if isinstance(record, Enterprise) else record.enterprise_id
        return bool(owner == self._enterprise_id)

    def is_in_a_claim(self, attachment_id: str) -> bool:
        """Whether a claim of this enterprise names a file; nothing else of the claim is told."""
        lines = self._reader.all(ClaimLine, enterprise_id=self._enterprise_id)
        return any(attachment_id in line.files for line in lines)

    def said_before_papers(self, item_id: str) -> tuple[str, str]:
        """Who said so, and on what day, before a paper was the last word on a step.

        From its story; nothing else of the story is told. Two empty words when there was nothing.
        """
        item = self._reader.get(ChecklistItem, item_id)
        if item is None or not self.owns(item):
            return "", ""
        for entry in reversed(self._reader.history(item_id)):
            if entry.after.get("said_by") == DOCUMENT:
                said = str(entry.before.get("said_by") or "")
                day = str(entry.before.get("evidence_on") or "")
                if "evidence_on" not in entry.after:  # the same day, then and after
                    day = item.evidence_on.isoformat() if item.evidence_on else ""
                return (said, day) if said not in ("", DOCUMENT) else ("", "")
        return "", ""

    def _shown(self, cls: type[R], record: R) -> R | None:
        bare = _without_private(record)
        clean = _CLEAN.get(cls)
        cleaned: R | None = clean(bare) if clean is not None else bare
        return cleaned

    def _evidence(self) -> set[str]:
        """Files on the checklist: one that nobody put there may hold what the coach keeps apart."""
        items = self._reader.all(ChecklistItem, enterprise_id=self._enterprise_id)
        return {file for item in items for file in item.files}

    def _refuse_kind(self, cls: type) -> None:
        if cls not in SHOWN:
            raise VaultBug(f"{kind_of(cls).name} is not shown while working together")


class CaseUnit:
    """The write side of one enterprise, inside one commit."""

    def __init__(self, unit: Unit, seen: Seen) -> None:
        self._unit, self._seen = unit, seen

    @property
    def changes(self) -> Changes:
        """What the commit changed, after it."""
        return self._unit.changes

    @property
    def step(self) -> int:
        """Its number in the coach's list of steps, after the commit."""
        return self._unit.step

    def add(self, record: Record) -> None:
        """A new record of this enterprise."""
        self._refuse(type(record), own=self._seen.owns(record))
        self._unit.add(record)

    def set(self, cls: type, record_id: str, **values: object) -> None:
        """Other values of some fields of a record of this enterprise."""
        self._refuse(cls, own=self._seen.get(cls, record_id) is not None)
        if "enterprise_id" in values or "coach_id" in values:
            raise VaultBug("a record does not change hands while working together")
        self._unit.set(cls, record_id, **values)

    def remove(self, cls: type, record_id: str, *, why: str) -> None:
        """Take a record of this enterprise away; its story stays."""
        self._refuse(cls, own=self._seen.get(cls, record_id) is not None)
        self._unit.remove(cls, record_id, why=why)

    def bring_back(self, cls: type, record_id: str, *, why: str) -> None:
        """Take the removal of a record of this enterprise back."""
        fields, _ = self._unit.now(cls, record_id)
        self._refuse(cls, own=fields.get("enterprise_id") == self._seen.enterprise_id)
        self._unit.bring_back(cls, record_id, why=why)

    def _refuse(self, cls: type, *, own: bool) -> None:
        if cls not in WRITTEN or not own:
            raise VaultBug("a record outside this enterprise was written while working together")


class CaseFiles:
    """Files of one enterprise, by the hash that its own records name."""

    def __init__(self, vault: Vault, seen: Seen) -> None:
        self._vault, self._seen = vault, seen

    def store(self, data: bytes, *, name: str = "", mime: str = "") -> StoredFile:
        """Keep a new file, encrypted. Raises FileRefused, VaultFull."""
        return self._vault.files.store(data, name=name, mime=mime)

    def read(self, sha256: str) -> bytes:
        """The bytes of a file that is shown. Raises FileMissing."""
        named = self._seen.all(Attachment, sha256=sha256)
        if not named and not self._seen.all(Attachment, small_sha256=sha256):
            raise FileMissing
        return self._vault.files.read(sha256)


class CaseForms:
    """Definitions of forms (they name nobody), and answer sheets of one enterprise."""

    def __init__(self, vault: Vault, seen: Seen) -> None:
        self._forms, self._seen = vault.forms, seen

    def keep(self, made: Definition) -> bool:
        """Keep a version; whether it is new."""
        return self._forms.keep(made)

    def versions(self, form_id: str) -> list[FormVersion]:
        """Every version of a form, the newest first."""
        return self._forms.versions(form_id)

    def newest(self, form_id: str) -> FormVersion | None:
        """The version that is offered."""
        return self._forms.newest(form_id)

    def xform(self, form_id: str, version: str) -> str:
        """The compiled form."""
        return self._forms.xform(form_id, version)

    def sheet(self, response_id: str) -> Sheet | None:
        """The sheet as it stands, when it is this enterprise's."""
        found = self._forms.sheet(response_id)
        mine = found is not None and found.enterprise_id == self._seen.enterprise_id
        return found if mine else None

    def answer(self, sheet: Sheet, answers: Iterable[Answered]) -> None:
        """Answers of this enterprise's sheet."""
        if sheet.enterprise_id != self._seen.enterprise_id:
            raise VaultBug("another enterprise's answers were written while working together")
        self._forms.answer(sheet, answers)

    def note_endings(self, response_id: str, enterprise_id: str, ends: Iterable[Ending]) -> None:
        """What runs out, by this enterprise's answers."""
        if enterprise_id != self._seen.enterprise_id:
            raise VaultBug("another enterprise's dates were written while working together")
        self._forms.note_endings(response_id, enterprise_id, ends)

    def put_down(self, response_id: str) -> None:
        """The record has it all."""
        if self.sheet(response_id) is not None:
            self._forms.put_down(response_id)


class CaseDrafts:
    """Half-typed text whose keys begin with this enterprise."""

    def __init__(self, vault: Vault, enterprise_id: str) -> None:
        self._vault, self.prefix = vault, f"together/{enterprise_id}/"

    def keep(self, key: str, text: str) -> None:
        """Remember the text."""
        self._vault.drafts.keep(self.prefix + key, text)

    def read(self, key: str) -> str:
        """The text, or ''."""
        return self._vault.drafts.read(self.prefix + key)

    def drop(self, key: str) -> None:
        """Forget it."""
        self._vault.drafts.drop(self.prefix + key)

    def is_about_erased(self, key: str, about: str = "") -> bool:
        """Whether they were erased since."""
        return self._vault.drafts.is_about_erased(self.prefix + key, about)


def _without_private(record: R) -> R:
    named = [s.name for s in kind_of(record).specs if s.policy is Policy.PRIVATE]
    return replace(record, **dict.fromkeys(named, "")) if named else record  # type: ignore[type-var]


def _item(item: Any) -> Any:
    """The coach's remark on an item stays with the coach; that there is a reason does not."""
    return replace(item, note="", reason=AGREED if item.reason else "")


def _action(action: Any) -> Any:
    """What the person promised; what the coach or somebody else promised is the coach's list."""
    return action if action.owner == "leader" else None


def _response(response: Any) -> Any:
    return response if response.form_id in FORMS else None


def _enterprise(enterprise: Any) -> Any:
    """Holds and levels are told by the coach, not by a screen."""
    return replace(enterprise, suspended_on=None)


_CLEAN: dict[type, Callable[[Any], Any]] = {
    ChecklistItem: _item,
    Action: _action,
    FormResponse: _response,
    Enterprise: _enterprise,
}
