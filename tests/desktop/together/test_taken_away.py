"""A wrong photo goes, and comes back: at the table what came in today, on the coach's page any.

What somebody else relies on stays, and the words say why without naming a file.
"""

import os
from datetime import timedelta

import pytest
from PySide6.QtWidgets import QPushButton

from desktop.operations import taking_away
from desktop.operations.answers import item_id
from desktop.operations.new_files import NewFile
from desktop.views.documents.panel import DocumentsPanel
from forms.facts.casework import Attachment, ChecklistItem
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Enterprise
from storage.errors import VaultBug
from storage.one_case import CaseUnit, Seen
from tests.desktop.together.people import COACH, MARY
from tests.desktop.together.reading import photo, texts


@pytest.fixture
def reader(program):
    return program.desk.context.session.vault.reader


@pytest.fixture
def insurance(reader):
    """The step as it stands."""

    def read():
        (item,) = reader.all(ChecklistItem, enterprise_id=MARY, code="C07")
        return item

    return read


@pytest.fixture
def write(program):
    """Write as the coach."""

    def go(change):
        context = program.desk.context
        with context.session.vault.change(by=COACH.id, at=context.clock.now()) as unit:
            change(unit)

    return go


@pytest.fixture
def kept(share, settle, tmp_path, clock):
    """The window with the photo of somebody else just kept for the insurance."""
    folder = tmp_path / "card"
    folder.mkdir()
    window = share()
    window.turn.ready.emit()
    window.ways.picked("item.C07")
    window.step.answered.emit("done", "saw it")
    settle()
    (folder / "secret name.png").write_bytes(photo())
    stamp = clock.moment.timestamp() + 60
    os.utime(folder / "secret name.png", (stamp, stamp))
    window.ways._files._folders = lambda: [folder]
    window.ways.files_wanted()
    settle()
    next(b for b in window.files.findChildren(QPushButton) if b.text().startswith("Keep: ")).click()
    settle()
    return window


def press(window, words):
    (found,) = [
        b for b in window.files.findChildren(QPushButton) if b.text() == words and not b.isHidden()
    ]
    found.click()


def test_beside_an_older_paper_a_wrong_photo_leaves_its_day(
    kept, settle, reader, write, insurance, clock
):
    """Or an insurance that is about to run out looks good for another year."""
    (paper,) = insurance().files
    today = clock.moment.date()
    before = today - timedelta(days=350)
    named = {"sha256": "0" * 64, "size": 1, "mime": "text/plain"}
    older = Attachment(id="older", enterprise_id=MARY, added_on=before, **named)

    def change(unit):
        unit.add(older)
        unit.set(ChecklistItem, insurance().id, files=("older", paper))

    write(change)
    settle()
    assert (insurance().said_by, insurance().evidence_on) == ("document", today)
    press(kept, "Take this one away")
    settle()
    assert (insurance().files, insurance().evidence_on) == (("older",), before)
    assert "file.C07" not in kept.table.sitting.done
    press(kept, "Put it back")
    settle()
    assert (insurance().files, insurance().evidence_on) == (("older", paper), today)


def test_a_wrong_photo_goes_at_once_and_can_be_put_back(kept, settle, reader, insurance):
    (paper,) = insurance().files
    assert "file.C07" in kept.table.sitting.done
    press(kept, "Take this one away")
    settle()
    assert reader.get(Attachment, paper) is None
    assert (insurance().files, insurance().said_by, insurance().state) == ((), "saw it", "done")
    assert "Taken away. Saved" in kept.files.status.text()
    assert "file.C07" not in kept.table.sitting.done
    assert kept.step.step.papers == ()
    press(kept, "Put it back")
    settle()
    assert reader.get(Attachment, paper) is not None
    assert (insurance().files, insurance().said_by) == ((paper,), "document")
    assert insurance().evidence_on is not None
    assert "file.C07" in kept.table.sitting.done
    press(kept, "Take this one away")  # and again
    settle()
    assert insurance().files == ()


@pytest.fixture
def wrong_photo(share, settle, tmp_path, clock, write, reader):
    """Keep a photo at the table for a step that said something else since an earlier day."""

    def keep(said, day):
        step_id = item_id(MARY, "C07")
        write(lambda unit: unit.add(
            ChecklistItem(id=step_id, enterprise_id=MARY, code="C07", state="done",
                          said_by=said, evidence_on=day)
        ))  # fmt: skip
        window = share()
        window.turn.ready.emit()
        window.ways.picked("item.C07")
        settle()
        for name in ("one.png", "two.png"):
            (tmp_path / name).write_bytes(photo())
            stamp = clock.moment.timestamp() + 60
            os.utime(tmp_path / name, (stamp, stamp))
            file = NewFile(path=tmp_path / name, at=clock.moment, size=9, is_picture=True)
            window.files.taken.emit(file)
            settle()
        return window

    return keep


@pytest.mark.parametrize(
    ("said", "days_ago"), [("saw it", 40), ("told us", None), ("saw it", 0), ("", None)]
)
def test_the_last_photo_of_a_step_gives_back_what_was_said_before_it_and_its_day(
    wrong_photo, settle, insurance, clock, said, days_ago
):
    day = None if days_ago is None else clock.moment.date() - timedelta(days=days_ago)
    window = wrong_photo(said, day)
    first, second = insurance().files
    assert (insurance().said_by, insurance().evidence_on) == ("document", clock.moment.date())
    for paper in (first, second):  # in the order they came, so that the last one is no first one
        window.files.away.emit(paper)
        settle()
    assert (insurance().files, insurance().said_by) == ((), said)
    assert insurance().evidence_on == day
    press(window, "Put it back")
    settle()
    assert (insurance().files, insurance().said_by) == ((second,), "document")
    assert insurance().evidence_on == clock.moment.date()
    press(window, "Take this one away")
    settle()
    assert (insurance().said_by, insurance().evidence_on) == (said, day)


def test_without_a_look_at_its_story_the_day_would_be_lost(
    wrong_photo, settle, insurance, clock, monkeypatch
):
    window = wrong_photo("saw it", clock.moment.date() - timedelta(days=40))
    monkeypatch.setattr(Seen, "said_before_papers", lambda _self, _item: ("", ""))
    for paper in insurance().files:
        window.files.away.emit(paper)
        settle()
    assert (insurance().said_by, insurance().evidence_on) == ("", None)


def test_the_story_of_somebody_elses_step_is_not_told(wrong_photo, write, program):
    window = wrong_photo("saw it", None)
    other = next(
        each.id
        for each in program.desk.context.session.vault.reader.all(Enterprise)
        if each.id != MARY
    )
    write(lambda unit: unit.add(ChecklistItem(id="theirs", enterprise_id=other, code="C07",
                                              state="done", said_by="saw it")))  # fmt: skip
    write(lambda unit: unit.set(ChecklistItem, "theirs", said_by="document"))
    seen = window.table.context.session.vault.reader
    assert seen.said_before_papers("theirs") == ("", "")


def test_one_that_is_looked_at_goes_too(kept, settle, insurance):
    kept.ways.picked("item.C07")
    settle()
    kept.step.paper_wanted.emit(insurance().files[0])
    settle()
    assert not kept.files._picture.isHidden()
    press(kept, "Take this one away")
    settle()
    assert insurance().files == ()
    assert kept.files._picture.isHidden()


def test_what_somebody_relies_on_stays_and_no_file_is_named(
    kept, settle, insurance, write, clock, reader
):
    (paper,) = insurance().files

    def refused(words):
        kept.files.away.emit(paper)
        settle()
        assert kept.files.status.text() == words
        assert insurance().files == (paper,)
        assert "secret name" not in "\n".join(texts(kept))

    item = insurance().id
    write(lambda unit: unit.set(ChecklistItem, item, checked_by_id="qa-1"))
    refused(taking_away.CHECKED_HERE)
    write(lambda unit: unit.set(ChecklistItem, item, checked_by_id=""))
    claim = SeedClaim(id="c1", enterprise_id=MARY, drafted_on=clock.now().date())
    line = ClaimLine(id="l1", enterprise_id=MARY, claim_id="c1", files=(paper,))
    write(lambda unit: unit.add_all([claim, line]))
    refused(taking_away.CLAIMED)
    write(lambda unit: unit.set(ClaimLine, "l1", files=()))
    clock.moment += timedelta(days=1)
    refused(taking_away.EARLIER)
    assert reader.get(Attachment, paper) is not None


def test_nobody_elses_paper_can_be_taken_or_brought_back(kept, program):
    case = kept.table.context.session.vault
    assert not case.reader.is_in_a_claim("f-000")
    for act in (CaseUnit.remove, CaseUnit.bring_back):
        with (
            pytest.raises(VaultBug),
            case.change(by=COACH.id, at=program.desk.context.clock.now()) as unit,
        ):
            act(unit, Attachment, "f-000", why="an attack")


def test_without_the_look_at_claims_a_paper_of_a_claim_would_go(
    kept, settle, insurance, write, clock, monkeypatch
):
    (paper,) = insurance().files
    claim = SeedClaim(id="c1", enterprise_id=MARY, drafted_on=clock.now().date())
    line = ClaimLine(id="l1", enterprise_id=MARY, claim_id="c1", files=(paper,))
    write(lambda unit: unit.add_all([claim, line]))
    monkeypatch.setattr(Seen, "is_in_a_claim", lambda _seen, _id: False)
    kept.files.away.emit(paper)
    settle()
    assert insurance().files == ()


class TestTheCoachsPage:
    @pytest.fixture
    def panel(self, kept, program, settle, qtbot, insurance):
        paper = insurance().files[0]
        program.desk.together.end()
        settle()
        made = DocumentsPanel(program.desk.context, MARY)
        qtbot.addWidget(made)
        made.resize(920, 520)
        made.show()
        settle()
        made._table.choose(paper)
        settle()
        return made

    def test_a_file_goes_from_the_list_and_from_the_step_and_undo_brings_both_back(
        self, panel, program, settle, insurance, reader
    ):
        (paper,) = insurance().files
        panel.look._away.click()
        settle()
        assert paper not in [row.id for row in panel._table.rows]
        assert insurance().files == ()
        assert "Undo brings it back" in panel.look.words
        assert program.desk.view.undo.words == "secret name.png taken away"
        program.desk.view.undo.findChildren(QPushButton)[0].click()
        settle()
        assert paper in [row.id for row in panel._table.rows]
        assert insurance().files == (paper,)
        assert reader.get(Attachment, paper) is not None

    @pytest.mark.parametrize("said", ["saw it", "told us", ""])
    def test_a_step_without_its_last_file_says_what_it_said_before_and_undo_the_file_again(
        self, panel, program, settle, insurance, write, clock, said
    ):
        """Or its tick is proved by a document that is not there."""
        (paper,), before = insurance().files, clock.moment.date() - timedelta(days=40)
        step = {"said_by": said, "evidence_on": before if said == "saw it" else None}
        write(lambda unit: unit.set(ChecklistItem, insurance().id, **step))
        today = clock.moment.date()
        now = {"said_by": "document", "evidence_on": today}
        write(lambda unit: unit.set(ChecklistItem, insurance().id, **now))
        panel.look._away.click()
        settle()
        assert insurance().files == ()
        assert (insurance().said_by, insurance().evidence_on) == tuple(step.values())
        program.desk.view.undo.findChildren(QPushButton)[0].click()
        settle()
        assert (insurance().said_by, insurance().evidence_on) == ("document", today)
        assert insurance().files == (paper,)

    def test_a_document_that_is_named_by_its_reference_is_still_one(
        self, panel, settle, insurance, write
    ):
        write(lambda unit: unit.set(ChecklistItem, insurance().id, evidence_ref="Policy 12/7"))
        panel.look._away.click()
        settle()
        assert (insurance().files, insurance().said_by) == ((), "document")

    @pytest.mark.parametrize("state", ["DRAFT", "SUBMITTED"])
    def test_a_file_of_a_claim_stays_once_the_claim_is_sent(
        self, state, panel, settle, write, clock, insurance, reader
    ):
        (paper,) = insurance().files
        claim = SeedClaim(id="c1", enterprise_id=MARY, drafted_on=clock.now().date())
        line = ClaimLine(id="l1", enterprise_id=MARY, claim_id="c1", files=(paper,))
        write(lambda unit: unit.add_all([claim, line]))
        if state != "DRAFT":
            reader_get = reader.get
            sent = SeedClaim(
                id="c1", enterprise_id=MARY, drafted_on=clock.now().date(), state=state
            )
            panel._presenter._context.session.vault.reader.get = lambda cls, one: (
                sent if cls is SeedClaim else reader_get(cls, one)
            )
        panel.look._away.click()
        settle()
        if state == "DRAFT":
            assert reader.get(ClaimLine, "l1").files == ()
        else:
            assert panel.look.coming == taking_away.SENT
            assert insurance().files == (paper,)

    def test_a_step_that_was_checked_keeps_its_file(self, panel, settle, write, insurance):
        write(lambda unit: unit.set(ChecklistItem, insurance().id, checked_by_id="qa-1"))
        panel.look._away.click()
        settle()
        assert panel.look.coming == taking_away.CHECKED
        assert len(insurance().files) == 1
