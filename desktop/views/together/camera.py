"""Where photos and papers come in: pictures, downloads, a card or phone that is plugged in.

Places of the platform, asked of Qt. Refuses documents and the desktop: other people's papers are
kept there.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, QStorageInfo

CARD = "DCIM"  # the folder that every camera makes


def camera_folders() -> list[Path]:
    """Folders that there are, the plugged-in ones first."""
    cards = [Path(volume.rootPath()) / CARD for volume in QStorageInfo.mountedVolumes()]
    kinds = (
        QStandardPaths.StandardLocation.PicturesLocation,
        QStandardPaths.StandardLocation.DownloadLocation,
    )
    own = [Path(QStandardPaths.writableLocation(kind)) for kind in kinds]
    return [folder for folder in (*cards, *own) if folder.is_dir()]
