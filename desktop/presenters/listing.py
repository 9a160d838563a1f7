"""The listing tab: public words that save themselves, consent, checks, and asking for a decision.

A decision waits beside what is unsent until there is a connection, and the tab says so. Refuses to
ask for what cannot be granted yet without saying why.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import decisions
from desktop.operations import listing as listings
from desktop.presenters import words
from desktop.presenters.half_typed import half_of
from desktop.presenters.listing_picture import (
    ASKED,
    REASONED,
    ListingPicture,
    Move,
    listing_picture,
)
from desktop.presenters.saving import STILL_ASKING, FieldSaver, ShowsFields, unread, when_seen

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context

_KINDS = ("register_entry", "qa_check", "consent", "enterprise", "stage_event")
TYPED = ("text", "long")


class ListingView(ShowsFields, Protocol):
    """What the presenter asks of the tab."""

    def show_listing(self, picture: ListingPicture) -> None:
        """Show it."""
        ...

    def show_answer(self, words: str, *, good: bool) -> None:
        """What became of asking for a decision."""
        ...

    def show_missing(self, words: str) -> None:
        """The record is not here."""
        ...

    def reason_taken(self) -> None:
        """The reason is on its way: it is no longer half typed."""
        ...

    def check_added(self) -> None:
        """The check is on disk: empty its fields."""
        ...

    def restore(self, key: str, text: str) -> None:
        """Give half-typed text back to its field."""
        ...


def reason_scope(enterprise_id: str) -> str:
    """Where the reason is kept while it is half typed."""
    return f"listing/{enterprise_id}/reason"


class ListingPresenter:
    """One enterprise's listing."""

    def __init__(self, context: Context, view: ListingView, enterprise_id: str) -> None:
        self._context = context
        self._view = view
        self._enterprise_id = enterprise_id
        self._picture: ListingPicture | None = None
        self._given_back = False
        self._saver = FieldSaver(context, view, f"listing/{enterprise_id}")
        context.broadcast.listen(view, self._hear)

    def load(self) -> None:
        """Read everything again."""
        self._context.read(
            partial(
                listing_picture,
                pack=self._context.pack,
                actor=self._context.actor,
                enterprise_id=self._enterprise_id,
                now=self._context.clock.now(),
            ),
            owner=self._view,
            on_done=self._arrived,
            on_failed=unread(self._context, self._view.show_missing, self.load),
        )

    def begin(self) -> None:
        """Begin with what the record knows already."""
        self._saver.commit("begin", partial(_begin, enterprise_id=self._enterprise_id))

    def set_text(self, key: str, kind: str, text: str) -> None:
        """A typed field was left."""
        del kind
        value: object = text.strip()
        if key == "languages":
            value = tuple(part.strip() for part in text.split(",") if part.strip())
        self._write(key, value)

    def set_choices(self, key: str, codes: tuple[str, ...]) -> None:
        """A field with several ticks."""
        self._write(key, tuple(codes))

    def keep_draft(self, key: str, text: str) -> None:
        """Keep half-typed text."""
        self._saver.keep_draft(key, text)

    def agree(self, channel: str) -> None:
        """The leader agreed today."""
        self._saver.commit(
            "consent",
            partial(
                _agree,
                enterprise_id=self._enterprise_id,
                entry_id=self._entry_id,
                channel=channel,
            ),
        )

    def take_consent_back(self) -> None:
        """The leader took it back."""
        self._saver.commit("consent", partial(_take_back, enterprise_id=self._enterprise_id))

    @property
    def is_checking(self) -> bool:
        """Whether the one before is being written: what is typed meanwhile is not taken."""
        return self._saver.is_under_way("check")

    def add_check(self, typed: dict[str, str], drops: tuple[str, ...] = ()) -> None:
        """A proof was seen today by this person; `drops` are the drafts of it."""
        try:
            until = words.read_day(typed.get("expires_on", ""), self._context.today)
        except words.NotThat as error:
            self._view.field_failed("check.expires_on", str(error))
            return
        operation = partial(
            _add_check,
            enterprise_id=self._enterprise_id,
            kind=typed.get("kind", ""),
            level=typed.get("level", ""),
            seen_how=typed.get("seen_how", ""),
            reference=typed.get("reference", ""),
            expires_on=until,
        )
        self._saver.commit("check", operation, self._check_added, once=True, drops=drops)

    def may_ask(self) -> bool:
        """Whether nothing that was asked for is still being written; says so where it is."""
        if self._saver.is_under_way("decision"):
            self._view.show_answer(STILL_ASKING, good=False)
            return False
        return True

    def ask(self, move: Move, reason: str) -> None:
        """Ask for a decision; it goes with the next exchange."""
        if move.name in REASONED and not reason.strip():
            self._view.show_answer("Write the reason first. It is never published.", good=False)
            return
        payload: dict[str, object] = {}
        drops: tuple[str, ...] = ()
        if move.name in REASONED:
            payload["reason"] = reason.strip()
            drops = (half_of(reason_scope(self._enterprise_id)),)
        operation = partial(_ask, name=move.name, entry_id=self._entry_id, payload=payload)
        waits = partial(self._waits, move)
        self._saver.commit("decision", operation, waits, once=True, drops=drops)

    @property
    def _entry_id(self) -> str:
        return self._picture.entry_id if self._picture else ""

    def _write(self, key: str, value: object) -> None:
        if key not in ASKED:
            raise ValueError(key)
        self._saver.commit(key, partial(_set, entry_id=self._entry_id, changed={key: value}))

    def _check_added(self, _check_id: object) -> None:
        self._view.check_added()

    def _waits(self, move: Move, _request_id: object) -> None:
        if move.name in REASONED:
            self._view.reason_taken()
        self._view.show_answer(
            f"{move.title}: asked. It waits on this laptop and goes to the council with the "
            "next exchange.",
            good=True,
        )
        if self._context.rounds is not None:
            self._context.rounds.run_now()

    def _arrived(self, picture: ListingPicture) -> None:
        self._picture = picture
        self._view.show_listing(picture)
        if picture.entry_id and not self._given_back:
            self._given_back = True
            typed = [each.key for each in picture.fields if each.kind in TYPED]
            self._saver.read_drafts(typed, self._view.restore)

    def _hear(self, news: News) -> None:
        if news.touches(*_KINDS) or news.changes.decisions:
            when_seen(self._view, self.load)


def _begin(writing: Any, *, enterprise_id: str) -> str:
    return listings.begin(writing, enterprise_id)


def _set(writing: Any, *, entry_id: str, changed: dict[str, Any]) -> None:
    listings.set_words(writing, entry_id, **changed)


def _agree(writing: Any, *, enterprise_id: str, entry_id: str, channel: str) -> None:
    listings.agree(writing, enterprise_id, entry_id, channel=channel)


def _take_back(writing: Any, *, enterprise_id: str) -> None:
    listings.take_consent_back(writing, enterprise_id)


def _add_check(writing: Any, *, enterprise_id: str, **fields: Any) -> str:
    return listings.add_check(writing, enterprise_id, **fields)


def _ask(writing: Any, *, name: str, entry_id: str, payload: dict[str, object]) -> str:
    return decisions.ask(writing, name, entry_id, payload)
