"""Documents without a window: added, looked at in memory, in date or not."""

from datetime import date
from pathlib import Path

from desktop.presenters.documents import DocumentsPresenter
from forms.facts.casework import ChecklistItem
from tests.desktop.screens.desk import context
from tests.desktop.screens.people import MARY, item


class TestDocuments:
    def test_a_file_is_added_named_and_looked_at_in_memory(self, vault, view, tmp_path):
        presenter = DocumentsPresenter(context(vault), view, MARY)
        presenter.load()
        assert view.last["show_documents"] == ((), 0)
        presenter.add([one_page_pdf(tmp_path)], "Schedule", "Mary")
        (row,), _ = view.last["show_documents"]
        assert (row.name, row.kind, row.given_by) == ("schedule.pdf", "PDF", "Mary")
        presenter.look(row.id)
        seen, _image = view.last["show_preview"]
        assert seen.pages == 1
        assert len(seen.pixels) == seen.stride * seen.height

    def test_what_it_proves_and_whether_it_is_in_date(self, vault, view, tmp_path):
        presenter = DocumentsPresenter(context(vault), view, MARY)
        presenter.add([one_page_pdf(tmp_path)], "", "")
        (row,), _ = view.last["show_documents"]
        fields = {"state": "done", "files": (row.id,), "expires_on": date(2022, 11, 1)}
        vault.hold(item("C07", **fields))
        presenter.load()
        (row,), _ = view.last["show_documents"]
        assert row.proves == "Public liability insurance"
        assert (row.in_date, row.late) == ("Ran out 1 Nov 2022", True)
        assert vault.all(ChecklistItem)

    def test_a_damaged_pdf_says_so_and_stays_kept(self, vault, view, tmp_path):
        path = tmp_path / "broken.pdf"
        path.write_bytes(b"%PDF-1.7 nothing more")
        presenter = DocumentsPresenter(context(vault), view, MARY)
        presenter.add([path], "", "")
        presenter.look(view.last["show_documents"][0][0].id)
        assert "damaged" in view.last["show_no_preview"]
        assert len(vault.blobs) == 1


def one_page_pdf(folder: Path) -> Path:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(300, 400)
    path = folder / "schedule.pdf"
    writer.write(path)
    return path
