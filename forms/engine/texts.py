"""The words of a form in the language shown: labels, hints, messages, with answers put in."""

from __future__ import annotations

from collections.abc import Callable

from forms.engine.live import LiveNode
from forms.engine.model import FormDef, NodeDef, Words
from forms.engine.refs import FormBinder
from forms.engine.xpath.closures import Compiler
from forms.engine.xpath.errors import FormulaError
from forms.engine.xpath.parser import parse
from forms.engine.xpath.tree import Node
from forms.engine.xpath.types import Here, Surroundings

_HELD_BACK = (FormulaError, ArithmeticError, ValueError, RecursionError)


class Texts:
    """Turns Words into text for one session. Compiled formulas are kept."""

    def __init__(self, form: FormDef, around: Surroundings) -> None:
        self._form = form
        self._around = around
        self._compiled: dict[tuple[str, int], Callable[[Here], str]] = {}
        self.language = form.default_language

    def of(self, words: Words, node: Node, context: NodeDef | None) -> str:
        """The text, with its formulas worked out at `node`."""
        if words.itext:
            name = self.formula(words.itext, node, context)
            return self.itext(name, node, context)
        return "".join(
            self.formula(text, node, context) if is_formula else text
            for is_formula, text in words.parts
        )

    def itext(self, name: str, node: Node, context: NodeDef | None) -> str:
        """A translated text by its id; the default language stands in where one is missing."""
        for language in (self.language, self._form.default_language):
            words = self._form.itext.get(language, {}).get(name)
            if words:
                return self.of(words, node, context)
        return ""

    def formula(self, formula: str, node: Node, context: NodeDef | None) -> str:
        """A formula inside a text. One that cannot be worked out shows as nothing."""
        key = (formula, -1 if context is None else context.index)
        read = self._compiled.get(key)
        try:
            if read is None:
                binder = None if context is None else FormBinder(context, self._form.root)
                read = Compiler(self._form.prefixes, binder).text(parse(formula))
                self._compiled[key] = read
            return read(Here(node, self._around))
        except _HELD_BACK:
            return ""

    def label(self, node: LiveNode) -> str:
        """The question's own words."""
        control = node.d.control
        return "" if control is None else self.of(control.label, node, node.d)

    def hint(self, node: LiveNode) -> str:
        """The question's hint."""
        control = node.d.control
        return "" if control is None else self.of(control.hint, node, node.d)
