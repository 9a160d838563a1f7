"""A coach without a line for a month: out on a stick, in at the council, back on the stick."""

from __future__ import annotations

import pytest

from desktop.command_line import main
from forms.facts.people import Enterprise
from forms.rules.pack import load_pack
from forms.values import SystemClock
from storage.keys import Cost
from storage.vault import Vault
from sync.client.enrol import enrol
from sync.client.transport import in_process
from sync.register import admin
from sync.register.app import create_app
from sync.register.batch import Batch
from sync.register.store import open_store
from sync.register.system import Pen
from tests.journeys.test_command_line import run

PASSPHRASE = "lantern oatmeal gravel"  # noqa: S105 - of an invented coach


@pytest.fixture
def enrolled(tmp_path, monkeypatch):
    """A coach's records, enrolled once when there was a line; and the register's address."""
    url, clock = f"sqlite:///{tmp_path / 'register.db'}", SystemClock()
    store = open_store(url)
    admin.init(store, "kent")
    coach = admin.add_person(store, "ann", "Ann Coach", "coach")

    def sign(tx):
        pen = Pen(batch=Batch(tx=tx, person=coach, now=clock.now()), actor_id="ann")
        values = {"version": "1", "signed_by": "Director", "signed_on": "2022-01-14"}
        pen.write("dpia", "dpia-1", values, new=True)
        pen.finish()

    store.write(sign)
    vault, _ = Vault.create(
        tmp_path / "records", passphrase=PASSPHRASE, clock=clock, cost=Cost(memory=8, passes=1)
    )
    app = create_app(store, clock, {"kent": load_pack("kent")}, admin.signing_key(store))
    line = in_process(app)
    enrol(vault, line, admin.enrol_code(store, "ann", clock), clock)
    line.close()
    with vault.change(by="ann", at=clock.now()) as unit:
        unit.add(Enterprise(id="x", name="Quick Steps", coach_id="ann"))
    vault.close()
    store.close()
    monkeypatch.setenv("P", PASSPHRASE)
    return url


def test_out_take_and_in(capsys, tmp_path, enrolled):
    mine = ("--vault", str(tmp_path / "records"), "--passphrase-env", "P")
    out, answer = str(tmp_path / "out.hedge"), str(tmp_path / "back.hedge")
    code, said, _ = run(capsys, "bundle", "out", out, *mine)
    assert (code, "holds 1 change, 0 questions and 0 files" in said) == (0, True)
    assert run(capsys, "bundle", "out", out, *mine)[0] == 1  # never over another file
    code, _, err = run(capsys, "bundle", "out", str(tmp_path), *mine)
    assert (code, "is a folder. Say the file's name in it too" in err) == (1, True)
    code, _, err = run(
        capsys, "register", "take", out, str(tmp_path / "gone" / "back"), "--database", enrolled
    )
    assert (code, "nothing counts twice" in err) == (1, True)
    assert run(capsys, "register", "take", out, answer, "--database", enrolled)[0] == 0
    code, said, _ = run(capsys, "bundle", "in", answer, *mine)
    assert code == 0
    assert "Sent: 1 change " in said
    assert "Still waiting here: 0" in said
    store = open_store(enrolled)
    try:
        row = store.read(lambda tx: tx.records.load(["x"]))["x"]
    finally:
        store.close()
    assert row.fields["name"] == "Quick Steps"


def test_a_file_that_is_no_carried_file(capsys, tmp_path, enrolled):
    wrong = tmp_path / "holiday.jpg"
    wrong.write_bytes(b"\xff\xd8\xff" + bytes(100))
    mine = ("--vault", str(tmp_path / "records"), "--passphrase-env", "P")
    code, _, err = run(capsys, "bundle", "in", str(wrong), *mine)
    assert (code, "Nothing was changed" in err) == (1, True)
    answer = tmp_path / "back"
    code, _, err = run(capsys, "register", "take", str(wrong), str(answer), "--database", enrolled)
    assert (code, "Nothing was changed" in err) == (1, True)
    assert not answer.exists()


def test_the_way_has_to_be_said(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["bundle"])
    assert stopped.value.code == 2
    capsys.readouterr()
