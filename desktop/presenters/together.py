"""Two people at one screen: one question a page, answers kept at once, nothing of anybody else.

Works on a context whose vault is narrowed to one enterprise; there is no way from here to another.
Refuses a mode of its own for saving: an answer is on disk before the page says so.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import casework, together
from desktop.operations.writing import Operation, Written, write
from desktop.presenters import words
from desktop.presenters.saving import words_for
from desktop.presenters.together_picture import (
    Step,
    TogetherPicture,
    together_picture,
)
from desktop.presenters.together_promises import HOME, PromisesView, SaysHow, TogetherPromises
from desktop.presenters.together_sheet import Sitting, sitting_from
from desktop.trouble import in_words
from forms.values import london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context

SITTING = "sitting"
NOT_SAVED = "That was not saved. Nothing else is lost. Press it once more."
_KINDS = ("checklist_item", "enterprise", "leader", "action", "attachment", "signature")
_SAID = {"told us": "you told us", "saw it": "we saw it", "document": "there is a paper"}


class TogetherView(PromisesView, Protocol):
    """What the presenter asks of the window."""

    def show_picture(self, picture: TogetherPicture, at: str) -> None:
        """The list at the left, and where we are in it."""
        ...

    def show_step(self, step: Step) -> None:
        """One question."""
        ...

    def show_end(self) -> None:
        """There is no step left: the way to signing and to the page."""
        ...


class AtTable:
    """What the pages of one sitting share: the context, what is seen, what was done."""

    def __init__(self, context: Context, enterprise_id: str, owner: object) -> None:
        self.context = context
        self.enterprise_id = enterprise_id
        self.owner = owner
        self.picture: TogetherPicture | None = None
        now = context.clock.now()
        self.sitting = Sitting(on=self.today, began=now, since=None)
        self.is_read = False  # whether the sitting that was kept is known
        self._again: Callable[[], None] | None = None  # what "Try again" was given

    @property
    def today(self) -> date:
        """The day in London."""
        return london_day(self.context.clock.now())

    @property
    def first_name(self) -> str:
        """The person at the table."""
        return self.picture.first_name if self.picture is not None else ""

    def take_up(self, kept: str) -> None:
        """The sitting that was kept. Its clock runs only since "We are ready" was pressed."""
        ready = self.sitting.since
        now = self.context.clock.now()
        self.sitting = sitting_from(kept, now)
        self.sitting.rest(now)
        if ready is not None:
            self.sitting.go_on(ready)
        self.is_read = True

    def rest(self, seconds_ago: int = 0) -> None:
        """The clock of the sitting stands still while nobody looks; since so many seconds."""
        self.sitting.rest(self.context.clock.now() - timedelta(seconds=seconds_ago))
        self.keep_sitting()

    def go_on(self) -> None:
        """It runs again."""
        self.sitting.go_on(self.context.clock.now())

    def note(self, key: str, said: str) -> None:
        """Something was done: the page that goes home and the timeline will say so."""
        self.sitting.note(key, said)
        self.keep_sitting()

    def stand_at(self, *, at: str | None = None, page: str | None = None) -> None:
        """The question and the page that are open: after a power cut the sitting goes on there."""
        sitting = self.sitting
        before = sitting.at, sitting.page
        sitting.at = before[0] if at is None else at
        sitting.page = before[1] if page is None else page
        if (sitting.at, sitting.page) != before:
            self.keep_sitting()

    def keep_sitting(self) -> None:
        """What was done so far, on disk: a lock in the middle loses nothing of it."""
        if not self.is_read:
            return  # what was kept before stands there, and nothing was done yet
        self.keep_draft(SITTING, self.sitting.to_text(self.context.clock.now()))

    def keep_draft(self, key: str, text: str) -> None:
        """Something half done, on this laptop only."""
        keep = self.context.unkept.keeper(key, text, self.owner)
        self.context.with_vault(
            keep, owner=self.owner, on_done=self._kept, on_failed=self._not_kept
        )

    def drop_draft(self, key: str) -> None:
        """It is done, or put away; what the disk did not take of it is wanted no more."""
        unkept = self.context.unkept

        def drop(vault: Any) -> None:
            unkept.forget(vault.drafts, key)
            vault.drafts.drop(key)

        self.context.with_vault(drop, owner=self.owner, on_done=_nothing)

    def _not_kept(self, error: Exception) -> None:
        """The disk took not all of it: said at the table, with a way to try all of it again."""
        self._kept(None)  # the bar of an older failure
        self._again = partial(self._keep_again)
        self.context.tell.failed(error, again=self._again)

    def _keep_again(self) -> None:
        self.context.with_vault(
            lambda _vault: self.context.unkept.try_again(),
            owner=self.owner,
            on_done=self._kept,
            on_failed=self._not_kept,
        )

    def _kept(self, _result: object) -> None:
        again, self._again = self._again, None
        if again is not None:
            self.context.tell.solved(again)

    def write(
        self,
        operation: Operation[Any],
        *,
        on_done: Callable[[Written[Any]], None],
        on_failed: Callable[[str], None],
    ) -> None:
        """Run one operation in one commit; a failure comes back in words."""

        def failed(error: Exception) -> None:
            ours = in_words(error).ours and not isinstance(error, words.NotThat)
            on_failed(NOT_SAVED if ours else words_for(error))
            if ours:  # the report is written by the desk
                self.context.tell.failed(error)

        write(self.context, operation, owner=self.owner, on_done=on_done, on_failed=failed)

    def write_and_say(
        self, operation: Operation[Any], view: SaysHow, then: Callable[[Any], None]
    ) -> None:
        """The same; the view says how it went, and `then` gets the result."""

        def done(written: Written[Any]) -> None:
            view.say_saved(words.saved_at(written.at))
            then(written.result)

        self.write(operation, on_done=done, on_failed=view.say_problem)


class TogetherPresenter:
    """Goes through the steps."""

    def __init__(self, table: AtTable, view: TogetherView) -> None:
        self._table, self._view = table, view
        self._at = ""
        self._answered: set[str] = set()
        self.promises = TogetherPromises(table, view, self)
        table.context.broadcast.listen(view, self._hear, *_KINDS)

    @property
    def step(self) -> Step | None:
        """The question that is open."""
        picture = self._table.picture
        return picture.find(self._at) if picture is not None else None

    def begin(self) -> None:
        """Read the sitting that was kept, then everything that may be seen."""

        def look(vault: Any) -> tuple[str, str]:
            read = self._table.context.unkept.read
            return read(vault.drafts, SITTING), read(vault.drafts, HOME)

        self._table.context.with_vault(look, owner=self._view, on_done=self._begun)

    def load(self) -> None:
        """Read everything again."""
        pack, today = self._table.context.pack, self._table.today
        answered = frozenset(self._answered)
        self._table.context.read(
            lambda reader: together_picture(reader, pack, today, answered),
            owner=self._view,
            on_done=self._arrived,
        )

    def open(self, key: str) -> None:
        """Go to one question."""
        self._at = key
        self._show()

    def go_on(self) -> None:
        """The next question that is still open, or the end."""
        self._move(1, only_open=True)

    def skip(self) -> None:
        """Leave this one as it is, and go on."""
        self._move(1, only_open=True)

    def back(self) -> None:
        """The question before this one; answers stay as they are."""
        self._move(-1, only_open=False)

    def answer(self, state: str, said_by: str = "") -> None:
        """How far the item is, and who said so."""
        step = self.step
        if step is None or not step.is_item:
            return
        said_by = said_by or step.said_by or "told us"
        operation = partial(_answer, self._table.enterprise_id, step.code, state, said_by)
        then = partial(self._noted, step.key, _said(step, state, said_by))
        self._table.write_and_say(operation, self._view, then)

    def answer_fact(self, value: object) -> None:
        """A fact about the work."""
        step = self.step
        if step is None or step.is_item:
            return
        try:
            read = _read_fact(step, value)
        except words.NotThat as error:
            self._view.say_problem(str(error))
            return
        self._answered.add(step.code)
        operation = partial(_fact, self._table.enterprise_id, step.code, read)
        then = partial(self._noted, "facts", "We answered some questions.")
        self._table.write_and_say(operation, self._view, then)

    def _noted(self, key: str, said: str, _result: object) -> None:
        self._table.note(key, said)
        self.load()

    def _begun(self, kept: tuple[str, str]) -> None:
        self._table.take_up(kept[0])
        self.promises.take_up(kept[1])
        self._at = self._table.sitting.at
        self.load()

    def _arrived(self, picture: TogetherPicture) -> None:
        first = self._table.picture is None
        self._table.picture = picture
        gone = picture.find(self._at) is None
        if gone and (first or self._at):
            self._at = next((s.key for s in _order(picture) if not s.is_done), "")
        self._show(list_only=not first)

    def _show(self, *, list_only: bool = False) -> None:
        picture = self._table.picture
        if picture is None:
            return
        self._view.show_picture(picture, self._at)
        self._table.stand_at(at=self._at)
        step = picture.find(self._at)
        if step is not None:
            self._view.show_step(step)
        elif not list_only:
            self._view.show_end()

    def _move(self, by: int, *, only_open: bool) -> None:
        picture = self._table.picture
        if picture is None:
            return
        steps = _order(picture)
        keys = [step.key for step in steps]
        here = keys.index(self._at) if self._at in keys else (len(keys) if by < 0 else -1)
        ahead = steps[here + 1 :] if by > 0 else steps[:here][::-1]
        self._at = next((s.key for s in ahead if not (only_open and s.is_done)), "")
        if not self._at and by < 0 and keys:
            self._at = keys[0]
        self._show()

    def _hear(self, news: News) -> None:
        if news.initiator is not self._view:
            self.load()


def _order(picture: TogetherPicture) -> list[Step]:
    return [*picture.questions, *picture.musts, *picture.others]


def _said(step: Step, state: str, said_by: str) -> str:
    if state == "done":
        return f"{step.title}: done, {_SAID.get(said_by, 'you told us')}"
    return f"{step.title}: started" if state == "doing" else ""


def _read_fact(step: Step, value: object) -> object:
    if step.kind == "choices":
        return [str(each) for each in value] if isinstance(value, list | tuple) else []
    if step.kind == "whole":
        return words.read_whole(str(value), most=10_000_000)
    return {"yes": True, "no": False}.get(str(value), str(value))


def _answer(enterprise_id: str, code: str, state: str, said_by: str, writing: Any) -> str:
    return together.answer_item(writing, enterprise_id, code, state=state, said_by=said_by)


def _fact(enterprise_id: str, key: str, value: object, writing: Any) -> None:
    casework.set_fact(writing, enterprise_id, key, value)


def _nothing(_result: object) -> None:
    return None
