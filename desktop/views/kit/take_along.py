"""The button that copies the list on a page: the window's own action, where a page has one list.

Refuses to copy by itself: what is copied, and how that is said, is the same as by Ctrl+Shift+C.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop.views.kit.buttons import button

if TYPE_CHECKING:
    from PySide6.QtWidgets import QPushButton

    from desktop.context import Context


def copy_list_button(context: Context) -> QPushButton:
    """For beside the title."""

    def press() -> None:
        if context.actions is not None:
            context.actions["table.copy"].run()

    made = button("Copy this list", press)
    made.setToolTip("Copy every line of this list (Ctrl+Shift+C)")
    return made
