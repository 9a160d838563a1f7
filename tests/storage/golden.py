"""Makes the vault of a release, to be kept and opened by every later version.

Run once for a release: `python -m tests.storage.golden 0.1.0`. Refuses to make one again: a vault
that is kept is never changed.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from pathlib import Path

from forms.facts.casework import Attachment
from forms.facts.kinds import KINDS
from forms.facts.people import Enterprise
from storage import rebuild
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, full_record, new_vault

VAULTS = Path(__file__).parent / "vaults"
LETTER = b"%PDF-1.7 a letter of a release"


def make(release: str) -> Path:
    """The folder of the release: vault.json, records.db, files, and what it must tell."""
    target = VAULTS / release
    if target.exists():
        raise SystemExit(f"{release} is kept already.")
    with tempfile.TemporaryDirectory() as home:
        with new_vault(Path(home) / "v") as vault:
            _live(vault)
            told = sorted(
                [kind, one, fields] for (kind, one), fields in rebuild.kept(vault._db).items()
            )
            vault._db.rows("VACUUM")
            vault._db.checkpoint()
        target.mkdir(parents=True)
        for name in ("vault.json", "records.db"):
            shutil.copyfile(Path(home) / "v" / name, target / name)
        shutil.copytree(Path(home) / "v" / "files", target / "files")
    (target / "told.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    return target


def _live(vault: Vault) -> None:
    one = Enterprise(id="e-1", name="Mary's gardens")
    stored = vault.files.store(LETTER, name="a.pdf")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(one)
        for kind in KINDS.values():
            if kind.local:
                unit.ask(full_record(kind))
            elif kind.name != "attachment":
                unit.add(full_record(kind))
        unit.add(
            Attachment(
                id="a-1",
                enterprise_id=one.id,
                sha256=stored.sha256,
                size=stored.size,
                mime=stored.mime,
            )
        )
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, one.id, phone="+44 1303 000000", place="Zoë’s Green")
    vault.drafts.keep("note:e-1", "half typed")


if __name__ == "__main__":
    print(make(sys.argv[1]))
