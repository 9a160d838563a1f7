"""Fill a practice vault with a county of fictional enterprises: `FOLDER COUNT`."""

import sys
from pathlib import Path

from desktop.devtools.county import fill_county
from forms.values import SystemClock
from storage.vault import Vault

folder, count = Path(sys.argv[1]), int(sys.argv[2])
clock = SystemClock()
vault, _sheet = Vault.create(folder, clock=clock, practice=True)
fill_county(vault, clock, count)
vault.close()
