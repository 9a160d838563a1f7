"""What was done at one sitting, the words that are signed, and the page that goes home.

Keeps the sitting as a draft, so that a lock in the middle loses nothing of it. Refuses to put
anything on the page that was not done, promised or chosen in front of the person.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from desktop.presenters.together_picture import Promised, long_day
from forms.values import LONDON


@dataclass(slots=True)
class Sitting:
    """What two people did together on one day, in order, each thing once."""

    on: date
    began: datetime
    done: dict[str, str] = field(default_factory=dict)  # what it is about -> how it is said
    coach_does: list[str] = field(default_factory=list)
    signed: str = ""  # "Signed by Mary Thorne at 14:32."

    def note(self, key: str, said: str) -> None:
        """Something was done; doing it again says it anew. "" takes it back."""
        self.done.pop(key, None)
        if said:
            self.done[key] = said

    def promise(self, said: str) -> None:
        """The coach will do something."""
        if said not in self.coach_does:
            self.coach_does.append(said)

    def minutes(self, now: datetime) -> int:
        """How long it has taken."""
        return int((now - self.began).total_seconds() // 60)

    def to_text(self) -> str:
        """As it is kept in a draft."""
        plain = asdict(self) | {"on": self.on.isoformat(), "began": self.began.isoformat()}
        return json.dumps(plain)


def sitting_from(text: str, now: datetime) -> Sitting:
    """The sitting of today that was kept, or a new one."""
    today = now.astimezone(LONDON).date()
    fresh = Sitting(on=today, began=now)
    try:
        kept: Any = json.loads(text) if text else None
        if not isinstance(kept, dict) or kept.get("on") != today.isoformat():
            return fresh
        return Sitting(
            on=today,
            began=datetime.fromisoformat(str(kept["began"])),
            done={str(k): str(v) for k, v in dict(kept["done"]).items()},
            coach_does=[str(each) for each in kept["coach_does"]],
            signed=str(kept["signed"]),
        )
    except (KeyError, TypeError, ValueError):
        return fresh  # a draft of another version: the work itself is in the records


def wording(name: str, coach: str, sitting: Sitting, promised: Iterable[Promised]) -> str:
    """The exact words that are signed."""
    who = f"I am {name}. " if name else ""
    lines = [f"{who}I sat down with {coach} on {long_day(sitting.on)} {sitting.on.year}."]
    done = list(sitting.done.values())
    lines += ["", "What we did today:", *(f"• {each}" for each in done or ["We talked."])]
    home = [each.words for each in promised]
    if home:
        lines += ["", "What I will do next:", *(f"• {each}" for each in home)]
    lines += ["", "This is right. I have seen it on the screen."]
    return "\n".join(lines)
