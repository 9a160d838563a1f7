"""What a person has typed on a screen and is not on disk: for "Copy text" when saving fails.

Refuses passphrases, and boxes that only search.
"""

from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget


def what_was_typed(screen: QWidget) -> str:
    """The text of each box that holds something unsaved; with its name when there are several."""
    found = typed_boxes(screen)
    if len(found) == 1:
        return found[0][1]
    return "\n".join(f"{name}: {text}" if name else text for name, text in found)


def typed_boxes(screen: QWidget) -> list[tuple[str, str]]:
    """The same by itself: the name of each box, and what stands in it."""
    found: list[tuple[str, str]] = []
    for line in screen.findChildren(QLineEdit):
        secret = line.echoMode() != QLineEdit.EchoMode.Normal
        refused = secret or line.isReadOnly() or line.property("searches")
        if line.isModified() and not refused and _is_unsaved(line):
            found.append((line.accessibleName(), line.text()))
    found += [
        (box.accessibleName(), box.toPlainText())
        for box in screen.findChildren(QPlainTextEdit)
        if box.document().isModified() and not box.isReadOnly() and _is_unsaved(box)
    ]
    return [(name, text) for name, text in found if text.strip()]


def _is_unsaved(box: QWidget) -> bool:
    """What the field around it says; a box by itself counts as unsaved."""
    at: QWidget | None = box
    while at is not None:
        dirty = getattr(at, "is_dirty", None)
        if isinstance(dirty, bool):
            return dirty
        at = at.parentWidget()
    return True
