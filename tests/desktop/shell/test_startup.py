"""Nothing slow is imported before the unlock screen is painted."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
SLOW = """sqlmodel sqlalchemy pydantic reportlab httpx2 httpx keyring pyxform openpyxl lxml
psycopg starlette cryptography sqlcipher3 msgspec storage.vault storage.database storage.tables
sync evidence forms.values forms.rules desktop.views.kit.icons desktop.views.kit.decoding
PySide6.QtNetwork PySide6.QtPrintSupport PySide6.QtCore.Qt asyncio uuid zoneinfo""".split()  # noqa: SIM905
SCRIPT = """
import json, sys
from pathlib import Path
from desktop import bootstrap
seen = []
first = bootstrap.Starter._painted
def painted(self):
    seen.extend(sys.modules)
    if "Qt" in vars(sys.modules["PySide6.QtCore"]):
        seen.append("PySide6.QtCore.Qt")
    self._program.frame.close()
bootstrap.Starter._painted = painted
code = bootstrap.run_app(Path(sys.argv[1]))
print(json.dumps({"code": code, "modules": seen}))
"""


def painted(folder, **more):
    folder.mkdir(parents=True)
    (folder / "vault.json").write_text("{}")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"} | more,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return json.loads(done.stdout.strip().splitlines()[-1])


def test_the_unlock_screen_paints_before_anything_slow(tmp_path):
    seen = painted(tmp_path / "v")
    assert seen["code"] == 0
    assert "desktop.views.unlock" in seen["modules"]
    early = sorted(
        name for name in seen["modules"] if any(name == s or name.startswith(f"{s}.") for s in SLOW)
    )
    assert early == []


def test_the_time_to_paint_can_be_asked_for(tmp_path):
    (tmp_path / "v").mkdir()
    (tmp_path / "v" / "vault.json").write_text("{}")
    code = (
        "import sys; from pathlib import Path; from desktop.bootstrap import run_app;"
        "run_app(Path(sys.argv[1]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "v")],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "HEDGEROW_TIME_TO_PAINT": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert 0 < float(done.stdout.strip()) < 60_000


def test_what_the_first_screens_need_is_loaded_while_the_passphrase_is_typed():
    code = (
        "import sys; from desktop.program import warm; warm();"
        "print('desktop.views.today' in sys.modules, 'storage.opening' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["True", "True"]


def test_what_is_loaded_before_the_first_paint_is_not_walked_meanwhile(tmp_path):
    """Counts the collector's walks from the first line of the program to the first paint."""
    (tmp_path / "v").mkdir()
    code = """
import gc, sys
from desktop import __main__ as program, bootstrap
walks = []
gc.callbacks.append(lambda phase, _info: walks.append(phase) if phase == "start" else None)
def painted(self):
    print(len(walks), gc.isenabled(), gc.get_threshold()[0])
    from desktop import pauses
    pauses.shorten()
    print(gc.get_threshold()[0] == pauses.YOUNG)
    self._program.frame.close()
bootstrap.Starter._painted = painted
sys.argv = ["hedgerow"]
raise SystemExit(program.main())
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "XDG_DATA_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split() == ["0", "True", "500000", "True"]
