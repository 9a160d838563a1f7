"""The process that works figures out: reads along, says the same, holds the key no longer."""

import sys
from functools import partial
from pathlib import Path

import pytest

from desktop.devtools.county import fill_county
from desktop.operations.errors import FiguresMistake, NoFigures, NothingWritten
from desktop.operations.figures_process import FiguresProcess, opening
from desktop.presenters import figures_asked as q
from desktop.presenters.figures_desk import FiguresDesk
from desktop.presenters.impact_scope import Scope
from desktop.trouble import in_words
from evidence.dossier import from_json
from forms.facts.people import Enterprise
from forms.rules.pack import load_pack
from forms.values import SystemClock, london_day
from storage.beside import Ticket, reading
from storage.errors import VaultReadOnly
from storage.vault import Vault

TODAY = london_day(SystemClock().now())
SCOPE = Scope(as_of=TODAY)


@pytest.fixture
def vault(tmp_path):
    clock = SystemClock()
    made, _sheet = Vault.create(tmp_path / "records", clock=clock, practice=True)
    fill_county(made, clock, 12)
    yield made
    made.close()


@pytest.fixture
def process(vault):
    made = FiguresProcess(partial(begun_with, vault))
    yield made
    made.close()


def begun_with(vault):
    return opening(vault.beside(), load_pack("kent"), practice=True)


def asked(process, question):
    return q.unpacked_answer(question, process.ask(q.packed(question)))


def test_it_says_what_is_said_here(vault, process):
    here = FiguresDesk(vault.reader, load_pack("kent"), practice=True)
    choice = q.Choice(as_of=TODAY)
    for question in (
        q.Read("stage_event"),
        q.OneTile(SCOPE, "I-06"),
        q.OneCourse(SCOPE, "I-11"),
        q.Explain(SCOPE, "I-06"),
        q.Checks(choice),
        q.Known(SCOPE, "I-06"),
    ):
        assert asked(process, question) == here.answer(question)
    ours, theirs = asked(process, q.Facts(choice)), here.answer(q.Facts(choice))
    assert from_json(ours.facts).hash == from_json(theirs.facts).hash
    assert ours.checks == asked(process, q.Checks(choice))


def test_a_later_change_is_seen_once_it_is_told(vault, process):
    first = asked(process, q.Explain(SCOPE, "I-06")).figures[0].rows
    with vault.change(by="practice-coach", at=vault.clock.now()) as unit:
        unit.remove(Enterprise, first[0].enterprise_id, why="twice in the list")
    asked(process, q.Forget(("enterprise",)))
    after = asked(process, q.Explain(SCOPE, "I-06")).figures[0].rows
    assert len(after) == len(first) - 1


def test_what_broke_is_said_and_the_next_question_begins_again(process):
    asked(process, q.OneTile(SCOPE, "I-06"))
    process._process.kill()
    process._process.wait(10)
    with pytest.raises(NoFigures, match="Your records are safe"):
        asked(process, q.OneTile(SCOPE, "I-06"))
    assert asked(process, q.OneTile(SCOPE, "I-06")).collected


def test_a_known_trouble_keeps_its_words_and_a_mistake_its_frames(process):
    with pytest.raises(NothingWritten, match="no such figure"):
        asked(process, q.Explain(SCOPE, "I-99"))
    with pytest.raises(FiguresMistake) as caught:
        asked(process, q.OneTile(SCOPE, "I-99"))
    trouble = in_words(caught.value)
    assert trouble.ours
    assert "KeyError" in trouble.details
    assert "figures_desk.py" in trouble.details


def test_after_the_end_nothing_runs_and_nothing_is_answered(process):
    asked(process, q.OneTile(SCOPE, "I-06"))
    running = process._process
    process.close()
    assert running.poll() is not None
    with pytest.raises(NoFigures):
        asked(process, q.OneTile(SCOPE, "I-06"))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_key_is_in_no_argument_and_no_environment(vault, process):
    asked(process, q.OneTile(SCOPE, "I-06"))
    about = Path(f"/proc/{process.pid}")
    shown = (about / "cmdline").read_bytes() + (about / "environ").read_bytes()
    raw = vault._key.raw
    assert raw not in shown
    assert raw.hex().encode() not in shown.lower()


def test_reading_along_writes_nothing_and_a_ticket_shows_no_key(vault):
    with reading(vault.beside(), vault.clock) as reader:
        assert reader.count(Enterprise) == 12
        with pytest.raises(VaultReadOnly), reader._db.transaction():
            pass
    raw = vault._key.raw
    shown = repr(Ticket("f", raw, 4096, "HMAC_SHA256", practice=True))
    assert shown == "Ticket(...)"
