"""Sent & safe on screen: saved, to send, asked, copies, this laptop. Facts first, then a button."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.presenters.sent_and_safe import Asked, SafePage, SafePresenter
from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph, strong, title
from desktop.views.kit.layout import clear, column, row, scrolling
from desktop.views.kit.long_work import LongWork
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLayout, QPushButton

    from desktop.context import Context
    from desktop.navigation import Route


JOIN_AGAIN = "Join again with a new code"
LOOKING = "Looking how your work is..."


def make(context: Context, route: Route) -> SentAndSafe:
    """The factory named in `screens.py`."""
    del route
    screen = SentAndSafe()
    screen.use(SafePresenter(screen, context))
    over = getattr(context.rounds, "round_ended", None)  # practice records have no rounds
    if over is not None:
        over.connect(screen.round_over)
    return screen


class SentAndSafe(Screen):
    """Cards in one column."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: SafePresenter | None = None
        self._send = primary("Send and fetch now", self._doing(SafePresenter.send_now))
        self._check = button("Check my data", self._doing(SafePresenter.check))
        self._copy = button("Make a copy now", self._doing(SafePresenter.copy))
        self._outbox = Card("Your work")
        self._asked = Card("Asked of the council")
        self._records = Card("Your records on this laptop")
        self._work = LongWork(lambda: self._presenter is not None and self._presenter.work.tick())
        self._work.stopped.connect(self._doing(lambda presenter: presenter.work.stop()))
        self._work.again.connect(self._doing(lambda presenter: presenter.work.again()))
        self._health = QVBoxLayout()
        self._offer = QVBoxLayout()  # to put a copy back
        self._offers_mend = False
        self._pressed = _Pressed(self._check, self._copy)
        self._facts = QVBoxLayout()
        self._copies = paragraph()
        self._device = muted("", wrap=True)
        self._carry = button("Carry by hand", self._doing(SafePresenter.carry))
        self._put_back = button("Put the newest copy back", self._doing(SafePresenter.put_back))
        self._copy_lines = muted("", wrap=True)
        self._ways = paragraph()
        self._keys = Card("Who can open them")
        self._pack = Card("The programme's rules on this laptop")
        where = button("Where everything is", self._seeing("ledger"))
        laptops = button("Laptops", self._seeing("devices"))
        self._outbox.add(self._facts, flowing(self._send, self._carry, where, laptops))
        self._records.add(
            self._copies,
            self._copy_lines,
            self._work,
            self._health,
            self._offer,
            flowing(self._check, self._copy, self._put_back),
            self._device,
        )
        self._keys.add(
            self._ways,
            flowing(
                button("Passphrase and recovery sheet", self._seeing("ways_in")),
                button("Privacy: copies, consent, erasure", self._seeing("privacy")),
            ),
        )
        page = QWidget()
        cards = (self._outbox, self._records, self._keys, self._pack, self._asked)
        page.setLayout(column(title("Sent & safe"), *cards, None, margin=2))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page, "Sent and safe"))

    def use(self, presenter: SafePresenter) -> None:
        """Give the page its presenter."""
        self._presenter = presenter
        self.show_unread(LOOKING)

    def title(self) -> str:
        """What Back calls it."""
        return "Sent & safe"

    def arrive(self) -> None:
        """Read again."""
        if self._presenter is not None:
            self._presenter.load()
        (self._send if self._send.isEnabled() else self._check).setFocus()

    @Slot()
    def round_over(self) -> None:
        """What stopped it, or that nothing did, is shown as it is now."""
        if self._presenter is not None and self.isVisible():
            self._presenter.load()

    def show_page(self, page: SafePage) -> None:
        """Show it all."""
        self._turn(looked=True)
        clear(self._facts)
        if page.saved:
            self._facts.addWidget(StatusChip(page.saved, Look.DONE))
        waiting = not page.to_send.startswith(("Nothing", "Practice", "All"))
        self._facts.addWidget(StatusChip(page.to_send, Look.WAITING if waiting else Look.LAPTOP))
        if page.files:
            self._facts.addWidget(StatusChip(page.files, Look.WAITING))
        if not page.practice:
            self._facts.addWidget(StatusChip(page.last_sent, Look.SENDING))
        if page.trouble:
            self._facts.addWidget(label(page.trouble, wrap=True))
        if page.may_join:
            self._facts.addLayout(
                row(button(JOIN_AGAIN, self._doing(SafePresenter.join_again)), None)
            )
        if page.held_back:
            self._facts.addLayout(row(StatusChip("Look at this", Look.STOP), None))
            self._facts.addWidget(paragraph(page.held_back))
            self._facts.addLayout(
                row(button("Let them go", self._doing(SafePresenter.let_leave)), None)
            )
        if page.to_check:
            self._facts.addLayout(self._things(page.to_check))
        if page.not_taken:
            changes = "1 change was" if page.not_taken == 1 else f"{page.not_taken} changes were"
            chip = StatusChip(f"{changes} not taken", Look.STOP)
            self._facts.addLayout(row(chip, button("See why", self._seeing("ledger")), None))
        self._copy_lines.setText("  ·  ".join(page.copy_lines))
        self._copy_lines.setVisible(len(page.copy_lines) > 1)
        self._put_back.setVisible(page.may_put_back and not self._offers_mend)
        self._ways.setText(page.ways)
        self._show_rules(page)
        self._send.setVisible(page.may_send)
        self._carry.setVisible(page.may_send)
        self._show_asked(page.asked)
        self._copies.setText(page.copies)
        self._device.setText(f"This laptop: {page.device}" if page.device else "")
        self._device.setVisible(bool(page.device))

    def show_unread(self, words: str) -> None:
        """Nobody has looked, or could: only what may be done about it stays."""
        clear(self._facts)
        self._facts.addWidget(muted(words, wrap=True))
        self._turn(looked=False)

    def _turn(self, *, looked: bool) -> None:
        for part in (self._copies, self._keys, self._pack, self._asked):
            part.setVisible(looked)
        if not looked:
            self._copy_lines.hide()
            self._device.hide()

    def watch(self) -> None:
        """A check or a copy may take long."""
        self._work.watch()

    def show_busy(self, words: str, done: int, of: int) -> None:
        """How far a check or a copy is."""
        if words:
            self._pressed.leave(self)
            if self._work.isHidden():  # it begins: what is offered meanwhile stays in reach
                self._clear_health()
        else:
            self._pressed.come_back(self, self._work)
        self._work.show_step(words, done, of)

    def show_stopped(self, words: str) -> None:
        """A person stopped it. Who was at Stop goes on at "Try again"."""
        if words and self.hasFocus():
            self._pressed.come_back(self, self._work)
        elif not words and self._work.has_focus:
            self.setFocus()  # what is hidden now gives it to what stands beside
        self._pressed.turn(on=True)
        self._work.show_stopped(words)

    def show_health(self, words: str, lines: tuple[str, ...], *, well: bool) -> None:
        """What the check found."""
        self._clear_health()
        self._health.addLayout(
            row(
                StatusChip("Well" if well else "Look at this", Look.DONE if well else Look.STOP),
                None,
            )
        )
        self._health.addWidget(paragraph(words))
        for line in lines:
            self._health.addWidget(muted(line, wrap=True))
        announce(self, words)

    def show_mend(self, words: str) -> None:
        """A good copy can be put back. Who asked for it goes on at the button that does it."""
        asked = self._put_back.hasFocus()
        self._clear_offer()
        close = button("Close and put it back", self._doing(SafePresenter.mend))
        self._offer.addWidget(paragraph(words))
        self._offer.addLayout(row(close, None))
        close.show()  # now: what is not in sight takes no focus
        self._offers_mend = True
        if asked:
            close.setFocus()
            announce(self, words)
        self._put_back.hide()

    def _clear_health(self) -> None:
        clear(self._health)
        self._clear_offer()

    def _clear_offer(self) -> None:
        clear(self._offer)
        if self._offers_mend:
            self._put_back.show()
        self._offers_mend = False

    def _show_asked(self, asked: tuple[Asked, ...]) -> None:
        self._asked.clear()
        if not asked:
            self._asked.add(muted("Nothing was asked of the council from this laptop."))
        for each in asked:
            self._asked.add(_asked_line(each))

    def _show_rules(self, page: SafePage) -> None:
        self._pack.clear()
        self._pack.add(paragraph(page.rules))
        for words in page.rules_amiss:
            self._pack.add(row(StatusChip("Not used", Look.STOP), None), paragraph(words))

    def _things(self, count: int) -> QLayout:
        words = "1 thing to check" if count == 1 else f"{count} things to check"
        return row(
            StatusChip(words, Look.STOP),
            button(
                "Look at it" if count == 1 else "Look at them",
                self._doing(SafePresenter.see_to_check),
            ),
            None,
        )

    def _doing(self, act: Callable[[SafePresenter], None]) -> Callable[[], None]:
        """What a button does; nothing before the page has its presenter."""

        def do() -> None:
            if self._presenter is not None:
                act(self._presenter)

        return do

    def _seeing(self, name: str) -> Callable[[], None]:
        """Opens another page about the same."""
        return self._doing(lambda presenter: presenter.see(name))


class _Pressed:
    """The buttons of a check and a copy: out of reach meanwhile, then the keys are there again."""

    def __init__(self, *buttons: QPushButton) -> None:
        self._buttons, self._newest = buttons, buttons[0]

    def leave(self, page: QWidget) -> None:
        """One was pressed: the page has the keys, or Qt gives them to what stands beside."""
        for each in self._buttons:
            if each.hasFocus():
                self._newest = each
                page.setFocus()
        self.turn(on=False)

    def come_back(self, page: QWidget, work: LongWork) -> None:
        """It is over: whoever waited goes on where they pressed."""
        self.turn(on=True)
        if page.hasFocus() or work.has_focus:
            self._newest.setFocus()

    def turn(self, *, on: bool) -> None:
        """In reach or not."""
        for each in self._buttons:
            each.setEnabled(on)


def _asked_line(asked: Asked) -> QLayout:
    look = Look.WAITING if asked.waiting else Look.STOP if asked.refused else Look.DONE
    head = row(strong(asked.words), muted(asked.when), None, StatusChip(asked.state, look))
    made = column(head, gap=0)
    if asked.answer:
        made.addWidget(muted(asked.answer, wrap=True))
    return made
