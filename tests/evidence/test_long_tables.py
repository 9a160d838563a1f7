"""A county's table: its structure is written as it is drawn, and is the same as a short one's."""

import io
import subprocess
import sys
from decimal import Decimal

import pikepdf
import pypdfium2
import pytest

from evidence.blocks import Column, Document, Format, Heading, Table
from evidence.pdf import render_pdf
from evidence.pdf.append import Appended
from tests.evidence.worlds import END

ROWS = 250
COLUMNS = (Column("Enterprise", row_header=True), Column("For"), Column("Pounds", Format.POUNDS))


def a_document(rows=ROWS):
    table = Table(
        key="payments",
        caption="Payments",
        columns=COLUMNS,
        rows=tuple((f"Cedar {n}", "a long purpose " * (n % 9), Decimal(n)) for n in range(rows)),
        total=("All", "", Decimal(rows)),
        note="A note below.",
    )
    return Document(
        title="t", subtitle="s", council="c", as_of=END, reference="r", provenance="p",
        published=False, blocks=(Heading(1, "Payments"), table),
    )  # fmt: skip


@pytest.fixture(scope="module")
def raw():
    return render_pdf(a_document())


def test_every_row_is_in_the_structure_with_its_cells_in_order(raw):
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        assert len(pdf.pages) > 5
        root = pdf.Root.StructTreeRoot
        (part,) = [each for each in root.K[0].K if each.S == "/Sect" and len(each.K) == 3]
        _heading, table, _note = part.K
        caption, head, *rows = table.K
        assert [str(each.S) for each in (caption, head)] == ["/Caption", "/TR"]
        assert [str(cell.A.Scope) for cell in head.K] == ["/Column"] * 3
        assert len(rows) == ROWS + 1
        numbers = list(root.ParentTree.Nums)
        back = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        for row in rows:
            assert [str(cell.S) for cell in row.K] == ["/TH", "/TD", "/TD"]
            for cell in row.K:
                (mark,) = cell.K
                assert back[int(mark.Pg.StructParents)][int(mark.MCID)].objgen == cell.objgen
                assert cell.P.objgen == row.objgen
                assert row.P.objgen == table.objgen


def test_the_file_has_no_fault_of_form(raw):
    with pikepdf.open(io.BytesIO(raw)) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert not pdf.is_linearized


def test_every_row_is_on_a_page_once(raw):
    opened = pypdfium2.PdfDocument(raw)
    try:
        text = "\n".join(page.get_textpage().get_text_range() for page in opened)
    finally:
        opened.close()
    words = text.split()
    for number in range(ROWS):
        assert words.count(f"£{number}.00") == 1, number
    assert text.count("(continued)") > 4


def test_what_is_appended_is_found_and_takes_the_place_of_what_was():
    plain = io.BytesIO()
    with pikepdf.new() as made:
        made.Root.Extra = made.make_indirect(pikepdf.Dictionary(Old=1))
        made.docinfo["/Title"] = "kept"
        made.save(plain, deterministic_id=True)

    def longer():
        file = Appended(plain.getvalue())
        with pikepdf.open(io.BytesIO(plain.getvalue())) as opened:
            old = opened.Root.Extra.objgen[0]
        numbers = [file.number() for _ in range(450)]  # more than one stream holds
        for at, number in enumerate(numbers):
            file.put(number, f"<</Is {at}>>")
        file.put(old, f"[{' '.join(f'{number} 0 R' for number in numbers)}]")
        return file.finish()

    assert longer() == longer()
    with pikepdf.open(io.BytesIO(longer())) as came:
        assert [int(each.Is) for each in came.Root.Extra] == list(range(450))
        assert str(came.docinfo["/Title"]) == "kept"
        assert came.check_pdf_syntax() == []


MOST = """
import sys
from tests.evidence.test_long_tables import a_document
from evidence.pdf import render_pdf
from tests.bench.memory import most
import os
render_pdf(a_document(20))
before = most(os.getpid())
document = a_document(4_000)
held = most(os.getpid())
render_pdf(document)
print(most(os.getpid()) - max(before, held))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_four_thousand_rows_are_not_four_thousand_objects():
    """With an object of the library for each cell they took 54 MB, and 5 as they are drawn."""
    said = subprocess.run(
        [sys.executable, "-c", MOST], capture_output=True, text=True, check=True, timeout=120
    )
    assert float(said.stdout) < 20
