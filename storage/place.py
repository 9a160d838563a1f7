"""Where a vault's files lie, and which folders must not hold one.

Refuses folders that OneDrive, Dropbox and their like copy about, and network shares: a database
copied while it is written comes back damaged.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.errors import VaultPlaceRefused

_COPIED = ("onedrive", "dropbox", "google drive", "googledrive", "icloud", "box sync", "nextcloud")


@dataclass(frozen=True, slots=True)
class Place:
    """The folder of one vault and the names in it."""

    folder: Path

    @property
    def header(self) -> Path:
        """vault.json: id, version, slots."""
        return self.folder / "vault.json"

    @property
    def records(self) -> Path:
        """The encrypted database."""
        return self.folder / "records.db"

    @property
    def lock(self) -> Path:
        """The file whose lock says who writes."""
        return self.folder / "vault.lock"

    @property
    def files(self) -> Path:
        """Encrypted attachments."""
        return self.folder / "files"

    @property
    def copies(self) -> Path:
        """The ladder of good copies."""
        return self.folder / "copies"


def refuse_copied_folders(folder: Path) -> None:
    """Raise VaultPlaceRefused for a network share or a folder that is copied to the internet."""
    whole = folder.absolute()
    if str(whole).startswith(("\\\\", "//")):
        raise VaultPlaceRefused
    for part in whole.parts:
        if any(part.lower().startswith(name) for name in _COPIED):
            raise VaultPlaceRefused
