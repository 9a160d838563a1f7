"""All functions, registered by importing this module (nothing else needs importing)."""

from __future__ import annotations

from forms.engine.xpath import (
    functions_dates,
    functions_geo,
    functions_nodes,
    functions_number,
    functions_text,
)
from forms.engine.xpath.registry import FUNCTIONS, SPECIAL, Function, arity, known_names

MODULES = (functions_dates, functions_geo, functions_nodes, functions_number, functions_text)
__all__ = ["FUNCTIONS", "MODULES", "SPECIAL", "Function", "arity", "known_names"]
