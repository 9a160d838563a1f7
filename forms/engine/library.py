"""The forms a pack ships, ready compiled. Never compiles; refuses one that is missing, in words."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from forms.engine.model import FormDef
from forms.engine.problems import refused
from forms.engine.xform_reader import read_form

PACKS = Path(__file__).resolve().parents[1] / "packs"


@dataclass(frozen=True, slots=True)
class FormCard:
    """What a list of forms shows."""

    form_id: str
    title: str
    version: str
    workbook: Path


def forms_of(pack_id: str) -> tuple[FormCard, ...]:
    """The forms of a pack, by title."""
    folder = PACKS / pack_id / "forms"
    cards: list[FormCard] = []
    for path in sorted(folder.glob("*.json")):
        facts = json.loads(path.read_text("utf-8"))
        workbook = folder / f"{path.stem}.xlsx"
        cards.append(FormCard(path.stem, facts["title"], facts["version"], workbook))
    return tuple(sorted(cards, key=lambda card: card.title))


@lru_cache(maxsize=64)
def load_form(pack_id: str, form_id: str) -> FormDef:
    """A pack's form, read once and kept. Raises FormRefused."""
    return read_form(shipped_xform(pack_id, form_id))


def shipped_xform(pack_id: str, form_id: str) -> str:
    """The compiled form as the pack ships it. Raises FormRefused."""
    path = PACKS / pack_id / "forms" / f"{form_id}.xform.xml"
    if not pack_id.replace("-", "").isalnum() or not form_id.isidentifier() or not path.is_file():
        raise refused(
            "form-missing",
            f"The pack {pack_id!r} has no form called {form_id!r}.",
            "Fetch the pack again, or choose another form.",
        )
    return path.read_text("utf-8")
