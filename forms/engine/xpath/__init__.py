"""Formulas: lexer, parser, coercions, functions and typed closures (ODK's XPath dialect).

Knows nothing of forms or sessions; evaluates over `forms.engine.xpath.tree.Node`.
"""
