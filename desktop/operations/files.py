"""Files that prove something: added from a path a person chose, read back into memory.

The bytes go into the encrypted vault; nothing is ever written outside it. Refuses empty files,
files over the limit, and kinds that are not kept.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop.operations.errors import FileRefused
from desktop.operations.writing import Vault, Writing
from forms.facts.casework import Attachment
from forms.values import new_id

LIMIT = 20 * 1024 * 1024
SMALL_ANYHOW = 200 * 1024  # a photo of this size needs no small copy
KINDS = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".txt": "text/plain",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_BEGINS = {
    "application/pdf": b"%PDF-",
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff",
}


def read_from_disk(path: Path, *, called: str = "") -> tuple[bytes, str]:
    """The bytes of a file a person chose and its kind. Raises FileRefused in plain words.

    `called`: what the words say instead of the file's name, where somebody else may read them.
    """
    said = called or path.name
    mime = KINDS.get(path.suffix.lower())
    if mime is None:
        raise FileRefused(
            f"{said} was not added: only pictures (PNG, JPG), PDF, Word, Excel and text "
            "files are kept."
        )
    try:
        size = path.stat().st_size
        if size == 0:
            raise FileRefused(f"{said} was not added: the file is empty.")
        if size > LIMIT:
            raise FileRefused(
                f"{said} was not added: it is larger than 20 MB. Make a smaller copy."
            )
        data = path.read_bytes()
    except OSError as error:
        raise FileRefused(
            f"{said} was not added: it cannot be read. Check that it is still there."
        ) from error
    begins = _BEGINS.get(mime)
    if begins and not data.startswith(begins):
        raise FileRefused(f"{said} was not added: its content is not what its name says.")
    return data, mime


def add_file(
    writing: Writing,
    enterprise_id: str,
    path: Path,
    *,
    caption: str = "",
    given_by: str = "",
) -> str:
    """Store a file and its record. Returns the attachment's id."""
    data, mime = read_from_disk(path)
    return add_bytes(
        writing, enterprise_id, data, path.name, mime, caption=caption, given_by=given_by
    )


def add_bytes(
    writing: Writing,
    enterprise_id: str,
    data: bytes,
    name: str,
    mime: str,
    *,
    caption: str = "",
    given_by: str = "",
) -> str:
    """Store what never was a file, such as a pasted picture. Returns the attachment's id.

    Raises FileRefused for nothing at all, and for more than is kept.
    """
    if not data:
        raise FileRefused(f"{name} was not added: there is nothing in it.")
    if len(data) > LIMIT:
        raise FileRefused(f"{name} was not added: it is larger than 20 MB. Make a smaller copy.")
    stored = writing.vault.files.store(data, name=name, mime=mime)
    small = _small_copy(writing, data, mime)
    attachment = Attachment(
        id=new_id(),
        enterprise_id=enterprise_id,
        sha256=stored.sha256,
        size=stored.size,
        mime=mime,
        name=name,
        caption=caption.strip(),
        given_by=given_by.strip(),
        added_on=writing.today,
        small_sha256=small.sha256 if small else "",
        small_size=small.size if small else 0,
    )
    writing.unit.add(attachment)
    return attachment.id


def _small_copy(writing: Writing, data: bytes, mime: str) -> Any:
    """The small copy of a photo, stored; None for what is no photo, or small itself."""
    if writing.small_copy is None or not mime.startswith("image/") or len(data) < SMALL_ANYHOW:
        return None
    made = writing.small_copy(data)
    return writing.vault.files.store(made, mime="image/jpeg") if made else None


def read_file(vault: Vault, attachment_id: str) -> tuple[Attachment, bytes]:
    """An attachment with its bytes, in memory only."""
    attachment = vault.reader.get(Attachment, attachment_id)
    if attachment is None:
        raise FileRefused("This file is no longer on this laptop.")
    return attachment, vault.files.read(attachment.sha256)


def read_small(vault: Vault, attachment_id: str) -> tuple[str, bytes]:
    """Name and small copy of a photo, in memory only. Raises FileMissing where there is none."""
    from storage.errors import FileMissing

    attachment = vault.reader.get(Attachment, attachment_id)
    if attachment is None or not attachment.small_sha256:
        raise FileMissing
    return attachment.name, vault.files.read(attachment.small_sha256)
