"""Pictures are opened one at a time, by whatever thread.

Qt holds a lock of its own while it asks each format whether a picture's first bytes are its own,
and a buffer made in Python answers that only with the interpreter's lock. Two threads at it, each
with one of the two, wait for each other for ever: the window stood still. Refuses to decode what is
large: only the first look is one at a time.
"""

from __future__ import annotations

from threading import Lock

from PySide6.QtGui import QImage, QImageReader, QImageWriter

_one_at_a_time = Lock()  # waited for without the interpreter's lock


def first_look(handler: QImageReader | QImageWriter) -> bool:
    """Find the format. True: what it does from here on asks for no lock of Qt's; else leave it."""
    with _one_at_a_time:
        return handler.canRead() if isinstance(handler, QImageReader) else handler.canWrite()


def picture(data: bytes) -> QImage:
    """A small picture, decoded whole; null when it is none."""
    with _one_at_a_time:
        return QImage.fromData(data)
