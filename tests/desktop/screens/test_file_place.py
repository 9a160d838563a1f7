"""Where a question for a file begins."""

from pathlib import Path

import pytest
from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.views.kit.file_place import ask_for_file


@pytest.fixture
def asked(monkeypatch):
    """Folders that were begun in; the answers are taken from the second list."""
    begun, answers = [], []

    def answer(_parent, _words, start, _kinds):
        begun.append(start)
        return answers.pop(0), ""

    monkeypatch.setattr(QFileDialog, "getOpenFileName", answer)
    return begun, answers


def test_it_begins_in_the_documents_and_then_where_the_last_file_came_from(qtbot, asked):
    begun, answers = asked
    window = QWidget()
    inner = QWidget(window)
    qtbot.addWidget(window)
    answers += ["", str(Path("photos") / "insurance.jpg"), ""]
    found = [ask_for_file(inner, "Add a file", "Pictures (*.jpg)") for _ in range(3)]
    assert found == [None, Path("photos") / "insurance.jpg", None]
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    assert begun == [documents, documents, "photos"]
