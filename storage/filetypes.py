"""Which files may be kept, told by their first bytes and not by their name.

PDF, JPEG, PNG, HEIC photos, plain text, and Word or Excel files as data. Refuses programs, scripts,
web pages, archives, files with macros, and names that say something else than the bytes.
"""

from __future__ import annotations

import io
import zipfile

from storage.errors import FileRefused

PDF, JPEG, PNG, HEIC = "application/pdf", "image/jpeg", "image/png", "image/heic"
TEXT = "text/plain"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ENDINGS: dict[str, tuple[str, ...]] = {
    PDF: (".pdf",),
    JPEG: (".jpg", ".jpeg"),
    PNG: (".png",),
    HEIC: (".heic", ".heif"),
    TEXT: (".txt", ".csv", ".md"),
    DOCX: (".docx",),
    XLSX: (".xlsx",),
}
_STARTS = ((b"%PDF-", PDF), (b"\xff\xd8\xff", JPEG), (b"\x89PNG\r\n\x1a\n", PNG))
_HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis")
_MOST_PARTS = 2_000
_WEB = (b"<!doctype", b"<html", b"<script", b"<?xml", b"<svg", b"#!")


def recognised(data: bytes, name: str) -> str:
    """The kind of file. Raises FileRefused in plain words."""
    kind = _kind(data)
    if kind is None:
        raise FileRefused
    ending = "." + name.rsplit(".", 1)[1].lower() if "." in name else ""
    if ending and ending not in ENDINGS[kind]:
        raise FileRefused(
            f"This file is called {ending} but its content is something else. It was not kept. "
            "Ask for the file again."
        )
    return kind


def _kind(data: bytes) -> str | None:
    for start, kind in _STARTS:
        if data.startswith(start):
            return kind
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC_BRANDS:
        return HEIC
    if data.startswith(b"PK\x03\x04"):
        return _office(data)
    return TEXT if _is_text(data) else None


def _office(data: bytes) -> str | None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            names = [part.filename for part in parts.infolist()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return None  # no zip, a broken one, or one packed in a way zipfile says it cannot read
    if len(names) > _MOST_PARTS or any("vbaproject" in name.lower() for name in names):
        return None
    if "word/document.xml" in names:
        return DOCX
    return XLSX if "xl/workbook.xml" in names else None


def _is_text(data: bytes) -> bool:
    if not data or b"\x00" in data or data.lstrip()[:16].lower().startswith(_WEB):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
