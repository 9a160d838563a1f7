"""What a session says about its nodes: words, choices, problems. Changes nothing."""

from __future__ import annotations

from datetime import date

from forms.engine.choices import Choice, Choices
from forms.engine.limits import Limits
from forms.engine.live import LiveNode, nearest
from forms.engine.model import FormDef, NodeDef, Words
from forms.engine.problems import Problem
from forms.engine.repeats import Repeats
from forms.engine.texts import Texts
from forms.engine.xpath.tree import Node


class Reading:
    """The reading side of one session."""

    def __init__(
        self,
        form: FormDef,
        root: LiveNode,
        texts: Texts,
        choices: Choices,
        repeats: Repeats,
        limits: Limits,
    ) -> None:
        self._form = form
        self._root = root
        self._texts = texts
        self._choices = choices
        self._repeats = repeats
        self._limits = limits
        self.asked = False  # whether unanswered questions are shown as problems

    def label(self, node: LiveNode) -> str:
        """The words of a question."""
        return self._texts.label(node).strip()

    def label_of_none(self, parent: LiveNode, repeat: NodeDef) -> str:
        """The words over a repeat without instances: as seen from the first there could be."""
        standing = LiveNode(repeat)
        standing.parent = parent
        return self.label(standing)

    def words(self, words: Words, node: LiveNode) -> str:
        """Any words of the form, at a node."""
        return self._texts.of(words, node, node.d).strip()

    def choices(self, node: LiveNode) -> tuple[Choice, ...]:
        """The choices of a question."""
        return self._choices.of(node)

    def values(self, node: LiveNode) -> frozenset[str]:
        """The values that may be chosen."""
        return self._choices.values(node)

    def days(self, node: LiveNode) -> tuple[date | None, date | None]:
        """The first and the last day a date question allows."""
        return self._limits.of(node)

    def repeat_relevant(self, parent: LiveNode, repeat: NodeDef) -> bool:
        """Whether a repeat is shown: as its first instance is, or as a fresh one would be."""
        instances = parent.instances_of(repeat)
        if instances:
            return instances[0].relevant
        return parent.relevant and self._repeats.would_be_relevant(parent, repeat)

    def violation(self, node: LiveNode) -> str:
        """Which rule an answer breaks (constraint or required), shown or not; empty: none."""
        if not node.relevant or node.kids:
            return ""
        if not node.text:
            return "required" if node.required else ""
        return "" if node.valid else "constraint"

    def problem(self, node: LiveNode) -> Problem | None:
        """What to show at a question now."""
        if node.problem is not None:
            return node.problem
        violation = self.violation(node)
        if violation == "constraint":
            words = self.words(node.d.constraint_message, node)
            return Problem("constraint", words or "This answer does not fit.", ref=node.ref)
        if violation == "required" and self.asked and node.d.control is not None:
            words = self.words(node.d.required_message, node)
            return Problem("required", words or "This needs an answer.", ref=node.ref)
        return None

    def choice_name(self, value: str, path: str, node: Node) -> str:
        """jr:choice-name( ): the words of a choice of the nearest question at a path."""
        target = self._form.by_path.get(path.strip())
        if target is None:
            return ""
        asked = next(iter(nearest(node, self._root, target)), None)
        if asked is None:
            return ""
        return next((c.label for c in self._choices.of(asked) if c.value == value), "")
