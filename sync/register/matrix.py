"""The matrix of `roles.toml` as frozen tables: who reaches what, field by field and route by route.

Read once. A route, a kind or a decision without a row is a fault of the program and stops it from
starting: nothing is open because somebody forgot it. Refuses to decide anything that is not in
the file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from forms.facts.kinds import KINDS
from forms.values import Role

ALL = frozenset({"*"})
NOTHING: frozenset[str] = frozenset()
PUBLIC = "public"


class MatrixFault(Exception):
    """The file and the program do not fit; a bug, found at the start."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRow:
    """How far one role sees."""

    title: str
    reach: str  # own cases | programme | brought cases | nothing
    brought_by: tuple[str, ...] = ()
    newer_kinds: bool = False
    reads_are_logged: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KindRow:
    """Fields of one kind by role."""

    sees: Mapping[str, frozenset[str]]
    writes: Mapping[str, frozenset[str]]
    only_author: frozenset[str]
    in_no_case: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteRow:
    """One address: what it is for, how a caller shows who they are, and which roles may."""

    path: str
    method: str
    what: str
    proof: str
    who: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Everything that `roles.toml` says."""

    roles: Mapping[str, RoleRow]
    kinds: Mapping[str, KindRow]
    routes: Mapping[tuple[str, str], RouteRow]
    decisions: Mapping[str, frozenset[str]]

    def route(self, method: str, path: str) -> RouteRow:
        """The row of an address. Raises MatrixFault when it has none."""
        row = self.routes.get(("GET" if method in ("HEAD", "OPTIONS") else method, path))
        if row is None:
            raise MatrixFault(f"{method} {path} has no row in sync/register/roles.toml")
        return row

    def sees(self, role: Role, kind: str) -> frozenset[str]:
        """The fields of a kind that a role may see; ALL = every one."""
        return self._of("sees", role, kind)

    def writes(self, role: Role, kind: str) -> frozenset[str]:
        """The fields of a kind that a role may write by an op."""
        if kind not in self.kinds and not self._may_write_newer(role):
            return NOTHING
        return self._of("writes", role, kind)

    def in_no_case(self) -> frozenset[str]:
        """Kinds that belong to no person or enterprise."""
        return frozenset(name for name, row in self.kinds.items() if row.in_no_case)

    def _of(self, what: str, role: Role, kind: str) -> frozenset[str]:
        row = self.kinds.get(kind)
        if row is None:
            return ALL if self.roles[role.value].newer_kinds else NOTHING
        table: Mapping[str, frozenset[str]] = getattr(row, what)
        return table.get(role.value, NOTHING)

    def _may_write_newer(self, role: Role) -> bool:
        return any(role.value in row.writes for row in self.kinds.values())


@cache
def matrix() -> Matrix:
    """The shipped matrix. Raises MatrixFault."""
    text = files("sync.register").joinpath("roles.toml").read_text("utf-8")
    return read_matrix(text)


def read_matrix(text: str) -> Matrix:
    """A matrix from its text, checked against the kinds of record there are."""
    said = tomllib.loads(text)
    roles = {
        name: RoleRow(**(row | {"brought_by": tuple(row.get("brought_by", ()))}))
        for name, row in said["role"].items()
    }
    kinds = {name: _kind(name, row, roles) for name, row in said["kind"].items()}
    wanted = {name for name, kind in KINDS.items() if not kind.local}
    if wanted != set(kinds):
        raise MatrixFault(f"kinds without a row, or rows without a kind: {wanted ^ set(kinds)}")
    routes: dict[tuple[str, str], RouteRow] = {}
    for row in said["route"]:
        one = RouteRow(**(row | {"who": _roles(row["who"], roles)}))
        if (one.method, one.path) in routes:
            raise MatrixFault(f"{one.method} {one.path} has two rows")
        routes[one.method, one.path] = one
    decisions = {name: _roles(who, roles) for name, who in said["decision"].items()}
    return Matrix(roles=roles, kinds=kinds, routes=routes, decisions=decisions)


def _kind(name: str, row: Mapping[str, Any], roles: Mapping[str, RoleRow]) -> KindRow:
    known = {spec.name for spec in KINDS[name].specs} if name in KINDS else set()

    def fields(table: Mapping[str, Any]) -> dict[str, frozenset[str]]:
        _roles(table, roles)
        out = {r: ALL if said == "all" else frozenset(said) for r, said in table.items()}
        strange = {field for said in out.values() for field in said if said != ALL} - known
        if strange:
            raise MatrixFault(f"{name} has no such fields: {sorted(strange)}")
        return out

    return KindRow(
        sees=fields(row.get("sees", {})),
        writes=fields(row.get("writes", {})),
        only_author=frozenset(row.get("only_author", ())),
        in_no_case=bool(row.get("in_no_case", False)),
    )


def _roles(names: Any, roles: Mapping[str, RoleRow]) -> frozenset[str]:
    strange = set(names) - set(roles)
    if strange:
        raise MatrixFault(f"no such roles: {sorted(strange)}")
    return frozenset(names)
