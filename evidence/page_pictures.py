"""A finished PDF as pictures of its pages, in memory. Refuses to write anything anywhere."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2


@dataclass(frozen=True, slots=True)
class Picture:
    """One page: PNG bytes, and the words on it in reading order."""

    number: int
    of: int
    png: bytes
    words: str


def pictures(pdf: bytes, pixels: int) -> Iterator[Picture]:
    """Every page of a PDF, `pixels` wide."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        of = len(document)
        for number in range(of):
            page = document[number]
            image = page.render(scale=pixels / page.get_width()).to_pil()
            out = io.BytesIO()
            image.save(out, "PNG", compress_level=1)  # quick: it only goes through a pipe
            words = page.get_textpage().get_text_range()
            yield Picture(number + 1, of, out.getvalue(), words)
    finally:
        document.close()
