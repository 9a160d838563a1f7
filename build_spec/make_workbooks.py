"""Writes the workbooks and compiled forms of every pack from `forms/library/*.md`.

    python -m build_spec.make_workbooks            # writes what is not current
    python -m build_spec.make_workbooks --check    # says what is not current, writes nothing

A row of choices named {places}, {channels}, ... becomes the pack's own list; words such as
{council} and {employee_limit} are the pack's own. The same sources always give the same bytes.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from forms.engine.compile import CompiledForm, compile_workbook
from forms.engine.export import workbook_bytes
from forms.engine.problems import FormRefused
from forms.engine.sources import Sheet, Workbook, read_workbook
from forms.rules.pack import Pack, load_pack
from forms.rules.pack_file import pack_names

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "forms" / "library"
PACKS = ROOT / "forms" / "packs"
PACK_IDS = pack_names()
SHEETS = ("checklist", "survey", "choices", "settings")
_TOKEN = re.compile(r"(?<!\$)\{(\w+)\}")


def words_of(pack: Pack) -> dict[str, str]:
    """The pack's own words in a form."""
    return {
        "council": pack.council,
        "employee_limit": str(pack.employee_limit),
        "size_basis": pack.size_basis,
    }


def lists_of(pack: Pack) -> dict[str, list[dict[str, str]]]:
    """The pack's own lists of choices."""

    def coded(choices: tuple[object, ...]) -> list[dict[str, str]]:
        return [{"name": getattr(c, "code"), "label": getattr(c, "label")} for c in choices]  # noqa: B009

    return {
        "channels": coded(pack.channels),
        "closing_reasons": coded(pack.closing_reasons),
        "service_types": coded(pack.service_types),
        "target_groups": coded(pack.target_groups),
        "places": [{"name": p.code, "label": p.name} for p in pack.places],
        "cost_kinds": [
            {"name": k.id, "label": k.title, "category": k.category or "NOT_ELIGIBLE"}
            for k in pack.seed_policy.cost_kinds
        ],
    }


def expanded(source: Workbook, pack: Pack) -> dict[str, list[list[str]]]:
    """The rows of each sheet for one pack, headings first."""
    words, lists = words_of(pack), lists_of(pack)

    def said(text: str) -> str:
        return _TOKEN.sub(lambda found: words[found.group(1)], text)

    sheets: dict[str, list[list[str]]] = {}
    for name in SHEETS:
        sheet = source.sheet(name)
        if name == "checklist" and not sheet.rows:
            continue
        filled = [
            [said(cells.get(heading, "")) for heading in sheet.headings]
            for cells in _rows(sheet, lists)
        ]
        sheets[name] = [sheet.headings, *filled]
    return sheets


def _rows(sheet: Sheet, lists: dict[str, list[dict[str, str]]]) -> Iterator[dict[str, str]]:
    for row in sheet.rows:
        name = row.cells.get("name", "")
        if sheet.name == "choices" and _TOKEN.fullmatch(name):
            for choice in lists[name[1:-1]]:
                yield {**row.cells, **choice}
        else:
            yield row.cells


def about(text: str) -> list[str]:
    """The lines above the first table of a source: what the form is for."""
    head = text.split("\n|", maxsplit=1)[0]
    return [line.lstrip("# ") for line in head.splitlines() if line.strip()]


def made_for(pack: Pack, source: Path) -> bytes:
    """The workbook of one form for one pack."""
    text = source.read_text("utf-8")
    sheets = expanded(read_workbook(text.encode(), source.name), pack)
    return workbook_bytes(sheets, [*about(text), f"Made for {pack.title}, version {pack.version}."])


def card(compiled: CompiledForm, sheets: Workbook) -> str:
    """What is kept beside a compiled form."""
    settings = sheets.sheet("settings").rows[0].cells
    facts = {
        "form_id": settings["form_id"],
        "title": settings["form_title"],
        "version": settings["version"],
        "workbook_sha256": compiled.sha256,
        "pyxform_version": compiled.pyxform_version,
        "source_map": {path: list(place) for path, place in compiled.source_map.items()},
    }
    return json.dumps(facts, indent=1, ensure_ascii=False) + "\n"


def files_of(pack: Pack, source: Path) -> dict[Path, bytes]:
    """Every file of one form of one pack. Raises FormRefused."""
    folder = PACKS / pack.id / "forms"
    workbook = made_for(pack, source)
    compiled = compile_workbook(workbook, f"{source.stem}.xlsx")
    facts = card(compiled, read_workbook(workbook, f"{source.stem}.xlsx"))
    return {
        folder / f"{source.stem}.xlsx": workbook,
        folder / f"{source.stem}.xform.xml": compiled.xform.encode(),
        folder / f"{source.stem}.json": facts.encode(),
    }


def main(arguments: list[str]) -> int:
    """Write or check everything; 1 when something is not current or cannot be made."""
    checking = "--check" in arguments
    stale = 0
    for pack_id in PACK_IDS:
        pack = load_pack(pack_id)
        for source in sorted(LIBRARY.glob("*.md")):
            try:
                files = files_of(pack, source)
            except FormRefused as refusal:
                print(f"{source.name} for {pack_id}:\n{refusal}", file=sys.stderr)  # noqa: T201
                return 1
            for path, body in files.items():
                if path.is_file() and path.read_bytes() == body:
                    continue
                stale += 1
                print(path.relative_to(ROOT))  # noqa: T201
                if not checking:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_bytes(body)
    return 1 if checking and stale else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
