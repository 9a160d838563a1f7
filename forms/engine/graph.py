"""The formulas of a form as a graph: what reads what, in which order. Refuses circles by name."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from forms.engine.model import NO_WORDS, FormDef, NodeDef
from forms.engine.problems import FormRefused, Problem
from forms.engine.refs import (
    FormBinder,
    Ref,
    SelfBinder,
    is_placeless,
    reads_itself,
    refs_of,
    refs_of_choices,
)
from forms.engine.shapes import Run, Shaped, Shapes, run_of
from forms.engine.xpath.ast import Ast, Call, children
from forms.engine.xpath.closures import Compiler
from forms.engine.xpath.errors import FormulaSyntax
from forms.engine.xpath.parser import parse
from forms.engine.xpath.registry import FUNCTIONS

KINDS = ("relevant", "calculate", "count", "readonly", "required", "constraint", "choices")
_MOVING = tuple(name for name, function in FUNCTIONS.items() if function.volatile)
_TRIED_WITHOUT = tuple(
    map(frozenset, ((), ("relevant",), ("count",), ("relevant", "count")))
)  # whose results may come round again
_WRITERS = frozenset({"relevant", "calculate", "count", "choices"})


@dataclass(slots=True, eq=False)
class Computation:
    """One formula on one node of the form."""

    kind: str
    target: NodeDef
    site: NodeDef  # where it is worked out: its target; of a number, what is above its repeat
    formula: str
    refs: Sequence[Ref]
    run: Run
    params: tuple[Any, ...] = ()  # what it differs in from the formulas of its shape
    order: int = 0
    volatile: bool = False
    loose: bool = False  # a number that looks at itself: worked out once an action
    fixed: bool = False  # the same at every node, whatever is answered


@dataclass(slots=True, eq=False)
class Program:
    """All formulas in order, and who must be worked out again when a node changes."""

    computations: list[Computation]
    plain_readers: Sequence[Sequence[int]]  # node index -> orders of readers outside repeats
    deep_readers: dict[int, list[tuple[Computation, NodeDef]]]  # node index -> (reader, anchor)
    of_node: dict[int, list[Computation]]
    over_repeat: dict[int, list[tuple[Computation, NodeDef]]]
    wording: dict[int, list[tuple[NodeDef, NodeDef]]]  # node index -> (whose words, anchor)
    faults: list[Problem] = field(default_factory=list)
    constraints: dict[int, Computation] = field(default_factory=dict)  # by node index


def build_program(form: FormDef) -> Program:
    """Parse, bind and sort all formulas. Raises FormRefused on a circle."""
    faults: list[Problem] = []
    computations: list[Computation] = []
    formulas = _Formulas(form, faults)
    for node in form.nodes:
        for kind, formula in _formulas_of(node):
            made = formulas.computation(node, kind, formula)
            if made is not None:
                computations.append(made)
    _sort(computations)
    program = _program(computations, faults, len(form.nodes))
    _add_wording(program, form)
    return program


def _add_wording(program: Program, form: FormDef) -> None:
    """Which questions quote which answers in their words."""
    for node in form.nodes:
        seen: set[tuple[int, int]] = set()
        for formula in _quoted(form, node):
            try:
                refs = refs_of(parse(formula), node, form.root)
            except (FormulaSyntax, RecursionError):
                continue  # shown as nothing, and told by the linter
            for ref in refs:
                for reached in (ref.node, *ref.node.repeats):
                    if (reached.index, ref.anchor.index) not in seen:
                        seen.add((reached.index, ref.anchor.index))
                        program.wording.setdefault(reached.index, []).append((node, ref.anchor))


def _quoted(form: FormDef, node: NodeDef) -> Iterator[str]:
    control = node.control
    if control is None:
        return
    for words in (control.label, control.hint, node.constraint_message, node.required_message):
        if not words:
            continue
        yield from (text for is_formula, text in words.parts if is_formula)
        name = words.itext.strip().strip("'\"")
        for texts in form.itext.values() if name else ():
            yield from (text for is_formula, text in texts.get(name, NO_WORDS).parts if is_formula)


def _formulas_of(node: NodeDef) -> Iterator[tuple[str, str]]:
    """Kind and text of each formula at a node."""
    if node.binds:
        for kind in KINDS:
            formula = node.binds.get(kind)
            if formula:
                yield kind, formula
    control = node.control
    if control is not None and control.itemset is not None and control.itemset.nodeset:
        yield "choices", control.itemset.nodeset


class _Formulas:
    """Reads the formulas of one form; one that reads nothing but its own node is read once."""

    def __init__(self, form: FormDef, faults: list[Problem]) -> None:
        self._form = form
        self._faults = faults
        self._shared: dict[tuple[str, str], tuple[Run, bool]] = {}
        self._shapes = Shapes(form.prefixes, form.root)
        self._shaped: dict[tuple[str, str], tuple[Shaped, list[Ref], bool] | None] = {}

    def computation(self, node: NodeDef, kind: str, formula: str) -> Computation | None:
        """The formula at a node; None (and a fault) when it cannot be read."""
        try:
            return self._read(node, kind, formula)
        except RecursionError:
            words = f"{kind} of {node.path}: this formula is nested too deep"
            fix = "Split it into several calculations."
            self._faults.append(Problem("formula", words, fix, ref=node.path))
            return None

    def _read(self, node: NodeDef, kind: str, formula: str) -> Computation | None:
        site = node.parent if kind == "count" and node.parent is not None else node
        key = (kind, formula)
        if key not in self._shaped:
            self._shaped[key] = self._by_shape(kind, formula)
        known = self._shaped[key]
        if known is None:
            return self._by_itself(node, site, kind, formula)
        (shape, params, _), refs, moves = known
        refs = [*refs, Ref(node, node)] if shape.own else refs
        made = Computation(kind, node, site, formula, refs, shape.run, params)
        made.volatile = moves
        made.fixed = not refs and not moves
        return made

    def _by_shape(self, kind: str, formula: str) -> tuple[Shaped, list[Ref], bool] | None:
        found = self._shapes.of(kind, formula)
        if found is None:
            return None
        nodes, root = self._form.nodes, self._form.root
        refs = [Ref(nodes[index], root) for index in found.reads]
        return found, refs, any(name in _MOVING for name in found.shape.names)

    def _by_itself(
        self, node: NodeDef, site: NodeDef, kind: str, formula: str
    ) -> Computation | None:
        try:
            ast = parse(formula)
        except FormulaSyntax as fault:
            words = f"{kind} of {node.path}: {fault.message}"
            self._faults.append(Problem("formula", words, fault.fix, ref=node.path))
            return None
        moves = any(name in formula for name in _MOVING) and is_volatile(ast)
        shared = self._shared.get((kind, formula))
        if shared is None and not is_placeless(ast):
            compiler = Compiler(self._form.prefixes, FormBinder(node, self._form.root))
            refs = self._refs(ast, node, kind)
            run = run_of(compiler, ast, kind)
            return Computation(kind, node, site, formula, refs, run, volatile=moves)
        if shared is None:
            run = run_of(Compiler(self._form.prefixes, SelfBinder()), ast, kind)
            shared = self._shared[kind, formula] = (run, reads_itself(ast))
        run, own = shared
        refs = [Ref(node, node)] if own else []
        fixed = not own and not moves
        return Computation(kind, node, site, formula, refs, run, volatile=moves, fixed=fixed)

    def _refs(self, ast: Ast, node: NodeDef, kind: str) -> list[Ref]:
        itemset = node.control.itemset if kind == "choices" and node.control is not None else None
        if itemset is None:
            return refs_of(ast, node, self._form.root)
        columns: list[Ast] = []
        for column in (itemset.value, itemset.label):
            with suppress(FormulaSyntax):  # told where the choices are read
                columns.append(parse(column))
        return refs_of_choices(ast, columns, node, self._form.root)


def is_volatile(ast: Ast) -> bool:
    """Whether the value can change though no answer did (today, now, random)."""
    if isinstance(ast, Call):
        found = FUNCTIONS.get(ast.name)
        if found is not None and found.volatile:
            return True
    return any(is_volatile(child) for child in children(ast))


def _writes(computation: Computation) -> Iterable[NodeDef]:
    if computation.kind not in _WRITERS:
        return ()
    if computation.kind in {"calculate", "choices"}:
        return (computation.target,)
    return computation.target.walk()


def _program(computations: list[Computation], faults: list[Problem], nodes: int) -> Program:
    plain: list[list[int]] = [[] for _ in range(nodes)]
    program = Program(computations, plain, {}, {}, {}, {}, faults)
    for computation in computations:
        program.of_node.setdefault(computation.target.index, []).append(computation)
        if computation.kind == "constraint":
            program.constraints[computation.target.index] = computation
        for ref in computation.refs:
            if computation.site.repeats:
                found = program.deep_readers.setdefault(ref.node.index, [])
                found.append((computation, ref.anchor))
            else:
                plain[ref.node.index].append(computation.order)
            for repeat in ref.node.repeats:
                if repeat not in ref.anchor.repeats:
                    program.over_repeat.setdefault(repeat.index, []).append(
                        (computation, ref.anchor)
                    )
    return program


def _edges(computations: list[Computation], off: frozenset[str]) -> dict[int, set[int]]:
    readers: dict[int, list[int]] = {}
    for number, computation in enumerate(computations):
        for ref in computation.refs:
            readers.setdefault(ref.node.index, []).append(number)
            for repeat in ref.node.repeats:
                if repeat not in ref.anchor.repeats and repeat is not ref.node:
                    readers.setdefault(repeat.index, []).append(number)
    edges: dict[int, set[int]] = {}
    for number, computation in enumerate(computations):
        if computation.kind in off:
            continue
        reached = edges.setdefault(number, set())
        for node in _writes(computation):
            reached.update(readers.get(node.index, ()))
        reached.discard(number)
    return edges


def _sort(computations: list[Computation]) -> None:
    """Give every formula its place; one that waits for itself is refused.

    A group's relevance may read what is in the group, and the number of a repeat how many there
    are ("add another"): such a circle is gone round while the form is filled in, as ODK does.
    """
    left: set[int] = set()
    for off in _TRIED_WITHOUT:
        left = _kahn(computations, _edges(computations, off))
        if not left:
            _let_add(computations, off)
            break
    else:
        raise FormRefused([_circle(computations, left)])
    computations.sort(key=lambda computation: computation.order)


def _let_add(computations: list[Computation], off: frozenset[str]) -> None:
    """A number that looks at itself says how many to begin with; people add the others."""
    for computation in computations:
        if computation.kind == "count" and "count" in off:
            computation.loose = True
            computation.target.fixed = False


def _kahn(computations: list[Computation], edges: dict[int, set[int]]) -> set[int]:
    waiting = [0] * len(computations)
    for reached in edges.values():
        for number in reached:
            waiting[number] += 1
    ready = deque(number for number, count in enumerate(waiting) if count == 0)
    order = 0
    while ready:
        number = ready.popleft()
        computations[number].order = order
        order += 1
        for follower in sorted(edges.get(number, ())):
            waiting[follower] -= 1
            if waiting[follower] == 0:
                ready.append(follower)
    return {number for number, count in enumerate(waiting) if count > 0}


def _circle(computations: list[Computation], left: set[int]) -> Problem:
    names = sorted({computations[number].target.local for number in left})
    shown = ", ".join(names[:6])
    return Problem(
        "circle",
        f"These questions wait for one another, so none can be worked out: {shown}.",
        "Let one of them stop using the others.",
    )
