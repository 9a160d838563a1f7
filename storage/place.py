"""Where a vault's files lie, and which folders must not hold one.

Refuses folders that OneDrive, Dropbox and their like copy about, and network shares: a database
copied while it is written comes back damaged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from storage.errors import VaultPlaceRefused

_COPIED = (
    "onedrive",
    "dropbox",
    "google drive",
    "googledrive",
    "my drive",
    "icloud",
    "mobile documents",  # where macOS keeps iCloud's files
    "cloudstorage",  # where macOS keeps everybody else's
    "box sync",
    "nextcloud",
    "owncloud",
    "pcloud",
    "syncthing",
)
_MARKS = (".dropbox", ".stfolder", ".nextcloudsync.log", ".owncloudsync.log", ".sync")
_NETWORK = ("nfs", "cifs", "smb", "afs", "ceph", "gluster", "davfs", "ncpfs", "lustre", "ocfs")
_NETWORK_FUSE = ("sshfs", "rclone", "davfs", "gvfs", "s3fs", "gcsfuse", "drive", "gluster", "ceph")
_MOUNTS = Path("/proc/mounts")


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
    def next_records(self) -> Path:
        """The records file that is about to take the place of the old one (storage.swap)."""
        return self.folder / "records.db.next"

    @property
    def erasures(self) -> Path:
        """The sealed list of who was erased."""
        return self.folder / "erasures.sealed"

    @property
    def next_erasures(self) -> Path:
        """The same list under the key that is about to be the vault's."""
        return self.folder / "erasures.sealed.next"

    @property
    def enrolment(self) -> Path:
        """Who this laptop is to its register, sealed."""
        return self.folder / "enrolment.sealed"

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
    if str(folder).startswith(("\\\\", "//")):
        raise VaultPlaceRefused
    for whole in {folder.absolute(), folder.resolve()}:
        if any(part.lower().startswith(_COPIED) for part in whole.parts):
            raise VaultPlaceRefused
        if any((parent / mark).exists() for parent in whole.parents for mark in _MARKS):
            raise VaultPlaceRefused
        if is_network(whole, _mounts()):
            raise VaultPlaceRefused


def is_network(folder: Path, mounts: str) -> bool:
    """Whether a folder lies on another machine's disk, by a listing like /proc/mounts."""
    nearest, kind = -1, ""
    for line in mounts.splitlines():
        words = line.split()
        if len(words) < 3:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda m: chr(int(m[1], 8)), words[1]))
        if folder.is_relative_to(point) and len(point.parts) >= nearest:
            nearest, kind = len(point.parts), words[2].lower()
    if kind.startswith("fuse."):
        return any(name in kind for name in _NETWORK_FUSE)
    return kind.startswith(_NETWORK)


def _mounts() -> str:
    try:
        return _MOUNTS.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # no such list on this system: names and marks must do
