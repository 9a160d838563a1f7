"""The process that works figures out says how far it is, and Stop ends the work there too."""

import sys
from functools import partial

import pytest

from desktop.operations.errors import NoFigures
from desktop.operations.figures_process import FiguresProcess
from desktop.operations.long_work import Progress, WorkStopped, in_units
from desktop.presenters import figures_asked as q
from tests.desktop.test_figures_process import SCOPE, asked, begun_with, process, vault

__all__ = ["process", "vault"]  # fixtures
DEAF = (
    "import sys; from desktop import figures_worker as w; "
    "w.Asked.check = lambda self, number: None; sys.exit(w.main())"
)
# At the second step it waits for Stop to have come: a few enterprises are done before that.
PATIENT = """
import sys, time
from desktop import figures_worker as w

inner, calls = w.Asked.check, []

def check(asked, number):
    calls.append(number)
    end = time.monotonic() + 20
    while len(calls) == 2 and not asked._stopped and time.monotonic() < end:
        pass
    inner(asked, number)

w.Asked.check = check
sys.exit(w.main())
"""


class Heard(Progress):
    """Writes down what it hears; at the first step it does something."""

    def __init__(self, at_first=None):
        super().__init__()
        self.steps, self._at_first = [], at_first

    def heard(self, words, done, of):
        super().heard(words, done, of)
        self.steps.append((words, done, of))
        if self._at_first is not None:
            act, self._at_first = self._at_first, None
            act(self)


def explained(process, progress):
    question = q.Explain(SCOPE, "I-06")
    return q.unpacked_answer(question, process.ask(q.packed(question), progress))


def named(steps):
    return list(dict.fromkeys(words.partition(":")[0] for words, _done, _of in steps))


def test_it_says_how_far_it_is_with_units(process):
    heard = Heard()
    picture = explained(process, heard)
    assert named(heard.steps) == [
        "Reading the records",
        "Putting the records together",
        "Working out the figure",
        "Working out the months",
        "Working out the districts",
        "Working out the time before",
        "Listing the records",
    ]
    months = [(done, of) for words, done, of in heard.steps if words == "Working out the months"]
    assert months == [(n, len(picture.course.line)) for n in range(len(picture.course.line))]
    assert in_units("Working out the months", 3, 20) == "Working out the months: 3 of 20"
    assert in_units("Listing the records: 0 of 12", 0, 12) == "Listing the records: 0 of 12"


@pytest.fixture
def started(vault):
    made = []

    def start(program):
        made.append(FiguresProcess(partial(begun_with, vault), (sys.executable, "-c", program)))
        return made[-1]

    yield start
    for each in made:
        each.close()


def test_stop_ends_the_work_in_the_process_and_it_answers_on(started):
    patient = started(PATIENT)
    heard = Heard(at_first=Progress.stop)
    with pytest.raises(WorkStopped):
        explained(patient, heard)
    assert named(heard.steps) == ["Reading the records"]
    running = patient.pid
    assert explained(patient, Progress()).title
    assert patient.pid == running, "what it had read by then is known still"


def test_without_the_ear_for_it_the_work_goes_on_to_its_end(started):
    """The proof that the test above can go red."""
    heard = Heard(at_first=Progress.stop)
    assert explained(started(DEAF), heard).title
    assert "Listing the records" in named(heard.steps)


def test_what_was_stopped_before_its_turn_is_never_asked(process):
    progress = Progress()
    progress.stop()
    with pytest.raises(WorkStopped):
        explained(process, progress)
    assert process.pid is None


def test_a_late_stop_does_not_touch_the_next_question(process):
    first = Progress()
    explained(process, first)
    first.stop()
    process._pass_on(process._process, process._number)  # it crossed the answer on the way
    assert asked(process, q.OneTile(SCOPE, "I-06")).collected


def test_the_process_ends_in_the_middle_of_a_question_when_nobody_is_there(process):
    held = []

    def gone(_progress):
        held.append(process._process)
        process._process.stdin.close()

    with pytest.raises(NoFigures):
        explained(process, Heard(at_first=gone))
    assert held[0].wait(10) is not None
