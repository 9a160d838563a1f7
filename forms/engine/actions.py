"""What happens by itself: when a form is opened, an instance added, an answer given.

Preloads (start, today, user name, instance id) and setvalue actions, by ODK's events.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from forms.engine.evaluation import FAULTS, Evaluation
from forms.engine.live import LiveNode, instances_below, nearest
from forms.engine.markup import find
from forms.engine.model import Action, FormDef, NodeDef
from forms.engine.problems import Problem
from forms.engine.refs import FormBinder
from forms.engine.xpath.closures import Compiler
from forms.engine.xpath.parser import parse
from forms.engine.xpath.types import Here, Surroundings

FIRST_LOAD = frozenset({"odk-instance-first-load", "xforms-ready"})
EACH_LOAD = frozenset({"odk-instance-load"})
NEW_REPEAT = frozenset({"odk-new-repeat"})
CHANGED = "xforms-value-changed"
MAX_STEPS = 1_000


class Actions:
    """The actions of one session."""

    def __init__(
        self,
        form: FormDef,
        around: Surroundings,
        evaluation: Evaluation,
        properties: Mapping[str, str],
    ) -> None:
        self._form = form
        self._around = around
        self._evaluation = evaluation
        self._properties = properties
        self._on_change: dict[str, list[Action]] = {}
        for action in form.actions:
            if CHANGED in action.events and action.source:
                self._on_change.setdefault(action.source, []).append(action)
        by_path = form.by_path
        self.heard = frozenset(by_path[path].index for path in self._on_change if path in by_path)
        self.waiting: deque[tuple[Action, LiveNode]] = deque()  # what events asked for
        self._root = around.slots[form.root.index]
        self._listening = False

    # -- events -----------------------------------------------------------------------------

    def loaded(self, root: LiveNode, *, fresh: bool) -> None:
        """The form was opened."""
        events = EACH_LOAD | FIRST_LOAD if fresh else EACH_LOAD
        for action in self._form.actions:
            if events.intersection(action.events):
                self.waiting.append((action, root))
        self._listening = True

    def value_changed(self, node: LiveNode) -> None:
        """An answer, or the value of a calculation, became another."""
        if self._listening:
            for action in self._on_change.get(node.d.path, ()):
                self.waiting.append((action, node))

    def instance_added(self, instance: LiveNode) -> None:
        """An instance was added to a repeat."""
        self.preload(instance, fresh=True)
        for action in self._form.actions:
            if NEW_REPEAT.intersection(action.events) and self._belongs(action, instance):
                self.waiting.append((action, instance))

    def _belongs(self, action: Action, instance: LiveNode) -> bool:
        target = self._target(action)
        path = action.source or (target.path if target is not None else "")
        return f"{path}/".startswith(f"{instance.d.path}/")

    def run_waiting(self) -> bool:
        """Do what waits; whether there was anything."""
        done = 0
        while self.waiting and done < MAX_STEPS:
            action, node = self.waiting.popleft()
            self._run(action, node)
            self._evaluation.settle()
            done += 1
        return done > 0

    # -- doing ------------------------------------------------------------------------------

    def _target(self, action: Action) -> NodeDef | None:
        if "[" in action.target:
            return None
        return find(action.target, self._form.by_path, self._form.root)

    def _run(self, action: Action, node: LiveNode) -> None:
        try:
            for target in self._targets(action, node):
                self._set(action, target)
        except FAULTS as fault:
            words = getattr(fault, "message", "a number is out of reach")
            node.problem = Problem(
                "formula-fault", f"The form could not fill this in: {words}.", ref=node.ref
            )
            self._evaluation.tally.note("problems", node)

    def _targets(self, action: Action, node: LiveNode) -> list[LiveNode]:
        target = self._target(action)
        if target is not None:
            return nearest(node, node, target)
        compiler = Compiler(self._form.prefixes, FormBinder(node.d, self._form.root))
        found = compiler.nodes(parse(action.target))(Here(node, self._around))
        return [each for each in found if isinstance(each, LiveNode)]

    def _set(self, action: Action, target: LiveNode) -> None:
        text = action.text
        if action.formula:
            compiler = Compiler(self._form.prefixes, FormBinder(target.d, self._form.root))
            text = compiler.text(parse(action.formula))(Here(target, self._around))
        text = "" if text == "NaN" else text
        self._evaluation.write_kept(target, text)
        given = self._evaluation.fitting(target, target.text)
        self._evaluation.write(target, given)

    # -- preloads ---------------------------------------------------------------------------

    def preload(self, start: LiveNode, *, fresh: bool) -> None:
        """Fill in what the device knows: on first load only, save the instance id."""
        if not fresh:
            return
        for d in self._form.preloaded:
            if d is start.d or f"{d.path}/".startswith(f"{start.d.path}/"):
                for node in instances_below(start, d):
                    text = self._preloaded(*d.preload)
                    if text is not None:
                        self._evaluation.write(node, text)

    def revise(self, root: LiveNode) -> None:
        """A finished sheet is opened as a new revision: a new id, and the old one named."""
        named = {node.d.local: node for node in root.below() if node.d.parent is not None}
        fresh, old = named.get("instanceID"), named.get("deprecatedID")
        if fresh is not None and old is not None:
            self._evaluation.write(old, fresh.text)
            self._evaluation.write(fresh, f"uuid:{self._around.new_id()}")

    def _preloaded(self, kind: str, parameter: str) -> str | None:
        now = self._around.now().astimezone(self._around.calendar.zone)
        if kind == "timestamp":
            return now.isoformat(timespec="milliseconds") if parameter == "start" else None
        if kind == "date":
            return now.date().isoformat()
        if kind == "uid":
            return f"uuid:{self._around.new_id()}"
        if kind == "property":
            return self._properties.get(parameter, "")
        return None
