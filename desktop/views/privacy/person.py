"""One person's privacy: consent by purpose, their own copy, the wish to be forgotten."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desktop.actions import Action
from desktop.presenters.half_typed import HalfTyped
from desktop.presenters.privacy_person import WISH, PersonPresenter
from desktop.views.form_pages.fields import ChoiceField, Field, TextField
from desktop.views.form_pages.halves import text_is_large
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.few import Few
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, paragraph, small, strong, title
from desktop.views.kit.layout import clear, column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.privacy_person import Agreed, PersonPicture

ASK = "Ask for the erasure"
Chooser = Callable[[QWidget], Path | None]


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `id` of the enterprise."""
    return PersonScreen(context, route.get("id"))


def choose_folder(parent: QWidget) -> Path | None:
    """Ask where their copy shall go: a new folder in the chosen one."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    start = QStandardPaths.writableLocation(place)
    name = QFileDialog.getExistingDirectory(parent, "Where shall their copy go?", start)
    return Path(name) if name else None


class PersonScreen(Screen, SeenPart):
    """What did they agree to, and what do we hold about them?"""

    def __init__(
        self,
        context: Context,
        enterprise_id: str,
        parent: QWidget | None = None,
        *,
        choose: Chooser = choose_folder,
    ) -> None:
        super().__init__(parent)
        self._choose = choose
        self._folder = f"own-copy-{enterprise_id[:8]}-{context.today.isoformat()}"
        self._presenter = PersonPresenter(context, self, enterprise_id)
        self._title = title("")
        self._problem = Bar("warn-bar", Look.WARN)
        self._done = Bar("info-bar", Look.DONE)
        self._erased = Bar("info-bar", Look.INFO)
        self._by = TextField("Who agrees")
        self._how = ChoiceField("How they said so", self._presenter.channels)
        self._purposes = QVBoxLayout()
        self._purposes.setSpacing(12)
        self._why = TextField("What they said", "In a line. You can leave it empty.")
        self._wish = muted("", wrap=True)
        self._ask = button(ASK, self._wish_pressed)
        self._consent = Card("What they agreed to")
        self._forget = Card("They ask to be forgotten")
        scope = f"person/{enterprise_id}"
        agreeing: dict[str, Field] = {"given_by": self._by, "channel": self._how}
        self._agreeing = KeptFields(
            HalfTyped(context, self, f"{scope}/consent"), "They agree", agreeing
        )
        self._wishing = KeptFields(
            HalfTyped(context, self, f"{scope}/wish"), ASK, {"why": self._why}
        )
        self._build()
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Consent and own copy"

    def actions_here(self) -> list[Action]:
        """What can be done here."""
        return [Action("person.own_copy", "Write their own copy", self._copy_pressed)]

    def _build(self) -> None:
        self._consent.add(flowing(self._by, self._how, gap=2), self._purposes)
        copy = Card("Their own copy")
        copy.add(
            paragraph(
                "Everything held about them, in one folder: a page to read, the same to print, the "
                "exact records and every file. It is theirs to have."
            ),
            flowing(primary("Write their own copy", self._copy_pressed)),
            self._done,
        )
        self._forget.add(
            paragraph(
                "You ask for it, a lead or QA carries it out. Counts stay, and what the law says "
                "must be kept. Everything that names them goes."
            ),
            self._wish,
            self._why,
            flowing(self._ask),
        )
        inner = QWidget()
        inner.setLayout(column(self._consent, copy, self._forget, None, gap=1))
        inner.layout().setContentsMargins(0, 0, 10, 0)  # type: ignore[union-attr]
        head = flowing(self._title, button("Open the record", self._presenter.open_record), gap=2)
        page = scrolling(inner, "Consent and own copy")
        self.setLayout(column(head, self._problem, self._erased, page, margin=2, gap=1))

    def show_person(self, picture: PersonPicture) -> None:
        """Show it all."""
        self._title.setText(picture.who)
        self._erased.say(picture.erased)
        if not self._by.text:
            self._by.set_text(picture.leader)
        for kept in (self._agreeing, self._wishing):
            kept.give_back()
        clear(self._purposes)
        for agreed in picture.purposes:
            self._purposes.addWidget(self._line(agreed))
        self._wish.setText(picture.wish)
        self._wish.setVisible(bool(picture.wish))
        for part in (self._why, self._ask):
            part.setVisible(not picture.wish and not picture.erased)

    def show_done(self, words: str) -> None:
        """Something is done; stays."""
        self._done.say(words)

    def given(self, what: str) -> None:
        """`CONSENT` or `WISH` is on disk."""
        (self._wishing if what == WISH else self._agreeing).was_taken()

    def stays(self, _what: str) -> None:
        """Somebody agrees to more than is on disk."""
        self._agreeing.stays()

    def show_problem(self, words: str) -> None:
        """Say all that is wrong."""
        self._problem.say(words)

    def _line(self, agreed: Agreed) -> QWidget:
        def give() -> None:
            if not self._presenter.is_giving(agreed):
                self._presenter.give(agreed, **self._agreeing.take(), drops=(self._agreeing.name,))

        def take_back() -> None:
            self._presenter.take_back(agreed)

        chip = StatusChip(
            "Agreed" if agreed.holds else "Not agreed",
            Look.DONE if agreed.holds else Look.TODO,  # "to do": not agreed yet
        )
        act = (
            button("Take back", take_back, name=f"Take back: {agreed.title}")
            if agreed.holds
            else button("They agree", give, name=f"They agree: {agreed.title}")
        )
        said = agreed.words if agreed.holds else agreed.about
        parts = _in_columns(strong(agreed.title), muted(said, wrap=True), chip, act)
        story = Few(f"what was said before of {agreed.title.lower()}", first=3)
        story.show_lines([partial(_before, each) for each in reversed(agreed.story)])
        if not agreed.story:  # shown before it has a parent it would be a window
            story.hide()
        parts.addWidget(story)
        holder = QWidget()
        holder.setLayout(parts)
        return holder

    def _copy_pressed(self) -> None:
        folder = self._choose(self)
        if folder is not None:
            self._presenter.own_copy(folder / self._folder)

    def _wish_pressed(self) -> None:
        if not self._presenter.is_wishing:
            self._presenter.wish(**self._wishing.take(), drops=(self._wishing.name,))


def _in_columns(title: QWidget, said: QWidget, chip: QWidget, act: QWidget) -> QVBoxLayout:
    """What it is at the left, how it stands and what can be done in columns at the right."""
    if text_is_large():
        return column(flowing(title, chip, act, gap=2), said, gap=0)
    metrics = title.fontMetrics()
    chip.setMinimumWidth(metrics.horizontalAdvance("Not agreed") + metrics.height() + 16)
    act.setMinimumWidth(metrics.horizontalAdvance("They agree") + 40)
    line = row(gap=2)
    line.addLayout(column(title, said, gap=0), 1)
    line.addWidget(chip)
    line.addWidget(act)
    return column(line, gap=0)


def _before(words: str) -> tuple[QWidget]:
    return (small(f"Before: {words}", wrap=True),)
