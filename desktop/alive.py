"""Whether an object can still be spoken to: Qt may have deleted the widget behind it."""

from __future__ import annotations

import shiboken6


def is_alive(owner: object) -> bool:
    """False only for a Qt object whose C++ side is gone."""
    return bool(shiboken6.isValid(owner)) if isinstance(owner, shiboken6.Shiboken.Object) else True
