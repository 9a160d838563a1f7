"""Everything goes out in open formats and comes back equal; nothing in a table computes."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from forms.facts.casework import Attachment, CoachingSession
from forms.facts.kinds import KINDS, fields_of
from forms.facts.people import Consent, Enterprise
from forms.values import new_id
from storage import export as exporting
from storage import import_export, open_cells, parts_out, rebuild
from storage.errors import ChangeRefused, ConsentMissing, ExportDamaged, VaultFull
from storage.export import Selection
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, full_record, new_vault
from tests.support.goals import Tell

PDF = b"%PDF-1.7 letter"
TEXT = st.text(
    st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12
) | st.sampled_from(
    [
        "=1+1",
        "'=1",
        "+44 1303",
        "-",
        "@x",
        "\t=1",
        "\r",
        "a\r\nb",
        '"',
        ",",
        "''",
        "﻿x",
        "=cmd|' /C x'!A",
    ]
)
STEPS = st.lists(
    st.tuples(st.sampled_from(["add", "set", "remove", "note"]), TEXT, st.integers(0, 9)),
    min_size=1,
    max_size=10,
)


def lived(vault: Vault, steps: list[tuple[str, str, int]]) -> None:
    ids: list[str] = []
    for what, text, number in steps:
        with vault.change(by=COACH, at=NOON) as unit:
            if what == "add" or not ids:
                one = Enterprise(
                    id=new_id(), name=text, service_types=(text, "x"), facts={text: [number, None]}
                )
                unit.add(one)
                ids.append(one.id)
            elif what == "set":
                unit.set(Enterprise, ids[number % len(ids)], place=text, price_pence=number)
            elif what == "note":
                unit.add(
                    CoachingSession(
                        id=new_id(),
                        enterprise_id=ids[number % len(ids)],
                        on=NOON.date(),
                        at=NOON,
                        note=text,
                        private_note=text,
                    )
                )
            elif len(ids) > 1:
                unit.remove(Enterprise, ids.pop(), why=text)


def agree(vault: Vault, enterprise_id: str, purpose: str) -> str:
    given = Consent(id=new_id(), enterprise_id=enterprise_id, purpose=purpose, given_on=NOON.date())
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(given)
    return given.id


def comes_back_equal(vault: Vault, home: Path, ending: str) -> None:
    target = home / f"out{ending}"
    vault.export_to(target)
    contents = import_export.read(target)
    here = rebuild.kept(vault._db)
    assert rebuild.differences(vault._db) == []
    told = {
        key: fields_of(held.record) | {"_deleted": held.deleted}
        for key, held in contents.records.items()
        if not held.kind.local
    }
    assert told == here
    tables = import_export.read_tables(target)
    assert tables == {
        key: (fields_of(held.record), held.deleted) for key, held in contents.records.items()
    }
    again = new_vault(home / f"again{ending}")
    import_export.fill(again._db, again.files, contents)
    assert rebuild.kept(again._db) == here
    assert rebuild.differences(again._db) == []
    with pytest.raises(ChangeRefused, match="records here already"):
        import_export.fill(again._db, again.files, contents)
    again.export_to(home / f"second{ending}")
    twice = import_export.read(home / f"second{ending}")
    assert (twice.records, twice.story, twice.files) == (
        contents.records,
        contents.story,
        contents.files,
    )
    again.close()


def histories(examples: int) -> None:
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(STEPS, st.sampled_from(["", ".zip"]))
    def any_history(steps: list[tuple[str, str, int]], ending: str) -> None:
        with tempfile.TemporaryDirectory() as home, new_vault(Path(home) / "v") as vault:
            lived(vault, steps)
            comes_back_equal(vault, Path(home), ending)

    any_history()


def test_any_history_comes_back_equal(goal: Tell) -> None:
    histories(20)
    goal(9, "histories rebuilt from the trail, out and back", runs=20, failures=0)


@pytest.mark.long
@pytest.mark.timeout(1200)
def test_a_thousand_histories_come_back_equal(goal: Tell) -> None:
    histories(1000)
    goal(9, "histories rebuilt from the trail, out and back", runs=1000, failures=0)


@pytest.mark.parametrize("ending", ["", ".zip"])
def test_every_kind_and_every_file_comes_back(vault: Vault, tmp_path: Path, ending: str) -> None:
    stored = vault.files.store(PDF, name="a.pdf")
    with vault.change(by=COACH, at=NOON) as unit:
        for kind in KINDS.values():
            if kind.local:
                unit.ask(full_record(kind))
            elif kind.name != "attachment":
                unit.add(full_record(kind))
        for sha256 in (stored.sha256, "f" * 64):
            unit.add(
                Attachment(
                    id=new_id(), enterprise_id="e", sha256=sha256, size=len(PDF), mime=stored.mime
                )
            )
    comes_back_equal(vault, tmp_path, ending)
    done = vault.export_to(tmp_path / f"more{ending}")
    assert (done.files, done.missing_files) == (1, ("f" * 64,))
    assert import_export.read(done.path).files == {stored.sha256: PDF}
    assert min(done.counts.values()) == 1


def test_what_a_laptop_that_lost_a_field_would_export_is_noticed(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived(vault, [("add", "=1", 1)])
    monkeypatch.setattr(open_cells, "restored", lambda cell: cell)
    with pytest.raises(AssertionError):
        comes_back_equal(vault, tmp_path, "")


@given(st.text())
def test_no_cell_of_a_table_computes(text: str) -> None:
    cell = open_cells.defused(text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert open_cells.restored(cell) == text


def test_a_table_opens_in_a_spreadsheet(vault: Vault, tmp_path: Path) -> None:
    lived(vault, [("add", "=HYPERLINK(1)", 1)])
    done = vault.export_to(tmp_path / "out")
    data = (done.path / "records" / "enterprise.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")  # Excel reads it as UTF-8
    head, row = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert row[head.index("name")] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("name", ["contents.json", "records/enterprise.json", "story.json"])
def test_a_changed_export_is_refused(vault: Vault, tmp_path: Path, name: str) -> None:
    lived(vault, [("add", "a", 1)])
    path = vault.export_to(tmp_path / "out").path
    whole = (path / name).read_bytes()
    for spoiled in (whole.replace(b'"a"', b'"b"', 1) + b" ", whole[:-5]):
        (path / name).write_bytes(spoiled)
        if name == "contents.json" and spoiled.endswith(b" "):
            continue
        with pytest.raises(ExportDamaged, match="not as it was written"):
            import_export.read(path)
    (path / name).unlink()
    with pytest.raises(ExportDamaged):
        import_export.read(path)


def test_an_export_from_before_there_was_a_kind_is_read(vault: Vault, tmp_path: Path) -> None:
    lived(vault, [("add", "a", 1)])
    path = vault.export_to(tmp_path / "out").path
    about = json.loads((path / "contents.json").read_bytes())
    for name in ("records/handover.json", "records/handover.csv"):
        (path / name).unlink()
        del about["sha256"][name]
    (path / "contents.json").write_text(json.dumps(about))
    contents = import_export.read(path)
    assert {kind for kind, _ in contents.records} == {"enterprise"}
    assert import_export.read_tables(path).keys() == contents.records.keys()
    about["sha256"] = {}
    (path / "contents.json").write_text(json.dumps(about))
    with pytest.raises(ExportDamaged):  # one that names no kind at all is none of ours
        import_export.read(path)


def test_a_cut_zip_or_a_newer_one_is_refused(vault: Vault, tmp_path: Path) -> None:
    path = vault.export_to(tmp_path / "out.zip").path
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(ExportDamaged):
        import_export.read(path)
    with zipfile.ZipFile(tmp_path / "new.zip", "w") as parts:
        parts.writestr("contents.json", json.dumps({"hedgerow_export": 99, "sha256": {}}))
    with pytest.raises(ExportDamaged, match="newer version"):
        import_export.read(tmp_path / "new.zip")


def test_an_export_never_writes_over_anything(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(ChangeRefused, match="Choose another name"):
        vault.export_to(tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_a_full_disk_leaves_no_half_export(
    vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "full")

    monkeypatch.setattr(exporting, "name_for_good", full)
    monkeypatch.setattr(parts_out.os, "fsync", full)
    with pytest.raises(VaultFull):
        vault.export_to(tmp_path / "out")
    assert not list(tmp_path.glob("out*"))


def test_a_shared_export_holds_no_private_note_and_no_story(vault: Vault, tmp_path: Path) -> None:
    lived(vault, [("add", "one", 1), ("note", "secret", 0), ("add", "two", 1)])
    one = vault.reader.all(Enterprise, name="one")[0].id
    asked = Selection(frozenset({one}), "sharing")
    with pytest.raises(ConsentMissing, match="have not agreed"):
        vault.export_to(tmp_path / "out", asked)
    assert not (tmp_path / "out").exists()
    agree(vault, one, "sharing")
    done = vault.export_to(tmp_path / "out", asked)
    assert (done.counts["enterprise"], done.counts["session"]) == (1, 1)
    contents = import_export.read(done.path)
    (note,) = (h.record for h in contents.records.values() if h.kind.name == "session")
    assert (note.note, note.private_note) == ("secret", "")
    assert contents.story == []
    assert not (done.path / "story.json").exists()
