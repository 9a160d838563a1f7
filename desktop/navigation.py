"""Where the person is, where they were, and how to get back there. No Qt.

A history like a browser's: going somewhere new drops what was forward. Each place keeps a small
state (filter, scroll, open tab) so that Back shows it as it was left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection

LONGEST = 100
REMEMBERED = 20  # places put back after a restart


@dataclass(frozen=True, slots=True)
class Route:
    """A place: the name of a screen and what it is about, e.g. enterprise + its id."""

    name: str
    params: tuple[tuple[str, str], ...] = ()

    def get(self, key: str, default: str = "") -> str:
        """One parameter."""
        return dict(self.params).get(key, default)


def route(name: str, **params: str) -> Route:
    """A route; parameters in a fixed order, so that equal places are equal."""
    return Route(name, tuple(sorted(params.items())))


@dataclass(slots=True)
class Place:
    """A route in the history, with how the screen looked when it was left."""

    route: Route
    state: dict[str, Any] = field(default_factory=dict)


def _route_of(kept: dict[str, Any]) -> Route:
    return route(str(kept["name"]), **{str(key): str(value) for key, value in kept["params"]})


class History:
    """Back and forward through places."""

    def __init__(self) -> None:
        self._places: list[Place] = []
        self._at = -1
        self.orders: dict[str, dict[str, list[Any]]] = {}  # screen -> list -> how it is sorted

    @property
    def current(self) -> Place | None:
        """Where the person is now."""
        return self._places[self._at] if self._places else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is somewhere to go back to."""
        return self._at > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether Back was used and can be taken back."""
        return self._at < len(self._places) - 1

    def keep(self, state: dict[str, Any]) -> None:
        """Remember how the present place looks, before leaving it."""
        if self._places:
            self._places[self._at].state = state

    def go(self, to: Route) -> Place:
        """Go somewhere new. Going where one already is adds nothing."""
        if self.current is not None and self.current.route == to:
            return self.current
        del self._places[self._at + 1 :]
        self._places.append(Place(to))
        del self._places[:-LONGEST]
        self._at = len(self._places) - 1
        return self._places[self._at]

    def back(self) -> Place | None:
        """One step back, or None at the beginning."""
        return self.step(-1)

    def forward(self) -> Place | None:
        """One step forward, or None at the end."""
        return self.step(1)

    def step(self, by: int) -> Place | None:
        """So many places back (negative) or forward; None when there are not so many."""
        if by == 0 or not 0 <= self._at + by < len(self._places):
            return None
        self._at += by
        return self._places[self._at]

    @property
    def behind(self) -> list[Place]:
        """Where Back leads, the nearest first."""
        return self._places[: max(self._at, 0)][::-1]

    @property
    def ahead(self) -> list[Place]:
        """Where Forward leads, the nearest first."""
        return self._places[self._at + 1 :]

    def as_text(self) -> str:
        """Everything as JSON, to be put back after a restart; plain values only."""
        from json import dumps

        places = [
            {"name": p.route.name, "params": list(p.route.params), "state": p.state}
            for p in self._places[-REMEMBERED:]
        ]
        at = self._at - (len(self._places) - len(places))
        orders = {name: kept for name, kept in self.orders.items() if kept}
        return dumps({"at": max(at, 0), "places": places, "orders": orders}, ensure_ascii=False)

    def put_back(self, text: str, known: Collection[str]) -> bool:
        """Be where `as_text` says; False, and nowhere, when it cannot be read.

        Places whose screen there is no more (`known`) are left out.
        """
        from json import loads

        try:
            kept = loads(text)
            at = int(kept["at"])
            places = [
                (number, Place(_route_of(one), dict(one["state"])))
                for number, one in enumerate(kept["places"])
                if one["name"] in known
            ]
            orders = {str(name): dict(lists) for name, lists in kept.get("orders", {}).items()}
        except (ValueError, KeyError, TypeError, AttributeError):
            return False
        self.orders.update(orders)
        if not places:
            return False
        self._places = [place for _, place in places]
        self._at = max(n for n, (number, _) in enumerate(places) if number <= at or n == 0)
        return True
