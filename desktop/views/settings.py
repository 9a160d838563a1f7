"""Settings: text size with a live sample, colours, movement, lock, sending; the rules in force.

Each choice takes hold at once; there is nothing to save. Made from the table in
`desktop/settings.py`, so a setting cannot be there and missing here.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from desktop.presenters.log_in import LogInPresenter
from desktop.settings import TABLE, Setting
from desktop.views.kit.bars import announce
from desktop.views.kit.buttons import button
from desktop.views.kit.cards import Card
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import muted, paragraph, strong, title
from desktop.views.kit.layout import column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look
from desktop.views.rules_card import RulesCard
from desktop.views.together.pin_card import PinCard

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.settings import Settings

SAMPLE = (
    "Mary Thorne has shown her insurance. Next: price list, by Friday 27 November. £12.50 an hour."
)


def make(context: Context, route: Route) -> SettingsScreen:
    """The factory named in `screens.py`."""
    del route
    screen = SettingsScreen(context.settings, PinCard(context), RulesCard(context))
    screen.use(LogInPresenter(screen, context))
    screen.ways_in_wanted.connect(partial(context.open_route, "ways_in"))
    return screen


class SettingsScreen(Screen):
    """One card a setting."""

    ways_in_wanted = Signal()

    def __init__(
        self,
        settings: Settings,
        pin: PinCard | None = None,
        rules: RulesCard | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._settings = settings
        self._presenter: LogInPresenter | None = None
        self._pin, self._rules = pin, rules
        self._log_in = Card("Open with this computer's log-in")
        self._log_in_state = StatusChip("Off", Look.TODO)
        self._log_in_words = paragraph()
        self._switch = button("Switch it on", self._switch_pressed)
        self._log_in_state.hide()  # nobody has looked yet
        self._switch.hide()
        self._groups: list[QButtonGroup] = []
        page = QWidget()
        body = column(title("Settings"), muted("Each choice takes hold at once."), margin=2)
        for setting in TABLE:
            body.addWidget(self._card(setting))
        ways = Card("Passphrase and recovery sheet")
        ways.add(row(button("Change them", self.ways_in_wanted.emit), None))
        body.addWidget(ways)
        if pin is not None:
            body.addWidget(pin)
        body.addWidget(self._log_in_card())
        if rules is not None:
            body.addWidget(rules)
        body.addStretch(1)
        page.setLayout(body)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page, "Settings"))

    def title(self) -> str:
        """What Back calls it."""
        return "Settings"

    def use(self, presenter: LogInPresenter) -> None:
        """Give the log-in card its presenter."""
        self._presenter = presenter
        self._log_in.setHidden(not presenter.is_offered)

    def show_log_in(self, *, on: bool) -> None:
        """Whether this computer's log-in opens the records."""
        self._log_in_state.show_state("On" if on else "Off", Look.DONE if on else Look.TODO)
        self._log_in_state.show()
        self._switch.show()
        words = "Switch it off" if on else "Switch it on"
        self._switch.setText(words)
        self._switch.setAccessibleName(f"{words}: open with this computer's log-in")
        self._switch.setEnabled(True)
        self._log_in_words.hide()

    def show_log_in_busy(self, words: str) -> None:
        """It is being switched."""
        self._switch.setEnabled(False)
        self._say_log_in(words)

    def show_log_in_problem(self, words: str) -> None:
        """It could not be switched, or nobody could see whether it is."""
        self._switch.setEnabled(True)
        self._say_log_in(words)

    def arrive(self) -> None:
        """The first choice has the focus."""
        checked = self._groups[0].checkedButton()
        if checked is not None:
            checked.setFocus()
        if self._presenter is not None:
            self._presenter.load()
        if self._pin is not None:
            self._pin.load()
        if self._rules is not None:
            self._rules.load()

    def _log_in_card(self) -> Card:
        self._log_in.add(
            muted(
                "Whoever can log in to this computer as you can then open your records. "
                "Your passphrase and your recovery sheet always open them too.",
                wrap=True,
            ),
            row(self._log_in_state, self._switch, None),
            self._log_in_words,
        )
        self._log_in_words.hide()
        return self._log_in

    def _say_log_in(self, words: str) -> None:
        self._log_in_words.setText(words)
        self._log_in_words.show()
        announce(self, words)

    def _switch_pressed(self) -> None:
        if self._presenter is not None:
            self._presenter.switch()

    def _card(self, setting: Setting) -> Card:
        card = Card(setting.words)
        if setting.help:
            card.add(muted(setting.help, wrap=True))
        group = QButtonGroup(self)
        choices = []
        for value, words in setting.choices:
            radio = QRadioButton(words)
            radio.setAccessibleName(f"{setting.words}: {words}")
            radio.setChecked(self._settings[setting.key] == value)
            radio.toggled.connect(partial(self._choose, setting.key, value))
            group.addButton(radio)
            choices.append(radio)
        self._groups.append(group)
        card.add(flowing(*choices, gap=2))
        if setting.key == "text_percent":
            card.add(strong("Sample"), paragraph(SAMPLE))
        return card

    def _choose(self, key: str, value: int | str | bool, checked: object) -> None:  # noqa: FBT001
        if checked:
            self._settings.set(key, value)
