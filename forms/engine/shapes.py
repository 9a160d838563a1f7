"""Formulas that differ only in the questions and constants they name are compiled once.

Project leads write few shapes of formula many times over: `/data/a > 3`, `/data/b > 17`. What they
differ in (a question by its slot, a number, a text) is taken out; the rest is parsed and compiled
the first time it comes, and run with what was taken out (`Here.params`). A formula that looks
further than single questions outside repeats, constants and its own node has no shape: `graph`
compiles it by itself. Both ways mean the same; the tests compare them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, TypeAlias

from forms.engine.model import NodeDef
from forms.engine.refs import reads_where_it_stands
from forms.engine.xpath.ast import Ast, Binary, Call, Literal, Negate, Number, Path, Step, children
from forms.engine.xpath.closures import Compiler
from forms.engine.xpath.errors import FormulaSyntax
from forms.engine.xpath.leaves import Reader
from forms.engine.xpath.lexer import NAME
from forms.engine.xpath.parser import parse
from forms.engine.xpath.tree import Node
from forms.engine.xpath.types import Here

# one of these characters, and then what stands before and after it: most places fail at once
_PIECE = re.compile(
    rf"""([/"'0-9](?:
        (?<=/)(?<![\w.\-)\]*/:@'"]/){NAME}(?:/{NAME})*(?![\w\-.:]|\s*[/\[(:])
      | (?<=")[^"]*"
      | (?<=')[^']*'
      | (?<=[0-9])(?<![\w.\-:$][0-9])[0-9]*(?:\.[0-9]+)?(?![\w.:])))""",
    re.VERBOSE,
)
_FURTHER = frozenset(
    {"current", "position", "last", "once", "indexed-repeat", "instance", "id", "jr:choice-name"}
)


_OR = re.compile(r"\s+or\s+")
_AND = re.compile(r"\s+and\s+")
_MARK = re.compile("\0.")
_TRUTHS = frozenset({"relevant", "required", "readonly", "constraint"})
_MOST = 4_096  # shapes kept: a hundred forms of the largest kind
Run: TypeAlias = Callable[[Here], Any]


class Shape(NamedTuple):
    """A compiled formula that wants its params: run it with them in `Here.params`."""

    run: Run
    names: frozenset[str]  # the functions it calls
    own: bool  # whether it reads the node it stands at
    parts: tuple[tuple[Shape, int], ...] = ()  # of conditions joined: each, and its params


class Shaped(NamedTuple):
    """A formula taken apart: its shape, its params, and the questions among them."""

    shape: Shape
    params: tuple[Any, ...]
    reads: tuple[int, ...]  # indexes of definitions, each once


# Compiled once for all forms of a process: a shape knows no form, only the meaning of prefixes.
_KNOWN: dict[tuple[str, str, str], Shape | None] = {}


def forget_shapes() -> None:
    """Compile every shape anew from now on (benchmarks of a first opening)."""
    _KNOWN.clear()


def run_of(compiler: Compiler, ast: Ast, kind: str) -> Run:
    """A formula compiled to what its kind wants: text, a number, nodes, yes or no."""
    if kind == "calculate":
        return compiler.text(ast)
    if kind == "count":
        return compiler.number(ast)
    if kind == "choices":
        return compiler.nodes(ast)
    return compiler.truth(ast)


class Shapes:
    """Takes the formulas of one form apart."""

    def __init__(self, prefixes: dict[str, str], root: NodeDef) -> None:
        self._prefixes = prefixes
        self._about = repr(sorted(prefixes.items()))
        self._places = _single_places(root)

    def of(self, kind: str, formula: str) -> Shaped | None:
        """The formula by its shape; None when it has none."""
        if "\0" in formula:  # marks what is taken out
            return None
        pieces = _PIECE.split(formula)
        written = pieces[1::2]
        params: list[Any] = []
        reads: list[int] = []
        for at, piece in enumerate(written):
            first = piece[0]
            if first == "/":
                place = self._places.get(piece)
                if place is None:
                    return None
                params.append(place)
                reads.append(place)
                pieces[2 * at + 1] = "\0/"
            elif first in "'\"":
                params.append(piece[1:-1])
                pieces[2 * at + 1] = "\0'"
            else:
                params.append(float(piece))
                pieces[2 * at + 1] = "\x000"
        shape = self._shape(kind, "".join(pieces), written)
        if shape is None:
            return None
        given = _arranged(shape, params) if shape.parts else tuple(params)
        return Shaped(shape, given, tuple(dict.fromkeys(reads)))

    def _shape(self, kind: str, masked: str, written: list[str]) -> Shape | None:
        key = (self._about, "truth" if kind in _TRUTHS else kind, masked)
        if key not in _KNOWN:
            if len(_KNOWN) >= _MOST:
                _KNOWN.clear()
            shape = self._joined(kind, masked, written) if kind in _TRUTHS else None
            _KNOWN[key] = shape = shape or self._made(kind, masked, written)
            return shape
        return _KNOWN.get(key)

    def _joined(self, kind: str, masked: str, written: list[str]) -> Shape | None:
        """Conditions joined by `or`, or by `and`, outside every bracket: each by its own shape."""
        sign, run = (_OR, _any_of) if _OR.search(masked) else (_AND, _all_of)
        texts = sign.split(masked)
        if len(texts) == 1 or not all(_closes(text) for text in texts):
            return None  # an `or` in brackets binds before the `and` beside them
        parts: list[tuple[Shape, int]] = []
        begin = 0
        for text in texts:
            count = text.count("\0")
            shape = self._shape(kind, text, written[begin : begin + count])
            if shape is None:
                return None
            parts.append((shape, count))
            begin += count
        names = frozenset[str]().union(*(shape.names for shape, _ in parts))
        return Shape(run, names, any(shape.own for shape, _ in parts), tuple(parts))

    def _made(self, kind: str, masked: str, written: list[str]) -> Shape | None:
        pieces = iter(written)
        formula = _MARK.sub(lambda _: next(pieces), masked)
        try:
            ast = parse(formula)
        except FormulaSyntax:
            return None  # told where it is compiled by itself
        spans = {found.span(): at for at, found in enumerate(_PIECE.finditer(formula))}
        leaves: dict[int, int] = {}
        if not _is_flat(ast, spans, leaves) or len(leaves) != len(written):
            return None
        compiler = Compiler(self._prefixes, _ShapeBinder(leaves), params=leaves)
        return Shape(run_of(compiler, ast, kind), frozenset(_names(ast)), _reads_itself(ast))


def _closes(text: str) -> bool:
    return text.count("(") == text.count(")") and "[" not in text


def _arranged(shape: Shape, params: list[Any]) -> tuple[Any, ...]:
    """The params of joined conditions: for each part what to run, and what with."""
    given: list[Any] = []
    begin = 0
    for part, count in shape.parts:
        own = params[begin : begin + count]
        given.append((part.run, _arranged(part, own) if part.parts else tuple(own)))
        begin += count
    return tuple(given)


def _any_of(here: Here) -> bool:
    parts = here.params
    for run, params in parts:
        here.params = params
        if run(here):
            return True
    return False


def _all_of(here: Here) -> bool:
    parts = here.params
    for run, params in parts:
        here.params = params
        if not run(here):
            return False
    return True


def _single_places(root: NodeDef) -> dict[str, int]:
    """The plain paths that mean one node outside every repeat, whatever its prefix."""
    places: dict[str, int] = {}
    standing: list[tuple[str, Sequence[NodeDef]]] = [("", [root])]
    while standing:
        above, kids = standing.pop()
        locals_ = [kid.local for kid in kids]
        once = len(set(locals_)) == len(locals_)
        for kid in kids:
            if not kid.repeat and (once or locals_.count(kid.local) == 1):
                path = f"{above}/{kid.local}"
                places[path] = kid.index
                if kid.kids:
                    standing.append((path, kid.kids))
    return places


def _is_flat(ast: Ast, spans: dict[tuple[int, int], int], leaves: dict[int, int]) -> bool:
    """Whether a tree reads single questions and constants alone; which of them are params."""
    if isinstance(ast, Number | Literal | Path):
        if ast.span in spans:
            leaves[id(ast)] = spans[ast.span]
            return not isinstance(ast, Path) or bool(ast.plain)
        return not isinstance(ast, Path) or _is_own(ast)
    if isinstance(ast, Call) and ast.name in _FURTHER:
        return False
    if isinstance(ast, Binary) and ast.op == "|":
        return False
    if not isinstance(ast, Binary | Negate | Call):
        return False
    return all(_is_flat(child, spans, leaves) for child in children(ast))


def _is_own(path: Path) -> bool:
    itself = (Step("self", "node", "", "", (), path.span),)
    return not path.absolute and path.base is None and path.steps == itself


def _names(ast: Ast) -> set[str]:
    found = {name for child in children(ast) for name in _names(child)}
    return found | {ast.name} if isinstance(ast, Call) else found


def _reads_itself(ast: Ast) -> bool:
    if isinstance(ast, Path):
        return _is_own(ast)
    return reads_where_it_stands(ast) or any(_reads_itself(child) for child in children(ast))


class _ShapeBinder:
    """Binds a path that is a param to the slot it names, and `.` to the node at hand."""

    def __init__(self, leaves: dict[int, int]) -> None:
        self._leaves = leaves

    def leaf(self, path: Path, *, within: bool) -> Reader | None:
        """A reader of the one node a path means."""
        if within:
            return None
        at = self._leaves.get(id(path))
        return _own_node if at is None else _given(at)

    def nodes(self, path: Path) -> None:
        """Nothing: what a shape reads is one node or its own."""


def _own_node(here: Here) -> Node:
    return here.node


def _given(at: int) -> Reader:
    return lambda here: here.slots[here.params[at]]
