"""Settings of this laptop: one table, one small JSON file, nothing about any person in it.

Refuses unknown keys and values of the wrong type: they fall back to the default, because a
damaged settings file must never keep a coach from her records.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table."""

    key: str
    words: str
    default: int | str | bool
    choices: tuple[tuple[int | str | bool, str], ...]
    help: str = ""


TABLE: tuple[Setting, ...] = (
    Setting(
        "text_percent",
        "Text size",
        100,
        ((100, "100 %"), (125, "125 %"), (150, "150 %"), (200, "200 %")),
    ),
    Setting(
        "theme",
        "Colours",
        "light",
        (("light", "Light"), ("dark", "Dark"), ("contrast", "High contrast")),
    ),
    Setting(
        "reduce_motion",
        "Moving parts",
        False,
        ((False, "Show gentle movement"), (True, "Keep everything still")),
        "Still: nothing blinks, unfolds or fades in.",
    ),
    Setting(
        "lock_minutes",
        "Lock after",
        10,
        ((5, "5 minutes"), (10, "10 minutes"), (15, "15 minutes"), (30, "30 minutes")),
        "The screen warns you for 60 seconds first. What you are typing is kept.",
    ),
    Setting(
        "exchange_minutes",
        "Send and fetch",
        15,
        (
            (5, "Every 5 minutes"),
            (15, "Every 15 minutes"),
            (60, "Every hour"),
            (0, "Only when I say so"),
        ),
        "Your work is saved on this laptop either way.",
    ),
    Setting(
        "data_cost",
        "Where sending costs money",
        "system",
        (
            ("system", "As this computer says"),
            ("yes", "It costs money: photos wait"),
            ("no", "It costs nothing: photos go"),
        ),
        "While photos wait, your words and small copies of the photos go. “Send and fetch now” "
        "sends the photos too. Choose it yourself where you use a phone as a modem and this "
        "computer does not know that it costs.",
    ),
)
LONGEST = 2000  # letters of a window's place
_BY_KEY = {setting.key: setting for setting in TABLE}


class Settings:
    """The values in use, and who wants to know when one changes."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._values: dict[str, int | str | bool] = {s.key: s.default for s in TABLE}
        self._listeners: list[Callable[[str], None]] = []
        self.window = ""  # where the window was, as Qt writes it; says nothing about a person
        if file is not None and file.exists():
            self._read(file)

    def __getitem__(self, key: str) -> int | str | bool:
        return self._values[key]

    def number(self, key: str) -> int:
        """A setting that is a whole number."""
        return int(self._values[key])

    def text(self, key: str) -> str:
        """A setting that is a word."""
        return str(self._values[key])

    def flag(self, key: str) -> bool:
        """A setting that is yes or no."""
        return bool(self._values[key])

    def listen(self, hear: Callable[[str], None]) -> None:
        """Call `hear(key)` after a change."""
        self._listeners.append(hear)

    def forget(self, hear: Callable[[str], None]) -> None:
        """Stop telling this one."""
        if hear in self._listeners:
            self._listeners.remove(hear)

    def set(self, key: str, value: int | str | bool) -> None:  # noqa: FBT001 -- a setting's value
        """Change one and keep it. Raises ValueError for a value that is no choice."""
        if not _fits(_BY_KEY[key], value):
            raise ValueError(f"{key} cannot be {value!r}")
        if self._values[key] == value:
            return
        self._values[key] = value
        self._write()
        for hear in list(self._listeners):
            hear(key)

    def keep_window(self, place: str) -> None:
        """Remember where the window was."""
        if place != self.window:
            self.window = place
            self._write()

    def _read(self, file: Path) -> None:
        import json

        try:
            kept = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return  # a damaged file: the defaults hold until the next change writes a good one
        if isinstance(kept, dict):
            window = kept.get("window")
            self.window = window if isinstance(window, str) and len(window) < LONGEST else ""
            self._values |= {k: v for k, v in kept.items() if k in _BY_KEY and _fits(_BY_KEY[k], v)}

    def _write(self) -> None:
        if self._file is None:
            return
        import json

        self._file.parent.mkdir(parents=True, exist_ok=True)
        beside = self._file.with_suffix(".new")
        values = self._values | ({"window": self.window} if self.window else {})
        beside.write_text(json.dumps(values, indent=1), encoding="utf-8")
        beside.replace(self._file)


def _fits(setting: Setting, value: object) -> bool:
    return any(value == choice and type(value) is type(choice) for choice, _ in setting.choices)
