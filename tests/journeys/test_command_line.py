"""The command line: every word of it, and every known trouble in one plain sentence."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.command_line import main
from forms.facts.people import Enquiry, Enterprise
from forms.values import SystemClock
from storage.escrow import public_of, words_of
from storage.keys import Cost
from storage.vault import Vault
from tests.journeys.test_totals import EXPECTED

ROWS = [
    {"id": "A1", "stated": "5470608", "kind": "equal", "formula": "797*33*52*(19.68-15.68)"},
    {"id": "A2", "stated": "2299174", "kind": "equal", "formula": "797*33*52*0.304*(19.68-14.15)"},
    {"id": "A3", "stated": "", "kind": "none", "formula": "134712/32"},
    {"id": "A4", "stated": "1464226", "kind": "equal", "formula": "134712/32*223"},
    {
        "id": "A5",
        "stated": "4000000",
        "kind": "about",
        "unit": "1000000",
        "formula": "416/797*7769782",
    },
    {"id": "A6", "stated": "1400000", "kind": "about", "unit": "100000", "formula": "1464226"},
    {"id": "A7", "stated": "160000", "kind": "at_least", "formula": "0.5*750*104*(170000/39000)"},
    {"id": "A8", "stated": "1800000", "kind": "scope", "formula": "634572+1278636+1128128"},
]
VERDICTS = [
    "EXACT",
    "NEAR",
    "DERIVED",
    "INCONSISTENT",
    "ROUNDED",
    "TRUNCATED",
    "CONSISTENT",
    "DIFFERENT_SCOPE",
]


@pytest.fixture
def figures(tmp_path):
    def write(rows: object) -> str:
        path = tmp_path / "figures.json"
        path.write_text(rows if isinstance(rows, str) else json.dumps(rows))
        return str(path)

    return write


def run(capsys, *words: str) -> tuple[int, str, str]:
    code = main(words)
    said = capsys.readouterr()
    return code, said.out, said.err


def one_sentence(text: str) -> bool:
    """One line of plain words: no traceback, no name of an exception."""
    return (
        text.count("\n") == 1
        and "Traceback" not in text
        and not re.search(r"\b\w+(Error|Exception)\b", text)
        and text.rstrip().endswith(".")
    )


# --- figures -------------------------------------------------------------------------------------


def test_every_verdict_is_worked_out(capsys, figures):
    code, out, _ = run(capsys, "figures", figures(ROWS), "--json")
    rows = json.loads(out)
    assert code == 0
    assert [row["verdict"] for row in rows] == VERDICTS
    assert rows[0]["recomputed"] == "5470608.00"
    assert rows[2]["recomputed"] == "4209.75"


def test_a_verdict_in_the_file_is_never_read(capsys, figures):
    lying = [{**row, "verdict": "EXACT", "recomputed": "1"} for row in ROWS]
    _, out, _ = run(capsys, "figures", figures(lying), "--json")
    assert [row["verdict"] for row in json.loads(out)] == VERDICTS


def test_a_changed_stated_changes_the_verdict(capsys, figures):
    changed = [{**ROWS[0], "stated": "5470609"}, {**ROWS[0], "stated": "6470608"}]
    _, out, _ = run(capsys, "figures", figures(changed), "--json")
    assert [row["verdict"] for row in json.loads(out)] == ["NEAR", "INCONSISTENT"]


def test_without_json_each_row_is_a_line(capsys, figures):
    code, out, _ = run(capsys, "figures", figures(ROWS))
    lines = out.splitlines()
    assert code == 0
    assert len(lines) == len(ROWS)
    assert lines[0].split() == ["A1", "5470608", "5470608.00", "EXACT"]


@pytest.mark.parametrize("content", ["", "not json", "{}", '["row"]', "[1]", '{"id": 1}'])
def test_a_file_that_is_not_figures(capsys, figures, content):
    code, out, err = run(capsys, "figures", figures(content))
    assert (code, out) == (1, "")
    assert one_sentence(err)


def test_a_file_that_is_not_there(capsys, tmp_path):
    code, _, err = run(capsys, "figures", str(tmp_path / "nothing.json"))
    assert code == 1
    assert one_sentence(err)


def test_a_formula_is_never_run_as_code(capsys, figures, tmp_path):
    gone = tmp_path / "gone"
    formulas = [f"open({str(gone)!r},'w')", "__import__('os')", "9**9**9", "1/0", "("]
    rows = [
        {"id": str(n), "stated": "1", "kind": "equal", "formula": formula}
        for n, formula in enumerate(formulas)
    ]
    code, _out, err = run(capsys, "figures", figures(rows))
    assert "Traceback" not in err
    assert code in (0, 1)
    assert not gone.exists()


# --- doctor --------------------------------------------------------------------------------------

PASSPHRASE = "lantern oatmeal gravel"  # noqa: S105
PERSONAL = ("Wilhelmina Quick", "Quick Steps", "01632 960777", "wilhelmina@quick.example")


@pytest.fixture
def laptop(tmp_path, monkeypatch):
    """A vault with one invented person in it, closed."""
    folder = tmp_path / "records"
    clock = SystemClock()
    quick = Cost(memory=8, passes=1)
    vault, _ = Vault.create(folder, passphrase=PASSPHRASE, clock=clock, cost=quick)
    name, enterprise, phone, email = PERSONAL
    with vault.change(by="ann", at=clock.now()) as unit:
        unit.add(Enquiry(id="e", created_on=clock.now().date(), name=name, phone=phone))
        unit.add(Enterprise(id="x", name=enterprise, phone=phone, email=email))
    vault.close()
    monkeypatch.setenv("RECORDS_PASSPHRASE", PASSPHRASE)
    return folder


def test_doctor_says_that_all_is_well_and_nothing_about_anybody(capsys, laptop):
    code, out, err = run(capsys, "doctor", str(laptop), "--passphrase-env", "RECORDS_PASSPHRASE")
    assert (code, err) == (0, "")
    assert len(out.splitlines()) > 2
    assert not [word for word in (*PERSONAL, PASSPHRASE) if word in out]


def test_doctor_finds_damage_and_still_says_nothing_about_anybody(capsys, laptop):
    (path,) = [p for p in laptop.rglob("*") if p.suffix in (".db", ".vault", ".sqlite")][:1]
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    path.write_bytes(data)
    code, out, err = run(capsys, "doctor", str(laptop), "--passphrase-env", "RECORDS_PASSPHRASE")
    assert code == 1
    assert "Traceback" not in out + err
    assert not [word for word in (*PERSONAL, PASSPHRASE) if word in out + err]


def test_doctor_rebuilds_the_records_from_their_story(capsys, laptop):
    with Vault.open(laptop, passphrase=PASSPHRASE) as vault, vault._db.transaction():
        vault._db.do("UPDATE enterprise SET phone = ''")
        vault._db.do("DELETE FROM enquiry")
    named = ("doctor", str(laptop), "--passphrase-env", "RECORDS_PASSPHRASE")
    code, out, _ = run(capsys, *named)
    assert code == 1
    assert "2 records differ from their own story" in out
    code, out, err = run(capsys, *named, "--rebuild")
    assert (code, err) == (0, "")
    assert "Rebuilt from their story: 1 enquiry, 1 enterprise." in out
    assert not [word for word in (*PERSONAL, PASSPHRASE) if word in out]
    with Vault.open(laptop, passphrase=PASSPHRASE) as vault:
        assert vault.reader.get(Enterprise, "x").phone == PERSONAL[2]
        assert vault.reader.get(Enquiry, "e").name == PERSONAL[0]
    assert "Nothing had to be rebuilt." in run(capsys, *named, "--rebuild")[1]


def test_doctor_says_on_a_terminal_how_far_it_is_and_to_a_file_nothing(capsys, laptop, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    named = ("doctor", str(laptop), "--passphrase-env", "RECORDS_PASSPHRASE", "--rebuild")
    code, out, err = run(capsys, *named)
    assert code == 0
    for step in ("Entries of the story read: 0 of", "Making lists and search again", "MB of"):
        assert step in err
    assert not [word for word in (*PERSONAL, PASSPHRASE) if word in out + err]


def test_two_people_of_the_council_open_a_laptop(capsys, laptop, monkeypatch):
    file = laptop.with_name("council-key.txt")
    code, out, err = run(capsys, "escrow", "new", "--public-file", str(file))
    assert (code, err) == (0, "")
    public = out.splitlines()[1]
    assert file.read_text(encoding="ascii") == public + "\n"
    assert " ".join(words_of(public_of(public))) in out
    code, again, err = run(capsys, "escrow", "new", "--public-file", str(file))
    assert (code, again, "No key was made" in err) == (1, "", True)
    sheets = [part.split("other sheet:")[1] for part in out.split("Sheet ")[1:]]
    sheets[1] = sheets[1].split("Nothing of this")[0]
    with Vault.open(laptop, passphrase=PASSPHRASE) as vault:
        vault.access.use_escrow(public_of(public))
    monkeypatch.setenv("ONE", sheets[0])
    monkeypatch.setenv("TWO", sheets[1])
    monkeypatch.setenv("NEW", PASSPHRASE[::-1])
    named = ("escrow", "open", str(laptop), "--first-env", "ONE", "--passphrase-env", "NEW")
    code, _, err = run(capsys, *named, "--second-env", "ONE")
    assert (code, "did not open" in err) == (1, True)
    code, out, err = run(capsys, *named, "--second-env", "TWO")
    assert (code, err) == (0, "")
    assert "new passphrase" in out
    Vault.open(laptop, passphrase=PASSPHRASE[::-1]).close()
    assert run(capsys, *named)[0] == 1


def test_doctor_with_the_wrong_passphrase(capsys, laptop, monkeypatch):
    monkeypatch.setenv("RECORDS_PASSPHRASE", "not this one")
    code, _, err = run(capsys, "doctor", str(laptop), "--passphrase-env", "RECORDS_PASSPHRASE")
    assert code == 1
    assert "did not open" in err
    assert "not this one" not in err


def test_doctor_where_there_is_no_vault(capsys, tmp_path, monkeypatch):
    monkeypatch.setenv("P", "x y z")
    code, _, err = run(capsys, "doctor", str(tmp_path / "none"), "--passphrase-env", "P")
    assert (code, one_sentence(err) or "Nothing was made" in err) == (1, True)
    assert not (tmp_path / "none").exists()


def test_a_passphrase_cannot_be_given_on_the_command_line(capsys, laptop):
    with pytest.raises(SystemExit) as stopped:
        main(["doctor", str(laptop), "--passphrase", PASSPHRASE])
    assert stopped.value.code == 2
    code, _, err = run(capsys, "doctor", str(laptop), "--passphrase-env", "NOT_SET_ANYWHERE")
    assert code == 1
    assert "NOT_SET_ANYWHERE" in err


# --- register ------------------------------------------------------------------------------------


def test_a_person_can_set_a_register_up(capsys, tmp_path):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    assert run(capsys, "register", "init", "--database", url)[0] == 0
    added = run(
        capsys,
        *("register", "users", "add", "--database", url),
        *("--id", "ann", "--name", "Ann Coach", "--role", "coach"),
    )
    assert added[0] == 0
    code, out, _ = run(capsys, "register", "enrol-code", "--id", "ann", "--database", url)
    assert code == 0
    assert re.match(r"^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}\n", out)


def test_no_code_for_somebody_unknown(capsys, tmp_path):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    run(capsys, "register", "init", "--database", url)
    code, out, err = run(capsys, "register", "enrol-code", "--id", "bob", "--database", url)
    assert (code, out) == (1, "")
    assert one_sentence(err)


@pytest.mark.parametrize(
    "url", ["postgresql://ann:secret@127.0.0.1:1/none", "nonsense", "mystery://ann:secret@x/y"]
)
def test_a_database_that_is_not_there(capsys, url, monkeypatch):
    for words in (("register", "init"), ("journey",)):
        code, out, err = run(capsys, *words, "--database", url)
        assert (code, out) == (1, "")
        assert "Traceback" not in err
        assert "secret" not in err
        assert err.count("\n") == 1
    monkeypatch.setenv("DATABASE", url)
    assert run(capsys, "register", "init", "--database-env", "DATABASE")[0] == 1


def test_a_pack_that_is_not_there(capsys, tmp_path):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    code, _, err = run(capsys, "register", "init", "--pack", "atlantis", "--database", url)
    assert code == 1
    assert "atlantis" in err
    assert err.count("\n") == 1


# --- the rest ------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["nonsense"], ["register"], ["figures"], ["journey", "--what"]])
def test_what_is_not_understood_is_said_and_ends_with_2(capsys, words):
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 2
    assert capsys.readouterr().err.startswith("That was not understood")


def test_nothing_heavy_is_loaded_before_it_is_asked_for():
    """A word that needs no window loads no Qt, no mapper and no server."""
    code = (
        "import sys, desktop.command_line;"
        "print([m for m in ('PySide6', 'sqlalchemy', 'starlette', 'reportlab', 'lxml')"
        " if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_whole_journey_as_a_person_runs_it(tmp_path):
    """In a process of its own: exactly one JSON object, the files where they were asked for."""
    environment = {**os.environ, "PYTHONWARNINGS": "error::ResourceWarning", "DISPLAY": ""}
    done = subprocess.run(
        [sys.executable, "-m", "desktop", "journey", "--json", "--out", str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)
    assert {name: result[name] for name in EXPECTED} == EXPECTED
    assert {Path(path).parent for path in result["files"].values()} == {tmp_path / "out"}
    assert all(Path(path).is_file() for path in result["files"].values())


def test_an_out_that_cannot_be_made(capsys, tmp_path):
    (tmp_path / "file").write_text("in the way")
    code, _, err = run(capsys, "journey", "--out", str(tmp_path / "file" / "out"))
    assert code == 1
    assert one_sentence(err)
