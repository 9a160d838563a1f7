"""Invented people and enterprises: the same ones every time, from a seed and the lists beside it.

Refuses real places below the district: towns are real, people, firms and numbers are not (the
numbers are the ones kept free for stories).
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from forms.values import derived_id

PHONES = 1000  # 01632 960000 to 960999 are kept free for stories
ANSWERED_NO = (
    "carries minibus food food_regular keys money child waste music public_music alcohol hoist uc "
    "visa grant"
)


@cache
def words() -> Mapping[str, Any]:
    """The lists of names, places, ideas and sentences."""
    with (resources.files("desktop.devtools") / "practice.toml").open("rb") as stream:
        return tomllib.load(stream)


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """What one enterprise does, with its leader and place."""

    number: int
    leader: str
    name: str
    place: str
    district: str
    told: Mapping[str, Any]

    def id(self, *parts: str) -> str:
        """An id that is the same in every vault filled from the same list."""
        return derived_id("practice", str(self.number), *parts)

    @property
    def phone(self) -> str:
        """A number kept free for stories."""
        return f"01632 960{self.number % PHONES:03}"

    @property
    def email(self) -> str:
        """An address nobody can have."""
        return f"{self.leader.split()[0].lower()}{self.number}@hedgerow.example"

    @property
    def facts(self) -> dict[str, object]:
        """The answers that steer checklist and screen."""
        told = self.told
        personal_care = "pc" in told["services"]
        alone = told["strand"] == "home_support"
        answers: dict[str, object] = dict.fromkeys(ANSWERED_NO.split(), False)
        answers |= {
            "prem": list(told["prem"]),
            "one_to_one": alone,
            "adults_at_risk": personal_care or not alone,
            "vol": 0 if alone else 4,
            "online": True,
            "drives": alone,
            "dp": bool(told["comparable"]),
            "income": int(told["hours"]) * 52 * int(told["price_pence"]) // 100 // 10 * 5,
            "food": bool(told.get("food")),
            "food_regular": bool(told.get("food")),
            "music": bool(told.get("music")),
            "waste": bool(told.get("waste")),
            "shares_rota": False,
            "agency_involved": False,
            "council_package": False,
        }
        if personal_care:
            answers["directed_by"] = told["directed_by"]
        return answers


def cast(count: int, seed: str = "hedgerow") -> Iterator[Idea]:
    """So many ideas, each with a leader of its own; the same for the same seed."""
    lists = words()
    chance = random.Random(seed)  # noqa: S311 - invented people, not secrets
    firsts, lasts = list(lists["first_names"]), list(lists["surnames"])
    chance.shuffle(firsts)
    chance.shuffle(lasts)
    places = lists["places"]
    ideas = lists["idea"]
    for number in range(count):
        first = firsts[number % len(firsts)]
        last = lasts[(number + number // len(firsts)) % len(lasts)]
        place, district = places[chance.randrange(len(places))]
        told = ideas[number % len(ideas)]
        name = told["name"].format(first=first, surname=last, place=place)
        yield Idea(
            number=number,
            leader=f"{first} {last}",
            name=name,
            place=place,
            district=district,
            told=told,
        )
