"""An index over the lists that come with a form, so `item[code = x]` never scans 20,000 rows."""

from __future__ import annotations

from forms.engine.xpath.tree import Node, text_of


class ListIndex:
    """Rows of never-changing lists by the text of one column, built on first use."""

    def __init__(self) -> None:
        self._tables: dict[tuple[int, str, str], dict[str, list[Node]]] = {}

    def found(self, root: Node, local: str, column: str, wanted: str) -> list[Node]:
        """The children `local` of `root` whose `column` reads `wanted`, in their order."""
        key = (id(root), local, column)
        table = self._tables.get(key)
        if table is None:
            table = self._tables[key] = _table(root, local, column)
        return list(table.get(wanted, ()))


def _table(root: Node, local: str, column: str) -> dict[str, list[Node]]:
    table: dict[str, list[Node]] = {}
    for row in root.kids:
        if row.local != local:
            continue
        seen: set[str] = set()
        for cell in row.kids:
            text = text_of(cell)
            if cell.local == column and text not in seen:
                seen.add(text)
                table.setdefault(text, []).append(row)
    return table
