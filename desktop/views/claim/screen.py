"""A claim: its costs with what the policy says beside each, what can be done now, its history."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from desktop.presenters.claim import ClaimPresenter
from desktop.presenters.half_typed import HalfTyped
from desktop.views.claim.costs import CostsPane
from desktop.views.claim.moves import MovesPane
from desktop.views.documents.adding import Chooser, choose_file
from desktop.views.form_pages.asked_for import show_kept
from desktop.views.form_pages.fields import TextField, flush_fields
from desktop.views.form_pages.halves import two_pages
from desktop.views.form_pages.seen import SeenPart
from desktop.views.kit.bars import Bar
from desktop.views.kit.buttons import quiet
from desktop.views.kit.chips import StatusChip
from desktop.views.kit.flow import flowing
from desktop.views.kit.labels import label, muted, section, small, title
from desktop.views.kit.layout import clear, column, row
from desktop.views.kit.screen import Screen
from desktop.views.kit.shapes import Look

if TYPE_CHECKING:
    from desktop.context import Context
    from desktop.navigation import Route
    from desktop.presenters.claim_picture import ClaimPicture, Said


def make(context: Context, route: Route) -> Screen:
    """The screen for a route: `id` of the claim."""
    return ClaimScreen(context, route.get("id"))


class ClaimScreen(Screen, SeenPart):
    """What can I claim? What is missing? Where is it now?"""

    def __init__(
        self,
        context: Context,
        claim_id: str,
        parent: QWidget | None = None,
        *,
        choose: Chooser = choose_file,
    ) -> None:
        super().__init__(parent)
        self._who = title("Claim")
        self._state = StatusChip("", Look.TODO)
        self._with = muted("")
        self._total = label("", "section")
        self._window = small("", wrap=True)
        self._barrier = TextField(
            "What does this help with, in the applicant's words?", lines=2, pauses=True
        )
        self._interest = TextField(
            "Is anybody related to anybody else?",
            "Say who to whom, or leave it empty.",
            pauses=True,
        )
        self._claim_says = column(gap=0)
        self._costs = CostsPane(choose)
        self._answer_good = Bar("info-bar", Look.DONE)
        self._answer_bad = Bar("warn-bar", Look.WARN)
        self._asked = small("", wrap=True)
        self._moves = MovesPane(
            lambda move: HalfTyped(context, self, f"claim/{claim_id}/{move}"),
            self._may_ask,
        )
        self._history = column(gap=1)
        self._build()
        self._presenter = ClaimPresenter(context, self, claim_id)
        self._connect()
        self._presenter.load()

    def title(self) -> str:
        """No personal data in titles."""
        return "Claim"

    def about(self) -> str:
        """Whose claim it is."""
        return self._who.text()

    def arrive(self) -> None:
        """Start at the first question, or at the record where nothing can be changed."""
        for part in (self._barrier, self._opens):
            if part.isEnabled() and part.isVisible():
                part.setFocus()
                return

    def _build(self) -> None:
        opens = self._opens = quiet("Open the record", self._open_pressed)
        head = flowing(self._who, self._total, gap=2)
        where = flowing(self._state, self._with, opens, gap=2)
        left = QWidget()
        left.setLayout(
            column(
                self._window,
                self._claim_says,
                self._barrier,
                self._interest,
                self._costs,
                None,
                gap=1,
            )
        )
        left.layout().setContentsMargins(0, 0, 8, 0)  # type: ignore[union-attr]
        right = QWidget()
        right.setLayout(
            column(
                section("What you can do"),
                self._asked,
                self._moves,
                1,
                section("What happened"),
                self._history,
                None,
                gap=1,
            )
        )
        right.layout().setContentsMargins(8, 0, 8, 0)  # type: ignore[union-attr]
        names = ("Costs beside what you can do", "Costs", "What you can do")
        split = two_pages(left, right, (590, 300), names)
        self.setLayout(
            column(head, where, self._answer_good, self._answer_bad, split, margin=2, gap=1)
        )
        self.layout().setStretch(4, 1)  # type: ignore[union-attr]
        self.layout().addStretch(0)  # type: ignore[union-attr]  # takes the room while it is hidden
        for part in (split, self._state, opens):
            part.hide()  # until the claim is there
        self._about_it = (split, self._state, opens)

    def _connect(self) -> None:
        to, costs = self._presenter, self._costs
        self._barrier.committed.connect(partial(self._claim_left, "barrier"))
        self._interest.committed.connect(partial(self._claim_left, "interest_declared"))
        for key, field in (("barrier", self._barrier), ("interest_declared", self._interest)):
            field.typed.connect(partial(to.keep_draft, key))
        costs.typing.connect(to.typing)
        costs.left.connect(to.set_line)
        costs.half_typed.connect(to.keep_draft)
        costs.remove_wanted.connect(to.remove_line)
        costs.paper_chosen.connect(to.attach)
        costs.paper_added.connect(to.add_paper)
        costs.cost_wanted.connect(to.add_line)
        self._moves.wanted.connect(to.ask)

    def _may_ask(self) -> bool:
        return self._presenter.may_ask()

    def show_claim(self, picture: ClaimPicture) -> None:
        """Show it."""
        for part in self._about_it:
            part.show()
        self._who.setText(f"Claim for {picture.who}")
        self._state.show_state(picture.state, Look(picture.look))
        self._with.setText(picture.with_whom)
        self._total.setText(picture.total)
        self._window.setText(f"{picture.window} {picture.left}")
        for field, text in ((self._barrier, picture.barrier), (self._interest, picture.interest)):
            show_kept(field, text)
            field.setEnabled(picture.can_edit)
        self._costs.show_costs(picture)
        self._asked.setText("\n".join(picture.asked))
        self._asked.setVisible(bool(picture.asked))
        self._moves.show_moves(picture)
        clear(self._history)
        for step in picture.history:
            self._history.addLayout(column(label(step.words, wrap=True), small(step.when), gap=0))
        self.can_begin.emit()

    def show_findings(self, findings: dict[str, tuple[Said, ...]]) -> None:
        """What the policy says, now or while somebody types."""
        clear(self._claim_says)
        for said in findings.get("", ()):
            if said.look != "done":
                line = row(StatusChip("", Look(said.look)), label(said.words, wrap=True), gap=0)
                line.setStretch(1, 1)
                self._claim_says.addLayout(line)
        self._costs.show_findings(findings)

    def show_answer(self, words: str, *, good: bool) -> None:
        """What became of a decision."""
        self._answer_good.say(words if good else "")
        self._answer_bad.say("" if good else words)
        if good:
            self._moves.was_asked()

    def show_missing(self, words: str) -> None:
        """The claim is not here."""
        self.show_answer(words, good=False)
        for part in self._about_it:
            part.hide()

    def restore(self, key: str, text: str) -> None:
        """Give half-typed text back to its field."""
        field = self._field(key)
        if isinstance(field, TextField):
            field.restore(text)

    def field_saved(self, key: str, words: str) -> None:
        """A field is on disk."""
        field = self._field(key)
        if field is not None:
            field.show_saved(words)
        elif key == "lines":
            self._costs.say_saved(words)

    def field_failed(self, key: str, words: str) -> None:
        """It is not; the text stays."""
        field = self._field(key)
        if field is not None:
            field.show_problem(words)
        elif key == "decision":
            self.show_answer(words, good=False)
        else:
            self._costs.say_problem(words)

    def flush(self) -> None:
        """Leave the field that is being typed in, so that it commits."""
        flush_fields(self)

    def _field(self, key: str) -> Any:
        if key in ("barrier", "interest_declared"):
            return self._barrier if key == "barrier" else self._interest
        line_id, _, name = key.partition("/")
        return self._costs.field(line_id, name)

    def _claim_left(self, field: str, text: object) -> None:
        self._presenter.set_claim(field, str(text))

    def _open_pressed(self) -> None:
        self._presenter.open_enterprise()
