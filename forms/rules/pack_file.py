"""Opens a pack: a folder of TOML files, checked whole before anybody may use it.

`forms/packs/<name>/*.toml` say what one council decides; `pack.toml` names the folders it shares
with others (law, checklist, legal forms). The council's own table wins over a shared one of the
same name. Refuses a pack with any fault, and lists every one of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from forms.rules.pack import (
    AssumptionSet,
    BudgetLine,
    ChecklistRule,
    Choice,
    CostKind,
    Dated,
    EntityForm,
    EntityRule,
    Envelope,
    LikeWords,
    Pack,
    Question,
    SeedPolicy,
    Source,
    Target,
)
from forms.rules.pack import Place as District
from forms.rules.pack_checks import StatedTotal, check_pack
from forms.rules.pack_table import Place, Problem, build

PACKS = Path(__file__).resolve().parent.parent / "packs"
T = TypeVar("T")

# table in the files -> (field of Pack, class of its rows)
_LISTS: Mapping[str, tuple[str, type]] = {
    "envelope": ("envelopes", Envelope),
    "budget_line": ("budget", BudgetLine),
    "target": ("targets", Target),
    "assumption_set": ("assumptions", AssumptionSet),
    "place": ("places", District),
    "area_group": ("area_groups", Choice),
    "checklist": ("checklist", ChecklistRule),
    "checklist_fact": ("checklist_facts", Question),
    "entity_form": ("entity_forms", EntityForm),
    "entity_question": ("entity_questions", Question),
    "entity_rule": ("entity_rules", EntityRule),
    "stage": ("stages", Choice),
    "closing_reason": ("closing_reasons", Choice),
    "channel": ("channels", Choice),
    "service_type": ("service_types", Choice),
    "target_group": ("target_groups", Choice),
    "rate": ("rates", Dated),
    "source": ("sources", Source),
    "like_words": ("like_words", LikeWords),
}
_BESIDE = {"cost_kind", "seed_policy", "stated_total", "shared"}


class PackError(Exception):
    """A pack that may not be used. `problems` lists every fault found."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        self.name = name
        self.problems = tuple(problems)
        listed = "\n".join(f"  - {problem}" for problem in problems)
        super().__init__(
            f"The programme pack “{name}” has {len(problems)} fault(s) and is not used. "
            f"Nothing was changed. Mend these and open it again:\n{listed}"
        )


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where packs are: their names, and the TOML files of a folder by name."""

    names: tuple[str, ...]
    files: Callable[[str], Mapping[str, bytes]]


def on_disk(folder: Path) -> Shelf:
    """The packs of a folder."""

    def files(name: str) -> Mapping[str, bytes]:
        return {path.name: path.read_bytes() for path in sorted((folder / name).glob("*.toml"))}

    return Shelf(pack_names(folder), files)


@dataclass(frozen=True, slots=True)
class _Table:
    """One top-level entry of a TOML file, and which file it came from."""

    file: str
    value: Any


@cache
def load_pack(name: str) -> Pack:
    """The pack that ships under this name. Raises PackError with every fault in it."""
    return open_pack(PACKS, name)


def open_pack(folder: Path, name: str) -> Pack:
    """The pack `name` in a folder of packs, read afresh. Raises PackError."""
    pack, problems = read_pack(folder, name)
    if problems or pack is None:
        raise PackError(name, problems)
    return pack


def pack_names(folder: Path = PACKS) -> tuple[str, ...]:
    """The packs in a folder: those that hold a pack.toml."""
    return tuple(sorted(path.parent.name for path in folder.glob("*/pack.toml")))


def read_pack(folder: Path, name: str) -> tuple[Pack | None, list[Problem]]:
    """A pack and its faults. The pack is None when a row could not be read at all."""
    return read_on(on_disk(folder), name)


def read_on(shelf: Shelf, name: str) -> tuple[Pack | None, list[Problem]]:
    """The same, wherever its files are."""
    return _read(shelf, name, {})


def folders_of(shelf: Shelf, name: str) -> tuple[str, ...]:
    """The folders whose files make a pack: its own, then those it shares."""
    problems: list[Problem] = []
    return name, *_shared_folders(_read_folder(shelf, name, problems), problems)


def read_with(
    name: str, text: str | bytes, file: str, folder: Path = PACKS
) -> tuple[Pack | None, list[Problem]]:
    """A pack with some of its tables as another file has them: to look before it is changed.

    Only tables that the pack has in rows are taken (checklist, checklist_fact ...).
    """
    problems: list[Problem] = []
    tables = _read_text(text, file, problems)
    for key in list(tables):
        if key not in _LISTS:
            place = Place(file=file, table=key)
            what = "is not a table of a checklist."
            problems.append(place.problem("", what, "Take it out of this file."))
            del tables[key]
    if not tables and not problems:
        place = Place(file=file, table="")
        problems.append(place.problem("", "holds no table.", "Write [[checklist]] above each row."))
    if problems:
        return None, problems
    return _read(on_disk(folder), name, tables)


def _read(
    shelf: Shelf, name: str, instead: Mapping[str, _Table]
) -> tuple[Pack | None, list[Problem]]:
    problems: list[Problem] = []
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name) or name not in shelf.names:
        known = ", ".join(shelf.names) or "none"
        what, fix = "there is no such pack.", f"Choose one of these: {known}."
        return None, [Problem(file=f"{name}/pack.toml", table="", field="", what=what, fix=fix)]
    own = _read_folder(shelf, name, problems)
    tables: dict[str, _Table] = {}
    for shared in _shared_folders(own, problems):
        tables |= _read_folder(shelf, shared, problems)
    tables |= own
    tables |= instead
    if problems:
        return None, problems
    pack = _build_pack(tables, problems)
    if pack is None:
        return None, problems
    if pack.id != name:
        place = Place(file=f"{name}/pack.toml", table="")
        what = f"is {pack.id!r}, but the folder is {name!r}."
        problems.append(place.problem("id", what, f"If it is a copy, change it to {name!r}."))
    totals = _rows(StatedTotal, tables.get("stated_total"), "stated_total", problems)
    problems += check_pack(pack, totals, {key: table.file for key, table in tables.items()})
    return pack, problems


def _shared_folders(own: Mapping[str, _Table], problems: list[Problem]) -> list[str]:
    table = own.get("shared")
    if table is None:
        return []
    good = isinstance(table.value, list) and all(
        isinstance(item, str) and re.fullmatch(r"[a-z0-9][a-z0-9-]*", item) for item in table.value
    )
    if good:
        return list(table.value)
    place = Place(file=table.file, table="shared")
    problems.append(
        place.problem("", "is not a list of folder names.", 'Write ["england-2026-11"].')
    )
    return []


def _read_folder(shelf: Shelf, folder: str, problems: list[Problem]) -> dict[str, _Table]:
    tables: dict[str, _Table] = {}
    found = shelf.files(folder)
    if not found:
        place = Place(file=folder, table="")
        problems.append(place.problem("", "holds no TOML file.", "Check the folder's name."))
    for name, raw in sorted(found.items()):
        file = f"{folder}/{name}"
        for key, table in _read_text(raw, file, problems).items():
            if key in tables:
                place = Place(file=file, table=key)
                what = f"is in {tables[key].file} as well."
                problems.append(place.problem("", what, "Keep it in one file."))
            tables[key] = table
    return tables


def _read_text(text: str | bytes, file: str, problems: list[Problem]) -> dict[str, _Table]:
    try:
        plain = text if isinstance(text, str) else text.decode("utf-8")
        read = tomllib.loads(plain, parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        place = Place(file=file, table="")
        problems.append(place.problem("", f"cannot be read: {error}.", "Mend that line."))
        return {}
    return {key: _Table(file, value) for key, value in read.items()}


def _build_pack(tables: Mapping[str, _Table], problems: list[Problem]) -> Pack | None:
    values: dict[str, Any] = {}
    for key, (field, cls) in _LISTS.items():
        values[field] = list(_rows(cls, tables.get(key), key, problems))
    policy = _seed_policy(tables, problems)
    scalars = {k: t.value for k, t in tables.items() if k not in _LISTS and k not in _BESIDE}
    file = tables["id"].file if "id" in tables else "pack.toml"
    # the lists are built already: check the single values alone, then join the two
    pack = build(_PackValues, scalars, Place(file=file, table="programme"), problems)
    if pack is None or policy is None or problems:
        return None
    single: dict[str, Any] = {
        name: getattr(pack, name) for name in _PackValues.__dataclass_fields__
    }
    lists: dict[str, Any] = {name: tuple(rows) for name, rows in values.items()}
    return Pack(**single, **lists, seed_policy=policy)


def _seed_policy(tables: Mapping[str, _Table], problems: list[Problem]) -> SeedPolicy | None:
    kinds = _rows(CostKind, tables.get("cost_kind"), "cost_kind", problems)
    table = tables.get("seed_policy")
    if table is None or not isinstance(table.value, dict):
        place = Place(file="seed.toml", table="seed_policy")
        problems.append(place.problem("", "is missing.", "Add a [seed_policy] table."))
        return None
    place = Place(file=table.file, table="seed_policy")
    policy = build(SeedPolicy, table.value, place, problems)
    if policy is None:
        return None
    values = {name: getattr(policy, name) for name in SeedPolicy.__dataclass_fields__}
    return SeedPolicy(**(values | {"cost_kinds": kinds}))


def _rows(cls: type[T], table: _Table | None, name: str, problems: list[Problem]) -> tuple[T, ...]:
    if table is None:
        return ()
    if not isinstance(table.value, list):
        place = Place(file=table.file, table=name)
        problems.append(place.problem("", "is one table.", f"Write [[{name}]] above each row."))
        return ()
    out = []
    for number, row in enumerate(table.value, start=1):
        mark = next((str(row[k]) for k in ("code", "id", "name", "line") if k in row), "")
        where = f"{name} {number}" + (f" ({mark})" if mark else "")
        built = build(cls, row, Place(file=table.file, table=where), problems)
        if built is not None:
            out.append(built)
    return tuple(out)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PackValues:
    """The single values of a pack: every field of Pack that is not a table of rows."""

    id: str
    version: str
    title: str
    council: str
    programme_starts: date
    programme_ends: date
    employee_limit: int
    size_basis: str
    fte_hours: Decimal
    entity_ruleset_version: str
    safeguarding_numbers: tuple[tuple[str, str], ...]
    default_assumptions: str
    suppress_below: int
    service_standards: dict[str, int]
    budget_source: str
