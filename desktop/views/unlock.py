"""The unlock page. First thing painted, so it imports no storage and shows no name.

Pasting and password managers work; the passphrase can be shown; the recovery sheet is one press
away. Refuses to clear what was typed when it did not open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.cards import Card
from desktop.views.kit.fields import SecretField
from desktop.views.kit.labels import muted, paragraph, title
from desktop.views.kit.layout import column, row
from desktop.views.kit.stops import StopsByEscape
from desktop.views.kit.ticks import Ticks

if TYPE_CHECKING:
    from desktop.presenters.unlock import UnlockPresenter
    from desktop.views.kit.bars import Busy

WIDTH = 440
TICK_MS = 100
LETTERS = 58  # the card grows with the text


class UnlockPage(StopsByEscape):
    """A card in the middle: what this is, one field, one button, one way round."""

    def __init__(self, counts: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter: UnlockPresenter | None = None
        self.passphrase = SecretField("Your passphrase")
        self.recovery = SecretField(
            "The words of your recovery sheet", "All of them, with a space between."
        )
        self.open_button = primary("Open my records", self._on_open)
        self._other_way = quiet("I forgot my passphrase: use my recovery sheet", self._on_other)
        self._log_in = button("Open with this computer's log-in", self._on_log_in)
        self._state: QLabel = muted("", wrap=True)
        self._ticks = Ticks(self, TICK_MS, self._look)
        self._work = QVBoxLayout()
        self._busy: Busy | None = None  # not before something long is under way
        self._has_log_in = False
        self._offer_words: QLabel = paragraph("")
        self._take = button("", self._on_take, role="primary")
        self._leave = quiet("Not now", self._on_leave)
        card = Card()
        card.setMinimumWidth(WIDTH)
        card.setMaximumWidth(max(WIDTH + 120, self.fontMetrics().averageCharWidth() * LETTERS))
        card.add(
            title("Open your records"),
            muted("They are encrypted on this laptop. No signal is needed.", wrap=True),
            1,
            self.passphrase,
            self.recovery,
            self._state,
            self._work,
            self._offer_words,
            row(self._take, self._leave, None),
            row(self.open_button, None),
            row(self._log_in, None),
            self._other_way,
        )
        self.counts = muted(counts)
        if not counts:
            self.counts.hide()
        self.setLayout(
            column(None, row(None, card, None), row(None, self.counts, None), None, gap=2)
        )
        for later in (self.recovery, self._state, self._log_in):
            later.hide()
        self.show_offer("", "")
        self.setFocusProxy(self.passphrase)
        self.passphrase.entered.connect(self._on_open)
        self.recovery.entered.connect(self._on_open)

    def use(self, presenter: UnlockPresenter) -> None:
        """Give the page its presenter."""
        self._presenter = presenter

    def show_busy(self, words: str) -> None:
        """The key is being worked out; the fields rest."""
        self._state.setText(words)
        self._state.setVisible(bool(words))
        self.passphrase.set_problem("")
        self.recovery.set_problem("")
        self._set_enabled(on=False)
        self._ticks.start()

    def show_step(self, words: str) -> None:
        """What is done before the records open; read out when it changes."""
        if self._state.text() != words:
            from desktop.views.kit.bars import announce  # not needed for the first paint

            self._state.setText(words)
            announce(self, words)

    def show_work(self, words: str, done: int, of: int) -> None:
        """The same of what may be stopped, with its units and Stop."""
        if self._busy is None:
            from desktop.views.kit.bars import Busy  # not needed for the first paint

            self._busy = Busy()
            if self._presenter is not None:
                self._busy.stopped.connect(self._presenter.stop)
            self._work.addWidget(self._busy)
        begins = self._busy.isHidden() or not self._busy.words
        self._state.hide()
        self._busy.show()
        self._busy.show_step(words, done, of)
        if begins:
            self._busy.take_focus()

    def show_stopped(self, words: str) -> None:
        """A person stopped it; what was offered, or to open, is the next step again."""
        self._set_enabled(on=True)
        self._state.setText(words)
        self._state.show()
        from desktop.views.kit.bars import announce  # not needed for the first paint

        announce(self, words)
        (self.open_button if self._take.isHidden() else self._take).setFocus()

    def look_at_ways(self) -> None:
        """Opening is warmed up: see which ways there are."""
        if self._presenter is not None:
            self._presenter.look_at_ways()

    def show_log_in(self) -> None:
        """Offer the log-in of this computer: it opens too."""
        self._has_log_in = True
        self._log_in.setHidden(self._take.isVisibleTo(self))

    def show_offer(self, words: str, press: str) -> None:
        """What can be done about it, and the button that does it."""
        self._offer_words.setText(words)
        self._take.setText(press)
        self._take.setAccessibleName(press or "Do it")
        for part in (self._offer_words, self._take, self._leave):
            part.setHidden(not words)
        self.open_button.setHidden(bool(words))  # one next step at a time
        self._log_in.setHidden(bool(words) or not self._has_log_in)
        if words:
            self._state.hide()
            self._set_enabled(on=True)
            from desktop.views.kit.bars import announce  # not needed for the first paint

            announce(self, words)
            self._take.setFocus()

    def show_problem(self, words: str, details: str = "") -> None:
        """What happened; what was typed stays and is selected."""
        self._set_enabled(on=True)
        self._state.hide()
        field = self._field()
        field.set_problem(words)
        field.setToolTip(details)
        field.edit.setFocus()
        field.edit.selectAll()

    def show_ways(self, *, recovery: bool) -> None:
        """Passphrase or recovery sheet."""
        self.passphrase.setVisible(not recovery)
        self.recovery.setVisible(recovery)
        words = "Use my passphrase" if recovery else "I forgot my passphrase: use my recovery sheet"
        self._other_way.setText(words)
        self._other_way.setAccessibleName(words)
        self._field().edit.setFocus()

    def forget_typed(self) -> None:
        """Nothing secret stays in a widget."""
        self.passphrase.forget()
        self.recovery.forget()
        self._set_enabled(on=True)

    def _look(self) -> bool:
        return self._presenter is not None and self._presenter.look()

    def _field(self) -> SecretField:
        return self.recovery if self.passphrase.isHidden() else self.passphrase

    def _set_enabled(self, *, on: bool) -> None:
        if on and self._busy is not None:
            self._busy.hide()
        for each in (
            self.passphrase,
            self.recovery,
            self.open_button,
            self._log_in,
            self._take,
            self._leave,
            self._other_way,
        ):
            each.setEnabled(on)

    @Slot()
    def _on_open(self) -> None:
        if self._presenter is not None:
            self._presenter.open_by(self._field().value())

    @Slot()
    def _on_log_in(self) -> None:
        if self._presenter is not None:
            self._presenter.open_by_log_in()

    @Slot()
    def _on_take(self) -> None:
        if self._presenter is not None:
            self._presenter.take_offer(self._field().value())

    @Slot()
    def _on_leave(self) -> None:
        if self._presenter is not None:
            self._presenter.leave_offer()

    def _on_other(self) -> None:
        if self._presenter is None:
            return
        if self.passphrase.isHidden():
            self._presenter.use_passphrase()
        else:
            self._presenter.use_recovery()
