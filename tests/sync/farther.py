"""What else happens in a play: sticks, months, one vault on two laptops, work on the erased.

A stick carries what the network would have; it may be read twice, late, in the wrong order, or on
the wrong laptop. Refuses to know what must hold: `tests.sync.play` checks it.
"""

from __future__ import annotations

import tempfile
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from sqlalchemy.exc import OperationalError

from forms.rules.decisions import decide
from forms.rules.pack_file import PACKS
from forms.rules.pack_travel import pack_up
from sync import errors
from sync.client.carry import read_back, write_out
from sync.register import admin, keys, packs
from sync.register.carry import take_file
from sync.register.errors import RegisterError
from sync.register.service import Register
from tests.sync.play import where
from tests.sync.world import kent

ROOM = 1 << 40
_PACKED = []  # the council's rules, checked and packed once


def _on_disk(work):
    with tempfile.TemporaryDirectory(prefix="hedgerow-", dir=where()) as folder:
        return work(Path(folder))


def stick_out(play, name):
    """A laptop writes a file for the council."""

    def work(folder):
        laptop = play.laptops[name]
        write_out(laptop, folder / "out", play.clocks[name], room=ROOM)
        return (folder / "out").read_bytes()

    play.sticks.setdefault(name, []).append(_on_disk(work))


def stick_taken(play, name, which=-1):
    """The council takes one of a laptop's files in; what it answers, or nothing."""
    written = play.sticks.get(name, [])
    if not written:
        return

    def work(folder):
        (folder / "out").write_bytes(written[which % len(written)])
        key = admin.signing_key(play.store)
        register = Register(play.store, play.clock, {"kent": kent()}, key, decide)
        take_file(register, folder / "out", folder / "back", play.clock)
        return (folder / "back").read_bytes()

    with suppress(RegisterError, OperationalError):
        play.answers.setdefault(name, []).append(_on_disk(work))


def stick_back(play, name, which=-1, whose=""):
    """A laptop reads an answer, its own or another's."""
    came = play.answers.get(whose or name, [])
    if not came:
        return

    def work(folder):
        (folder / "back").write_bytes(came[which % len(came)])
        read_back(play.laptops[name], folder / "back", play.clocks[name])

    with suppress(errors.SyncError):
        _on_disk(work)


def there_and_back(play, name):
    """A laptop's file to the council, and the answer home."""
    stick_out(play, name)
    stick_taken(play, name)
    stick_back(play, name)


def days_pass(play, days):
    """For everybody, wrong clocks too."""
    for clock in (play.clock, *play.clocks.values()):
        clock.moment += timedelta(days=days)


def cloned(play, one, other):
    """The disk of one laptop is copied onto another of the same coach; both go on."""
    play.keep_image(one)
    play.images[other] = play.images.pop(one)
    play.come_back(other)


def publish(play):
    """The council publishes its rules once more."""
    if not _PACKED:
        _PACKED.append(pack_up(PACKS, "kent"))
    with suppress(OperationalError):
        packs.publish(play.store, _PACKED[0], play.clock)


def change_key(play):
    """The register signs by another key from now on; a copy of before would not be put back."""
    with suppress(OperationalError):
        link = keys.prepare(play.store, play.clock)
        keys.go_over(play.store, play.clock, link.key)
        play.copies.clear()


def packs_agree(play):
    """What the register judges by is what is newest on every laptop."""
    used = play.store.read(lambda tx: tx.people.setting("pack:kent"))
    for name, laptop in play.open_laptops().items():
        here = [
            (held.fields["published_at"], record_id)
            for record_id, held in laptop.records.items()
            if held.kind.name == packs.KIND
        ]
        assert max(here, default=("", ""))[1] == (used or ""), f"{name} works by other rules"


def edit_beside(play, name, value):
    """The case whose person may be erased, or is."""
    held = play.laptops[name].records.get(play.beside)
    if held is not None and not held.deleted:
        play.laptops[name].set(play.beside, phone=value)
