"""Everything a person, a screen reader or a task bar could read of a window."""

from __future__ import annotations

import pypdfium2
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QWidget,
)

_TEXTS = (
    QAccessible.Text.Name,
    QAccessible.Text.Description,
    QAccessible.Text.Value,
    QAccessible.Text.Help,
)


def tree(window):
    """Every text of the accessibility tree."""
    out = []
    queue = [QAccessible.queryAccessibleInterface(window)]
    while queue:
        each = queue.pop()
        if each is None or not each.isValid():
            continue
        out += [each.text(kind) for kind in _TEXTS]
        queue += [each.child(number) for number in range(each.childCount())]
    return [text for text in out if text]


def texts(window):
    """Every text in the widgets, hidden ones too, with titles and tips."""
    out = [window.windowTitle(), window.windowIconText(), window.accessibleName()]
    for each in [window, *window.findChildren(QWidget)]:
        out += [each.toolTip(), each.whatsThis(), each.accessibleName()]
        out += [each.accessibleDescription(), each.objectName()]
        if isinstance(each, QLabel | QAbstractButton | QLineEdit):
            out.append(each.text())
        if isinstance(each, QLineEdit):
            out += [each.placeholderText(), str(each.completer() or "")]
        if isinstance(each, QPlainTextEdit):
            out.append(each.toPlainText())
        if isinstance(each, QComboBox):
            out += [each.itemText(number) for number in range(each.count())]
        if isinstance(each, QListWidget):
            out += [each.item(number).text() for number in range(each.count())]
    return [text for text in out if text]


def pdf_text(page):
    """The words of a PDF, its title and author too."""
    document = pypdfium2.PdfDocument(page)
    try:
        words = [sheet.get_textpage().get_text_bounded() for sheet in document]
        return "\n".join([*words, *document.get_metadata_dict().values()])
    finally:
        document.close()


def photo():
    """A small picture as a camera would make it."""
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    image = QImage(64, 48, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())
