"""What the Ctrl+K box offers: people first, then what can be done, screens, help, a day, an amount.

People seen this week stand before others. Refuses to answer an older question after a newer one
was typed, and to guess: "Did you mean" asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Protocol

from desktop.presenters import words as say
from desktop.presenters.find_items import places
from desktop.presenters.help_topics import matching
from desktop.presenters.typed_day import NoSuchDay
from evidence.blocks import apart
from forms.facts.money import ClaimLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from desktop.actions import Actions
    from desktop.context import Context
    from storage.reader import Reader
    from storage.search import Hit

MOST_PEOPLE = 7
MOST_ACTIONS = 5
MOST_TOPICS = 2
MOST_LINES = 3
WEEK = timedelta(days=7)
_NOTE = re.compile(r"^(?:new\s+|quick\s+)?note(?:\s+(?:for|about|on))?\s+(.+)$", re.IGNORECASE)
_AMOUNT = re.compile(r"£\s?[\d,]+(\.\d{1,2})?|[\d,]+\.\d{2}")


@dataclass(frozen=True, slots=True)
class Offer:
    """One line in the list. An empty key is a line that only says something."""

    key: str
    words: str
    beside: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody found: one line, however many of their records have the words."""

    enterprise_id: str
    name: str
    beside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the vault knows about what was typed."""

    asked: str
    people: tuple[Person, ...] = ()
    papers: tuple[tuple[Hit, str], ...] = ()  # what else has these words, and whose it is
    meant: str = ""  # what was perhaps meant, when nothing was found
    lines: tuple[tuple[str, str, str], ...] = ()  # claim lines of that amount: claim, what, amount
    behind: bool = False  # whether more came from the register than search has taken in


class FindView(Protocol):
    """The box, as the presenter sees it."""

    def show_offers(self, offers: list[Offer]) -> None:
        """Show these, or fold the list away when there are none."""
        ...

    def put(self, words: str) -> None:
        """Have these words typed."""
        ...


class FindPresenter:
    """Turns typing into offers, and a picked offer into a step."""

    def __init__(
        self,
        view: FindView,
        context: Context,
        actions: Actions,
        front: Callable[[], str] = lambda: "",
    ) -> None:
        """`front` says which enterprise the screen in front is about, or ""."""
        self._view = view
        self._front = front
        self._context = context
        self._actions = actions
        self._asked = ""

    def began(self) -> None:
        """The box was entered with nothing in it: who was seen this week."""
        self._asked = ""
        today = self._context.today
        self._context.read(
            lambda reader: seen_this_week(reader, today), owner=self._view, on_done=self._week
        )

    def typed(self, words: str) -> None:
        """Look for what is typed now."""
        self._asked = words.strip()
        if not self._asked:
            self.began()
            return
        asked, today = self._asked, self._context.today
        self._context.read(
            lambda reader: answer(reader, asked, today), owner=self._view, on_done=self._found
        )

    def picked(self, key: str) -> None:
        """Open or do what was picked."""
        what, _, rest = key.partition(":")
        if what == "action":
            self._actions[rest].run()
        elif what == "type":
            self._view.put(rest)
            self.typed(rest)
        elif what == "paper":
            tab, _, enterprise_id = rest.partition(":")
            self._context.open_route("enterprise", id=enterprise_id, tab=tab)
        elif what == "item":
            self._open_item(rest)
        elif what in _ROUTES:
            name, param = _ROUTES[what]
            self._context.open_route(name, **{param: rest})

    def _open_item(self, code: str) -> None:
        front = self._front()
        if front:
            self._context.open_route("enterprise", id=front, tab="checklist", item=code)
        else:
            self._context.open_route("item_everybody", id=code)

    def _week(self, found: Answer) -> None:
        if not self._asked:
            self._view.show_offers(
                [
                    Offer(f"enterprise:{one.enterprise_id}", one.name, "seen this week")
                    for one in found.people
                ]
            )

    def _found(self, found: Answer) -> None:
        if found.asked != self._asked:
            return
        offers = [*self._people(found), *self._day(found.asked), *_amounts(found)]
        offers += self._actions_for(found.asked)  # by their own names: before words in a text
        items = {rule.code: rule.title for rule in self._context.pack.checklist}
        offers += [_paper(hit, name, items) for hit, name in found.papers]
        offers += [Offer(f"help:{key}", words, "help") for key, words in _topics(found.asked)]
        self._view.show_offers(offers or self._nothing(found))

    def _people(self, found: Answer) -> Iterator[Offer]:
        wanted = _NOTE.match(found.asked)
        notes = [
            Offer(f"note:{one.enterprise_id}", f"New note for {one.name}", one.beside)
            for one in found.people[:3]
        ]
        if wanted:
            yield from notes
        for one in found.people:
            yield Offer(f"enterprise:{one.enterprise_id}", one.name, one.beside)
        if not wanted:
            alike = [one.name for one in found.people].count(found.people[0].name) if notes else 0
            yield from notes[: max(1, alike)]  # of two with one name neither is guessed
        for key, said, beside in places(self._context.pack, found.asked, self._front()):
            yield Offer(key, said, beside)

    def _day(self, asked: str) -> Iterator[Offer]:
        try:
            day = say.read_day(asked, self._context.today)
        except say.NotThat as error:
            if isinstance(error.__cause__, NoSuchDay):
                yield Offer("", str(error))
            return
        if day is not None:
            yield Offer(
                f"day:{day.isoformat()}", f"Visits and promises on {say.weekday(day)}", "day"
            )

    def _actions_for(self, asked: str) -> Iterator[Offer]:
        for each in self._actions.matching(asked)[:MOST_ACTIONS]:
            yield Offer(f"action:{each.name}", each.words, each.shortcut)

    def _nothing(self, found: Answer) -> list[Offer]:
        asked = found.asked if len(found.asked) <= MOST_SAID else f"{found.asked[:MOST_SAID]}..."
        said = apart(asked)
        offers = [Offer("", f"No match for “{said}”.")]
        if found.behind:
            offers = [Offer("", f"No match for “{said}” yet. {STILL_READING}")]
        near = self._actions.near(found.asked) if len(found.asked) <= MOST_SAID else []
        offers += [Offer(f"action:{a.name}", a.words, a.shortcut) for a in near[:MOST_ACTIONS]]
        if found.meant:
            offers.append(Offer(f"type:{found.meant}", f"Did you mean {apart(found.meant)}?"))
        if not found.asked.isdigit() and len(found.asked) <= MOST_SAID:
            offers.append(Offer(f"new:{found.asked}", f"Add {apart(found.asked)} as a new enquiry"))
        return offers


MOST_SAID = 60  # letters of what was typed
STILL_READING = "Records have just come in and search is still reading them."
_ROUTES = {
    "enterprise": ("enterprise", "id"),
    "note": ("quick_note", "enterprise"),
    "day": ("today", "day"),
    "claim": ("claim", "id"),
    "help": ("help", "topic"),
    "guide": ("entity_guide", "id"),
    "new": ("new_enterprise", "leader"),
}
_KINDS = {
    "session": "timeline",
    "action": "action",
    "checklist_item": "checklist",
    "attachment": "document",
    "seed_claim": "claim",
    "claim_line": "claim",
    "register_entry": "listing",
}
_TABS = {  # where in the record a hit is shown
    "session": "timeline",
    "action": "timeline",
    "checklist_item": "checklist",
    "attachment": "documents",
    "seed_claim": "claims",
    "claim_line": "claims",
    "register_entry": "listing",
}
_PEOPLE = frozenset({"enterprise", "leader", "enquiry"})


def _topics(asked: str) -> list[tuple[str, str]]:
    return [(topic.key, topic.words) for topic in matching(asked)[:MOST_TOPICS]]


def _amounts(found: Answer) -> Iterator[Offer]:
    for claim_id, what, amount in found.lines:
        yield Offer(f"claim:{claim_id}", f"{what}, {amount}", "claim")


def _paper(hit: Hit, name: str, items: Mapping[str, str]) -> Offer:
    """A hit that is no person; `items`: code of a checklist item -> its words."""
    title = items.get(hit.title, hit.title) if hit.kind == "checklist_item" else hit.title
    shown = title if len(title) <= 50 else f"{title[:49]}…"
    kind = _KINDS.get(hit.kind, "")
    where = f"paper:{_TABS.get(hit.kind, 'overview')}:{hit.enterprise_id}"
    return Offer(where, shown, f"{kind}, {name}" if name else kind)


def seen_this_week(reader: Reader, today: date) -> Answer:
    """Who was seen in the last seven days, latest first (vault lane)."""
    ids = reader.seen_between(today - WEEK, today, MOST_PEOPLE)
    return Answer(asked="", people=_people(reader, ids))


def answer(reader: Reader, asked: str, today: date) -> Answer:
    """Everything the vault knows about what was typed (vault lane)."""
    wanted = _NOTE.match(asked)
    words = wanted[1] if wanted else asked
    hits = reader.search(words, limit=MOST_PEOPLE * 3)
    week = set(reader.seen_between(today - WEEK, today, 500)) if hits else set()
    hits.sort(key=lambda hit: hit.enterprise_id not in week)
    ids = list(dict.fromkeys(h.enterprise_id for h in hits if h.kind in _PEOPLE))
    people = _people(reader, [one for one in ids if one][:MOST_PEOPLE])
    room = max(MOST_PEOPLE - len(people), 2)
    papers = [hit for hit in hits if hit.kind not in _PEOPLE and hit.enterprise_id][:room]
    whose = {row.id: row.leader or row.name for row in reader.caseload_rows(_of(papers))}
    lines = _lines(reader, asked)
    return Answer(
        asked=asked,
        people=people,
        papers=tuple((hit, whose.get(hit.enterprise_id, "")) for hit in papers),
        meant="" if hits or lines else reader.did_you_mean(words),
        lines=lines,
        behind=reader.search_is_behind(),
    )


def _of(hits: list[Hit]) -> list[str]:
    return sorted({hit.enterprise_id for hit in hits})


def _people(reader: Reader, ids: list[str]) -> tuple[Person, ...]:
    return tuple(
        Person(
            enterprise_id=row.id,
            name=row.leader or row.name or "No name yet",
            beside=", ".join(part for part in (row.name if row.leader else "", row.place) if part),
        )
        for row in reader.caseload_rows(ids)
    )


def _lines(reader: Reader, asked: str) -> tuple[tuple[str, str, str], ...]:
    if not _AMOUNT.fullmatch(asked):
        return ()
    try:
        amount = say.read_money(asked)
    except say.NotThat:
        return ()  # "1.2.3" is a version of something, not an amount
    found = reader.all(ClaimLine, pence=amount)[:MOST_LINES]
    return tuple((line.claim_id, line.what or "A cost", say.money(line.pence)) for line in found)
