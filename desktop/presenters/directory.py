"""Who nearby gives this support? The register's listings, searched on this laptop, with no signal.

Listings of the district asked for come first, then those of its neighbours, marked as such. Refuses
to recommend: it says what was listed and when, in the order of names.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import market
from desktop.operations.directory import Directory, Listing, directory
from desktop.operations.writing import Writing
from desktop.presenters import words
from desktop.presenters.saving import Seen, unread, when_seen
from desktop.presenters.tries import Tries
from forms.facts.market import Signpost
from forms.rules.listing_words import MODES, PAYABLE
from forms.values import LONDON, london_day

if TYPE_CHECKING:
    from datetime import date

    from desktop.broadcast import News
    from desktop.context import Context
    from forms.rules.pack import Pack

KINDS = ("register_entry", "qa_check", "signpost", "enterprise")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for; "" is anything."""

    district: str = ""
    service: str = ""
    paid: str = ""
    when: str = ""
    typed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One listing found."""

    id: str
    name: str
    where: str
    place: str  # short, for a line
    near: bool  # only a neighbouring district
    services: str
    when: str
    paid: str
    capacity: str
    lines: tuple[tuple[str, str], ...]  # everything, for the side
    enterprise_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """A signpost of which nobody knows yet what came of it."""

    id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryPicture:
    """What was found, and what could be chosen."""

    found: tuple[Shown, ...]
    counted: str
    as_at: str
    empty: str  # why nothing was found, "" when something was
    listed: bool  # whether any listing is known at all
    open: tuple[Open, ...]


def search(vault: Any, pack: Pack, asked: Asked, today: date) -> DirectoryPicture:
    """The listings that fit, those of the district itself first."""
    whole = directory(vault, today)
    fits = [each for each in whole.listings if _fits(pack, each, asked)]
    made = [_shown(pack, each, asked) for each in fits]
    made.sort(key=lambda each: (each.near, each.name.casefold()))
    near = sum(each.near for each in made)
    said = words.counted(len(made) - near, "listing")
    if near:
        said += f", and {near} next door"
    return DirectoryPicture(
        found=tuple(made),
        counted=said,
        as_at=_as_at(whole),
        empty="" if made else _why_empty(whole),
        listed=bool(whole.listings),
        open=tuple(_open(pack, s) for s in vault.reader.all(Signpost) if not s.outcome),
    )


def choices(pack: Pack) -> dict[str, tuple[tuple[str, str], ...]]:
    """What can be chosen above the list."""
    return {
        "district": tuple((p.code, p.name) for p in pack.places),
        "service": tuple((c.code, c.label) for c in pack.service_types),
        "paid": tuple(PAYABLE),
    }


def _fits(pack: Pack, listing: Listing, asked: Asked) -> bool:
    if asked.district and not _reach(pack, listing, asked.district):
        return False
    if asked.service and asked.service not in listing.services:
        return False
    if asked.paid and asked.paid not in listing.payable_by:
        return False
    if asked.when and not _all_in(asked.when, listing.times):
        return False
    return not asked.typed or _all_in(asked.typed, _everything(pack, listing))


def _reach(pack: Pack, listing: Listing, district: str) -> bool:
    place = pack.place(district)
    near = {district, *(place.neighbours if place else ())}
    return bool(near & set(listing.districts))


def _all_in(typed: str, text: str) -> bool:
    there = text.casefold()
    return all(part in there for part in typed.casefold().split())


def _everything(pack: Pack, listing: Listing) -> str:
    return " ".join(
        (
            listing.name,
            listing.words,
            listing.who_for,
            listing.times,
            listing.access,
            listing.price,
            listing.capacity,
            *listing.languages,
            _services(pack, listing),
            _places(pack, listing),
        )
    )


def _services(pack: Pack, listing: Listing) -> str:
    labels = {choice.code: choice.label for choice in pack.service_types}
    return ", ".join(labels.get(code, code) for code in listing.services)


def _places(pack: Pack, listing: Listing) -> str:
    named = [place.name if (place := pack.place(c)) else c for c in listing.districts]
    return ", ".join(named)


def _short_place(pack: Pack, listing: Listing, *, near: bool) -> str:
    first, *more = _places(pack, listing).split(", ")
    said = f"{first} and {len(more)} more" if more else first
    return f"Next door: {said}" if near else said


def _shown(pack: Pack, listing: Listing, asked: Asked) -> Shown:
    paid = dict(PAYABLE)
    modes = dict(MODES)
    payable = ", ".join(paid.get(each, each) for each in listing.payable_by)
    near = bool(asked.district) and asked.district not in listing.districts
    published = words.plain(listing.published_on) if listing.published_on else ""
    lines = (
        ("How to reach them", listing.contact),
        ("Services", _services(pack, listing)),
        ("Where", _places(pack, listing)),
        ("When", listing.times),
        ("How it is given", ", ".join(modes.get(m, m) for m in listing.modes)),
        ("Who it is for", listing.who_for),
        ("Price", listing.price),
        ("Can be paid with", payable),
        ("Space", listing.capacity),
        ("Languages", ", ".join(listing.languages)),
        ("Access", listing.access),
        ("CQC", listing.cqc),
        ("In their words", listing.words),
        ("Listed since", published),
    )
    return Shown(
        id=listing.id,
        name=listing.name,
        where=_places(pack, listing),
        place=_short_place(pack, listing, near=near),
        near=near,
        services=_services(pack, listing),
        when=listing.times,
        paid=payable,
        capacity=listing.capacity,
        lines=tuple((head, said) for head, said in lines if said),
        enterprise_id=listing.enterprise_id,
    )


def _as_at(whole: Directory) -> str:
    own = words.counted(whole.of_this_laptop, "listing") + " from this laptop's own records"
    if whole.copied_at is None:
        return f"{own}. The register's directory has not been copied to this laptop yet."
    at = whole.copied_at.astimezone(LONDON)
    day = f"{words.day(at.date())} {words.clock_time(whole.copied_at)}"
    return f"{own}, the rest from the register's directory as it was on {day}."


def _why_empty(whole: Directory) -> str:
    if not whole.listings:
        return (
            "No listing is published yet, as far as this laptop knows. A listing is begun on the "
            "Listing page of an enterprise."
        )
    return "Nothing fits all of this. Ask for less, or write down the gap."


def _open(pack: Pack, signpost: Signpost) -> Open:
    place = pack.place(signpost.district)
    where = f", {place.name}" if place else ""
    shown = ", ".join(signpost.shown)
    return Open(id=signpost.id, words=f"{words.day(signpost.on)}{where}: {shown}")


class DirectoryView(Seen, Protocol):
    """What the presenter asks of the page."""

    def show_found(self, picture: DirectoryPicture) -> None:
        """Show what was found."""
        ...

    def show_problem(self, words: str) -> None:
        """Say what is wrong."""
        ...


class DirectoryPresenter:
    """Looks for listings; writes down that somebody was shown some."""

    def __init__(self, context: Context, view: DirectoryView, asked: Asked | None = None) -> None:
        self._context = context
        self._view = view
        self._search = _Search(asked or Asked())
        self._tries = Tries(context, view)
        context.broadcast.listen(view, self._hear, *KINDS)

    @property
    def asked(self) -> Asked:
        """What is looked for now."""
        return self._search.asked

    def load(self) -> None:
        """Look again."""
        pack, asked, today = self._context.pack, self.asked, self._today
        self._context.recall(
            ("directory", asked, today),
            lambda vault: search(vault, pack, asked, today),
            owner=self._view,
            on_done=self._view.show_found,
            on_failed=unread(self._context, self._view.show_problem, self.load),
        )

    def ask(self, **what: str) -> None:
        """Look for something else."""
        asked = replace(self.asked, **what)
        if asked != self.asked:
            self._search = _Search(asked)
            self.load()

    def showed(self, listing: Shown) -> None:
        """Somebody was shown this listing; more of the same search go into the same record."""
        search = self._search
        if listing.name in search.shown:
            return
        self._tries.write(
            f"{listing.name} {search.asked}",
            partial(_show, search=search, name=listing.name),
            on_done=lambda _written: self._was_shown(search, listing.name),
            says=self._view.show_problem,
            name=f"{listing.name} shown to somebody",
        )

    def came_of_it(self, signpost_id: str, outcome: str) -> None:
        """What came of a signpost."""
        said = dict(market.OUTCOMES)[outcome]
        self._tries.write(
            signpost_id,
            partial(market.came_of_it, signpost_id=signpost_id, outcome=outcome),
            on_done=lambda _written: self.load(),
            says=self._view.show_problem,
            name=said,
        )

    def write_gap(self) -> None:
        """Nobody fits: write down what is missing."""
        self._context.open_route(
            "market_gaps", district=self.asked.district, service=self.asked.service
        )

    def to_caseload(self) -> None:
        """Where a listing is begun: at an enterprise."""
        self._context.open_route("caseload")

    def open_record(self, listing: Shown) -> None:
        """The enterprise, when it is one of this laptop's."""
        if listing.enterprise_id:
            self._context.open_route("enterprise", id=listing.enterprise_id, tab="listing")

    @property
    def _today(self) -> date:
        return london_day(self._context.clock.now())

    def _was_shown(self, search: _Search, name: str) -> None:
        search.shown.add(name)
        self.load()

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


@dataclass(slots=True)
class _Search:
    """One look for something, and what somebody was shown in it."""

    asked: Asked
    shown: set[str] = field(default_factory=set)  # written down
    signpost: str = ""  # its record; the lane's own, one piece of work after the other


def _show(writing: Writing, *, search: _Search, name: str) -> None:
    found = writing.reader.get(Signpost, search.signpost) if search.signpost else None
    if found is not None:
        writing.unit.set(Signpost, found.id, shown=tuple(dict.fromkeys((*found.shown, name))))
        return
    search.signpost = market.signpost(
        writing,
        district=search.asked.district,
        service_type=search.asked.service,
        shown=(name,),
    )
