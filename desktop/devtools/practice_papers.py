"""The papers of the practice records: certificates, receipts, a leaflet, all of them made up.

The drawings lie beside this file (`build_spec/make_papers.py` makes them). Each copy is marked with
whose it is, so that no two are the same file: one receipt in two claims is a sign of fraud. Refuses
names and numbers in a paper.
"""

from __future__ import annotations

import hashlib
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from forms.facts.casework import Attachment, ChecklistItem
from forms.facts.money import ClaimLine
from forms.values import derived_id

if TYPE_CHECKING:
    from datetime import date

    from storage.vault import Vault

OF_ITEM = {
    "C07": "insurance-certificate.png",
    "C19": "food-hygiene-certificate.png",
    "C20": "first-aid-certificate.png",
    "C21": "safeguarding-certificate.png",
}
OF_COST = {
    "public_liability": "insurance-receipt.png",
    "tablet": "tablet-receipt.png",
    "fuel": "fuel-receipt.png",
}
WITH_PAPERS = 3  # every third enterprise on its way; a few dozen files show all there is to see
LOOSE = ("leaflet.png", "price-sheet.txt")  # shown, and proof of nothing
DRAWINGS = frozenset({*OF_ITEM.values(), *OF_COST.values(), *LOOSE})
_END = b"\x00\x00\x00\x00IEND\xaeB`\x82"


@dataclass(frozen=True, slots=True)
class Paper:
    """One copy of a drawing, of one enterprise, and what it hangs on."""

    drawing: str
    enterprise_id: str
    about: str  # an item's or a line's id; "" for a loose one

    @property
    def id(self) -> str:
        """The same in every practice vault."""
        return derived_id(self.enterprise_id, "paper", self.drawing, self.about)

    @property
    def data(self) -> bytes:
        """Its bytes: the drawing with a mark that nobody sees."""
        plain = _drawing(self.drawing)
        if not plain.endswith(_END):
            return plain + f"\n({self.id[:8]})\n".encode()
        said = b"tEXtSource\x00" + self.id.encode("ascii")
        chunk = struct.pack(">I", len(said) - 4) + said + struct.pack(">I", zlib.crc32(said))
        return plain.removesuffix(_END) + chunk + _END

    def attachment(self, given_by: str, on: date | None) -> Attachment:
        """Its record."""
        data = self.data
        return Attachment(
            id=self.id,
            enterprise_id=self.enterprise_id,
            sha256=hashlib.sha256(data).hexdigest(),
            size=len(data),
            mime="image/png" if self.drawing.endswith(".png") else "text/plain",
            name=self.drawing,
            given_by=given_by,
            added_on=on,
        )


def of_item(enterprise_id: str, code: str, item_id: str) -> Paper | None:
    """What shows that this item is done; None where no drawing does."""
    drawing = OF_ITEM.get(code)
    return Paper(drawing, enterprise_id, item_id) if drawing else None


def of_cost(enterprise_id: str, cost_kind: str, line_id: str) -> Paper | None:
    """The receipt of a cost."""
    drawing = OF_COST.get(cost_kind)
    return Paper(drawing, enterprise_id, line_id) if drawing else None


def loose(enterprise_id: str) -> Iterator[Paper]:
    """What an enterprise has to show."""
    for drawing in LOOSE:
        yield Paper(drawing, enterprise_id, "")


def store_missing(vault: Vault) -> int:
    """Keep the bytes of papers that the records name and nobody has kept yet; how many there were.

    What somebody added to the practice records is theirs: no drawing takes its place.
    """
    reader = vault.reader
    missing = [each for each in reader.all(Attachment) if not vault.files.has(each.sha256)]
    about: dict[str, str] = {}  # attachment -> what it hangs on
    for enterprise_id in sorted({each.enterprise_id for each in missing}):
        items = reader.all(ChecklistItem, enterprise_id=enterprise_id)
        lines = reader.all(ClaimLine, enterprise_id=enterprise_id)
        for files, holder in [*((i.files, i.id) for i in items), *((x.files, x.id) for x in lines)]:
            about.update(dict.fromkeys(files, holder))
    stored = 0
    for each in missing:
        if each.name in DRAWINGS:
            data = Paper(each.name, each.enterprise_id, about.get(each.id, "")).data
            if hashlib.sha256(data).hexdigest() == each.sha256:
                vault.files.store(data, name=each.name)
                stored += 1
    return stored


@cache
def _drawing(name: str) -> bytes:
    return (resources.files("desktop.devtools") / "papers" / name).read_bytes()
