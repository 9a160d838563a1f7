"""After an erasure no press brings back what was typed about the person: no draft, no record."""

import pytest

from desktop.presenters.half_typed import HalfTyped
from desktop.presenters.saving import FieldSaver
from desktop.unkept import Unkept
from forms.facts.casework import CoachingSession
from forms.facts.people import Enterprise, Leader
from forms.values import SetClock, new_id
from storage.drafts import Drafts
from storage.errors import PersonErased, VaultFull
from storage.keys import Cost
from storage.vault import Vault
from tests.desktop.screens.desk import FakeView, context
from tests.desktop.shell.world import WORDS as PASSPHRASE
from tests.storage.register_pages import IDENTITY, LATER, page, part
from tests.storage.samples import COACH, NOON
from tests.support.full_disk import Disk

WORDS = "Secretname has moved"


@pytest.fixture
def vault(tmp_path):
    made, _ = Vault.create(
        tmp_path / "vault",
        passphrase=PASSPHRASE,
        clock=SetClock(NOON),
        cost=Cost(memory=8, passes=1),
    )
    made.exchange.adopt(IDENTITY)
    yield made
    made.close()


@pytest.fixture
def disk(monkeypatch):
    return Disk(monkeypatch, (Drafts, "keep"), is_full=True)


@pytest.fixture
def shared(vault):
    """Somebody whom the register has; another stays."""
    for one in ("ent-9", "ent-1"):
        told = part(Enterprise, one, "1.1", name="Secretname Ltd", coach_id=COACH)
        vault.exchange.absorb(page(told, seq=9 + len(one)), LATER)
    return "ent-9"


def erased(vault, one):
    gone = part(Enterprise, one, "2.7", name="", anonymised_on="2026-03-02")
    vault.exchange.absorb(page(gone, seq=100), LATER)


def kept(unkept, vault, *texts):
    for name, text in texts:
        with pytest.raises(VaultFull):
            unkept.keeper(name, text, None)(vault)


def drafts(vault):
    return dict(vault._db.rows("SELECT key, text FROM draft"))


NOTE = (("quick_note/chosen", "visit ent-9"), ("quick_note/note", WORDS))
NAMES = [[("person/ent-9/wish/half", WORDS)], NOTE, [("enterprise/ent-9/phone", WORDS)]]


@pytest.mark.parametrize("texts", NAMES, ids=["a wish", "a quick note", "a field"])
@pytest.mark.parametrize("how", ["again", "locked", "read"])
def test_what_the_disk_refused_is_not_written_once_they_are_erased(vault, shared, disk, texts, how):
    unkept = Unkept()
    kept(unkept, vault, *texts, ("enterprise/ent-1/phone", "Somebody else"))
    disk.is_full = False
    held = unkept.held(vault) if how == "locked" else None
    erased(vault, shared)
    if how == "read":
        assert unkept.read(vault.drafts, texts[-1][0]) == ""
    if held is not None:
        unkept.take_back(vault, held)
    unkept.try_again()
    assert drafts(vault) == {"enterprise/ent-1/phone": "Somebody else"}
    assert unkept.lost == ()


def test_a_note_whose_choice_was_on_disk_goes_with_it(vault, shared, disk):
    """The erasure takes the choice: nothing on the disk says any more whom the note was for."""
    unkept = Unkept()
    disk.is_full = False
    unkept.keeper(*NOTE[0], None)(vault)
    disk.is_full = True
    kept(unkept, vault, NOTE[1])
    disk.is_full = False
    erased(vault, shared)
    unkept.try_again()
    assert drafts(vault) == {}


def test_try_again_of_a_draft_keeps_nothing_of_them(vault, shared, disk):
    here, view = context(vault), FakeView()
    HalfTyped(here, view, "person/ent-9/wish").keep({"why": WORDS})
    erased(vault, shared)
    disk.is_full = False
    here.tell.agains[-1]()
    assert drafts(vault) == {}


def test_try_again_of_a_commit_writes_nothing_of_them(vault, shared, monkeypatch):
    here, view = context(vault), FakeView()
    saver = FieldSaver(here, view, "enterprise/ent-9")
    really = vault.change

    def full(**_named):
        raise VaultFull

    monkeypatch.setattr(vault, "change", full)
    saver.commit("phone", lambda w: w.unit.set(Enterprise, "ent-9", name=WORDS))
    monkeypatch.setattr(vault, "change", really)
    erased(vault, shared)
    here.tell.agains[-1]()
    assert view.failed == ("phone", str(PersonErased()))
    assert vault.reader.get(Enterprise, "ent-9").name == ""
    assert vault.reader.unsent_count() == 0


@pytest.mark.parametrize(
    "fresh",
    [
        Leader(id=new_id(), enterprise_id="ent-9", name=WORDS),
        CoachingSession(id=new_id(), enterprise_id="ent-9", on=NOON.date(), note=WORDS),
    ],
)
def test_nothing_new_is_written_about_them(vault, shared, fresh):
    erased(vault, shared)
    before = vault.reader.unsent_count()
    with pytest.raises(PersonErased), vault.change(by=COACH, at=NOON) as unit:
        unit.add(fresh)
    assert vault.reader.unsent_count() == before
    with vault.change(by=COACH, at=NOON) as unit:
        unit.set(Enterprise, "ent-1", name="Somebody else")
