"""A look at a file in memory: a page of a PDF, a picture, the start of a text. No file is written.

Runs off the GUI thread. Refuses pages larger than a screen needs and never opens another program.
"""

from __future__ import annotations

from dataclasses import dataclass

from desktop.operations.errors import FileRefused
from desktop.operations.files import read_file, read_small
from desktop.operations.writing import Vault

WIDEST = 1200
LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What can be shown of a file: pixels (BGRA rows), an encoded picture, or words."""

    name: str
    page: int = 0
    pages: int = 0
    width: int = 0
    height: int = 0
    stride: int = 0
    pixels: bytes = b""
    picture: bytes = b""
    text: str = ""
    words: str = ""  # why nothing can be shown
    is_small: bool = False  # the small copy stands in: the whole photo is not on this laptop


def preview(
    vault: Vault, attachment_id: str, *, page: int = 0, width: int = 480, called: str = ""
) -> Preview:
    """Look at one page of an attachment; of a photo that is elsewhere, at its small copy.

    `called`: what is said instead of its name. Raises FileRefused, and FileMissing when neither is
    on this laptop.
    """
    from storage.errors import FileMissing

    try:
        attachment, data = read_file(vault, attachment_id)
    except FileMissing:
        name, small = read_small(vault, attachment_id)
        return Preview(name=called or name, picture=small, pages=1, is_small=True)
    name = called or attachment.name
    if attachment.mime == "application/pdf":
        return pdf_page(name, data, page=page, width=width)
    if attachment.mime in ("image/png", "image/jpeg"):
        return Preview(name=name, picture=data, pages=1)
    if attachment.mime == "text/plain":
        text = data[:LONGEST_TEXT].decode("utf-8", errors="replace")
        return Preview(name=name, text=text, pages=1)
    return Preview(
        name=name,
        words="This kind of file cannot be shown here. It is kept safe with the record.",
    )


def pdf_page(name: str, data: bytes, *, page: int, width: int) -> Preview:
    """One page of a PDF as pixels. Raises FileRefused when the file or the page is damaged."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise FileRefused(
            f"{name} cannot be shown: the file is damaged or has a password. It is still kept."
        ) from error
    number = max(page, 0)
    try:
        pages = len(document)
        if pages == 0:
            return Preview(name=name, words="This file has no pages.")
        number = min(number, pages - 1)
        sheet = document[number]
        scale = min(width, WIDEST) / max(sheet.get_width(), 1.0)
        scale = min(scale, 4 * WIDEST / max(sheet.get_height(), 1.0))
        bitmap = sheet.render(scale=scale, rev_byteorder=False, prefer_bgrx=True)
        return Preview(
            name=name,
            page=number,
            pages=pages,
            width=bitmap.width,
            height=bitmap.height,
            stride=bitmap.stride,
            pixels=bytes(bitmap.buffer),
        )
    except pypdfium2.PdfiumError as error:
        raise FileRefused(
            f"Page {number + 1} of {name} cannot be shown: it is damaged. The file is still kept."
        ) from error
    finally:
        document.close()
