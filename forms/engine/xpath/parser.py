"""Tokens into a tree: recursive descent over the grammar of XPath 1.0. Refuses too deep nesting."""

from __future__ import annotations

from functools import lru_cache

from forms.engine.xpath.ast import Ast, Binary, Call, Filter, Literal, Negate, Number, Path, Step
from forms.engine.xpath.errors import FormulaSyntax
from forms.engine.xpath.lexer import Token, tokens_of

MAX_DEPTH = 64
_STRENGTH = {
    "or": 1, "and": 2, "=": 3, "!=": 3, "<": 4, "<=": 4, ">": 4, ">=": 4, "+": 5, "-": 5,
    "*op": 6, "div": 6, "mod": 6,
}  # fmt: skip
_CONSTANTS = frozenset({"number", "text"})
_GOES_ON = frozenset({"[", "/", "//"})  # after a constant: it is not all there is
_NODE_TYPES = frozenset({"node", "text", "comment", "processing-instruction"})
AXES = frozenset(
    {
        "ancestor", "ancestor-or-self", "attribute", "child", "descendant", "descendant-or-self",
        "following", "following-sibling", "namespace", "parent", "preceding", "preceding-sibling",
        "self",
    }
)  # fmt: skip


@lru_cache(maxsize=4096)
def parse(formula: str) -> Ast:
    """The tree of a formula. Raises FormulaSyntax with the place and plain words."""
    return _Parser(tokens_of(formula)).whole()


def _plain_path(token: Token) -> Path:
    steps: list[Step] = []
    at = token.start
    for part in token.text.split("/"):
        end = at + len(part)
        if part == "..":
            steps.append(Step("parent", "node", "", "", (), (at, end)))
        elif part:
            steps.append(Step("child", "name", "", part, (), (at, end)))
        at = end + 1
    absolute = token.text[0] == "/"
    plain = token.text if absolute else ""
    return Path(absolute, None, tuple(steps), (token.start, token.end), plain)


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Ast:
        if self._here().kind == "end":
            raise FormulaSyntax("the formula is empty", 0, 0)
        ast = self._expression()
        token = self._here()
        if token.kind != "end":
            raise self._unexpected("the end of the formula")
        return ast

    def _expression(self) -> Ast:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FormulaSyntax(
                "this formula is nested too deep",
                self._here().start,
                self._here().end,
                "Split it into several calculations.",
            )
        ast = self._binary(1)
        self._depth -= 1
        return ast

    def _binary(self, weakest: int) -> Ast:
        """Operators at least that strong, the stronger ones bound first, left to right."""
        left = self._unary()
        while True:
            token = self._tokens[self._at]
            strength = _STRENGTH.get(token.text, 0) if token.kind == "op" else 0
            if strength < weakest:
                return left
            self._at += 1
            right = self._binary(strength + 1)
            sign = "*" if token.text == "*op" else token.text
            left = Binary(sign, left, right, (left.span[0], right.span[1]))

    def _unary(self) -> Ast:
        token = self._tokens[self._at]
        if token.text != "-" or token.kind != "op":
            return self._union()
        starts: list[int] = []
        while self._is("-"):
            starts.append(self._next().start)
        ast = self._union()
        for start in reversed(starts):
            ast = Negate(ast, (start, ast.span[1]))
        return ast

    def _union(self) -> Ast:
        left = self._path()
        while self._tokens[self._at].text == "|" and self._is("|"):
            self._next()
            right = self._path()
            left = Binary("|", left, right, (left.span[0], right.span[1]))
        return left

    def _path(self) -> Ast:
        token = self._tokens[self._at]
        if token.kind == "path":
            self._at += 1
            return _plain_path(token)
        if token.kind in _CONSTANTS:
            following = self._tokens[self._at + 1].text
            if following not in _GOES_ON:
                self._at += 1
                span = (token.start, token.end)
                if token.kind == "text":
                    return Literal(token.text, span)
                return Number(float(token.text), span)
        start = token.start
        if self._starts_primary():
            primary = self._filtered()
            if not (self._is("/") or self._is("//")):
                return primary
            steps: list[Step] = []
            self._more_steps(steps)
            return Path(False, primary, tuple(steps), (start, self._end()))
        steps = []
        absolute = self._is("/") or self._is("//")
        if absolute:
            if self._is("/"):
                self._next()
                if not self._starts_step():
                    return Path(True, None, (), (start, self._end()))
                steps.append(self._step())
            self._more_steps(steps)
        else:
            steps.append(self._step())
            self._more_steps(steps)
        return Path(absolute, None, tuple(steps), (start, self._end()))

    def _more_steps(self, steps: list[Step]) -> None:
        while self._is("/") or self._is("//"):
            token = self._next()
            if token.text == "//":
                steps.append(
                    Step("descendant-or-self", "node", "", "", (), (token.start, token.end))
                )
            steps.append(self._step())

    def _starts_primary(self) -> bool:
        token = self._here()
        if token.kind in {"number", "text"} or self._is("("):
            return True
        if self._is("$"):
            raise FormulaSyntax(
                "a variable ($) means nothing here",
                token.start,
                token.end,
                "Name a question as ${name}.",
            )
        follows = self._tokens[self._at + 1] if token.kind == "name" else token
        return (
            token.kind == "name"
            and follows.kind == "op"
            and follows.text == "("
            and token.text not in _NODE_TYPES
        )

    def _starts_step(self) -> bool:
        token = self._here()
        return token.kind in {"name", "axis"} or (
            token.kind == "op" and token.text in {".", "..", "@"}
        )

    def _filtered(self) -> Ast:
        start = self._here().start
        primary = self._primary()
        predicates = self._predicates()
        if not predicates:
            return primary
        return Filter(primary, predicates, (start, self._end()))

    def _primary(self) -> Ast:
        token = self._next()
        if token.kind == "number":
            return Number(float(token.text), (token.start, token.end))
        if token.kind == "text":
            return Literal(token.text, (token.start, token.end))
        if token.kind == "name":
            return self._call(token)
        ast = self._expression()
        self._expect(")")
        return ast

    def _call(self, name: Token) -> Ast:
        self._expect("(")
        args: list[Ast] = []
        if not self._is(")"):
            args.append(self._expression())
            while self._is(","):
                self._next()
                args.append(self._expression())
        self._expect(")")
        return Call(name.text, tuple(args), (name.start, self._end()))

    def _step(self) -> Step:
        token = self._here()
        if token.kind == "op" and token.text in {".", ".."}:
            self._next()
            axis = "self" if token.text == "." else "parent"
            predicates = self._predicates()
            return Step(axis, "node", "", "", predicates, (token.start, self._end()))
        axis = self._axis()
        test, prefix, local = self._node_test()
        return Step(axis, test, prefix, local, self._predicates(), (token.start, self._end()))

    def _axis(self) -> str:
        if self._is("@"):
            self._next()
            return "attribute"
        token = self._here()
        if token.kind != "axis":
            return "child"
        self._next()
        self._expect("::")
        if token.text not in AXES:
            raise FormulaSyntax(f"there is no axis {token.text!r}", token.start, token.end)
        return token.text

    def _node_test(self) -> tuple[str, str, str]:
        token = self._here()
        if token.kind != "name":
            raise self._unexpected("a name")
        self._next()
        if token.text in _NODE_TYPES and self._is("("):
            self._next()
            local = self._next().text if self._here().kind == "text" else ""
            self._expect(")")
            return token.text, "", local
        if token.text == "*":
            return "any", "", ""
        prefix, _, local = token.text.rpartition(":")
        return ("any", prefix, "") if local == "*" else ("name", prefix, local)

    def _predicates(self) -> tuple[Ast, ...]:
        found: list[Ast] = []
        while self._is("["):
            self._next()
            found.append(self._expression())
            self._expect("]")
        return tuple(found)

    def _here(self) -> Token:
        return self._tokens[self._at]

    def _next(self) -> Token:
        token = self._tokens[self._at]
        self._at += 1 if token.kind != "end" else 0
        return token

    def _end(self) -> int:
        return self._tokens[self._at - 1].end

    def _is(self, sign: str) -> bool:
        token = self._tokens[self._at]
        return token.kind == "op" and token.text == sign

    def _expect(self, sign: str) -> None:
        if not self._is(sign):
            raise self._unexpected(f"'{sign}'")
        self._next()

    def _unexpected(self, wanted: str) -> FormulaSyntax:
        token = self._here()
        if token.kind == "end":
            fix = "Close the brackets." if wanted in {"')'", "']'"} else ""
            return FormulaSyntax(
                f"the formula ends where {wanted} should be", token.start, token.end, fix
            )
        shown = "*" if token.text == "*op" else token.text
        fix = ""
        if token.text == "=" and self._at and self._tokens[self._at - 1].text == "=":
            fix = "Use a single = ."
        elif token.text.upper() in {"AND", "OR"} and token.text.isupper():
            fix = "Write and, or in small letters."
        return FormulaSyntax(f"expected {wanted}, found '{shown}'", token.start, token.end, fix)
