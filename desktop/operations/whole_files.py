"""Whether a file that is about to be kept can be opened at all: a cut-off photo proves nothing.

Reads pictures to their last line, small, and a PDF's table of pages. A PDF with a password counts
as whole. Refuses to judge what a file shows, and kinds that are not looked at here pass.
"""

from __future__ import annotations

import io

SIDE = 256  # pixels: enough to read every part of a photo, cheap in memory
MOST_PIXELS = 200_000_000  # a picture that unfolds to more is no photo


def can_be_opened(data: bytes, mime: str) -> bool:
    """Whether somebody can look at it later."""
    if mime in ("image/png", "image/jpeg"):
        return _picture(data)
    return _pdf(data) if mime == "application/pdf" else True


def _picture(data: bytes) -> bool:
    from PIL import Image  # slow to load

    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG")) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return False
            picture.draft("RGB", (SIDE, SIDE))
            picture.load()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        return False
    return True


def _pdf(data: bytes) -> bool:
    import pikepdf  # slow to load

    try:
        with pikepdf.open(io.BytesIO(data)) as document:
            return len(document.pages) > 0
    except pikepdf.PasswordError:
        return True
    except pikepdf.PdfError:
        return False
