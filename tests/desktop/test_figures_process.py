"""The process that works figures out: reads along, says the same, holds the key no longer."""

import os
import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import pytest

from desktop.devtools.county import fill_county
from desktop.operations.errors import FiguresMistake, NoFigures, NothingWritten
from desktop.operations.figures_process import FiguresProcess, opening
from desktop.presenters import figures_asked as q
from desktop.presenters.figures_desk import FiguresDesk, kinds_read
from desktop.presenters.figures_kept import MANY, REST_SECONDS, Figures
from desktop.presenters.impact_scope import Scope
from desktop.trouble import in_words
from evidence.carried import unwrapped
from evidence.dossier import gather
from forms.facts.people import Enterprise
from forms.rules.pack import load_pack
from forms.values import SystemClock, london_day
from storage import connection
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
    question, ours, theirs = q.Facts(choice, sheets=True), [], []
    said = q.unpacked_answer(question, process.ask(q.packed(question), hand=ours.append))
    assert said == here.answer(question, hand=theirs.append)
    assert ours == theirs
    assert len(ours) > 20
    assert said.checks == asked(process, q.Checks(choice))


def test_a_later_change_is_seen_once_it_is_told(vault, process):
    first = asked(process, q.Explain(SCOPE, "I-06")).figures[0].rows
    with vault.change(by="practice-coach", at=vault.clock.now()) as unit:
        unit.remove(Enterprise, first[0].enterprise_id, why="twice in the list")
    asked(process, q.Forget(("enterprise",)))
    after = asked(process, q.Explain(SCOPE, "I-06")).figures[0].rows
    assert len(after) == len(first) - 1


def test_a_later_change_is_seen_also_while_its_news_is_on_the_way(vault, process):
    """A commit of a pull is told to nobody until the round is over."""
    first = asked(process, q.Explain(SCOPE, "I-06")).figures[0].rows
    with vault.change(by="practice-coach", at=vault.clock.now()) as unit:
        unit.remove(Enterprise, first[0].enterprise_id, why="twice in the list")
    after = asked(process, q.Explain(SCOPE, "I-06")).figures[0].rows
    assert len(after) == len(first) - 1


class ChangesBetween:
    """A reader beside the vault; whoever reads the first kind has a commit follow it."""

    def __init__(self, reader, commit):
        self._reader, self._commit, self.read = reader, commit, []

    def all(self, cls, **equals):
        found = self._reader.all(cls, **equals)
        self.read.append(cls)
        if len(self.read) == 1:
            self._commit()
        return found

    def __getattr__(self, name):
        return getattr(self._reader, name)


def unheld(reader):
    """The protection taken off: each read stands for itself."""
    reader.one_moment = nullcontext
    return reader


def removed_everywhere(vault):
    """One commit takes an enterprise away and all that the figures know of it."""
    gone = vault.reader.all(Enterprise)[0].id
    with vault.change(by="practice-coach", at=vault.clock.now()) as unit:
        for kind in kinds_read(load_pack("kent")):
            for record in vault.reader.all(kind):
                if getattr(record, "enterprise_id", getattr(record, "id", "")) == gone:
                    unit.remove(kind, record.id, why="twice in the list")
    return gone


def gathered(vault, guard=lambda reader: reader):
    """The facts of a report that a commit of a pull fell into, and the kinds it read."""
    with reading(vault.beside(), vault.clock) as reader:
        between = guard(ChangesBetween(reader, partial(removed_everywhere, vault)))
        desk = FiguresDesk(between, load_pack("kent"), practice=True)
        return report_of(desk), desk


def report_of(desk):
    """What the report over these facts says; its reference is their hash."""
    parts = []
    desk.answer(q.Facts(q.Choice(as_of=TODAY)), hand=parts.append)
    return unwrapped(parts[0])


def test_a_report_is_of_one_moment_though_a_pull_commits_meanwhile(vault):
    whole = gather(vault.reader, load_pack("kent"), TODAY, practice=True)
    found, desk = gathered(vault)
    assert found.reference == whole.hash
    after = gather(vault.reader, load_pack("kent"), TODAY, practice=True)
    assert after.hash != whole.hash
    assert set(desk._reader.read) == set(kinds_read(load_pack("kent")))


def test_without_it_a_report_mixes_two_moments(vault):
    """The proof that the test above can go red."""
    whole = gather(vault.reader, load_pack("kent"), TODAY, practice=True)
    found, _desk = gathered(vault, unheld)
    after = gather(vault.reader, load_pack("kent"), TODAY, practice=True)
    assert found.reference not in {whole.hash, after.hash}


def test_what_was_committed_meanwhile_is_in_the_next_answer(vault):
    with reading(vault.beside(), vault.clock) as reader:
        desk = FiguresDesk(reader, load_pack("kent"), practice=True)
        first = report_of(desk)
        removed_everywhere(vault)
        second = report_of(desk)
    now = gather(vault.reader, load_pack("kent"), TODAY, practice=True)
    assert second.reference == now.hash != first.reference


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


def test_a_rest_ends_it_and_the_next_question_begins_anew(process):
    first = asked(process, q.OneTile(SCOPE, "I-06"))
    running = process._process
    process.rest()
    assert running.poll() is not None
    assert process.pid is None
    assert asked(process, q.OneTile(SCOPE, "I-06")) == first
    assert process.pid != running.pid


class Resting:
    """Counts its rests."""

    rests = 0

    def rest(self):
        self.rests += 1


class Lane:
    """A context in which a job is done at once."""

    def __init__(self):
        self.broadcast = self

    def listen(self, *_who):
        """Nothing changes here."""

    def work_out(self, work, *, owner, on_done):
        on_done(work())


def test_it_rests_once_when_nobody_asked_for_long_and_no_job_was_under_way():
    beside = Resting()
    figures = Figures(Lane(), beside)
    for _ in range(REST_SECONDS - 1):
        figures.tick(idle=True)
    figures.tick(idle=False)  # a question that takes long is no rest
    for _ in range(REST_SECONDS - 1):
        figures.tick(idle=True)
    assert beside.rests == 0
    figures.tick(idle=True)
    assert beside.rests == 1
    for _ in range(2 * REST_SECONDS):
        figures.tick(idle=True)
    assert beside.rests == 1


class Answering(Resting):
    """Hands over a report, and says of how many records."""

    def __init__(self, records):
        self.records = records

    def ask(self, body, progress=None, hand=None):
        assert q.unpacked(body) == q.Facts(q.Choice(as_of=TODAY), sheets=True)
        hand(b"a part")
        return q.packed_answer(q.Found((), self.records))


class AtOnce(Lane):
    """Passes the outcome on as a lane does."""

    def work_out(self, work, *, owner, on_done, on_failed=None):
        on_done(work())


@pytest.mark.parametrize(("records", "rests"), [(MANY - 1, 0), (MANY, 1)])
def test_many_records_are_given_back_before_a_report_is_drawn(records, rests):
    beside, parts, rested = Answering(records), [], []
    Figures(AtOnce(), beside).ask(
        q.Facts(q.Choice(as_of=TODAY), sheets=True),
        owner=None,
        on_done=lambda found: rested.append(beside.rests),
        on_failed=pytest.fail,
        hand=parts.append,
    )
    assert rested == [rests], "before anybody begins to draw"
    assert parts == [b"a part"]


def test_a_report_says_how_many_records_it_rests_on(vault):
    desk = FiguresDesk(vault.reader, load_pack("kent"), practice=True)
    found = desk.answer(q.Facts(q.Choice(as_of=TODAY)))
    held = sum(len(vault.reader.all(kind)) for kind in kinds_read(load_pack("kent")))
    assert found.records == held > 0


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_key_is_in_no_argument_and_no_environment(vault, process):
    asked(process, q.OneTile(SCOPE, "I-06"))
    about = Path(f"/proc/{process.pid}")
    shown = (about / "cmdline").read_bytes() + (about / "environ").read_bytes()
    raw = vault._key.raw
    assert raw not in shown
    assert raw.hex().encode() not in shown.lower()


def test_reading_along_keeps_few_pages(vault):
    with reading(vault.beside(), vault.clock) as reader:
        assert reader._db.row("PRAGMA cache_size") == (-2048,)
    assert vault._db.row("PRAGMA cache_size") == (-32768,)  # all of a small file


def test_of_a_countys_file_a_part_is_kept(tmp_path):
    records = tmp_path / "records"
    for size, kept in ((0, 32_768), (32 << 20, 32_768), ((32 << 20) + 1, 16_384)):
        records.write_bytes(b"")
        os.truncate(records, size)
        assert connection._cache_of(records) == kept


def test_reading_along_writes_nothing_and_a_ticket_shows_no_key(vault):
    with reading(vault.beside(), vault.clock) as reader:
        assert reader.count(Enterprise) == 12
        with pytest.raises(VaultReadOnly), reader._db.transaction():
            pass
    raw = vault._key.raw
    shown = repr(Ticket("f", raw, 4096, "HMAC_SHA256", practice=True))
    assert shown == "Ticket(...)"
