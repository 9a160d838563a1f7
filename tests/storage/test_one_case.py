"""The narrowed vault: one enterprise, cleaned, and no way to name another."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from forms.facts.casework import (
    Action,
    Attachment,
    ChecklistItem,
    CoachingSession,
    FormResponse,
    Signature,
)
from forms.facts.kinds import KINDS, Kind
from forms.facts.people import Enterprise, Leader
from storage.errors import FileMissing, VaultBug
from storage.forms import Sheet
from storage.one_case import (
    AGREED,
    SHOWN,
    WRITTEN,
    CaseDrafts,
    CaseFiles,
    CaseForms,
    CaseUnit,
    OneCase,
    Seen,
)
from storage.reader import Reader
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, full_record

MINE, OTHER = "e-mine", "e-other"
TIED = [kind for kind in KINDS.values() if kind.parent_field and not kind.local]


@pytest.fixture
def both(vault: Vault) -> Vault:
    """One of every kind for two enterprises."""
    with vault.change(by=COACH, at=NOON) as unit:
        for owner in (MINE, OTHER):
            unit.add(Enterprise(id=owner, name=f"Name of {owner}"))
            for kind in TIED:
                unit.add(full_record(kind, enterprise_id=owner))
    return vault


@pytest.mark.parametrize("kind", [*TIED, KINDS["enterprise"]], ids=lambda kind: kind.name)
def test_a_kind_is_shown_for_one_enterprise_or_not_at_all(kind: Kind, both: Vault) -> None:
    seen = both.one_case(MINE).reader
    if kind.cls not in SHOWN:
        with pytest.raises(VaultBug):
            seen.all(kind.cls)
        with pytest.raises(VaultBug):
            seen.get(kind.cls, "any")
        return
    owners = {str(getattr(one, "enterprise_id", one.id)) for one in seen.all(kind.cls)}
    assert owners <= {MINE}
    for one in both.reader.all(kind.cls):
        if getattr(one, "enterprise_id", one.id) == OTHER:
            assert seen.get(kind.cls, one.id) is None
    with pytest.raises(VaultBug):
        seen.all(kind.cls, enterprise_id=OTHER)


@pytest.mark.parametrize("kind", [*TIED, KINDS["enterprise"]], ids=lambda kind: kind.name)
def test_nothing_of_another_enterprise_can_be_written(kind: Kind, both: Vault) -> None:
    case = both.one_case(MINE)
    before = {one.id: one for one in both.reader.all(kind.cls)}
    theirs = next(one for one in before.values() if getattr(one, "enterprise_id", one.id) == OTHER)
    fresh = full_record(kind, enterprise_id=OTHER) if kind.parent_field else full_record(kind)
    with pytest.raises(VaultBug), case.change(by=COACH, at=NOON) as unit:
        unit.add(fresh)
    with pytest.raises(VaultBug), case.change(by=COACH, at=NOON) as unit:
        unit.set(kind.cls, theirs.id)
    assert {one.id: one for one in both.reader.all(kind.cls)} == before


def test_no_method_takes_the_id_of_an_enterprise_and_none_searches() -> None:
    public = {
        cls: {name for name in vars(cls) if not name.startswith("_")}
        for cls in (OneCase, Seen, CaseUnit, CaseFiles, CaseForms, CaseDrafts)
    }
    assert public == {
        OneCase: {"reader", "files", "forms", "is_read_only", "drafts", "change"},
        Seen: {"enterprise_id", "get", "all", "owns", "is_in_a_claim", "said_before_papers"},
        CaseUnit: {"changes", "step", "add", "set", "remove", "bring_back"},
        CaseFiles: {"store", "read"},
        CaseForms: {
            "keep",
            "versions",
            "newest",
            "xform",
            "sheet",
            "answer",
            "note_endings",
            "put_down",
        },
        CaseDrafts: {"keep", "read", "drop", "is_about_erased"},
    }
    for cls, names in public.items():
        for name in names:
            found = inspect.getattr_static(cls, name)
            if callable(found):
                named = [p for p in inspect.signature(found).parameters if "enterprise" in p]
                assert not named or name == "note_endings"  # which refuses any but its own
    assert not issubclass(Seen, Reader)  # a picture made for the caseload does not type-check here
    assert set(Seen.__slots__ if hasattr(Seen, "__slots__") else ()) == set()


def test_what_is_the_coachs_own_is_not_there(vault: Vault) -> None:
    item = ChecklistItem(
        id="i", enterprise_id=MINE, code="C07", state="not needed", reason="owes", note="worry",
        files=("shown",),
    )  # fmt: skip
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id=MINE, name="Mary's"))
        unit.add(Leader(id="l", enterprise_id=MINE, name="Mary", private_note="worry"))
        unit.add(item)
        unit.add(Action(id="a", enterprise_id=MINE, text="Ask about worry", owner="coach"))
        unit.add(Action(id="b", enterprise_id=MINE, text="Ring the bank", owner="leader"))
        unit.add(FormResponse(id="f", form_id="idea_check", form_version="1", enterprise_id=MINE))
        for name in ("shown", "apart"):
            unit.add(
                Attachment(
                    id=name, enterprise_id=MINE, sha256=name, size=1, mime="text/plain", name=name
                )
            )
    case = vault.one_case(MINE)
    seen = case.reader
    (leader,) = seen.all(Leader)
    (shown,) = seen.all(ChecklistItem)
    assert (leader.private_note, shown.note, shown.reason) == ("", "", AGREED)
    assert [one.id for one in seen.all(Action)] == ["b"]
    assert seen.all(FormResponse) == []
    assert [one.id for one in seen.all(Attachment)] == ["shown"]
    assert "worry" not in repr([seen.all(cls) for cls in SHOWN])
    with pytest.raises(FileMissing):
        case.files.read("apart")


def test_what_is_done_together_is_saved_like_anything_else(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id=MINE, name="Mary's"))
    case = vault.one_case(MINE)
    with case.change(by=COACH, at=NOON) as unit:
        unit.add(ChecklistItem(id="i", enterprise_id=MINE, code="C07", state="done"))
        unit.add(CoachingSession(id="s", enterprise_id=MINE, on=NOON.date(), kind="visit"))
    assert unit.changes.touches("checklist_item")
    with case.change(by=COACH, at=NOON) as unit:
        unit.set(ChecklistItem, "i", state="doing")
    for values in ({"enterprise_id": OTHER}, {"coach_id": "x"}):
        with pytest.raises(VaultBug), case.change(by=COACH, at=NOON) as unit:
            unit.set(ChecklistItem, "i", **values)
    assert [item.state for item in case.reader.all(ChecklistItem)] == ["doing"]
    assert vault.reader.history("i")[-1].by_id == COACH
    assert {Signature, CoachingSession} <= WRITTEN


def test_half_typed_text_stays_with_its_enterprise(vault: Vault, tmp_path: Path) -> None:
    one, other = vault.one_case(MINE), vault.one_case(OTHER)
    one.drafts.keep("name", "Mary Th")
    assert (one.drafts.read("name"), other.drafts.read("name")) == ("Mary Th", "")
    one.drafts.drop("name")
    assert one.drafts.read("name") == ""
    assert tmp_path.exists()


def test_answer_sheets_of_another_enterprise_are_neither_seen_nor_written(vault: Vault) -> None:
    mine = Sheet(response_id="r-1", enterprise_id=MINE, instance_xml="<a/>", by_id=COACH)
    theirs = Sheet(response_id="r-2", enterprise_id=OTHER, instance_xml="<b/>", by_id=COACH)
    for sheet in (mine, theirs):
        vault.forms.answer(sheet, [])
    forms = vault.one_case(MINE).forms
    assert forms.sheet("r-1") == mine
    assert forms.sheet("r-2") is None
    with pytest.raises(VaultBug):
        forms.answer(theirs, [])
    with pytest.raises(VaultBug):
        forms.note_endings("r-2", OTHER, [])
    forms.put_down("r-2")
    assert vault.forms.sheet("r-2") == theirs
    forms.put_down("r-1")
    assert vault.forms.sheet("r-1") is None
