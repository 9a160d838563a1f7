"""The listing tab: public words at the left; state, what is missing, checks and preview beside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from desktop.presenters.half_typed import HalfTyped
from desktop.presenters.listing import ListingPresenter, reason_scope
from desktop.views.enterprise.editables import Editables
from desktop.views.form_pages.fields import say_status
from desktop.views.form_pages.halves import two_pages
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.buttons import button, primary, quiet
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, section, small
from desktop.views.kit.layout import clear, column, row
from desktop.views.kit.shapes import Look
from desktop.views.listing.checks import SEEN, Checks
from desktop.views.listing.moves import Moves
from desktop.views.listing.preview import PublicPreview

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.presenters.listing_picture import ListingPicture, Missing


NOT_BEGUN = "There is no listing yet. Begin with what this record knows already."


class ListingPanel(SeenPart):
    """May people choose this enterprise? What is missing? What would they read?"""

    def __init__(self, context: Context, enterprise_id: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._begin = primary("Begin the listing", self._begin_pressed)
        self._begin_words = muted(NOT_BEGUN, wrap=True)
        self._words = Editables(lambda: context.today)
        self._words_heading = section("Words for the public directory")
        self._words_hint = muted("Only what stands here is ever published.", wrap=True)
        self._consent = label("", wrap=True)
        self._agree = button("They agreed today, in person", self._agree_pressed)
        self._take_back = quiet("They took it back", self._take_back_pressed)
        self._consent_status = small("", wrap=True)
        self._state = StatusChip("", Look.INFO)
        self._since = label("", wrap=True)
        self._private = muted("", wrap=True)
        self._asked = column(gap=0)
        self._missing = column(gap=1)
        self._moves = Moves(self._may_ask)
        self._preview = PublicPreview()
        self._checks = Checks(lambda: context.today)
        self._for_entry = QWidget()
        self._build()
        reason = HalfTyped(context, self, reason_scope(enterprise_id))
        self._reason = KeptFields(reason, "", {"reason": self._moves.reason})
        check = HalfTyped(context, self, f"listing/{enterprise_id}/check")
        self._check = KeptFields(check, SEEN, self._checks.fields)
        self._presenter = ListingPresenter(context, self, enterprise_id)
        self._words.typed_in.connect(self._presenter.set_text)
        self._words.several.connect(self._presenter.set_choices)
        self._words.half_typed.connect(self._presenter.keep_draft)
        self._moves.wanted.connect(self._presenter.ask)
        self._checks.wanted.connect(self._check_wanted)
        self._presenter.load()

    def _build(self) -> None:
        self._consent_status.hide()
        left = QWidget()
        left.setLayout(
            column(
                self._begin_words,
                row(self._begin, None),
                section("Agreement to be listed"),
                self._consent,
                flowing(self._agree, self._take_back),
                self._consent_status,
                1,
                self._words_heading,
                self._words_hint,
                self._words,
                None,
                gap=1,
            )
        )
        left.layout().setContentsMargins(0, 0, 12, 0)  # type: ignore[union-attr]
        self._for_entry.setLayout(
            column(
                section("Still missing"),
                self._missing,
                1,
                self._moves,
                1,
                self._preview,
                gap=1,
                margin=0,
            )
        )
        right = QWidget()
        right.setLayout(
            column(
                self._state,
                self._since,
                self._private,
                self._asked,
                self._for_entry,
                1,
                self._checks,
                None,
                gap=1,
            )
        )
        right.layout().setContentsMargins(12, 0, 10, 0)  # type: ignore[union-attr]
        names = ("Public words beside their state", "Public words", "State, checks and preview")
        split = two_pages(left, right, (470, 430), names)
        self.setLayout(column(split))

    def show_listing(self, picture: ListingPicture) -> None:
        """Show it."""
        begun = bool(picture.entry_id)
        self._begin_words.setText(NOT_BEGUN)
        self._show_parts(begun=begun, may_write=picture.may_write)
        self._for_entry.setVisible(begun)
        self._words.show_fields(picture.fields)
        self._consent.setText(picture.consent)
        self._agree.setVisible(begun and picture.may_write and not picture.has_consent)
        self._take_back.setVisible(picture.may_write and picture.has_consent)
        self._state.show_state(picture.state, Look(picture.look))
        self._since.setText(picture.since)
        self._since.setVisible(bool(picture.since))
        private = f"Reason, never published: {picture.private}" if picture.private else ""
        self._private.setText(private)
        self._private.setVisible(bool(private))
        clear(self._asked)
        for words in picture.asked:
            self._asked.addWidget(small(words, wrap=True))
        self._show_missing_things(picture.missing)
        self._moves.show_moves(picture.moves)
        self._preview.show_preview(picture.preview)
        self._checks.show_checks(picture.checks, may_add=picture.may_check)
        for kept in (self._reason, self._check):
            kept.give_back()

    def _show_parts(self, *, begun: bool, may_write: bool) -> None:
        to_begin: tuple[QWidget, ...] = (self._begin, self._begin_words)
        to_write: tuple[QWidget, ...] = (self._words_heading, self._words_hint, self._words)
        for part in to_begin:
            part.setHidden(begun or not may_write)
        for part in to_write:
            part.setVisible(begun and may_write)

    def show_answer(self, words: str, *, good: bool) -> None:
        """What became of asking."""
        self._moves.show_answer(words, good=good)

    def reason_taken(self) -> None:
        """The reason is on its way."""
        self._reason.was_taken()

    def show_missing(self, words: str) -> None:
        """The record is not here."""
        self._begin_words.setText(words)
        for part in (self._begin, self._for_entry, self._words, self._agree, self._take_back):
            part.hide()

    def check_added(self) -> None:
        """Ready for the next one."""
        self._check.was_taken()
        self._checks.begin_anew()

    def restore(self, key: str, text: str) -> None:
        """Give half-typed text back to its field."""
        self._words.restore(key, text)

    def field_saved(self, key: str, words: str) -> None:
        """It is on disk."""
        field = self._words.field(key)
        if field is not None:
            field.show_saved(words)
        elif key == "check":
            self._checks.say(words)
        elif key == "consent":
            say_status(self._consent_status, words)

    def field_failed(self, key: str, words: str) -> None:
        """It is not; the text stays."""
        field = self._words.field(key)
        if field is not None:
            field.show_problem(words)
        elif key.startswith("check"):
            self._checks.say(words, "problem")
        elif key == "decision":
            self._moves.show_answer(words, good=False)
        else:
            say_status(self._consent_status, words, "problem")

    def _show_missing_things(self, missing: tuple[Missing, ...]) -> None:
        clear(self._missing)
        if not missing:
            self._missing.addWidget(StatusChip("Nothing is missing", Look.DONE))
        for each in missing:
            said = each.state or ("Missing" if each.look == "stop" else "Soon")
            line = row(StatusChip(said, Look(each.look)), gap=1)
            line.addWidget(label(each.words, wrap=True), 1)
            self._missing.addLayout(line)

    def _begin_pressed(self) -> None:
        self._presenter.begin()

    def _may_ask(self) -> bool:
        return self._presenter.may_ask()

    def _check_wanted(self) -> None:
        if not self._presenter.is_checking:
            self._presenter.add_check(self._check.take(), drops=(self._check.name,))

    def _agree_pressed(self) -> None:
        self._presenter.agree("in person")

    def _take_back_pressed(self) -> None:
        self._presenter.take_consent_back()
