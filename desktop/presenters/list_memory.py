"""What a list remembers: own views with their words and order, the order of each view, columns.

Kept in the vault on this laptop (a filter can hold a name). Refuses what it cannot read: then the
list is as new.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace

MOST_VIEWS = 12
LONGEST_NAME = 40
OWN = "own:"  # before the name of a view somebody kept


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnView:
    """A filter somebody kept under a name."""

    name: str
    words: str = ""
    base: str = "all"  # the built-in view it narrows


@dataclass(frozen=True, slots=True)
class ListMemory:
    """Never changed: each step gives a new one to keep."""

    views: tuple[OwnView, ...] = ()
    orders: dict[str, str] = field(default_factory=dict)  # view -> "contact", "-contact"
    hidden: frozenset[str] = frozenset()  # columns

    def view(self, code: str) -> OwnView | None:
        """The own view behind "own:Deal", if there is one."""
        return next((v for v in self.views if code == OWN + v.name), None)

    def with_view(self, made: OwnView) -> ListMemory:
        """One more; the same name again replaces it."""
        others = tuple(v for v in self.views if v.name != made.name)
        return replace(self, views=(*others, made)[-MOST_VIEWS:])

    def without(self, code: str) -> ListMemory:
        """Forget one of them."""
        return replace(self, views=tuple(v for v in self.views if code != OWN + v.name))

    def ordered(self, code: str, order: str) -> ListMemory:
        """A view in another order."""
        return replace(self, orders=self.orders | {code: order})

    def toggled(self, column: str) -> ListMemory:
        """Show a column that was hidden, or hide it."""
        return replace(self, hidden=self.hidden ^ {column})

    def as_text(self) -> str:
        """As JSON, to be kept."""
        return json.dumps(
            {
                "views": [[v.name, v.words, v.base] for v in self.views],
                "orders": self.orders,
                "hidden": sorted(self.hidden),
            },
            ensure_ascii=False,
        )


def from_text(text: str) -> ListMemory:
    """What `as_text` wrote; nothing where it cannot be read."""
    try:
        kept = json.loads(text) if text else {}
        return ListMemory(
            tuple(
                OwnView(name=str(name), words=str(words), base=str(base))
                for name, words, base in kept.get("views", ())
            ),
            {str(view): str(order) for view, order in kept.get("orders", {}).items()},
            frozenset(str(column) for column in kept.get("hidden", ())),
        )
    except (ValueError, TypeError, AttributeError):
        return ListMemory()
