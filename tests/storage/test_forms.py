"""Forms in the vault: kept for ever, never changed, answers one by one, days in an index."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from forms.facts.casework import ChecklistItem, FormResponse
from forms.facts.people import Enterprise
from storage import erase
from storage.books import Books
from storage.errors import FormVersionTaken, StorageError
from storage.forms import Answered, Definition, Ending, Sheet
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, new_vault, reopen

ONE = Definition(
    form_id="ready", version="1", title="Ready", state="published", xform="<h/>", fingerprint="a",
    source=b"PK workbook", source_name="ready.xlsx", compiler="4.5.0", by_id="lead-1",
)  # fmt: skip


def changed(**fields: object) -> Definition:
    return Definition(**({name: getattr(ONE, name) for name in ONE.__slots__} | fields))  # type: ignore[arg-type]


def test_a_version_is_kept_whole_and_comes_back_after_a_restart(tmp_path: Path) -> None:
    with new_vault(tmp_path / "v") as vault:
        assert vault.forms.keep(ONE)
        assert not vault.forms.keep(ONE)
    with reopen(tmp_path / "v") as vault:
        assert vault.forms.xform("ready", "1") == "<h/>"
        assert vault.forms.source("ready", "1") == ("ready.xlsx", b"PK workbook")
        (card,) = vault.reader.form_versions()
        assert (card.version, card.state, card.by_id) == ("1", "published", "lead-1")
        assert vault.forms.xform("ready", "2") == ""


def test_other_words_under_the_same_version_are_refused(vault: Vault) -> None:
    vault.forms.keep(ONE)
    with pytest.raises(FormVersionTaken, match="Write a new version"):
        vault.forms.keep(changed(xform="<other/>", fingerprint="b"))
    assert vault.forms.xform("ready", "1") == "<h/>"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE form_definition SET xform = 'x'",
        "UPDATE form_definition SET version = '9'",
        "UPDATE form_definition SET fingerprint = 'x'",
        "UPDATE form_definition SET source = x'00'",
        "DELETE FROM form_definition",
    ],
)
def test_a_kept_form_cannot_be_changed_even_by_a_statement(vault: Vault, statement: str) -> None:
    vault.forms.keep(ONE)
    with pytest.raises((StorageError, dbapi2.Error)), vault._db.transaction():
        vault._db.do(statement)
    assert vault.forms.xform("ready", "1") == "<h/>"


def test_without_the_guard_it_could_be(vault: Vault) -> None:
    """The proof that the test above looks at the guard."""
    vault.forms.keep(ONE)
    with vault._db.transaction():
        vault._db.do("DROP TRIGGER form_definition_stays")
        vault._db.do("UPDATE form_definition SET xform = 'x'")
    assert vault.forms.xform("ready", "1") == "x"


def test_the_newest_is_the_one_that_came_last_and_was_not_withdrawn(vault: Vault) -> None:
    for version in ("1", "2"):
        vault.forms.keep(changed(version=version, fingerprint=version))
    newest = vault.forms.newest("ready")
    assert newest is not None
    assert newest.version == "2"
    vault.forms.retire("ready", "2")
    newest = vault.forms.newest("ready")
    assert newest is not None
    assert newest.version == "1"
    assert vault.forms.xform("ready", "2")  # its answers go on opening


def sheet(xml: str, response_id: str = "r-1", enterprise_id: str = "e-1") -> Sheet:
    return Sheet(
        response_id=response_id, enterprise_id=enterprise_id, instance_xml=xml, by_id=COACH
    )


def test_each_answer_is_a_row_and_the_sheet_stands_as_after_the_last(tmp_path: Path) -> None:
    with new_vault(tmp_path / "v") as vault:
        before = vault.reader.unsent_count()
        for number in range(50):
            said = Answered(ref="/data/a", before=str(number), after=str(number + 1))
            vault.forms.answer(sheet(f"<data>{number + 1}</data>"), [said])
        assert vault.reader.unsent_count() == before  # nothing to send until it is put down
    with reopen(tmp_path / "v") as vault:
        kept = vault.forms.sheet("r-1")
        assert kept is not None
        assert kept.instance_xml == "<data>50</data>"
        log = vault.forms.log("r-1")
        assert [each.after for each in log] == [str(n) for n in range(1, 51)]
        assert {each.by_id for each in log} == {COACH}
        assert vault.forms.open_sheets() == ["r-1"]
        vault.forms.put_down("r-1")
        assert vault.forms.sheet("r-1") is None
        assert len(vault.forms.log("r-1")) == 50


def test_an_answer_goes_with_the_change_around_it_or_not_at_all(vault: Vault) -> None:
    def broken() -> None:
        with vault.change(by=COACH, at=NOON) as unit:
            unit.add(FormResponse(id="r-1", form_id="ready", form_version="1"))
            vault.forms.answer(sheet("<data/>"), [Answered(ref="/a", before="", after="1")])
            raise RuntimeError("the lights went out")

    with pytest.raises(RuntimeError):
        broken()
    assert vault.forms.sheet("r-1") is None
    assert vault.forms.log("r-1") == []
    assert vault.reader.get(FormResponse, "r-1") is None


def ending(code: str, expires: date, warn: date) -> Ending:
    return Ending(code=code, label=f"Step {code}", expires_on=expires, warn_on=warn)


def test_steps_speak_up_on_their_day_and_no_sooner(vault: Vault) -> None:
    late, soon = date(2026, 3, 1), date(2026, 5, 1)
    vault.forms.note_endings(
        "r-1", "e-1", [ending("ins", soon, date(2026, 4, 1)), ending("dbs", late, date(2026, 1, 1))]
    )
    assert [s.code for s in vault.reader.ending_steps(date(2026, 3, 31))] == ["dbs"]
    assert [s.code for s in vault.reader.ending_steps(date(2026, 4, 1))] == ["dbs", "ins"]
    vault.forms.note_endings("r-1", "e-1", [])
    assert vault.reader.ending_steps(date(2030, 1, 1)) == []
    plan = vault._db.rows(
        "EXPLAIN QUERY PLAN SELECT code FROM form_expiry WHERE warn_on <= '2026-01-01'"
    )
    assert "form_expiry_due" in str(plan)


def test_done_items_that_run_out_are_found_by_their_day(vault: Vault) -> None:
    items = [
        ChecklistItem(id="a", enterprise_id="e-1", code="C07", state="done",
                      expires_on=date(2026, 4, 1)),
        ChecklistItem(id="b", enterprise_id="e-1", code="C07", state="todo",
                      expires_on=date(2026, 4, 1)),
        ChecklistItem(id="c", enterprise_id="e-1", code="C09", state="done",
                      evidence_on=date(2025, 4, 1)),
        ChecklistItem(id="d", enterprise_id="e-1", code="C20", state="done",
                      evidence_on=date(2025, 4, 1)),
        ChecklistItem(id="e", enterprise_id="e-1", code="C07", state="done",
                      expires_on=date(2027, 4, 1)),
    ]  # fmt: skip
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add_all(items)
    found = vault.reader.ending_items(date(2026, 5, 1), {"C09": date(2025, 5, 1)})
    assert [each.id for each in found] == ["a", "c"]


def test_who_is_erased_leaves_no_answer_behind(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id="e-1", name="Mary's"))
        unit.add(FormResponse(id="r-1", form_id="ready", form_version="1", enterprise_id="e-1"))
    vault.forms.answer(sheet("<data>secret</data>"), [Answered(ref="/a", before="", after="x")])
    vault.forms.answer(
        sheet("<data>other</data>", "r-2", "e-2"), [Answered(ref="/a", before="", after="y")]
    )
    vault.forms.note_endings("r-1", "e-1", [ending("ins", date(2026, 3, 1), date(2026, 1, 1))])
    with vault._db.transaction():
        erase.clean(Books(vault._db, NOON), ["e-1"])
    assert vault.forms.sheet("r-1") is None
    assert vault.forms.log("r-1") == []
    assert vault.reader.ending_steps(date(2030, 1, 1)) == []
    assert len(vault.forms.log("r-2")) == 1
