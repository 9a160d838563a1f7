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
from forms.values import LONDON, new_id


@dataclass(slots=True)
class Sitting:
    """What two people did together on one day, in order, each thing once.

    The clock of a sitting stands still while the screen is paused or locked, and after it was left.
    """

    on: date
    began: datetime  # the first time on this day: photos that came in since are offered
    since: datetime | None  # the clock runs since then; None: it stands still
    seconds: int = 0  # that it ran before
    done: dict[str, str] = field(default_factory=dict)  # what it is about -> how it is said
    coach_does: list[str] = field(default_factory=list)
    signed: str = ""  # "Signed by Mary Thorne at 14:32."
    told: list[str] = field(default_factory=list)  # stands on the timeline already
    visit: str = field(default_factory=new_id, compare=False)  # its id on the timeline, once told
    at: str = ""  # the question that was open: a power cut leads back to it
    page: str = ""  # and the page; "" is the question itself

    def note(self, key: str, said: str) -> None:
        """Something was done; doing it again says it anew. "" takes it back."""
        self.done.pop(key, None)
        if said:
            self.done[key] = said

    def promise(self, said: str) -> None:
        """The coach will do something."""
        if said not in self.coach_does:
            self.coach_does.append(said)

    @property
    def is_running(self) -> bool:
        """Whether its clock runs."""
        return self.since is not None

    def rest(self, now: datetime) -> None:
        """The clock stands still."""
        self.seconds, self.since = self._ran(now), None

    def go_on(self, now: datetime) -> None:
        """It runs again."""
        if self.since is None:
            self.since = now

    def minutes(self, now: datetime) -> int:
        """How long it has taken, since what stands on the timeline."""
        return self._ran(now) // 60

    def untold(self) -> tuple[str, ...]:
        """What was done and is not on the timeline yet."""
        return tuple(each for each in self.done.values() if each not in self.told)

    def is_worth_telling(self, now: datetime) -> bool:
        """Whether the timeline should hear of it."""
        signed = bool(self.signed) and self.signed not in self.told
        return bool(self.untold()) or signed or bool(self.minutes(now))

    def leave(self) -> None:
        """It stands on the timeline now; what comes later this day is another visit."""
        self.told = [*self.done.values(), *([self.signed] if self.signed else [])]
        self.seconds, self.since, self.visit = 0, None, new_id()
        self.at = self.page = ""

    def to_text(self, now: datetime) -> str:
        """As it is kept in a draft; it wakes with its clock standing still."""
        plain = asdict(self) | {"on": self.on.isoformat(), "began": self.began.isoformat()}
        del plain["since"]
        return json.dumps(plain | {"seconds": self._ran(now)})

    def _ran(self, now: datetime) -> int:
        running = (now - self.since).total_seconds() if self.since is not None else 0.0
        return self.seconds + max(0, int(running))


def sitting_from(text: str, now: datetime) -> Sitting:
    """The sitting of today that was kept, or a new one; its clock runs."""
    today = now.astimezone(LONDON).date()
    kept = kept_sitting(text)
    if kept is None or kept.on != today:
        return Sitting(on=today, began=now, since=now)
    kept.go_on(now)
    return kept


def kept_sitting(text: str) -> Sitting | None:
    """The sitting that was kept, of whatever day; None when it cannot be read."""
    try:
        kept: Any = json.loads(text) if text else None
        if not isinstance(kept, dict):
            return None
        return Sitting(
            on=date.fromisoformat(str(kept["on"])),
            began=datetime.fromisoformat(str(kept["began"])),
            since=None,
            seconds=int(kept["seconds"]),
            done={str(k): str(v) for k, v in dict(kept["done"]).items()},
            coach_does=[str(each) for each in kept["coach_does"]],
            signed=str(kept["signed"]),
            told=[str(each) for each in kept["told"]],
            visit=str(kept.get("visit") or new_id()),
            at=str(kept.get("at", "")),
            page=str(kept.get("page", "")),
        )
    except (KeyError, TypeError, ValueError):
        return None  # a draft of another version: the work itself is in the records


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
