"""Cases on offer: to me, by me, and this case to another coach. One line, one or two buttons."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.presenters.handovers import HandoversPicture, HandoversPresenter, Offer, ThisCase
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import button, primary
from desktop.views.kit.cards import Card
from desktop.views.kit.few import Few
from desktop.views.kit.fields import ChoiceField
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, paragraph, title
from desktop.views.kit.layout import clear, column, scrolling
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLayout

    from desktop.context import Context
    from desktop.navigation import Route


FIRST = 10  # offers of a list before its button


def make(context: Context, route: Route) -> Screen:
    """The screen for a route; with an `id` that case can be offered."""
    return HandoversScreen(context, route.get("id"))


class HandoversScreen(Screen):
    """Who offers which case to whom."""

    def __init__(self, context: Context, case_id: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presenter = HandoversPresenter(context, self, case_id)
        self._problem = Bar("warn-bar", Look.WARN)
        self._done = Bar("info-bar", Look.DONE)
        self._parts = QVBoxLayout()
        self._parts.setSpacing(12)
        self._first: QWidget | None = None
        self._picture: HandoversPicture | None = None
        self._who: ChoiceField | None = None
        self._controls: list[QWidget] = []
        self._lists: dict[str, Few] = {}
        page = QWidget()
        page.setLayout(
            column(title("Cases on offer"), self._problem, self._done, self._parts, None, margin=2)
        )
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scrolling(page, "Cases on offer"))
        self._presenter.load()

    def title(self) -> str:
        """The screen's name."""
        return "Cases on offer"

    def arrive(self) -> None:
        """Begin with the first thing to answer."""
        if self._first is not None:
            self._first.setFocus()

    def show_handovers(self, picture: HandoversPicture) -> None:
        """Show it all; a coach that is chosen and the focus stay, and nothing new moves nothing."""
        if picture == self._picture:
            return
        chosen = self._who.value() if self._who is not None else ""
        focus = self.focusWidget()  # also while another window is in front
        held = focus if focus in self._controls else None
        self._picture = picture
        self._draw(picture)
        if chosen and self._who is not None and self._who.box.findData(chosen) >= 0:
            self._who.set_value(chosen)
        if held is not None:
            self._focus_again(held.accessibleName())

    def _focus_again(self, name: str) -> None:
        same = (each for each in self._controls if each.accessibleName() == name)
        found = next(same, self._first)
        if found is not None:
            found.setFocus()

    def _draw(self, picture: HandoversPicture) -> None:
        clear(self._parts)
        self._first, self._who, self._controls = None, None, []
        if picture.case is not None:
            self._parts.addWidget(self._case(picture.case))
        to_me = Card("Offered to you")
        to_me.add(self._list("offered to you", picture.to_me, self._to_me))
        if not picture.to_me:
            to_me.add(muted("Nothing is offered to you."))
        by_me = Card("Offered by you")
        by_me.add(self._list("offered by you", picture.by_me, self._by_me))
        if not picture.by_me:
            to_caseload = button("Go to the caseload", self._presenter.to_caseload)
            by_me.add(
                muted("You offer nothing. A case is offered from its own page.", wrap=True),
                flowing(to_caseload),
            )
        self._parts.addWidget(to_me)
        self._parts.addWidget(by_me)
        if picture.over:
            over = Card("Answered")
            over.add(self._list("answered", picture.over, _over))
            self._parts.addWidget(over)

    def _list(self, name: str, offers: tuple[Offer, ...], line: Callable[[Offer], QLayout]) -> Few:
        before = self._lists.get(name)
        few = self._lists[name] = Few(name, before.shown if before is not None else FIRST)
        few.show_lines([partial(_parts, line, offer) for offer in offers])
        if not offers:  # shown before it has a parent it would be a window
            few.hide()
        return few

    def show_done(self, words: str) -> None:
        """It is asked for."""
        self._problem.say("")
        self._done.say(words)

    def show_problem(self, words: str) -> None:
        """It could not be."""
        self._done.say("")
        self._problem.say(words)

    def _case(self, case: ThisCase) -> Card:
        card = Card(f"Offer {case.name or 'this case'} to another coach")
        card.add(
            paragraph(
                "The case stays with you until they accept. Then all of it goes to their laptop "
                "and leaves this one; what you had not sent goes with it."
            )
        )
        if case.state:
            card.add(muted(case.state, wrap=True))
            return card
        who = ChoiceField("To whom", [("", "Choose a coach"), *case.coaches])
        offer = primary("Offer it", lambda: self._presenter.offer(who.value()))
        card.add(who, flowing(offer))
        self._first, self._who = who.box, who
        self._controls += (who.box, offer)
        return card

    def _to_me(self, offer: Offer) -> QLayout:
        if offer.state:
            return _line(offer)
        yes = primary("Accept", partial(self._presenter.accept, offer.id))
        no = button("Decline", partial(self._presenter.decline, offer.id))
        yes.setAccessibleName(f"Accept: {offer.words}")
        no.setAccessibleName(f"Decline: {offer.words}")
        self._first = self._first or yes
        self._controls += (yes, no)
        return _line(offer, yes, no)

    def _by_me(self, offer: Offer) -> QLayout:
        if offer.state:
            return _line(offer)
        back = button("Take it back", partial(self._presenter.recall, offer.id))
        back.setAccessibleName(f"Take it back: {offer.words}")
        self._controls.append(back)
        return _line(offer, back)


def _parts(line: Callable[[Offer], QLayout], offer: Offer) -> tuple[QLayout]:
    return (line(offer),)


def _over(offer: Offer) -> QLayout:
    return column(label(f"{offer.words}. {offer.state} {offer.when}.", wrap=True))


def _line(offer: Offer, *buttons: QWidget) -> QLayout:
    said = offer.state or f"Offered {offer.when}."
    return column(label(offer.words, wrap=True), muted(said, wrap=True), flowing(*buttons), gap=0)
