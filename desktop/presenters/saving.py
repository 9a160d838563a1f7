"""A field that saves itself: half-typed text kept as a draft, the answer committed, the words said.

The view asks `commit` when a field is left and `keep_draft` while somebody types. Refuses to
clear a field: on a failure the text stays where it is and the words say what to do. "Try again"
refuses to put older text over what was written since.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations.writing import Operation, Written, write
from desktop.presenters.words import NotThat, saved_at
from desktop.pressed import Rest, Taken
from desktop.trouble import in_words, may_pass

if TYPE_CHECKING:
    from desktop.context import Context


class Seen(Protocol):
    """A view that knows whether somebody looks at it."""

    def is_in_sight(self) -> bool:
        """Whether it is on the screen."""
        ...

    def catch_up_with(self, load: Callable[[], None]) -> None:
        """Call `load` when it is shown next."""
        ...


def when_seen(view: Seen, load: Callable[[], None]) -> None:
    """Read again now if somebody looks at it, else when it is shown next."""
    if view.is_in_sight():
        load()
    else:
        view.catch_up_with(load)


def rest_of(text: str, taken: str) -> str:
    """What was typed behind it; all of it where somebody changed what stood there."""
    return text.removeprefix(taken).lstrip() if taken else text


class ShowsFields(Seen, Protocol):
    """A view with fields that save themselves."""

    def field_saved(self, key: str, words: str) -> None:
        """The field's text is on disk."""
        ...

    def field_failed(self, key: str, words: str) -> None:
        """It is not; the text stays on the screen."""
        ...


STILL_ASKING = (
    "What you asked for before is still on its way. Press again when it is answered here."
)
STILL_HERE = "This was not saved. What you typed is still here: press Tab to try again."


def words_for(error: Exception) -> str:
    """What a page says where no "Try again" stands: known faults speak for themselves."""
    if isinstance(error, NotThat) and str(error):
        return str(error)
    return getattr(error, "without_button", "") or in_words(error).words


def _words_of_a_field(error: Exception) -> str:
    """What a field says; the bar of the window has "Try again" for it."""
    if isinstance(error, NotThat) and str(error):
        return str(error)
    trouble = in_words(error)
    return STILL_HERE if trouble.ours else trouble.words


NOT_READ = "This page could not be read. Try again, at the top, reads it once more."


def unread(
    context: Context, show: Callable[[str], None], again: Callable[[], None]
) -> Callable[[Exception], None]:
    """What a page does that could not be read, to give as `on_failed` of its `load`.

    What a person can act on is said on the page ("That record is not here"). For a trouble of the
    records, or a mistake of ours, the page says that it could not be read, and the window says why,
    with "Try again"; a mistake of ours leaves its report there.
    """

    def failed(error: Exception) -> None:
        kinds = {cls.__name__ for cls in type(error).__mro__}
        if kinds & _FOR_THE_PAGE and str(error):
            show(str(error))
            return
        show(NOT_READ)
        context.tell.failed(error, again=again)

    return failed


_FOR_THE_PAGE = frozenset({"NotThat", "OperationFault", "RecordUnknown"})


class FieldSaver:
    """Commits one field at a time and tells the view how it went."""

    def __init__(self, context: Context, view: ShowsFields, scope: str) -> None:
        self._context = context
        self._view = view
        self.scope = scope
        self._unsaved: dict[str, Callable[[], None]] = {}  # by key: what "Try again" was given
        self._under_way: set[str] = set()  # keys that are being written
        self._typed: dict[str, str] = {}  # by name of the draft: the newest text
        self._anew: set[str] = set()  # names of drafts kept while the page hears of a commit
        self._unkept: dict[str, Callable[[], None]] = {}  # as above: what "Try again" was given

    def is_under_way(self, key: str) -> bool:
        """Whether it is being written: a button asks before it takes what stands in its fields.

        What a press took is emptied once it is on disk; a press that writes nothing must not take.
        """
        return key in self._under_way

    def draft(self, key: str) -> str:
        """The name of the draft of a field, for whoever finishes it with another."""
        return f"{self.scope}/{key}"

    def rename(self, scope: str) -> None:
        """From now on these fields are of `scope`: their drafts are kept and read there."""
        self.scope = scope

    def take_over(self, scope: str, keys: Iterable[str]) -> None:
        """Half-typed text kept under another scope is of this one; what is here already stays."""
        names = [(f"{scope}/{key}", f"{self.scope}/{key}") for key in keys]

        def move(vault: Any) -> None:
            for there, here in names:
                text = vault.drafts.read(there)
                if text:
                    if not vault.drafts.read(here):
                        vault.drafts.keep(here, text)
                    vault.drafts.drop(there)

        self._context.with_vault(move, owner=self._view, on_done=_nothing)

    def commit(
        self,
        key: str,
        operation: Operation[Any],
        then: Callable[[Any], None] | None = None,
        *,
        name: str = "",
        again: Callable[[], None] | None = None,
        if_not: Callable[[], None] | None = None,
        once: bool = False,
        drops: Iterable[str] | Taken = (),
    ) -> None:
        """Write it; `then` gets the operation's result. `name` has the undo bar offer it back.

        `once`: nothing while the one before is being written: a button was pressed twice.

        The draft of the field goes in the same commit, and with it those that `drops` names (see
        `draft`).

        `if_not` is called after it was said that nothing of it was written.

        "Try again" does the same once more, or `again` where it has to be worked out anew; it does
        nothing once a newer commit of this key was asked for.
        It gives what was taken along when it was asked for; what was typed since stays.
        """
        field = self.draft(key)
        if once and key in self._under_way:
            return
        self._under_way.add(key)
        turn = self._context.turns.get(field, 0) + 1
        self._context.turns[field] = turn
        is_again = isinstance(drops, Taken)
        taken = drops if isinstance(drops, Taken) else self._context.pressed.now((field, *drops))
        once_more = again or partial(self.commit, key, operation, then, name=name, drops=taken)
        write(
            self._context,
            operation,
            owner=self._view,
            on_done=partial(self._done, key, taken, then, is_again),
            on_failed=partial(
                self._failed, key, partial(self._try_again, field, turn, once_more), if_not
            ),
            name=name,
            drops=taken,
        )

    def _try_again(self, name: str, turn: int, once_more: Callable[[], None]) -> None:
        if self._context.turns.get(name, 0) == turn:
            once_more()

    def is_settled(self, key: str) -> None:
        """What could not be written under this key is wanted no more: nothing is tried again."""
        self._solved(key)

    def keep_draft(self, key: str, text: str, rest: Rest | None = None) -> None:
        """Keep half-typed text on this laptop only. "Try again" keeps what stands there by then.

        Nothing is no half-typed text: a draft there was is dropped.

        `rest`: for what a button saves. While its work is under way the text is kept as what stays
        of it when that is on disk, or whole where it is not: the lane knows, the page does not yet.
        """
        if not text:
            self.drop_draft(key)
            return
        name = self.draft(key)
        self._typed[name] = text
        self._anew.add(name)
        self._context.pressed.keeps(name, text, rest)
        presses = self._context.pressed.of(self._view, name) if rest is not None else ()

        def left() -> str:
            kept = text
            for press in presses:
                if rest is not None and press.took is not None and press.took[name]:
                    kept = rest(kept, press.took[name])
            return kept

        self._context.with_vault(
            self._context.unkept.keeper(name, text, self._view, left),
            owner=self._view,
            on_done=partial(self._draft_kept, name),
            on_failed=partial(self._draft_not_kept, key, name, rest),
        )

    def keeps(self, key: str, text: str) -> bool:
        """Whether this draft is on disk, or on its way there, as far as anybody was told."""
        name = self.draft(key)
        return self._typed.get(name) == text and name not in self._unkept

    def _draft_not_kept(self, key: str, name: str, rest: Rest | None, error: Exception) -> None:
        self._draft_kept(name, None)  # the bar of an older failure

        def again() -> None:
            if name in self._typed:
                self.keep_draft(key, self._typed[name], rest)

        self._unkept[name] = again
        self._context.tell.failed(error, again=again)

    def _draft_kept(self, name: str, _result: object) -> None:
        again = self._unkept.pop(name, None)
        if again is not None:
            self._context.tell.solved(again)

    def read_draft(self, key: str, show: Callable[[str], None]) -> None:
        """Give back half-typed text that was never finished, if there is any."""
        name = self.draft(key)

        def arrived(text: str | None) -> None:
            if text:
                self._context.pressed.found(name, text)
                show(text)

        self._context.with_vault(
            lambda vault: self._context.unkept.read(vault.drafts, name),
            owner=self._view,
            on_done=arrived,
        )

    def read_drafts(self, keys: Iterable[str], show: Callable[[str, str], None]) -> None:
        """Give back what was half typed in any of these fields, in one look."""

        def arrived(found: dict[str, str]) -> None:
            for key, text in found.items():
                show(key, text)

        self.read_together(keys, arrived)

    def read_together(self, keys: Iterable[str], show: Callable[[dict[str, str]], None]) -> None:
        """Give back at once what was half typed in these fields, those that hold something."""
        names = {key: self.draft(key) for key in keys}

        def look(vault: Any) -> dict[str, str]:
            read = self._context.unkept.read
            found = {key: read(vault.drafts, name) for key, name in names.items()}
            return {key: text for key, text in found.items() if text}

        def arrived(found: dict[str, str]) -> None:
            for key, text in found.items():
                self._context.pressed.found(names[key], text)
            show(found)

        self._context.with_vault(look, owner=self._view, on_done=arrived)

    def drop_draft(self, key: str) -> None:
        """The text is finished or thrown away."""
        self._drop(self.draft(key))

    def _drop(self, name: str) -> None:
        self._typed.pop(name, None)
        self._anew.add(name)
        self._context.pressed.keeps(name, "")
        self._draft_kept(name, None)  # nothing is left to try again
        unkept = self._context.unkept

        def drop(vault: Any) -> None:
            unkept.forget(vault.drafts, name)
            vault.drafts.drop(name)

        self._context.with_vault(drop, owner=self._view, on_done=_nothing)

    def _done(
        self,
        key: str,
        taken: Taken,
        then: Callable[[Any], None] | None,
        is_again: bool,  # noqa: FBT001 -- bound where it is asked for
        written: Written[Any],
    ) -> None:
        self._under_way.discard(key)
        self._solved(key)
        self._anew.clear()
        self._view.field_saved(key, saved_at(written.at))
        if then is not None:
            then(written.result)
        for name, text in taken.typed.items():
            is_since = self._typed.get(name) != text
            if is_since and (is_again or name != self.draft(key)):
                continue  # the rest of it is kept already
            # kept here, and maybe once more since it was asked for; what the page kept just now,
            # which is what stands there since, is written in place of it
            if name in self._typed and name not in self._anew:
                self._drop(name)

    def _failed(
        self,
        key: str,
        again: Callable[[], None],
        if_not: Callable[[], None] | None,
        error: Exception,
    ) -> None:
        words = _words_of_a_field(error)
        self._under_way.discard(key)
        self._solved(key)  # the bar of an older failure; this one speaks for itself
        self._view.field_failed(key, words)
        if words == STILL_HERE:
            self._unsaved[key] = again
            self._context.tell.failed(error, again=again)
        elif may_pass(error):
            self._unsaved[key] = again
            self._context.tell.problem(words, again=again)
        if if_not is not None:
            if_not()

    def _solved(self, key: str) -> None:
        again = self._unsaved.pop(key, None)
        if again is not None:
            self._context.tell.solved(again)


def _nothing(_result: object) -> None:
    return None
