"""Reports are made in a process of their own: progress, stop, faults in plain words."""

import sys

import pytest

from evidence.dossier import gather
from evidence.errors import EvidenceFault, RenderBroke, RenderStopped, ReportNotWritten
from evidence.order import Order
from evidence.pdf import render_pdf
from evidence.render_start import Rendering, start_render
from evidence.render_worker import put
from evidence.reports import impact_assessment
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases


@pytest.fixture
def dossier():
    return gather(Listed(twelve_cases()), a_pack(), END)


def test_a_report_made_apart_is_the_report_made_here(dossier, tmp_path):
    steps = []
    target = tmp_path / "report.pdf"
    order = Order(kind="pdf", target=str(target))
    rendering = start_render(dossier, order, lambda r: steps.append(r.step.words))
    assert rendering.result() == target
    assert rendering.is_over
    assert target.read_bytes() == render_pdf(impact_assessment.build(dossier))
    assert [p.name for p in tmp_path.iterdir()] == ["report.pdf"]
    assert steps[:2] == ["Putting the report together", "Laying out pages"]


@pytest.mark.parametrize(("kind", "report", "subject"), [
    ("html", "seed_letter", "claim-K07"),
    ("xlsx", "impact_assessment", ""),
    ("pdf", "enterprise_summary", "K01"),
    ("pdf", "leave_behind", "K01"),
])  # fmt: skip
def test_every_kind_and_report_can_be_ordered(dossier, tmp_path, kind, report, subject):
    target = tmp_path / f"out.{kind}"
    order = Order(kind=kind, target=str(target), report=report, subject=subject)
    assert start_render(dossier, order).result().stat().st_size > 1000


def test_stop_leaves_nothing_behind(dossier, tmp_path):
    target = tmp_path / "report.pdf"
    order = Order(kind="pdf", target=str(target))
    rendering = start_render(dossier, order, Rendering.stop)
    with pytest.raises(RenderStopped, match="Nothing was written"):
        rendering.result()
    rendering.stop()
    assert list(tmp_path.iterdir()) == []


def test_a_process_that_dies_is_told_in_plain_words(dossier, tmp_path):
    order = Order(kind="pdf", target=str(tmp_path / "x.pdf"))
    rendering = start_render(dossier, order, command=[sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(RenderBroke, match="Your records are safe"):
        rendering.result()


def test_a_folder_that_is_gone_is_told_in_plain_words(dossier, tmp_path):
    order = Order(kind="html", target=str(tmp_path / "gone" / "x.html"))
    with pytest.raises(EvidenceFault, match="The folder is not there any more"):
        start_render(dossier, order).result()


def test_an_order_for_nothing_known_is_a_fault_not_a_traceback(dossier, tmp_path):
    order = Order(kind="pdf", target=str(tmp_path / "x.pdf"), report="seed_letter", subject="no")
    with pytest.raises(RenderBroke, match="could not be made"):
        start_render(dossier, order).result()
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_keeps_the_old_report(tmp_path, monkeypatch):
    target = tmp_path / "report.pdf"
    target.write_bytes(b"old")

    def full(_number):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ReportNotWritten, match="The disk is full"):
        put(target, b"new")
    assert target.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.pdf"]


def test_the_command_line_carries_no_name_and_no_path(dossier, tmp_path):
    from evidence.render_start import WORKER

    assert WORKER[1:] == ("-m", "evidence.render_worker")
