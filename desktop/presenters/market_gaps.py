"""Where asking and listings do not meet, by district and service; gaps written down and closed.

Nothing is inferred: a need counts only when somebody wrote it down. Where nobody did, the page says
so and never that there is no need.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import market
from desktop.operations.directory import directory
from desktop.operations.market import CLOSED_WHY, NewGap
from desktop.presenters import words
from desktop.presenters.saving import Seen, unread, when_seen
from desktop.presenters.tries import Tries
from forms.facts.market import MarketGap
from forms.facts.people import Enterprise
from forms.values import london_day

if TYPE_CHECKING:
    from datetime import date

    from desktop.broadcast import News
    from desktop.context import Context
    from forms.rules.pack import Pack

ADD = "add"
ANY = "Any kind of support"
NO_ONE, SOME, UNASKED = "Asked for, nobody listed", "Asked for and listed", "Listed, not asked for"
_LOOKS = {NO_ONE: "warn", SOME: "doing", UNASKED: "done"}
_RANK = {NO_ONE: 0, SOME: 1, UNASKED: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One district and one kind of support: what is asked, what is listed."""

    id: str
    district: str
    service: str
    asked: int  # open gaps
    people: str  # how many people asked, in words; "not counted"
    counted: int | None  # those that were; None = nobody counted
    listed: int
    says: str
    look: str
    district_code: str
    service_code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapLine:
    """One gap that was written down."""

    id: str
    words: str
    where: str
    state: str
    look: str
    since: str
    since_on: date | None
    is_open: bool
    is_closed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GapsPicture:
    """Everything the page shows."""

    meetings: tuple[Meeting, ...]
    gaps: tuple[GapLine, ...]
    says: str
    unknown: str
    who: tuple[tuple[str, str], ...]  # enterprises that could give it


def gaps_picture(vault: Any, pack: Pack, today: date) -> GapsPicture:
    """Asking beside listings, and every gap, open ones first."""
    reader = vault.reader
    newest = sorted(reader.all(MarketGap), key=lambda g: g.opened_on, reverse=True)
    gaps = sorted(newest, key=lambda g: g.closed_on is not None)
    listed = directory(vault, today)
    open_gaps = [g for g in gaps if g.closed_on is None and g.matched_on is None]
    names = {e.id: e.name or "No name yet" for e in reader.all(Enterprise)}
    still = words.counted(len(open_gaps), "open gap")
    shown = words.counted(len(listed.listings), "listing")
    return GapsPicture(
        meetings=_meetings(pack, open_gaps, listed.listings),
        gaps=tuple(_line(pack, g, names) for g in gaps),
        says=f"{still}, {shown} known on this laptop.",
        unknown=_unknown(pack, gaps),
        who=tuple(sorted(names.items(), key=lambda item: item[1].casefold())),
    )


def _meetings(pack: Pack, gaps: list[MarketGap], listings: Any) -> tuple[Meeting, ...]:
    asked: dict[tuple[str, str], list[MarketGap]] = {}
    for gap in gaps:
        asked.setdefault((gap.district, gap.service_type), []).append(gap)
    supply: dict[tuple[str, str], int] = {}
    for each in listings:
        for district in each.districts:
            for service in each.services:
                supply[district, service] = supply.get((district, service), 0) + 1
    made = [
        _meeting(pack, key, asked.get(key, []), supply.get(key, 0)) for key in {*asked, *supply}
    ]
    made.sort(key=lambda m: (_RANK[m.says], -m.asked, m.district, m.service))
    return tuple(made)


def _meeting(pack: Pack, key: tuple[str, str], gaps: list[MarketGap], listed: int) -> Meeting:
    district, service = key
    counted = [g.asked for g in gaps if g.asked is not None]
    people = str(sum(counted)) if counted else ("not counted" if gaps else "")
    if gaps and len(counted) < len(gaps) and counted:
        people = f"{people} or more"
    says = UNASKED if not gaps else SOME if listed else NO_ONE
    return Meeting(
        id=f"{district}/{service}",
        district=_place(pack, district),
        service=_service(pack, service),
        asked=len(gaps),
        people=people,
        counted=sum(counted) if counted else None,
        listed=listed,
        says=says,
        look=_LOOKS[says],
        district_code=district,
        service_code=service,
    )


def _place(pack: Pack, code: str) -> str:
    place = pack.place(code)
    return place.name if place else "No district written"


def _service(pack: Pack, code: str) -> str:
    labels = {c.code: c.label for c in pack.service_types}
    return labels.get(code, code) or ANY


def _unknown(pack: Pack, gaps: list[MarketGap]) -> str:
    told = {g.district for g in gaps}
    silent = [p.name for p in pack.places if p.code not in told]
    if not silent:
        return ""
    if len(silent) == len(pack.places):
        return "Nobody has written down a gap yet. That is not the same as no need."
    return f"No gap was ever written down in {', '.join(silent)}. That is not the same as no need."


def _line(pack: Pack, gap: MarketGap, names: dict[str, str]) -> GapLine:
    said = [_service(pack, gap.service_type), gap.words, gap.times]
    if gap.asked is not None:
        said.append(words.counted(gap.asked, "person", "people"))
    where = ", ".join(each for each in (gap.place, _place(pack, gap.district)) if each)
    if gap.closed_on is not None:
        state, look = f"Closed: {dict(CLOSED_WHY).get(gap.closed_why, gap.closed_why)}", "done"
    elif gap.matched_on is not None:
        state, look = f"Matched: {names.get(gap.matched_id, 'an enterprise')}", "doing"
    else:
        state, look = "Open", "todo"
    return GapLine(
        id=gap.id,
        words=". ".join(each for each in said if each),
        where=where,
        state=state,
        look=look,
        since=words.day(gap.opened_on),
        since_on=gap.opened_on,
        is_open=gap.closed_on is None and gap.matched_on is None,
        is_closed=gap.closed_on is not None,
    )


class GapsView(Seen, Protocol):
    """What the presenter asks of the page."""

    def show_gaps(self, picture: GapsPicture) -> None:
        """Show it all."""
        ...

    def show_problem(self, words: str) -> None:
        """Say what is wrong; what was typed stays."""
        ...

    def gap_written(self) -> None:
        """It is on disk: the form is empty again."""
        ...


class GapsPresenter:
    """Shows where asking and listings do not meet; writes gaps."""

    def __init__(self, context: Context, view: GapsView) -> None:
        self._context = context
        self._view = view
        self._tries = Tries(context, view)
        context.broadcast.listen(view, self._hear, "market_gap", "register_entry", "qa_check")

    @property
    def choices(self) -> dict[str, tuple[tuple[str, str], ...]]:
        """What the form offers."""
        pack = self._context.pack
        return {
            "district": tuple((p.code, p.name) for p in pack.places),
            "service": tuple((c.code, c.label) for c in pack.service_types),
            "group": tuple((c.code, c.label) for c in pack.target_groups),
            "channel": tuple((c.code, c.label) for c in pack.channels),
            "why": CLOSED_WHY,
        }

    def load(self) -> None:
        """Read it again."""
        pack, today = self._context.pack, london_day(self._context.clock.now())
        self._context.recall(
            ("market gaps", today),
            lambda vault: gaps_picture(vault, pack, today),
            owner=self._view,
            on_done=self._view.show_gaps,
            on_failed=unread(self._context, self._view.show_problem, self.load),
        )

    @property
    def is_adding(self) -> bool:
        """Whether the one before is being written: what is typed meanwhile is not taken."""
        return ADD in self._tries.under_way

    def add(self, asked: str, drops: tuple[str, ...] = (), **said: str) -> None:
        """Write down a gap; `asked` is how many people, as typed; `drops` are its drafts."""
        try:
            count = words.read_whole(asked, most=10_000)
        except words.NotThat as error:
            self._view.show_problem(str(error))
            return
        new = NewGap(asked=count, **said)
        what = _service(self._context.pack, new.service_type)
        self._tries.write(
            ADD,
            partial(market.open_gap, new=new),
            on_done=self._added,
            says=self._view.show_problem,
            name=f"Gap written down: {what}",
            drops=drops,
        )

    def match(self, gap_id: str, enterprise_id: str) -> None:
        """An enterprise gives it."""
        self._change(
            gap_id,
            partial(market.match_gap, gap_id=gap_id, enterprise_id=enterprise_id),
            "Gap matched",
        )

    def close(self, gap_id: str, why: str) -> None:
        """It is a gap no more."""
        self._change(gap_id, partial(market.close_gap, gap_id=gap_id, why=why), "Gap closed")

    def open_again(self, gap_id: str) -> None:
        """It was closed too soon."""
        self._change(gap_id, partial(market.open_again, gap_id=gap_id), "Gap open again")

    def find(self, meeting: Meeting) -> None:
        """The listings of a district and a kind of support."""
        self._context.open_route(
            "directory", district=meeting.district_code, service=meeting.service_code
        )

    def _change(self, gap_id: str, operation: Any, name: str) -> None:
        self._tries.write(
            gap_id, operation, on_done=self._changed, says=self._view.show_problem, name=name
        )

    def _added(self, _written: object) -> None:
        self._view.gap_written()
        self.load()

    def _changed(self, _written: object) -> None:
        self.load()

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)
