"""A form tried out while it is being written: checked and drawn anew whenever the file is saved.

Answers given so far go along to the next version of the form. Keeps nothing on disk and opens no
vault; the workbook is read in the worker process, away from the GUI thread.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QTimer, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QWidget

from desktop.jobs import Jobs
from desktop.presenters.form_drawn import Drawing, FormPage, page_of, when_of
from desktop.presenters.words import NotThat
from desktop.views.form_pages.pages import Pages
from desktop.views.form_pages.questions import Questions
from desktop.views.kit.labels import paragraph, restyle, small, title
from desktop.views.kit.layout import clear, column, panel, scrolling
from forms.engine.changes import ChangeSet
from forms.engine.compile import Checked, check_workbook
from forms.engine.migrate import migrated
from forms.engine.problems import FormRefused
from forms.engine.session import FormSession
from forms.engine.xform_reader import read_form
from forms.values import Clock, SystemClock

LINES, FAR_MORE = 9, 1_000  # of the list of problems
SETTLED_MS = 150  # a spreadsheet program writes a file in several steps


class FormPreview(QWidget):
    """The problems of a workbook, and the form it makes."""

    checked = Signal()

    def __init__(self, file: Path, clock: Clock, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file, self._clock = file, clock
        self._jobs = Jobs(self)
        self._session: FormSession | None = None
        self._questions: list[Questions] = []
        self._typed: dict[str, str] = {}  # what was typed and is no answer, by ref
        self._title = title(file.name)
        self._told = small("Checking ...")
        self._problems = column(gap=0)
        self._problems.setContentsMargins(12, 8, 12, 8)
        inner = QWidget()
        self._bar = panel(self._problems, "problem-bar")
        inner.setLayout(column(self._bar))
        self._list = scrolling(inner, "What has to be put right")
        self._pages = Pages()
        self.setLayout(column(self._title, self._told, self._list, self._pages, margin=2, gap=1))
        self.setWindowTitle("Preview")
        self._wait = QTimer(self)
        self._wait.setSingleShot(True)
        self._wait.setInterval(SETTLED_MS)
        self._wait.timeout.connect(self.check)
        self._watcher = QFileSystemWatcher([str(file), str(file.parent)], self)
        self._watcher.fileChanged.connect(self._saved)
        self._watcher.directoryChanged.connect(self._saved)
        self.check()

    @property
    def session(self) -> FormSession | None:
        """The form as it is answered now; None while the workbook makes none."""
        return self._session

    @property
    def told(self) -> str:
        """What was said of the last check."""
        return self._told.text()

    def check(self) -> None:
        """Read the workbook again."""
        if not self._file.exists():
            return  # between two steps of being saved
        self._told.setText("Checking ...")
        file = self._file
        self._jobs.run(
            lambda: check_workbook(file.read_bytes(), file.name),
            owner=self,
            on_done=self._show,
            on_failed=self._failed,
        )

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's own name
        """Stop watching."""
        self._wait.stop()
        self._watcher.removePaths([*self._watcher.files(), *self._watcher.directories()])
        self._jobs.close()
        super().closeEvent(event)

    def _saved(self, _path: str) -> None:
        if str(self._file) not in self._watcher.files() and self._file.exists():
            self._watcher.addPath(str(self._file))  # the file was replaced by a new one
        self._wait.start()

    def _failed(self, error: Exception) -> None:
        if not isinstance(error, OSError):
            raise error
        self._told.setText(f"The workbook cannot be read: {error.strerror}.")
        self.checked.emit()

    def _show(self, checked: Checked) -> None:
        clear(self._problems)
        for problem in checked.problems:
            self._problems.addWidget(paragraph(str(problem)))
        self._problems.addStretch(1)
        self._list.setVisible(bool(checked.problems))
        drawn = checked.compiled is not None or self._session is not None
        lines = LINES if drawn else FAR_MORE  # there is nothing else to see while it makes no form
        lines = min(lines, 2 * len(checked.problems) + 1)
        wrong = any(problem.severity == "error" for problem in checked.problems)
        self._bar.setProperty("role", "problem-bar" if wrong else "warn-bar")
        restyle(self._bar)
        self._list.setMaximumHeight(self.fontMetrics().lineSpacing() * lines)
        self._pages.setVisible(drawn)
        from desktop.forms_command import count_words

        self._told.setText(count_words(checked.problems))
        if checked.compiled is not None:
            self._session = self._opened(checked.compiled.xform)
            self._draw()
        self.checked.emit()

    def _opened(self, xform: str) -> FormSession:
        form = read_form(xform)
        if self._session is not None:
            try:
                moved = migrated(
                    self._session.form, self._session.to_xml(), form, clock=self._clock
                )
                return FormSession(form, clock=self._clock, instance_xml=moved.xml)
            except FormRefused:
                self._told.setText(f"{self._told.text()} The answers could not be taken along.")
        return FormSession(form, clock=self._clock)

    def _draw(self) -> None:
        session = self._session
        if session is None:
            return
        at = self._pages.at
        self._title.setText(session.form.title or self._file.name)
        self._pages.clear()
        self._questions = []
        for page in self._drawn(session):
            questions = Questions(page.asked)
            questions.answered.connect(self._answer)
            questions.refused.connect(self._refuse)
            questions.add_wanted.connect(partial(self._tell, session.add_repeat))
            questions.remove_wanted.connect(partial(self._tell, session.remove_repeat))
            self._questions.append(questions)
            number = self._pages.add_page(page.title, questions)
            self._pages.show_page(number, shown=page.relevant)
            self._pages.show_state(number, page.state)
        self._pages.open(max(at, 0))

    def _drawn(self, session: FormSession) -> list[FormPage]:
        drawing = Drawing(now=self._clock.now(), typed=self._typed)
        return [page_of(page, drawing) for page in session.pages]

    def _answer(self, ref: str, typed: str) -> None:
        session = self._session
        if session is None:
            return
        when = when_of(session.node(ref), self._clock.now())
        try:
            meant = when.understood(typed) if when is not None else None
        except NotThat as wrong:
            self._refuse(ref, typed, str(wrong))
            return
        kept = typed if when is None else meant.kept if meant is not None else ""
        self._typed[ref] = typed  # shown only while the form does not take it
        self._tell(session.answer, ref, kept)

    def _refuse(self, ref: str, typed: str, words: str) -> None:
        if self._session is not None:
            self._typed[ref] = typed
            self._tell(self._session.refuse, ref, words)

    def _tell(self, what: object, *said: str) -> None:
        changes = what(*said) if callable(what) else None
        if not isinstance(changes, ChangeSet) or self._session is None:
            return
        if changes.added or changes.removed or changes.choices:
            self._draw()
            return
        refs = frozenset(changes.refs())
        for number, page in enumerate(self._drawn(self._session)):
            self._questions[number].show_asked(page.asked, refs)
            self._pages.show_page(number, shown=page.relevant)
            self._pages.show_state(number, page.state)


def run(file: Path) -> int:
    """Open the preview until it is closed."""
    from desktop import theme
    from desktop.bootstrap import make_app

    app = make_app()
    window = FormPreview(file.resolve(), SystemClock())
    theme.apply(app, "light", 100, window)
    window.resize(1000, 760)
    window.show()
    return app.exec()
