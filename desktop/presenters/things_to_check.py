"""Things to check: a field with two values, both kept, until a person says which one holds.

Nothing is lost either way: the value not chosen stays in the history. Refuses a default choice,
and refuses "the same for all" on money.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.decisions import put_back, settle
from desktop.presenters import words
from desktop.presenters.differing import Marked, marked
from desktop.presenters.field_words import (
    MONEY_KINDS,
    can_be_typed,
    field_words,
    read_value,
)
from desktop.presenters.half_typed import HalfTyped, half_said
from desktop.presenters.merged import Merged, merged_beside
from desktop.presenters.people import Names
from desktop.presenters.saving import FieldSaver, when_seen
from desktop.presenters.things_settling import (
    FOR_ALL,
    HoldsChoice,
    Settling,
    key_of,
    settle_all,
)
from desktop.presenters.value_said import Said
from forms.change import DELETED, Conflict, Head
from forms.facts.kinds import KINDS
from forms.facts.people import Enterprise, Leader
from forms.rules.pack import Pack
from forms.values import LONDON, Actor

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the values, with who wrote it when."""

    words: str
    who: str
    value: Any
    marked: Marked = ()  # the words in pieces, those that differ from before marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """One thing to check."""

    id: str
    kind: str
    field: str
    record_id: str
    enterprise_id: str
    about: str  # "Mary Thorne"
    what: str  # "Enterprise: phone"
    before: str
    mine: Side
    theirs: Side
    is_money: bool
    can_be_typed: bool
    merged: tuple[Merged, ...] = ()  # what else was changed, and merged without asking


def things_to_check(reader: Any, actor: Actor, pack: Pack) -> tuple[Thing, ...]:
    """Every open one, oldest first."""
    names = Names(reader, actor)
    said = Said(reader, names, pack)
    return tuple(
        thing
        for each in sorted(reader.conflicts(open_only=True), key=lambda c: (c.opened_at, c.id))
        if (thing := _thing(reader, names, said, each)) is not None
    )


def _thing(reader: Any, names: Names, said: Said, conflict: Conflict) -> Thing | None:
    theirs = next((h for h in conflict.heads if h.dot == conflict.in_use), None)
    mine = next((h for h in reversed(conflict.heads) if h.dot != conflict.in_use), None)
    if theirs is None or mine is None:
        return None
    enterprise_id, about = _about(reader, conflict)
    return Thing(
        id=conflict.id,
        kind=conflict.kind,
        field=conflict.field,
        record_id=conflict.record_id,
        enterprise_id=enterprise_id,
        about=about,
        what=field_words(conflict.kind, conflict.field),
        before=said(conflict.field, conflict.before),
        mine=_side(names, said, conflict, mine),
        theirs=_side(names, said, conflict, theirs),
        is_money=conflict.kind in MONEY_KINDS,
        can_be_typed=can_be_typed(conflict.kind, conflict.field),
        merged=merged_beside(reader, names, said, conflict),
    )


def _side(names: Names, said: Said, conflict: Conflict, head: Head) -> Side:
    field = conflict.field
    before = said(field, conflict.before) if conflict.before else ""
    on = words.weekday(head.at.astimezone(LONDON).date())
    who = names.who(head.actor_id) or "a colleague"
    return Side(
        words=said(field, head.value),
        marked=marked(before, said(field, head.value)),
        who=f"{who}, {on} {words.clock_time(head.at)}",
        value=head.value,
    )


def _about(reader: Any, conflict: Conflict) -> tuple[str, str]:
    if conflict.kind == "enterprise":
        enterprise_id = conflict.record_id
    else:
        record = reader.get(KINDS[conflict.kind].cls, conflict.record_id)
        enterprise_id = getattr(record, "enterprise_id", "")
    leaders = reader.all(Leader, enterprise_id=enterprise_id) if enterprise_id else []
    enterprise = reader.get(Enterprise, enterprise_id) if enterprise_id else None
    named = " and ".join(each.name for each in leaders if each.name)
    return enterprise_id, named or (enterprise.name if enterprise else "") or "A record"


class ThingsView(HoldsChoice, Protocol):
    """What the presenter asks of the page."""

    def show_thing(self, thing: Thing, number: int, of: int) -> None:
        """Show one of them; nothing is chosen beforehand."""
        ...

    def offer_for_all(self, alike: int, rest: int) -> None:
        """One answer can do for so many about the same field, and for so many that are left."""
        ...

    def show_nothing(self) -> None:
        """There is nothing to check."""
        ...

    def forget_choice(self) -> None:
        """The one on the page is settled: nothing of what is chosen there is kept for later."""
        ...

    def choose_again(self) -> None:
        """What could not be written is tried again: choose what stands on the page by now."""
        ...


class ThingsPresenter:
    """Walks through the things to check and writes what was chosen."""

    def __init__(self, context: Context, view: ThingsView) -> None:
        self._context = context
        self._view = view
        self._things: tuple[Thing, ...] = ()
        self._at = 0
        self._settling = Settling(context, view, lambda: self.current)
        self._saver = FieldSaver(context, view, "things_to_check")
        context.broadcast.listen(view, self._hear)

    @property
    def current(self) -> Thing | None:
        """The one on the screen."""
        return self._things[self._at] if self._things else None

    def load(self) -> None:
        """Read them again."""
        actor, pack = self._context.actor, self._context.pack
        self._context.read(
            lambda reader: things_to_check(reader, actor, pack),
            owner=self._view,
            on_done=self._arrived,
        )

    def half_of(self, thing: Thing) -> HalfTyped:
        """What is chosen and typed for a thing and not used yet."""
        return self._settling.half_of(thing)

    def decide_later(self) -> None:
        """Leave it open and look at the next; after the last one, back to where one was."""
        if not self._things:
            return
        if self._at + 1 < len(self._things):
            self._at += 1
            self._show()
            return
        left = words.counted(len(self._things), "thing is", "things are")
        self._context.tell.say(f"{left} left for later. Nothing is lost.")
        self._at = 0
        self._show()
        self._context.goes.back()

    def choose(self, choice: str, text: str, note: str) -> None:
        """Write `mine`, `theirs` or `new` (the typed text) and go on."""
        thing = self.current
        if thing is None or not self._settling.free((thing,)):
            return
        if choice not in ("mine", "theirs", "new"):
            self._view.field_failed("choice", "Choose one of the values first.")
            return
        try:
            value = self._value(thing, choice, text)
        except words.NotThat as error:
            self._view.field_failed("new", str(error))
            return
        self._settle_one(thing, value, note)

    def _settle_one(self, thing: Thing, value: Any, note: str) -> None:
        self._settling.write(
            (thing,),
            partial(settle, conflict_id=thing.id, value=value, note=note),
            self._settled,
            key=key_of(thing),
            name=f"{thing.what} of {thing.about} chosen",
            again=partial(self._once_more, thing, value, note),
        )

    def _once_more(self, thing: Thing, value: Any, note: str) -> None:
        """Try again, with all that was typed since: it would have no field to stand in."""
        if thing.id not in {each.id for each in self._settling.free(self._things)}:
            return
        if self.current is not None and self.current.id == thing.id:
            self._view.choose_again()
            return
        name = self.half_of(thing).name
        self._context.with_vault(
            lambda vault: half_said(vault, name),
            owner=self._view,
            on_done=partial(self._as_it_was_left, thing, value, note),
        )

    def _as_it_was_left(self, thing: Thing, value: Any, note: str, half: dict[str, str]) -> None:
        choice = half.get("choice", "")
        if choice:
            note = half.get("note", "")
            with suppress(words.NotThat):  # half a value: then as it was pressed for
                value = self._value(thing, choice, half.get("new", ""))
        if thing.id in {each.id for each in self._settling.free(self._things)}:
            self._settle_one(thing, value, note)

    def alike(self) -> tuple[Thing, ...]:
        """The open ones about the same field, the present one among them; money apart."""
        now = self.current
        if now is None or now.is_money:
            return ()
        return tuple(t for t in self._things if (t.kind, t.field) == (now.kind, now.field))

    def rest(self) -> tuple[Thing, ...]:
        """The present one and those after it, money apart."""
        return tuple(each for each in self._things[self._at :] if not each.is_money)

    def choose_for_alike(self, choice: str) -> None:
        """The same answer for all that are about the same field, in one step."""
        self._choose_for(self.alike(), choice)

    def choose_for_rest(self, choice: str) -> None:
        """The same answer for all that are left, in one step."""
        self._choose_for(self.rest(), choice)

    def put_back(self, merged: Merged) -> None:
        """Write what stood in a merged field before; can be taken back."""
        about = self.current.about if self.current is not None else ""
        self._saver.commit(
            "merged",
            partial(
                put_back,
                kind=merged.kind,
                record_id=merged.record_id,
                field=merged.field,
                before=merged.before,
                after=merged.after,
            ),
            lambda _written: self.load(),
            name=f"{merged.what.capitalize()} of {about} put back",
        )

    def _choose_for(self, things: tuple[Thing, ...], choice: str) -> None:
        open_now = {each.id for each in self._settling.free(self._things)}
        things = tuple(each for each in things if each.id in open_now)
        if not things:
            return
        each_with = [(e.id, self._value(e, choice, ""), self.half_of(e).name) for e in things]
        whose = "Yours" if choice == "mine" else "The register's"
        self._settling.write(
            things,
            partial(settle_all, each_with=each_with),
            self._settled,
            key=FOR_ALL,
            name=f"{whose} chosen for {words.counted(len(things), 'thing', 'things')}",
            again=partial(self._choose_for, things, choice),
        )

    def _settled(self, ids: set[str]) -> None:
        """They are things to check no more, also before the records are read again."""
        if self.current is not None and self.current.id in ids:
            self._view.forget_choice()  # of another one it is still being typed
        self._arrived(tuple(each for each in self._things if each.id not in ids))

    def _value(self, thing: Thing, choice: str, text: str) -> Any:
        if choice == "new":
            return read_value(thing.kind, thing.field, text, self._context.today)
        return thing.mine.value if choice == "mine" else thing.theirs.value

    def _arrived(self, things: tuple[Thing, ...]) -> None:
        kept = self.current.id if self.current else ""
        before, self._things = self._things, things
        ids = [each.id for each in things]
        self._at = ids.index(kept) if kept in ids else min(self._at, max(len(ids) - 1, 0))
        self._show()
        for each in before:  # settled elsewhere, or erased: after the page has set it aside
            if each.id not in ids:
                self._settling.is_gone(each)

    def _show(self) -> None:
        if self.current is None:
            self._view.show_nothing()
        else:
            self._view.offer_for_all(len(self.alike()), len(self.rest()))
            self._view.show_thing(self.current, self._at + 1, len(self._things))
        self._settling.tell_hold()

    def _hear(self, news: News) -> None:
        # of a removed record nobody is asked, and again once it is back
        marked_anew = any(DELETED in each.fields for each in news.changes.records)
        if news.changes.conflicts or marked_anew:
            when_seen(self._view, self.load)
