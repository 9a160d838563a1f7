"""Half-typed words that the disk does not take while the window or the records close.

Closing: the window stays, and says what is not kept. Locking: the records close all the same, and
the words wait in this process, sealed under their key, until they are opened again. Refuses to let
words go without a press for it, and to hold anything about a person that can be read while locked.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.alive import is_alive
from desktop.jobs import Lane
from desktop.trouble import may_pass

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.jobs import Jobs
    from desktop.together_desk import TogetherDesk
    from desktop.unkept import Half, Held
    from desktop.views.main_window import MainView
    from desktop.views.main_window_frame import Frame
    from desktop.views.not_kept import NotKeptBar

SAFE = "Everything that was saved before is safe."
ROOM = "The disk of this laptop is full or does not answer."
NOT_CLOSED = (
    "Hedgerow is still open, because these words could not be kept: {what}. "
    f"{ROOM} {SAFE} Free about 200 MB and try again. Or copy the words."
)
AT_THE_TABLE = f"Hedgerow is still open: the last words could not be kept. {ROOM} {SAFE}"
HELD = (
    "What you typed last ({what}) is not on the disk of this laptop. Hedgerow holds it, locked, "
    "until you open your records. Free about 200 MB and open them. Closing Hedgerow or switching "
    f"the laptop off before loses it. {SAFE}"
)
GONE = (
    "What you chose last ({what}) could not be kept. "
    f"{ROOM} {SAFE} Open your records and choose it again."
)
KEPT_NOW = "What you typed just before the lock is kept now."
OTHER_KEY = (
    "What you typed just before the lock ({what}) could not be brought back. "
    f"{SAFE} Type it once more."
)
NOT_DONE = (
    "The last thing you did before the lock could not be saved. "
    f"{ROOM} {SAFE} Open your records and do it once more."
)


def said_after_a_lock(page: object, error: Exception) -> str:
    """What the page of the passphrase says instead: what was on a page is not "still here"."""
    from desktop.views.unlock import UnlockPage

    return NOT_DONE if isinstance(page, UnlockPage) and may_pass(error) else ""


class Desk(Protocol):
    """Open records, as far as leaving them goes."""

    view: MainView
    context: Context
    together: TogetherDesk | None

    def keep_what_is_typed(self) -> None:
        """Have every page commit or keep what is half typed."""
        ...


class Closes(Protocol):
    """The program, as far as this goes."""

    frame: Frame
    jobs: Jobs

    @property
    def desk(self) -> Desk | None:
        """The open records; None while they are locked."""
        ...


class Leaving:
    """Lives as long as the program."""

    def __init__(self, program: Closes) -> None:
        self._program = program
        self._held: list[Held] = []  # of records that are locked now
        self.is_sure = False  # the person lets the words go
        self._bar: NotKeptBar | None = None
        program.jobs.idle_changed.connect(self._look_again)

    # -- closing -----------------------------------------------------------------------------

    def may_close(self) -> bool:
        """Whether nothing is lost by it; else say what, where the person is looking."""
        if self.is_sure:
            return True
        desk = self._program.desk
        if desk is None:
            self.say_held(closing=True)
            return not self._held
        lost = self._keep(desk)
        if lost and desk.together is not None:
            desk.together.narrow.tell.problem(AT_THE_TABLE)  # who looks on is told no more
        elif lost:
            self._say_not_closed(desk, lost)
        return not lost

    def _look_again(self, idle: bool) -> None:  # noqa: FBT001 -- a signal's own value
        """It may be kept by now: by "Try again" of the page, or as somebody typed on."""
        desk, bar = self._program.desk, self._bar
        if not idle or desk is None or bar is None or not is_alive(bar):
            return
        if not desk.context.unkept.lost:
            bar.say("")

    def _keep(self, desk: Desk) -> tuple[Half, ...]:
        unkept = desk.context.unkept
        unkept.is_leaving = True
        try:
            desk.keep_what_is_typed()
        finally:
            unkept.is_leaving = False
        if unkept.lost:
            self._program.jobs.wait(Lane.VAULT, unkept.try_again)
        return unkept.lost

    def _say_not_closed(self, desk: Desk, lost: tuple[Half, ...]) -> None:
        from desktop.views.kit.screen import Screen
        from desktop.views.kit.typed_text import typed_boxes

        pages = {half.page: None for half in lost}
        lines, named = [], set()
        for screen in desk.view.findChildren(Screen):
            title = screen.title()
            if title in pages:
                boxes = typed_boxes(screen)
                lines += [f"{name}: {text}" if name else text for name, text in boxes]
                named |= {f"{title}, “{name}”" for name, _text in boxes}
                if boxes:
                    pages.pop(title)
        lines += [_readable(half.text) for half in lost if half.text and half.page in pages]
        what = [*sorted(named), *(page or "another page" for page in pages)]
        words = NOT_CLOSED.format(what="; ".join(what))
        self._show(desk.view, words, "\n".join(lines), closing=True)

    def _show(self, page: Any, words: str, text: str = "", *, closing: bool) -> None:
        from desktop.views.not_kept import NotKeptBar

        bar = self._bar
        if bar is None or not is_alive(bar) or bar.parentWidget() is not page:
            bar = self._bar = NotKeptBar(self._close, self._lose)
            bar.put_over(page)
        bar.show_why(words, text, closing=closing, locked=self._program.desk is None)

    def _close(self) -> None:
        desk = self._program.desk
        if desk is not None:
            desk.view.problem.try_again()  # a choice has no draft
        self._program.frame.close()

    def _lose(self) -> None:
        self.is_sure = True
        self._program.frame.close()

    # -- locking -----------------------------------------------------------------------------

    def hold(self, held: Held | None) -> None:
        """The records are locked: what the disk did not take waits here, sealed."""
        if held is not None:
            self._held.append(held)
            self.say_held()

    def say_held(self, *, closing: bool = False) -> None:
        """Say it on the page of the passphrase, if that is in front."""
        from desktop.views.unlock import UnlockPage

        page = self._program.frame.centralWidget()
        if self._held and isinstance(page, UnlockPage):
            typed = _named(each for one in self._held for each in one.pages)
            gone = _named(each for one in self._held for each in one.gone)
            words = [HELD.format(what=typed)] if typed else []
            words += [GONE.format(what=gone)] if gone else []
            page.passphrase.set_problem("")  # it says less
            page.counts.hide()  # "Kept on this laptop" is not so
            self._show(page, " ".join(words), closing=closing)

    def give_back(self, context: Context) -> None:
        """The records are open again: keep what waited, before a page looks for it."""
        held, self._held = self._held, []
        for one in held:
            context.with_vault(
                partial(_taken_back, context, one),
                owner=self._program,
                on_done=partial(_said, context),
                on_failed=partial(_not_kept, context, one),
            )


def _readable(kept: str) -> str:
    """A draft as a person reads it: several fields are kept as one."""
    try:
        said = json.loads(kept)
    except ValueError:
        return kept
    return "\n".join(str(each) for each in said.values()) if isinstance(said, dict) else kept


def _named(pages: Any) -> str:
    return "; ".join(dict.fromkeys(page or "a page" for page in pages))


def _taken_back(context: Context, held: Held, vault: Any) -> Held:
    context.unkept.take_back(vault, held)
    return held


def _said(context: Context, held: Held) -> None:
    if held.gone:
        context.tell.problem(GONE.format(what=_named(held.gone)))
    if held.pages:
        context.tell.say(KEPT_NOW)


def _not_kept(context: Context, held: Held, error: Exception) -> None:
    if not context.unkept.lost:
        context.tell.problem(OTHER_KEY.format(what=_named(held.pages)))
        return
    context.tell.failed(error, again=partial(_try_again, context))


def _try_again(context: Context) -> None:
    context.with_vault(
        lambda _vault: context.unkept.try_again(),
        owner=context.goes,
        on_done=lambda _none: context.tell.say(KEPT_NOW),
        on_failed=partial(context.tell.failed, again=partial(_try_again, context)),
    )
