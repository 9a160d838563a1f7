"""A form being filled in: ask it what to draw, tell it what was answered.

How a renderer uses it (nothing else is needed):

    session = FormSession(load_form(pack_id, "enquiry"), clock=clock)         # a fresh one
    session = FormSession(form, clock=clock, instance_xml=draft)              # a kept draft
    session = FormSession(form, clock=clock, instance_xml=sent, revising=True)  # a new revision
    session = FormSession(form, clock=clock, files={"places.csv": data})      # lists kept beside it
    for page in session.pages:                  # one per top-level group, and per loose run
        page.ref, page.label, page.relevant     # hide a page that is not relevant
        for node in page.nodes:                 # questions, groups and repeats in order
            node.kind      # text integer decimal date time datetime select_one select_multiple
                           # rank range acknowledge note file calculate group repeat instance
            node.ref, node.label, node.hint, node.appearance, node.value (text, "" = no answer)
            node.relevant, node.required, node.readonly
            node.choices   # (Choice(value, label), ...)
            node.days      # of a date: first and last day allowed, or None
            node.problem   # Problem or None: words to show at the question now
            node.nodes     # of a group or an instance: what is in it; of a repeat: its instances
            node.can_add, node.can_remove       # of a repeat
    changes = session.answer(ref, value)        # -> ChangeSet of refs; draw those again
    changes = session.add_repeat(ref_of_repeat) ; session.remove_repeat(ref_of_instance)
    session.undo() ; session.set_language("Francais") ; session.languages
    problems = session.validate()               # all that keeps the form from being finished
    draft = session.to_xml()                    # keep after each answer; answers() for the rules

Nodes are read-only views and always read the present state: keep them by ref, not by identity.
Hidden answers are kept, and read as empty by every formula. Nothing a person types raises:
what a question cannot hold leaves the value as it was and shows as `problem`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from functools import partial

from forms.engine import instance_io
from forms.engine.actions import Actions
from forms.engine.changes import ChangeSet, Tally
from forms.engine.choices import SELECTS, Choices
from forms.engine.collector import collector_paused
from forms.engine.evaluation import Evaluation, Step
from forms.engine.limits import Limits
from forms.engine.lists import with_files
from forms.engine.live import LiveNode, document_over, place_of
from forms.engine.model import FormDef
from forms.engine.problems import Problem
from forms.engine.reading import Reading
from forms.engine.repeats import Repeats
from forms.engine.texts import Texts
from forms.engine.typed import Answer, NotAnAnswer, as_text, checked, within
from forms.engine.views import NodeView, PageView, RepeatView, pages_of
from forms.engine.xpath.dates import Calendar
from forms.engine.xpath.types import Surroundings
from forms.values import LONDON, Clock, new_id

UNDO_STEPS = 500


class FormSession:
    """One answer sheet of one form."""

    def __init__(
        self,
        form: FormDef,
        *,
        clock: Clock,
        instance_xml: str | bytes | None = None,
        language: str = "",
        properties: Mapping[str, str] | None = None,
        calendar: Calendar | None = None,
        revising: bool = False,
        files: Mapping[str, bytes] | None = None,
    ) -> None:
        self.form = form
        with collector_paused():
            self._build(clock, calendar, language, files or {}, instance_xml, properties or {})
            if revising:
                self._actions.revise(self._root)
            self._begin(fresh=instance_xml is None)

    def _build(
        self,
        clock: Clock,
        calendar: Calendar | None,
        language: str,
        files: Mapping[str, bytes],
        instance_xml: str | bytes | None,
        properties: Mapping[str, str],
    ) -> None:
        form = self.form
        self._around = Surroundings(calendar or Calendar(LONDON), clock.now, new_id=new_id)
        if not self._around.calendar.whole_days:
            self._around.area_of_none = 0.0  # the same dialect: web forms'
        self._texts = Texts(form, self._around)
        if language in form.languages:
            self._texts.language = language
        self._around.instances = with_files(form.instances, form.list_files, files)
        self._past: deque[list[Step]] = deque(maxlen=UNDO_STEPS)
        program = form.program
        self._root = instance_io.plant(form, instance_xml, self._around)
        self._around.root = document_over(self._root)
        self._evaluation = Evaluation(program, self._around, self._root)
        choices = Choices(self._texts, self._evaluation)
        self._repeats = Repeats(self._evaluation)
        limits = Limits(form, self._evaluation)
        self._reading = Reading(form, self._root, self._texts, choices, self._repeats, limits)
        self._actions = Actions(form, self._around, self._evaluation, properties)
        self._wire(choices)

    def _wire(self, choices: Choices) -> None:
        self._around.itext = lambda name: self._texts.itext(name, self._root, None)
        self._around.choice_name = self._reading.choice_name
        self._evaluation.offered = choices.offer
        self._evaluation.fitting = choices.fitting
        self._evaluation.on_value = self._actions.value_changed
        self._evaluation.heard = self._actions.heard
        self._repeats.on_instance = self._actions.instance_added
        self._repeats.form_defined = partial(instance_io.form_defined, self.form)

    def _begin(self, *, fresh: bool) -> None:
        self._actions.preload(self._root, fresh=fresh)
        self._evaluation.sweep()
        self._settle()
        self._actions.loaded(self._root, fresh=fresh)
        self._settle()
        self._evaluation.log.clear()
        self._evaluation.tally = Tally()

    def _settle(self) -> None:
        self._evaluation.settle()
        while self._actions.waiting and self._actions.run_waiting():
            self._evaluation.settle()

    # -- reading ----------------------------------------------------------------------------

    @property
    def pages(self) -> tuple[PageView, ...]:
        """The pages in order, those not relevant included."""
        return pages_of(self._reading, self._root)

    @property
    def root(self) -> NodeView:
        """The whole form as one node."""
        return NodeView(self._reading, self._root)

    @property
    def live_root(self) -> LiveNode:
        """The tree itself, for moving answers to another version. Not for renderers."""
        return self._root

    def node(self, ref: str) -> NodeView:
        """The node at a ref. Raises KeyError when there is none."""
        repeat = instance_io.repeat_meant(self._root, ref)
        if repeat is not None:
            return RepeatView(self._reading, self._live(ref), repeat)
        return NodeView(self._reading, self._live(ref))

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the form is written in."""
        return self.form.languages

    @property
    def language(self) -> str:
        """The language shown."""
        return self._texts.language

    @property
    def faults(self) -> tuple[Problem, ...]:
        """Formulas of the form that cannot be read at all; they are left out."""
        return tuple(self.form.program.faults)

    def answers(self) -> dict[str, object]:
        """What was answered and counts, by question name; repeats as lists of the same."""
        return instance_io.answers_of(self._root)

    def to_xml(self, *, drop_hidden: bool = False) -> str:
        """The answer sheet as ODK XML. A draft keeps hidden answers; a final one may drop them."""
        return instance_io.written(self._root, drop_hidden=drop_hidden)

    # -- telling ----------------------------------------------------------------------------

    def answer(self, ref: str, value: Answer) -> ChangeSet:
        """Answer a question; what cannot be held is shown as its problem and changes nothing."""
        node = self._live(ref)
        kind = node.d.kind
        try:
            text = checked(kind, as_text(value))
            if text and kind in SELECTS:
                text = self._offered(node, text)
            elif text and kind == "range" and node.d.control is not None:
                ends = node.d.control.extras
                within(text, ends.get("start", ""), ends.get("end", ""))
        except NotAnAnswer as words:
            return self._show(node, Problem("not-an-answer", str(words), ref=ref))
        if node.problem is not None and node.problem.code == "not-an-answer":
            node.problem = None
            self._evaluation.tally.note("problems", node)
        self._evaluation.write_kept(node, text)
        return self._close()

    def refuse(self, ref: str, words: str) -> ChangeSet:
        """Say at a question that what was typed is no answer; the answer stays as it was."""
        return self._show(self._live(ref), Problem("not-an-answer", words, ref=ref))

    def _offered(self, node: LiveNode, text: str) -> str:
        words = [text.strip()] if node.d.kind == "select_one" else text.split()
        if not self._reading.values(node).issuperset(words):
            raise NotAnAnswer("Choose from the list.")
        return words[0] if len(words) == 1 else " ".join(dict.fromkeys(words))

    def add_repeat(self, ref: str, place: int | None = None) -> ChangeSet:
        """Add an instance to a repeat, at the end unless a place (from 1) is given."""
        repeat = instance_io.repeat_meant(self._root, ref)
        if repeat is None:
            raise KeyError(ref)
        made = self._repeats.grow(self._live(ref), repeat, place)
        self._evaluation.log.append(lambda: self._repeats.drop(made))
        self._actions.instance_added(made)
        return self._close()

    def remove_repeat(self, ref: str) -> ChangeSet:
        """Remove an instance of a repeat; undo brings it back with its answers."""
        instance = self._live(ref)
        parent, place = instance.parent, place_of(instance)
        if not instance.d.repeat or not isinstance(parent, LiveNode):
            raise KeyError(ref)
        self._repeats.drop(instance)
        self._evaluation.log.append(lambda: self._repeats.put_in(parent, instance, place))
        return self._close()

    def set_language(self, language: str) -> ChangeSet:
        """Show another of the form's languages; one it has not is left alone."""
        if language in self.form.languages and language != self._texts.language:
            self._texts.language = language
            for node in self._root.below():
                if node.d.control is not None:
                    self._evaluation.tally.note("labels", node)
                    self._evaluation.tally.note("choices", node)
            for node in self._root.below():
                self._evaluation.language_changed(node)
        return self._close()

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._past)

    def undo(self) -> ChangeSet:
        """Take the last change back; nothing happens when there is none."""
        if not self._past:
            return ChangeSet()
        for step in reversed(self._past.pop()):
            self._evaluation.take_back(step)
        self._settle()
        self._evaluation.log.clear()  # what undo did is not itself undone
        return self._close()

    def refresh(self) -> ChangeSet:
        """Work out again what depends on today's date: when a draft is opened, at midnight."""
        self._evaluation.volatile()
        return self._close()

    def validate(self) -> tuple[Problem, ...]:
        """All that keeps the form from being finished; from now on shown at the questions too."""
        self._reading.asked = True
        found: list[Problem] = []
        for node in self._root.below():
            problem = self._reading.problem(node)
            if problem is not None and node.relevant:
                found.append(problem)
        return tuple(found)

    def _show(self, node: LiveNode, problem: Problem) -> ChangeSet:
        node.problem = problem
        self._evaluation.tally.note("problems", node)
        return self._close()

    def _close(self) -> ChangeSet:
        self._settle()
        if self._evaluation.log:
            self._past.append(self._evaluation.log)
            self._evaluation.log = []
        tally = self._evaluation.tally
        if self._reading.asked:  # unanswered questions are shown as problems from now on
            tally.also("problems", "values", "required", "relevance")
        self._evaluation.tally = Tally()
        return tally.closed()

    def _live(self, ref: str) -> LiveNode:
        """The live node of a ref (of a repeat: the node it stands in). Raises KeyError."""
        d = self.form.by_path.get(ref)
        if d is not None and not d.repeats:
            slot = self._around.slots[d.index]
            if isinstance(slot, LiveNode):
                return slot
        return instance_io.located(self._root, ref)
