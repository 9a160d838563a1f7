"""Passphrase, recovery sheet, a new key: a card each, saying what was asked for.

Refuses to keep a secret: `forget` empties what was typed and takes a sheet off the clipboard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.cards import Card
from desktop.views.kit.fields import SecretField
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, paragraph
from desktop.views.kit.layout import row
from desktop.views.kit.sheet import SheetWords

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class PassphraseCard(Card):
    """Change it, or have one offered."""

    wanted = Signal(str, str, str)  # the one in use, the new one, the new one again
    offer_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Passphrase", parent)
        self.old = SecretField("The passphrase you use now")
        self.new = SecretField("New passphrase", "Three or more words, or 15 letters.")
        self.again = SecretField("The new one again")
        self.again.shown_with(self.new)
        self.change = primary("Change my passphrase", self._change)
        self.add(
            self.old,
            self.new,
            quiet("Offer me three random words", self.offer_wanted.emit),
            self.again,
            row(self.change, None),
        )

    def forget(self) -> None:
        """Empty the fields."""
        for field in (self.old, self.new, self.again):
            field.forget()

    def show_offer(self, passphrase: str) -> None:
        """An offered passphrase, shown so that it can be written down."""
        for field in (self.new, self.again):
            field.set_value(passphrase)
            field.show_box.setChecked(True)

    def _change(self) -> None:
        self.wanted.emit(self.old.value(), self.new.value(), self.again.value())


class SheetCard(Card):
    """A new recovery sheet, until it is put away."""

    wanted = Signal()
    put_away = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Recovery sheet", parent)
        self.sheet = SheetWords()
        self.make = button("Make a new recovery sheet", self.wanted.emit)
        self._with_sheet = flowing(
            button("Print it", self.sheet.print_out),
            button("Copy the words", self.sheet.copy),
            button("I have it on paper", self.put_away.emit),
        )
        self.sheet.hide()
        self._with_sheet.hide()
        self.add(
            paragraph("Lost the sheet, or somebody has seen it? Make a new one."),
            muted("The old sheet opens nothing from that moment on.", wrap=True),
            row(self.make, None),
            self.sheet,
            self._with_sheet,
        )

    def show_sheet(self, words: tuple[str, ...]) -> None:
        """The new words."""
        self.sheet.show_words(words)
        self._turn(shown=True)

    def forget(self) -> None:
        """Put the sheet away."""
        self.sheet.take_off_clipboard()
        self.sheet.show_words(())
        self._turn(shown=False)

    def _turn(self, *, shown: bool) -> None:
        self.sheet.setVisible(shown)
        self._with_sheet.setVisible(shown)
        self.make.setVisible(not shown)


class NewKeyCard(Card):
    """Lock everything anew."""

    wanted = Signal(str, str, str)  # the passphrase in use, the one from now on, the same again

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("A new key for everything", parent)
        self.old = SecretField("The passphrase you use now")
        self.new = SecretField("Passphrase from now on", "It may be the same one.")
        self.again = SecretField("The same again")
        self.again.shown_with(self.new)
        self.lock = button("Lock everything with a new key", self._lock)
        self.add(
            paragraph(
                "Was this laptop, or a copy of its files, in somebody else's hands together with "
                "your passphrase or your recovery sheet? Then lock everything anew."
            ),
            muted(
                "Records, files and copies are written again and checked before anything changes. "
                "The records close meanwhile. You get a new recovery sheet.",
                wrap=True,
            ),
            self.old,
            self.new,
            self.again,
            row(self.lock, None),
        )

    def forget(self) -> None:
        """Empty the fields."""
        for field in (self.old, self.new, self.again):
            field.forget()

    def _lock(self) -> None:
        self.wanted.emit(self.old.value(), self.new.value(), self.again.value())
