"""Where this person's records are kept on this laptop. No Qt: the doctor asks too."""

from __future__ import annotations

from pathlib import Path


def usual_folder(*, practice: bool = False) -> Path:
    """The vault's folder, or the practice vault's beside it."""
    from platformdirs import user_data_path  # only when no folder is named

    home = Path(user_data_path("Hedgerow", appauthor=False))
    return home / ("practice" if practice else "records")
