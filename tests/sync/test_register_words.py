"""`hedgerow register ...` as a council's IT person types it, and what the service files promise."""

from __future__ import annotations

import configparser
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from desktop.command_line import main
from sync import errors
from sync.register import admin
from sync.register.store import open_store
from tests.sync.world import World, enterprise, leader

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def said(folder, capsys):
    """Says a word to a register of the test's own."""
    url = f"sqlite:///{folder / 'register.db'}"

    def run(*words):
        code = main(["register", *words, "--database", url])
        told = capsys.readouterr()
        return code, told.out + told.err

    run.url = url
    assert run("init", "--pack", "kent")[0] == 0
    return run


def test_people_are_added_listed_and_leave(said):
    assert said("users", "add", "--id", "lee", "--name", "Lee Down", "--role", "lead")[0] == 0
    assert "Lee Down" in said("users", "list")[1]
    code, words = said("users", "disable", "--id", "lee")
    assert (code, "Lee Down is out" in words) == (0, True)
    assert "(left)" in said("users", "list")[1]
    code, words = said("users", "disable", "--id", "nobody")
    assert (code, "Nothing was changed" in words) == (1, True)
    assert said("enrol-code", "--id", "lee")[0] == 1


def test_laptops_are_listed_and_closed(folder, said):
    with World(said.url) as world:
        world.laptop("ann")
        world.laptop("ben")
        (device,) = admin.devices(world.store, "ann")
    text = said("devices", "list", "--of", "ann")[1]
    assert (device.id in text, "ben" in text, "open" in text) == (True, False, True)
    assert said("devices", "revoke", "--id", device.id)[0] == 0
    assert "closed 20" in said("devices", "list", "--of", "ann")[1]
    code, words = said("devices", "revoke", "--id", device.id)
    assert (code, "Nothing was changed" in words) == (1, True)


def test_what_a_retired_laptop_sent_last_is_looked_at_and_taken_in(said):
    with World(said.url) as world:
        ann = world.laptop("ann")
        case = ann.add(enterprise())
        world.settle_down()
        (device,) = admin.devices(world.store, "ann")
        code, words = said("devices", "revoke", "--id", device.id, "--retired")
        assert (code, "still send" in words) == (0, True)
        ann.set(case.id, place="Rye")
        with pytest.raises(errors.DeviceRevoked):
            world.round(ann)
        lines = said("devices", "unsent")[1].splitlines()
        assert (len(lines), "place" in lines[0], "Rye" in lines[0]) == (1, True, False)
        assert world.row(case.id).fields["place"] == ""
        number = lines[0].split()[0]
        assert said("devices", "take", number, "--by", "lee")[0] == 0
        assert world.row(case.id).fields["place"] == "Rye"
        assert said("devices", "take", "999999", "--by", "lee")[0] == 1
    assert "Nothing waits" in said("devices", "unsent")[1]


def test_what_became_of_last_work_that_does_not_count_is_said_in_words(said):
    with World(said.url) as world:
        ann, ben = world.laptop("ann"), world.laptop("ben")
        bens = ben.add(enterprise("ben"))
        world.settle_down()
        (device,) = admin.devices(world.store, "ann")
        assert said("devices", "revoke", "--id", device.id, "--retired")[0] == 0
        case = ann.add(enterprise())
        ann.set(case.id, place="Rye")
        ann.add(leader(bens))
        with pytest.raises(errors.DeviceRevoked):
            world.round(ann)
        new, edit, theirs = (line.split()[0] for line in said("devices", "unsent")[1].splitlines())
        code, words = said("devices", "take", edit, theirs, "--by", "lee")
        assert code == 1
        first, second = words.splitlines()
        assert first == f"{edit}: still waits: take what its record came with first."
        assert second.startswith(f"{theirs}: does not count, and waits no more. As its coach would")
        assert "“This case is with another coach now." in second
        code, words = said("devices", "take", new, edit, "--by", "lee")
        assert (code, words.splitlines()) == (0, [f"{n}: counts now." for n in (new, edit)])
        assert world.row(case.id).fields["place"] == "Rye"


def test_a_pack_is_published_when_it_is_whole(said):
    assert "* kent" in said("packs", "list")[1]
    assert said("packs", "publish", "cambridgeshire")[0] == 0
    assert "* cambridgeshire" in said("packs", "list")[1]
    assert said("packs", "publish", "nowhere")[0] == 1


def test_a_pack_is_added_from_a_folder_and_from_its_own_signed_file(said, tmp_path):
    from forms.rules.pack_file import PACKS

    shutil.copytree(PACKS / "kent", tmp_path / "kent")
    code, words = said("packs", "add", str(tmp_path / "kent"))
    assert (code, "next round" in words) == (0, True)
    line = next(one for one in said("packs", "list")[1].splitlines() if "published" in one)
    assert line.startswith("* kent")
    number, file = line.rsplit("number ", 1)[1].rstrip(")"), str(tmp_path / "kent.pack")
    assert said("packs", "export", number, file)[0] == 0
    assert said("packs", "export", number, file)[0] == 1, "never over a file that is there"
    assert said("packs", "add", file)[0] == 0
    (tmp_path / "kent" / "pack.toml").write_text("no pack")
    code, words = said("packs", "add", str(tmp_path / "kent"))
    assert (code, "Nothing was changed" in words) == (1, True)
    assert said("packs", "add", str(tmp_path / "nowhere"))[0] == 1


def test_copies_are_made_checked_and_put_back(said, tmp_path, capsys):
    with World(said.url) as world:
        ann = world.laptop("ann")
        ann.add(enterprise())
        world.round(ann)
    path = str(tmp_path / "copy")
    code, words = said("backups", "make", path)
    assert (code, "all fit" in words, "keep it as safe" in words) == (0, True, True)
    assert said("backups", "check", path)[0] == 0
    assert said("backups", "restore", path)[0] == 1  # not over a register
    fresh = f"sqlite:///{tmp_path / 'fresh.db'}"
    assert main(["register", "backups", "restore", path, "--database", fresh]) == 0
    assert "rows are back" in capsys.readouterr().out


def test_the_log_is_verified_against_heads_that_were_kept(said, tmp_path):
    said("users", "add", "--id", "lee", "--name", "Lee Down", "--role", "lead")
    heads = tmp_path / "heads.txt"
    heads.write_text(said("audit", "head")[1])
    said("users", "add", "--id", "kay", "--name", "Kay Weald", "--role", "lead")
    code, words = said("audit", "verify", "--heads", str(heads))
    assert (code, "1 kept heads" in words, "all fit" in words) == (0, True, True)
    lines = [json.loads(line) for line in said("audit", "export")[1].splitlines()]
    assert lines[0]["hash"]
    assert "Lee Down" not in json.dumps(lines)
    store = open_store(said.url)
    store.write(
        lambda tx: tx.connection.exec_driver_sql("UPDATE audit SET entry = '{}' WHERE n = 1")
    )
    store.close()
    code, words = said("audit", "verify")
    assert (code, "Audit entry 1 was changed" in words) == (1, True)


def test_accounts_need_a_safe_address(said):
    asked = ("--issuer", "http://login.example.org", "--client-id", "x")
    code, words = said("accounts", "use", *asked)
    assert (code, "https" in words) == (1, True)
    assert said("accounts", "link", "--id", "ann", "--subject", "s")[0] == 1


@pytest.mark.parametrize(
    "word", ["users", "devices", "packs", "backups", "retention", "audit", "accounts"]
)
def test_a_word_alone_says_what_may_follow(word, capsys):
    with pytest.raises(SystemExit) as told:
        main(["register", word])
    assert told.value.code == 2
    assert "say what to do" in capsys.readouterr().err


CONTAINER = ROOT / "build_spec/register/Containerfile"
UNIT = ROOT / "build_spec/register/hedgerow-register.service"
HARD = {
    "DynamicUser": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "SystemCallErrorNumber": "EPERM",
}


def test_the_service_runs_with_little(said):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(UNIT)
    assert {name: unit["Service"][name] for name in HARD} == HARD
    words = unit["Service"]["ExecStart"].split()
    assert words[0].endswith("/hedgerow")
    assert words[1:3] == ["register", "serve"]
    from desktop.command_line import _parser

    _parser().parse_args(words[1:])  # what the file says is what the program takes


DAILY = UNIT.with_name("hedgerow-register-daily.service")
COPY = UNIT.with_name("hedgerow-register-copy.service")


def _unit(path):
    """A unit's sections; of what stands several times, the last."""
    unit = configparser.RawConfigParser(strict=False)
    unit.optionxform = str
    unit.read(path)
    return unit


def test_what_runs_once_a_day_is_the_same_user_in_the_same_folder_and_real_words():
    from desktop.command_line import _parser

    serves, daily, copy = _unit(UNIT), _unit(DAILY), _unit(COPY)
    same = ("User", "DynamicUser", "StateDirectory", "StateDirectoryMode", "EnvironmentFile", *HARD)
    for name in same:
        assert daily["Service"].get(name) == serves["Service"].get(name), name
        assert copy["Service"].get(name) == serves["Service"].get(name), name
    for end in ("OnSuccess", "OnFailure"):  # a fault of the one costs no copy
        assert daily["Unit"][end] == COPY.name
    both = DAILY.read_text() + COPY.read_text()
    lines = [x for x in both.splitlines() if x.startswith("ExecStart=")]
    done = [line.split("=", 1)[1].split()[1:] for line in lines]
    assert [words[:3] for words in done] == [
        ["register", "retention", "run"],
        ["register", "backups", "daily"],
    ]
    for words in done:
        _parser().parse_args(words)
    assert all("HEDGEROW_REGISTER" in words for words in done)
    assert len([x for x in COPY.read_text().splitlines() if x.startswith("ExecStart=")]) == 1
    timer = _unit(DAILY.with_suffix(".timer"))["Timer"]
    assert timer["Persistent"] == "yes"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
@pytest.mark.parametrize("unit", [UNIT, DAILY, COPY], ids=lambda unit: unit.stem)
def test_systemd_reads_the_service_and_finds_it_safe(tmp_path, unit):
    copy = tmp_path / unit.name  # as installed, but for the program, which is not there
    copy.write_text(unit.read_text().replace("/opt/hedgerow/venv/bin/hedgerow", "/bin/true"))
    for words in (["verify"], ["security", "--offline=true", "--threshold=20"]):
        done = subprocess.run(
            ["systemd-analyze", *words, str(copy)],
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout[-500:] + done.stderr
        assert done.stderr == ""


def test_an_administrator_speaks_as_the_service_does():
    """What root makes, the service cannot write."""
    script = UNIT.with_name("as-the-register.sh")
    assert os.access(script, os.X_OK)
    assert subprocess.run(["sh", "-n", str(script)], check=False).returncode == 0
    text, serves = script.read_text(), _unit(UNIT)["Service"]
    for name in (
        "User",
        "DynamicUser",
        "StateDirectory",
        "StateDirectoryMode",
        "UMask",
        "EnvironmentFile",
    ):
        assert f"--property={name}={serves[name]}" in text, name
    assert (
        f'{serves["ExecStart"].split()[0]} register "$@" --database-env HEDGEROW_REGISTER' in text
    )
    assert script.name in UNIT.read_text()
    assert script.name in (ROOT / "docs/running-a-register.md").read_text()


def test_no_list_of_processes_shows_the_address_of_the_database():
    for unit in (UNIT, DAILY, COPY):
        service = _unit(unit)["Service"]
        assert "--database-env HEDGEROW_REGISTER" in service["ExecStart"]
        assert "://" not in service["ExecStart"]
        assert "Environment" not in service
    text = CONTAINER.read_text()
    assert '"--database-env", "HEDGEROW_REGISTER"' in text
    assert "--env-file" in text


def test_it_may_finish_what_is_under_way_when_it_is_told_to_stop():
    from sync.register.serve import ENDS

    assert int(_unit(UNIT)["Service"]["TimeoutStopSec"]) > ENDS
    found = re.search(r"--stop-timeout (\d+)", CONTAINER.read_text())
    assert found is not None
    assert int(found[1]) > ENDS
    assert "STOPSIGNAL SIGTERM" in CONTAINER.read_text()


def test_words_that_are_not_understood_are_not_tried_again_and_again():
    service = _unit(UNIT)["Service"]
    assert (service["Restart"], service["RestartPreventExitStatus"]) == ("on-failure", "2")


@pytest.mark.parametrize(("status", "ends"), [(200, 0), (503, 1)])
def test_the_health_check_of_the_container_knows_ready_from_not(status, ends):
    """Run as it stands there, but for the port; no proxy of the machine is asked."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self):
            assert self.path == "/ready"
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    found = re.search(r'HEALTHCHECK .*?"-c", \\\n "(.*?)"\]', CONTAINER.read_text(), re.DOTALL)
    assert found is not None
    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        done = subprocess.run(
            [sys.executable, "-c", found[1].replace("8640", str(server.server_port))],
            check=False, timeout=60, env=os.environ | {"http_proxy": "http://127.0.0.1:1"},
        )  # fmt: skip
        server.shutdown()
    assert done.returncode == ends


def test_the_container_runs_with_little():
    text = CONTAINER.read_text()
    last = text[text.rindex("FROM ") :]
    assert "USER 10001:10001" in last
    assert "--gid 10001" in last
    assert "podman build --format docker" in text  # of the other format it has no health check
    assert "--read-only --cap-drop=all --security-opt=no-new-privileges" in text
    assert "--require-hashes" in text
    assert "/ready" in last


def test_daily_copies_are_verified_and_the_oldest_go(said, tmp_path):
    folder = tmp_path / "copies"
    for day in range(3):
        code, words = said("backups", "daily", str(folder), "--keep", "2")
        assert (code, "rows in register-2" in words) == (0, True)
        newest = max(folder.iterdir())  # made on another day, for the next round
        newest.rename(newest.with_name(f"register-200{day}-01-01T000000Z.hedgerow-copy"))
    kept = sorted(folder.iterdir())
    assert [one.name[:13] for one in kept] == ["register-2001", "register-2002"]
    assert said("backups", "check", str(kept[-1]))[0] == 0


def test_the_key_is_changed_and_listed(said, tmp_path):
    code, words = said("keys", "list")
    assert (code, "in use" in words, "until" in words) == (0, True, False)
    code, words = said("keys", "rotate", str(tmp_path / "copies"))
    assert (code, "key 1." in words, "destroyed here" in words) == (0, True, True)
    code, words = said("keys", "list", "--json")
    told = json.loads(words)
    assert (code, len(told["earlier"]), told["begun"]) == (0, 1, False)
    assert said("audit", "verify")[0] == 0
    assert "until 20" in said("keys", "list")[1]


def test_what_was_not_written_beside_the_copy_is_said(said, tmp_path, monkeypatch):
    from sync.register import keys

    def fails(*_):
        raise OSError("There is no room.")

    monkeypatch.setattr(keys, "keep_beside", fails)
    code, words = said("keys", "rotate", str(tmp_path / "copies"))
    assert (code, "destroyed here" in words, "There is no room." in words) == (1, True, True)


def test_a_copy_that_is_not_good_takes_the_place_of_none(said, tmp_path, monkeypatch):
    from sync.register import copies

    folder = tmp_path / "copies"
    folder.mkdir()
    old = folder / f"register-2001-01-01T000000Z{copies.SUFFIX}"
    old.write_bytes(b"the only one")
    real = copies.check_copy

    def bad(path, scratch):
        return replace(real(path, scratch), faults=["Something does not fit."])

    monkeypatch.setattr(copies, "check_copy", bad)
    code, words = said("backups", "daily", str(folder), "--keep", "1")
    assert (code, "does not fit" in words) == (1, True)
    assert old.exists()
