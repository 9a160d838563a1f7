"""Fill a practice vault with a county of fictional enterprises: `FOLDER COUNT [NOTES]`."""

import sys
from pathlib import Path

from desktop.devtools.county import fill_county
from forms.values import SystemClock
from storage.vault import Vault

folder, count = Path(sys.argv[1]), int(sys.argv[2])
clock = SystemClock()
vault, _sheet = Vault.create(folder, clock=clock, practice=True)
notes = {"notes_per": int(sys.argv[3])} if len(sys.argv) > 3 else {}
fill_county(vault, clock, count, **notes)
vault.close()
