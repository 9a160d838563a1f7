"""A formula's tree into nested Python closures, one for each type it is asked for.

`Compiler.number/text/truth/nodes/value` each return a callable taking a `Here`. Nothing is
generated as source and nothing is eval'ed. A path that is a single answer is bound by the binder.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol, TypeAlias, cast

from forms.engine.xpath.ast import (
    Ast,
    Binary,
    Call,
    Filter,
    Literal,
    Negate,
    Number,
    Path,
    chain_of,
)
from forms.engine.xpath.compare import compare
from forms.engine.xpath.errors import FormulaFault
from forms.engine.xpath.functions import FUNCTIONS, SPECIAL
from forms.engine.xpath.leaves import (
    AsNumber,
    AsText,
    AsTruth,
    Reader,
    compared,
    compared_with_given,
    first_number,
    given_constant,
    leaf_number,
    leaf_text,
    slot_number,
    slot_text,
)
from forms.engine.xpath.paths import PathCompiler
from forms.engine.xpath.tree import Node, in_order, text_of
from forms.engine.xpath.types import (
    Here,
    Value,
    nodes_of,
    number_of,
    number_of_text,
    number_written,
    text_of_number,
    text_of_value,
    truth_of,
)

AsNodes: TypeAlias = Callable[[Here], list[Node]]
AsValue: TypeAlias = Callable[[Here], Value]
_COMPARISONS = frozenset({"=", "!=", "<", "<=", ">", ">="})


class Binder(Protocol):
    """Knows the form: turns a path that is one answer into a direct read."""

    def leaf(self, path: Path, *, within: bool) -> Reader | None:
        """A reader of the single node this path always means, or None.

        `within` a predicate the node at hand is another one, so only paths from the root
        or from current() may be bound.
        """
        ...

    def nodes(self, path: Path) -> AsNodes | None:
        """All nodes a path from the top means, where the form's own tree can name them at once."""
        ...


class Compiler:
    """Compiles trees of formulas that share one set of prefixes and one binder."""

    def __init__(
        self,
        prefixes: dict[str, str],
        binder: Binder | None = None,
        *,
        within: bool = False,
        params: Mapping[int, int] = MappingProxyType({}),
    ) -> None:
        """`params`: which of the tree's constants and paths (by id) are read from Here.params."""
        self._binder = binder
        self._params = params
        self._within = within
        self._leaves: dict[int, Reader | None] = {}
        self._prefixes = prefixes
        self._path_compiler: PathCompiler | None = None

    @property
    def _paths(self) -> PathCompiler:
        """Made when first needed: most formulas read single answers only."""
        if self._path_compiler is None:
            inner = self
            if not self._within:
                inner = Compiler(self._prefixes, self._binder, within=True)
            self._path_compiler = PathCompiler(self._prefixes, self, inner)
        return self._path_compiler

    def kind(self, ast: Ast) -> str:
        """What comes out: s text, n number, b yes-no, N nodes, L one answer, v not known."""
        if isinstance(ast, Number | Negate):
            return "n"
        if isinstance(ast, Literal):
            return "s"
        if isinstance(ast, Binary):
            if ast.op == "|":
                return "N"
            return "b" if ast.op in _COMPARISONS or ast.op in {"and", "or"} else "n"
        if isinstance(ast, Call):
            return self._call_kind(ast)
        if isinstance(ast, Path) and self._leaf(ast) is not None:
            return "L"
        return "N"

    def _call_kind(self, ast: Call) -> str:
        if ast.name == "if" and len(ast.args) == 3:
            kinds = {self.kind(arg) for arg in ast.args[1:]}
            kinds = {"s" if kind == "L" else kind for kind in kinds}
            return kinds.pop() if len(kinds) == 1 else "v"
        if ast.name in SPECIAL:
            return SPECIAL[ast.name][2]
        found = FUNCTIONS.get(ast.name)
        return "v" if found is None else found.returns

    def value(self, ast: Ast) -> AsValue:
        """The value as whatever it is."""
        kind = self.kind(ast)
        if kind == "n":
            return self.number(ast)
        if kind in {"s", "L"}:
            return self.text(ast)
        if kind == "b":
            return self.truth(ast)
        if kind == "N":
            return self.nodes(ast)
        return self._raw(ast)

    def number(self, ast: Ast) -> AsNumber:
        """The value as a number."""
        if isinstance(ast, Number | Literal):
            return self._constant_number(ast)
        if isinstance(ast, Negate):
            operand = self.number(ast.operand)
            return lambda here: -operand(here)
        kind = self.kind(ast)
        if kind == "n":
            return cast("AsNumber", self._raw(ast))
        if kind == "L" and isinstance(ast, Path):
            return self._leaf_number(ast)
        if kind == "s":
            words = self.text(ast)
            return lambda here: number_of_text(words(here), here)
        if isinstance(ast, Call) and ast.name == "coalesce" and self._are_read(ast.args):
            return first_number([self._either(arg) for arg in ast.args])
        raw = self._raw(ast)
        return lambda here: number_of(raw(here), here)

    def _constant_number(self, ast: Number | Literal) -> AsNumber:
        at = self._params.get(id(ast))
        if isinstance(ast, Literal):
            text = ast.value
            if at is not None:
                return lambda here: number_written(here.params[at], here)
            return lambda here: number_written(text, here)
        if at is not None:
            return given_constant(at)
        constant = ast.value
        return lambda _: constant

    def _leaf_number(self, path: Path) -> AsNumber:
        at = self._params.get(id(path))
        reader = self._leaf(path)
        assert reader is not None  # noqa: S101 - its kind says so
        return leaf_number(reader) if at is None else slot_number(at)

    def _are_read(self, args: tuple[Ast, ...]) -> bool:
        """Whether there are two or more, all of them numbers as written or single answers."""
        read = [isinstance(arg, Number) or self.kind(arg) == "L" for arg in args]
        return len(read) > 1 and all(read)

    def _either(self, arg: Ast) -> tuple[AsText | None, AsNumber]:
        return None if isinstance(arg, Number) else self.text(arg), self.number(arg)

    def text(self, ast: Ast) -> AsText:
        """The value as text."""
        at = self._params.get(id(ast))
        if isinstance(ast, Literal):
            constant = ast.value
            return (lambda _: constant) if at is None else given_constant(at)
        if isinstance(ast, Path):
            reader = self._leaf(ast)
            if reader is not None:
                return leaf_text(reader) if at is None else slot_text(at)
        kind = self.kind(ast)
        if kind == "s":
            return cast("AsText", self._raw(ast))
        if kind == "n":
            number = self.number(ast)
            return lambda here: text_of_number(number(here))
        raw = self._raw(ast)
        return lambda here: text_of_value(raw(here))

    def truth(self, ast: Ast) -> AsTruth:
        """The value as yes or no."""
        kind = self.kind(ast)
        if kind == "b":
            return cast("AsTruth", self._raw(ast))
        if kind == "L":
            return lambda _: True  # a question that is there, answered or not
        if kind == "s":
            text = self.text(ast)
            return lambda here: bool(text(here))
        if kind == "n":
            number = self.number(ast)
            return lambda here: truth_of(number(here))
        raw = self._raw(ast)
        return lambda here: truth_of(raw(here))

    def nodes(self, ast: Ast) -> AsNodes:
        """The value as nodes. Faults at run time when it is a single value."""
        if isinstance(ast, Path):
            reader = self._leaf(ast)
            if reader is not None:
                return lambda here: [reader(here)]
            named = None if self._binder is None else self._binder.nodes(ast)
            return named or self._paths.path(ast)
        if isinstance(ast, Call) and ast.name == "jr:itext" and len(ast.args) == 1:
            return _texts(self.text(ast.args[0]))
        raw = self._raw(ast)
        return lambda here: nodes_of(raw(here))

    def _leaf(self, path: Path) -> Reader | None:
        if self._binder is None:
            return None
        key = id(path)
        if key not in self._leaves:  # the tree is alive as long as it is being compiled
            self._leaves[key] = self._binder.leaf(path, within=self._within)
        return self._leaves[key]

    def _raw(self, ast: Ast) -> Callable[[Here], Any]:
        if isinstance(ast, Binary):
            return self._binary(ast)
        if isinstance(ast, Call):
            return self._call(ast)
        if isinstance(ast, Path):
            return self.nodes(ast)
        if isinstance(ast, Filter):
            return self._paths.filter(ast)
        if isinstance(ast, Literal):
            return self.text(ast)
        return self.number(ast)

    def _binary(self, ast: Binary) -> Callable[[Here], Any]:
        if ast.op in {"and", "or"}:
            return self._chain(ast)
        if ast.op in _COMPARISONS:
            return self._comparison(ast)
        if ast.op == "|":
            joined = [self.nodes(part) for part in chain_of(ast, "|")]
            return lambda here: in_order([node for part in joined for node in part(here)])
        return self._arithmetic(ast)

    def _chain(self, ast: Binary) -> AsTruth:
        tests = [self.truth(part) for part in chain_of(ast, ast.op)]
        if ast.op == "and":
            if len(tests) == 2:
                first, second = tests
                return lambda here: first(here) and second(here)
            return lambda here: all(test(here) for test in tests)
        return lambda here: any(test(here) for test in tests)

    def _arithmetic(self, ast: Binary) -> AsNumber:
        if ast.op == "+":
            terms = [self.number(part) for part in chain_of(ast, "+")]
            if len(terms) > 2:
                return lambda here: _added(terms, here)
        left, right = self.number(ast.left), self.number(ast.right)
        if ast.op == "+":
            return lambda here: float(left(here)) + right(here)
        if ast.op == "-":
            return lambda here: float(left(here)) - right(here)
        if ast.op == "*":
            return lambda here: float(left(here)) * right(here)
        if ast.op == "div":
            return lambda here: _divided(left(here), right(here))
        return lambda here: _remainder(left(here), right(here))

    def _comparison(self, ast: Binary) -> AsTruth:
        op = ast.op
        kinds = (self.kind(ast.left), self.kind(ast.right))
        given = self._params.get(id(ast.right))  # a constant on the right is met most often
        if op in {"=", "!="} and all(kind in {"s", "L"} for kind in kinds):
            left = self.text(ast.left)
            if given is not None and isinstance(ast.right, Literal):
                return compared_with_given(op, left, given)
            return compared(op, left, self.text(ast.right))
        plain = all(kind in {"s", "n", "L"} for kind in kinds)
        if plain and (op not in {"=", "!="} or "n" in kinds):
            if given is not None and isinstance(ast.right, Number):
                return compared_with_given(op, self.number(ast.left), given)
            return compared(op, self.number(ast.left), self.number(ast.right))
        one, other = self._side(ast.left), self._side(ast.right)
        return lambda here: compare(op, one(here), other(here), here)

    def _side(self, ast: Ast) -> Callable[[Here], Any]:
        return self.nodes(ast) if self.kind(ast) in {"L", "N"} else self.value(ast)

    def _call(self, ast: Call) -> Callable[[Here], Any]:
        name, count = ast.name, len(ast.args)
        if name in SPECIAL:
            low, high, _, words = SPECIAL[name]
            if count < low or (high is not None and count > high):
                return _fails(f"{name}( ) is used as {words}", ast)
            return self._special(ast)
        found = FUNCTIONS.get(name)
        if found is None:
            return _fails(f"there is no function {name}( )", ast)
        if count < found.low or (found.high is not None and count > found.high):
            return _fails(
                f"{name}( ) needs {found.counts()} value(s) in its brackets, found {count}", ast
            )
        if name == "concat" and all(self.kind(arg) in "snbL" for arg in ast.args):
            texts = [self.text(arg) for arg in ast.args]
            return lambda here: "".join([text(here) for text in texts])
        return _applied(found.call, [self._as(found.kind_at(i), a) for i, a in enumerate(ast.args)])

    def _as(self, kind: str, ast: Ast) -> Callable[[Here], Any]:
        if kind == "s":
            return self.text(ast)
        if kind == "n":
            return self.number(ast)
        if kind == "b":
            return self.truth(ast)
        if kind == "N":
            return self.nodes(ast)
        return self._side(ast)

    def _special(self, ast: Call) -> Callable[[Here], Any]:
        name = ast.name
        if name == "if":
            return self._if(ast)
        if name == "once":
            made = self.text(ast.args[0])
            return lambda here: text_of(here.node) or made(here)
        if name == "current":
            return lambda here: [here.current]
        if name == "last":
            return lambda here: float(here.size)
        if name == "indexed-repeat":
            return self._paths.indexed_repeat(ast)
        if not ast.args:
            return lambda here: float(here.position)
        nodes = self.nodes(ast.args[0])
        return lambda here: _place_among_siblings(nodes(here))

    def _if(self, ast: Call) -> Callable[[Here], Any]:
        test = self.truth(ast.args[0])
        kind = self._call_kind(ast)
        kind = "side" if kind in {"v", "N"} else kind
        yes, no = self._as(kind, ast.args[1]), self._as(kind, ast.args[2])
        return lambda here: yes(here) if test(here) else no(here)


def _texts(name: AsText) -> AsNodes:
    """jr:itext( ) where nodes are wanted: the values of the text, in the language shown."""

    def read(here: Here) -> list[Node]:
        find = here.around.itext_nodes
        if find is None:
            raise FormulaFault("the texts of this form cannot be taken as a list")
        return find(name(here))

    return read


def _added(terms: list[AsNumber], here: Here) -> float:
    total = 0.0
    for term in terms:
        total += term(here)
    return total


def _divided(left: float, right: float) -> float:
    if right == 0:
        if left == 0 or math.isnan(left):
            return math.nan
        return math.copysign(math.inf, left) * math.copysign(1.0, right)
    return left / right


def _remainder(left: float, right: float) -> float:
    if right == 0 or math.isinf(left) or math.isnan(left) or math.isnan(right):
        return math.nan
    return math.fmod(left, right)


def _place_among_siblings(nodes: list[Node]) -> float:
    if not nodes:
        return math.nan
    node = nodes[0]
    if node.parent is None:
        return 1.0
    place = 0
    for kid in node.parent.kids:
        if kid.local == node.local and kid.kind == node.kind:
            place += 1
        if kid is node:
            break
    return float(place)


def _applied(call: Callable[..., Any], args: list[Callable[[Here], Any]]) -> Callable[[Here], Any]:
    if not args:
        return call
    if len(args) == 1:
        only = args[0]
        return lambda here: call(here, only(here))
    if len(args) == 2:
        first, second = args
        return lambda here: call(here, first(here), second(here))
    return lambda here: call(here, *[arg(here) for arg in args])


def _fails(message: str, ast: Call) -> Callable[[Here], Any]:
    def fail(_: Here) -> Any:
        raise FormulaFault(message, *ast.span)

    return fail
