"""New enquiry (Ctrl+Shift+N). Before the data protection sign-off only an anonymous count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.presenters.half_typed import HalfTyped
from desktop.presenters.newcomer import Newcomer, NewcomerPresenter, SignOff
from desktop.presenters.words import counted
from desktop.views.form_pages.day_field import DayField
from desktop.views.form_pages.fields import (
    ChoiceField,
    Field,
    TextField,
    TickField,
    flush_fields,
    say_status,
)
from desktop.views.form_pages.kept_fields import KeptFields
from desktop.views.form_pages.pages import narrow
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.labels import muted, paragraph, section, small, title
from desktop.views.kit.layout import at_top, column, row, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.newcomer import NewcomerPicture

ADD = "Take this person on"
SIGN = "Ask for the sign-off to be noted"


def make(context: Context, route: Route) -> Screen:
    """The screen for a route; `leader` is a name that was typed already."""
    return NewcomerScreen(context, route.get("leader"))


class NewcomerScreen(Screen, SeenPart):
    """Who got in touch?"""

    def __init__(self, context: Context, begun: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._begun = begun
        self._is_emptied = False  # one field after the other
        self._looking = muted("Looking whether names may be taken down...", wrap=True)
        self._shut = Bar("warn-bar", Look.STOP)
        self._leader = TextField("Name")
        self._phone = TextField("Phone")
        self._idea = TextField("The idea, in a line")
        self._name = TextField("Trading name, if there is one")
        self._channel = ChoiceField("How did they get in touch?", ())
        self._district = ChoiceField("District", ())
        self._place = TextField("Village or town")
        self._notice = TickField("The privacy notice was given")
        self._count_channel = ChoiceField("How did they get in touch?", ())
        self._count_district = ChoiceField("District, if it was said", ())
        self._status = small("", wrap=True)
        self._counted = muted("")
        self._version = TextField("Version of the assessment")
        self._signed_by = TextField("Signed by", "Name and office")
        self._signed_on = DayField("Signed on", lambda: context.today)
        self._review_on = DayField("Look at it again on", lambda: context.today, ahead=True)
        self._comments = TextField("What the data protection officer said", lines=2)
        self._sign = QWidget()
        self._asked = muted("", wrap=True)
        self._stack = QStackedWidget()
        self._fields: dict[str, Field] = {
            "leader": self._leader,
            "channel": self._count_channel,
        }
        self._texts = {
            "leader": self._leader,
            "name": self._name,
            "phone": self._phone,
            "place": self._place,
            "idea": self._idea,
        }
        self._build()
        self._signing = self._kept(context)
        self._presenter = NewcomerPresenter(context, self, begun)
        for field in self._texts.values():
            field.saved_by(ADD)
            field.typed.connect(self._keep)
        for each in (self._channel, self._district, self._notice):
            each.committed.connect(self._keep)
        if begun:
            self._leader.restore(begun)
            self._leader.show_nothing()  # it was typed just now
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "New enquiry"

    def arrive(self) -> None:
        """Start with the name, or with the count while no names may be taken down."""
        self._presenter.load()
        if self._stack.isHidden():
            self.setFocus()  # nobody has looked yet: there is no place
        else:
            (self._count_channel if self._stack.currentIndex() else self._leader).setFocus()

    def flush(self) -> None:
        """Keep what is half typed."""
        flush_fields(self)

    def _kept(self, context: Context) -> KeptFields:
        """The sign-off as it is half typed."""
        return KeptFields(
            HalfTyped(context, self, "newcomer/sign-off"),
            SIGN,
            {
                "version": self._version,
                "signed_by": self._signed_by,
                "signed_on": self._signed_on,
                "review_on": self._review_on,
                "comments": self._comments,
            },
        )

    def _build(self) -> None:
        self._status.hide()
        self._sign.setLayout(
            column(
                section("Write down the sign-off"),
                at_top(row(self._version, self._signed_on, gap=2)),
                self._signed_by,
                self._comments,
                self._review_on,
                row(button(SIGN, self._sign_pressed), None),
                gap=1,
            )
        )
        self._sign.hide()
        take = column(
            row(self._leader, self._phone, gap=2),
            self._idea,
            row(self._channel, self._district, gap=2),
            row(self._name, self._place, gap=2),
            self._notice,
            row(primary(ADD, self._add_pressed), None),
            None,
            gap=1,
        )
        count = column(
            paragraph("You can count this enquiry now. Write no name, and nothing that tells who."),
            self._count_channel,
            self._count_district,
            row(primary("Count one enquiry", self._count_pressed), None),
            self._counted,
            self._asked,
            self._sign,
            None,
            gap=1,
        )
        for layout in (take, count):
            page = QWidget()
            page.setLayout(layout)
            self._stack.addWidget(scrolling(narrow(page), "New enquiry"))
        self._stack.hide()
        head = (title("New enquiry"), self._looking, self._shut, self._status)
        self.setLayout(column(*head, self._stack, margin=2, gap=1))
        self.layout().setStretch(4, 1)  # type: ignore[union-attr]

    def show_gate(self, picture: NewcomerPicture) -> None:
        """Show the page for an open or a shut gate."""
        self._looking.hide()
        self._shut.say("" if picture.gate_open else picture.because)
        for field, choices in (
            (self._channel, picture.channels),
            (self._count_channel, picture.channels),
            (self._district, picture.districts),
            (self._count_district, picture.districts),
        ):
            if field.editor.count() == 1:
                for code, words in choices:
                    field.editor.addItem(words, code)
        self._counted.setText(
            f"{counted(picture.counted_today, 'enquiry', 'enquiries')} counted today"
        )
        self._sign.setVisible(picture.may_sign)
        if picture.may_sign:
            self._signing.give_back()
        self._asked.setText("" if picture.gate_open else picture.asked)
        self._stack.setCurrentIndex(0 if picture.gate_open else 1)
        self._stack.show()
        self.can_begin.emit()

    def show_unread(self, words: str) -> None:
        """Nobody could look; what is being typed on a page that is open stays in sight."""
        self._looking.setText(words)
        self._looking.show()

    def field_saved(self, key: str, words: str) -> None:
        """It is on disk."""
        if key == "sign":
            say_status(self._status, f"Asked for. {words}")
            self._signing.was_taken()
        if key == "count":
            say_status(self._status, f"Counted. {words}")
            self._count_channel.show_nothing()

    def field_failed(self, key: str, words: str) -> None:
        """It is not; what was typed stays."""
        if key in self._fields:
            self._fields[key].show_problem(words)
        else:
            say_status(self._status, words, "problem")

    def restore(self, who: Newcomer) -> None:
        """What was half typed; a field that somebody has begun stays as it is."""
        for key, field in self._texts.items():
            if field.text in ("", self._begun) and getattr(who, key) not in ("", field.text):
                field.restore(getattr(who, key))
                if field is not self._leader:
                    field.show_nothing()  # said once
        self._channel.set_value(self._channel.value or who.channel)
        self._district.set_value(self._district.value or who.district)
        self._notice.set_value(self._notice.value or who.notice_given)

    def person_added(self) -> None:
        """Empty for the next one."""
        self._is_emptied = True
        for field in self._texts.values():
            field.was_taken()
            field.show_nothing()
        self._is_emptied = False
        self._channel.set_value("")
        self._district.set_value("")
        self._notice.set_value(False)
        self._keep(None)  # what was typed since, without what was beside it

    def _typed(self) -> Newcomer:
        return Newcomer(
            leader=self._leader.text,
            name=self._name.text,
            phone=self._phone.text,
            district=self._district.value,
            place=self._place.text,
            channel=self._channel.value,
            idea=self._idea.text,
            notice_given=self._notice.value,
        )

    def _keep(self, _typed: object) -> None:
        if not self._is_emptied:
            self._presenter.keep_typed(self._typed())

    def _add_pressed(self) -> None:
        if self._presenter.is_adding:
            return
        self._leader.show_nothing()
        for field in self._texts.values():
            field.take()
        self._presenter.add(self._typed())

    def _sign_pressed(self) -> None:
        if not self._presenter.is_signing:
            typed = SignOff(**self._signing.take())
            self._presenter.sign(typed, drops=(self._signing.name,))

    def _count_pressed(self) -> None:
        self._presenter.count(self._count_channel.value, self._count_district.value)
