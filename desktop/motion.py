"""Whether anything on the screen moves by itself (WCAG 2.3.3): one setting, one place.

What can move is Qt's own: lists, menus and hints that unfold or fade in, and the mark that blinks
where typing goes. The program starts no animation of its own, and a test looks for any.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_Effect = Qt.UIEffect
EFFECTS = (
    _Effect.UI_AnimateCombo,
    _Effect.UI_AnimateMenu,
    _Effect.UI_AnimateTooltip,
    _Effect.UI_AnimateToolBox,
    _Effect.UI_FadeMenu,
    _Effect.UI_FadeTooltip,
)
STEADY = 0  # milliseconds of a blink; 0: the mark stands still
_usual: dict[str, int] = {}  # as the computer itself is set, looked at once


def apply(app: QApplication, *, still: bool) -> None:
    """Keep everything still, or let it move as the computer is set."""
    if not _usual:
        _usual["blink"] = app.cursorFlashTime()
        _usual.update((effect.name, app.isEffectEnabled(effect)) for effect in EFFECTS)
    app.setCursorFlashTime(STEADY if still else _usual["blink"])
    for effect in EFFECTS:
        app.setEffectEnabled(effect, not still and bool(_usual[effect.name]))
