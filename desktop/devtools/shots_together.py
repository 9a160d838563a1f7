"""Pictures of the window for two people, page by page, with one of the practice people.

Refuses a real printer and a real camera: the page is shown, not printed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from desktop.views.together.guide_page import GuidePage
from desktop.views.together.step_list import FORM, GUIDE

if TYPE_CHECKING:
    from desktop.program import Program
    from desktop.views.together.window import TogetherWindow
    from storage.vault import Vault

INSURANCE = "item.C07"
SCRIBBLE = tuple((40 + 9 * at, 120 + (at * 37) % 60) for at in range(60))


def pages(
    program: Program, enterprise_id: str, settle: Callable[[], None]
) -> Iterator[tuple[str, TogetherWindow]]:
    """Open every page in turn, the way two people come by it; ends the sitting."""
    desk = program.desk
    if desk is None:
        raise RuntimeError("the records are not open")
    desk.context.with_vault(_choose_pin, owner=desk, on_done=_chosen)
    settle()
    desk.start_together(enterprise_id)
    if desk.together is None:
        raise RuntimeError("the shared window did not open")
    window = desk.together.window
    settle()  # full screen first; then the size of the other pictures
    window.resize(program.frame.size())
    for name, open_page in PAGES.items():
        settle()
        open_page(window)
        settle()
        yield name, window
    desk.together.end()
    settle()


def _choose_pin(vault: Vault) -> None:
    vault.leaving_pin.choose("8265")


def _chosen(_result: object) -> None:
    """There is a way back."""


def _turn(window: TogetherWindow) -> None:
    """It is there already."""


def _step(window: TogetherWindow) -> None:
    window.turn.ready.emit()
    window.list.picked.emit(INSURANCE)


def _who_says_so(window: TogetherWindow) -> None:
    window.step.answered.emit("done", "saw it")


def _at_home(window: TogetherWindow) -> None:
    window.step.go_on.emit()
    window.strip.home.emit()


def _photos(window: TogetherWindow) -> None:
    window.home.back.emit()
    window.step.file_wanted.emit()


def _sign(window: TogetherWindow) -> None:
    window.strip.sign.emit()


def _signed(window: TogetherWindow) -> None:
    picture = window.table.picture
    name = picture.name if picture is not None else ""
    window.sign.signed.emit(name, False, (SCRIBBLE,))


def _take_home(window: TogetherWindow) -> None:
    window.strip.sheet.emit()


def _guide(window: TogetherWindow) -> None:
    window.list.picked.emit(GUIDE)


def _what_fits(window: TogetherWindow) -> None:
    guide = window.front
    if isinstance(guide, GuidePage):
        for ask in guide.asks:
            guide.answer(ask.id, ask.choices[-1][0] if ask.choices else "1")
        guide.go(len(guide.asks))


def _form(window: TogetherWindow) -> None:
    window.list.picked.emit(FORM)


def _end(window: TogetherWindow) -> None:
    window.show_end()


def _paused(window: TogetherWindow) -> None:
    window.pause()


def _pin(window: TogetherWindow) -> None:
    window.paused.go_on.emit()
    window.strip.finish.emit()


PAGES: dict[str, Callable[[TogetherWindow], None]] = {
    "turn": _turn,
    "step": _step,
    "who-says-so": _who_says_so,
    "at-home": _at_home,
    "photos": _photos,
    "sign": _sign,
    "signed": _signed,
    "take-home": _take_home,
    "guide": _guide,
    "what-fits": _what_fits,
    "form": _form,
    "end": _end,
    "paused": _paused,
    "pin": _pin,
}
