"""The public directory as plain HTML. Pure: public entries in, a page out; every value escaped.

Works without a script, on paper, by keyboard and with a screen reader. Refuses to rank: the order
is the name. What a reader must know before trusting a listing stands on every page with one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from html import escape
from typing import Any
from urllib.parse import urlencode

from forms.rules.directory_search import Wanted, asked_for, text, texts
from forms.rules.listing import DISCLAIMER, PublicEntry
from forms.rules.listing_words import CHECKS, MODES, PAYABLE, words_for
from forms.rules.opening_times import DAY_WORDS, DAYS
from forms.rules.pack import Pack
from forms.values import london_day
from sync.register.open_referral import contact_parts

PATH = "/directory"
TITLE = "Find support near you"
PER_PAGE = 20
MOST_WORDS = 8  # of a sentence, each of which may be left out
PAPER_DAYS = 30  # a printed copy says until when it may be relied on
NOTHING_SEEN = "No document is named here for this listing."
_FACTS = (
    ("contact", "Contact"),
    ("districts", "Where"),
    ("modes", "How"),
    ("times", "When"),
    ("price_words", "Price"),
    ("payable_by", "Can be paid with"),
    ("who_for", "Who it is for"),
    ("languages", "Languages"),
    ("access", "Access"),
    ("capacity", "Space for new people"),
    ("cqc_words", "Registered with the Care Quality Commission?"),
)
_IN_LIST = frozenset({"contact", "districts", "times", "price_words", "payable_by", "capacity"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the form was sent with."""

    wanted: Wanted
    page: int = 1

    def query(self, page: int) -> str:
        """The same question for another page of the list."""
        wanted = self.wanted
        said = {
            "words": wanted.words,
            "place": wanted.place,
            "service": wanted.service,
            "mode": wanted.mode,
            "pay": wanted.payable,
            "day": wanted.day,
            "page": str(page) if page > 1 else "",
        }
        return urlencode({name: value for name, value in said.items() if value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A way on from a question that nothing fits: without one of its choices."""

    without: str
    wanted: Wanted
    found: int = 0


def ways_on(pack: Pack, wanted: Wanted) -> list[Way]:
    """The same question with one choice less, for each choice that was made.

    Of several words each may be the one too many.
    """
    names = _names(pack, wanted)
    nothing: dict[str, dict[str, Any]] = {name: {name: ""} for name in names}
    words = asked_for(wanted.words)
    fewer = [
        Way(
            without=f"“{word}”",
            wanted=replace(wanted, words=" ".join(each for each in words if each != word)),
        )
        for word in words[:MOST_WORDS]
        if len(words) > 1
    ]
    return fewer + [
        Way(without=said, wanted=replace(wanted, **nothing[name])) for name, said in names.items()
    ]


def _names(pack: Pack, wanted: Wanted) -> dict[str, str]:
    """What was asked for, each choice that was made as the form says it."""
    names = {
        "words": f"“{wanted.words}”",
        "place": place.name if (place := pack.place(wanted.place)) else wanted.place,
        "service": _labels(pack).get(wanted.service, wanted.service),
        "mode": words_for(MODES, wanted.mode),
        "payable": words_for(PAYABLE, wanted.payable),
        "day": dict(zip(DAYS, DAY_WORDS, strict=True)).get(wanted.day, wanted.day),
    }
    return {name: said for name, said in names.items() if getattr(wanted, name)}


def list_page(
    pack: Pack,
    fits: Sequence[PublicEntry],
    asked: Asked,
    listed: int,
    now: datetime,
    ways: Sequence[Way] = (),
) -> str:
    """The form and the listings that fit. `listed`: how many there are in all.

    `ways`: where nothing fits, what would, with how many it finds.
    """
    pages = max(1, -(-len(fits) // PER_PAGE))
    page = min(asked.page, pages)
    some = fits[(page - 1) * PER_PAGE : page * PER_PAGE]
    where = f", page {page} of {pages}" if pages > 1 else ""
    count = _count(len(fits), listed)
    names = [*_names(pack, asked.wanted).values()]
    sought = ", ".join(f"<bdi>{_e(said)}</bdi>" for said in names)
    body = [
        f"<h1>{TITLE}</h1><p class=lead>People and small groups who give care and "
        f"support. {_e(pack.council)} keeps this list.</p>",
        _form(pack, asked.wanted),
        f"<section aria-labelledby=found><h2 id=found tabindex=-1>{count}{where}</h2>",
        f"<p class=sought>Looked for: {sought}</p>" if names else "",
        _nothing(listed, ways) if not fits else _cards(pack, some),
        _pages(asked, page, pages),
        "</section>",
    ]
    title = f"{', '.join(names)}: {count}{where}" if names else TITLE + where
    return _page(pack, title, "".join(body), now, skip=("Go to the list", "found"))


def one_page(pack: Pack, entry: PublicEntry, now: datetime) -> str:
    """One listing whole."""
    name = text(entry, "trading_name")
    seen = "".join(
        f"<li>{_e(words_for(CHECKS, kind))}: {_e(_month(month))}</li>"
        for kind, month in entry.ticks
    )
    body = (
        f"<p><a href='{PATH}'>All listings</a></p>"
        f"<article class=one><h1 dir=auto>{_e(name)}</h1>{_tags(pack, entry)}"
        f"<p class=words dir=auto>{_e(text(entry, 'words'))}</p>"
        f"{_facts(pack, entry, whole=True)}</article>"
        f"<section class=note><h2>What the council has seen</h2>"
        + (f"<ul>{seen}</ul>" if seen else f"<p>{NOTHING_SEEN}</p>")
        + f"<p>{_e(entry.disclaimer)}</p></section>"
    )
    return _page(pack, name, body, now, said=True)


def gone_page(pack: Pack, now: datetime) -> str:
    """There is no listing here now; nothing is said about why."""
    body = (
        "<h1>This listing is not shown</h1><p>It may have been taken off the list. "
        f"<a href='{PATH}'>Look at all listings</a></p>"
    )
    return _page(pack, "This listing is not shown", body, now, said=True)


def bare_page(title: str, words: str) -> str:
    """A sentence with a way to the list, where nobody has to ask which council it is."""
    return (
        f"{_head(title)}<header><p>{TITLE}</p></header>"
        f"<main id=main><h1>{_e(title)}</h1><p>{_e(words)}</p></main>"
        f"<footer><p><a href='{PATH}'>Look at all listings</a></p></footer></body></html>"
    )


def _head(title: str) -> str:
    return (
        "<!doctype html><html lang=en-GB><head><meta charset=utf-8>"
        "<meta name=viewport content='width=device-width, initial-scale=1'>"
        f"<title>{_e(title)}</title>"
        f"<link rel=stylesheet href='{PATH}/style.css'></head><body>"
    )


def _page(
    pack: Pack,
    title: str,
    body: str,
    now: datetime,
    *,
    skip: tuple[str, str] = ("Go to the main part", "main"),
    said: bool = False,
) -> str:
    """A whole page. `said`: what to know before one chooses stands in its body already."""
    today = london_day(now)
    help_lines = "".join(
        f"<li>{_e(who)}: <a href='tel:{_e(number.replace(' ', ''))}'>{_e(number)}</a></li>"
        for who, number in pack.safeguarding_numbers
    )
    choose = "" if said else f"<h2>Before you choose</h2><p>{_e(DISCLAIMER)}</p>"
    return (
        f"{_head(f'{title} - {pack.council}')}"
        f"<a class=skip href='#{skip[1]}'>{_e(skip[0])}</a>"
        f"<header><p>{_e(pack.council)}</p></header><main id=main tabindex=-1>{body}</main>"
        f"<footer>{choose}"
        f"<h2>Are you worried about somebody?</h2><ul>{help_lines}</ul>"
        f"<p>This list was true on {_day(today)}. <span class=paper>Do not rely on this paper "
        f"after {_day(today + timedelta(days=PAPER_DAYS))}: look again.</span></p>"
        "<p><a href='/oruk/v3/services'>The same list as open data</a></p>"
        "</footer></body></html>"
    )


def _form(pack: Pack, wanted: Wanted) -> str:
    places = [(place.code, place.name) for place in pack.places]
    services = [(choice.code, choice.label) for choice in pack.service_types]
    days = list(zip(DAYS, DAY_WORDS, strict=True))
    return (
        f"<form class=find action='{PATH}#found' method=get role=search aria-label='Find support'>"
        "<div class=wide><label for=words>Words, such as a name or shopping</label>"
        f"<input id=words name=words type=search maxlength=200 value='{_e(wanted.words)}'></div>"
        + _select("place", "Where", "Anywhere", places, wanted.place)
        + _select("service", "What kind of help", "Any kind", services, wanted.service)
        + _select("mode", "How", "Any way", MODES, wanted.mode)
        + _select("pay", "How you would pay", "Any way", PAYABLE, wanted.payable)
        + _select("day", "Which day", "Any day", days, wanted.day)
        + "<div class='wide acts'><button type=submit>Find</button>"
        f"<a href='{PATH}'>Show all</a></div></form>"
    )


def _select(
    name: str, label: str, every: str, choices: Iterable[tuple[str, str]], chosen: str
) -> str:
    options = "".join(
        f"<option value='{_e(code)}'{' selected' if code == chosen else ''}>{_e(said)}</option>"
        for code, said in choices
    )
    return (
        f"<div><label for={name}>{_e(label)}</label><select id={name} name={name}>"
        f"<option value=''>{_e(every)}</option>{options}</select></div>"
    )


def _cards(pack: Pack, entries: Iterable[PublicEntry]) -> str:
    cards = "".join(
        f"<li><h3 dir=auto><a href='{PATH}/{_e(entry.entry_id)}'>"
        f"{_e(text(entry, 'trading_name'))}</a></h3>"
        f"{_tags(pack, entry)}{_facts(pack, entry, whole=False)}</li>"
        for entry in entries
    )
    return f"<ul class=listed>{cards}</ul>"


def _tags(pack: Pack, entry: PublicEntry) -> str:
    labels = _labels(pack)
    items = "".join(f"<li>{_e(labels.get(code, code))}</li>" for code in texts(entry, "services"))
    return f"<ul class=tags aria-label='Kinds of help'>{items}</ul>" if items else ""


def _labels(pack: Pack) -> dict[str, str]:
    return {choice.code: choice.label for choice in pack.service_types}


def _facts(pack: Pack, entry: PublicEntry, *, whole: bool) -> str:
    rows = []
    for name, label in _FACTS:
        said = _said(pack, entry, name) if whole or name in _IN_LIST else ""
        if said:
            shown = _reach(said) if name == "contact" else _e(said)
            rows.append(f"<dt>{_e(label)}</dt><dd dir=auto>{shown}</dd>")
    return f"<dl>{''.join(rows)}</dl>" if rows else ""


def _said(pack: Pack, entry: PublicEntry, name: str) -> str:
    codes = texts(entry, name)
    if name == "districts":
        return ", ".join(p.name if (p := pack.place(code)) else code for code in codes)
    if name in ("modes", "payable_by"):
        choices = MODES if name == "modes" else PAYABLE
        return ", ".join(words_for(choices, code) for code in codes)
    return ", ".join(codes) if codes else text(entry, name)


def _reach(contact: str) -> str:
    """The contact with its number and address to write to as links."""
    parts = contact_parts(contact)
    out = _e(contact)
    for kind, scheme in (("phone", "tel:"), ("email", "mailto:")):
        said = parts[kind]
        if said:
            target = re.sub(r"[^\d+]", "", said) if kind == "phone" else said
            out = out.replace(_e(said), f"<a dir=ltr href='{scheme}{_e(target)}'>{_e(said)}</a>", 1)
    return out


def _pages(asked: Asked, page: int, pages: int) -> str:
    if pages == 1:
        return ""
    links = []
    if page > 1:
        links.append(("prev", page - 1))
    if page < pages:
        links.append(("next", page + 1))
    made = "".join(
        f"<a rel={way} href='{PATH}?{_e(asked.query(to))}#found'>Page {to}</a>" for way, to in links
    )
    return f"<nav class=pages aria-label='Pages of the list'>{made}</nav>"


def _nothing(listed: int, ways: Sequence[Way]) -> str:
    if not listed:
        return "<p>Nobody is listed yet. Look again later.</p>"
    links = "".join(
        f"<li><a href='{PATH}?{_e(Asked(wanted=way.wanted).query(1))}#found'>"
        f"Without <bdi>{_e(way.without)}</bdi>: {_count(way.found, listed)}</a></li>"
        for way in ways
        if 0 < way.found < listed  # what finds all is below
    )
    return (
        "<p>Nothing on the list fits all of that. Take one choice away and look again.</p>"
        f"<ul class=ways>{links}"
        f"<li><a href='{PATH}'>Show all: {_count(listed, listed)}</a></li></ul>"
    )


def _count(found: int, listed: int) -> str:
    noun = "listing" if listed == 1 else "listings"
    return f"{found} of {listed} {noun}" if found != listed else f"{listed} {noun}"


def _day(on: date) -> str:
    return f"{on.day} {on:%B %Y}"


def _month(month: str) -> str:
    return f"{date.fromisoformat(month + '-01'):%B %Y}"


def _e(words: object) -> str:
    """The one door for values into the page: text or a quoted attribute."""
    return escape(str(words), quote=True)
