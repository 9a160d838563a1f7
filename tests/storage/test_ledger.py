"""The ledger: for every record and file, how far it has got, and why not further."""

from __future__ import annotations

from datetime import timedelta

import pytest

from forms.change import Ack
from forms.facts.casework import Attachment
from forms.facts.people import Enterprise
from forms.values import new_id
from storage.files import ToSend
from storage.ledger import FILE, Standing
from storage.vault import Vault
from tests.storage.register_pages import LATER, ack, edit
from tests.storage.samples import COACH, NOON


def line_of(vault: Vault, record_id: str, view: str = "all"):
    found = [line for line in vault.ledger(view).lines if line.record_id == record_id]
    return found[0] if found else None


def test_a_record_of_another_is_here_and_nothing_of_it_waits(
    enrolled: Vault, shared: Enterprise
) -> None:
    found = enrolled.ledger()
    assert (found.counts.here, found.counts.written, found.counts.waiting) == (1, 0, 0)
    assert found.lines == ()
    assert found.copied_at is None


def test_an_edit_waits_then_is_sent_and_stands(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    line = line_of(enrolled, shared.id, "waiting")
    assert (line.standing, line.waiting, line.sent_at) == (Standing.WAITING, 1, None)
    assert (line.title, line.enterprise_id) == (shared.name, shared.id)
    ack(enrolled)
    assert line_of(enrolled, shared.id, "waiting") is None
    line = line_of(enrolled, shared.id)
    assert (line.standing, line.waiting, line.sent_at) == (Standing.ACCEPTED, 0, LATER)
    assert enrolled.ledger().counts.waiting == 0


def test_a_refusal_says_why_until_a_later_edit_is_taken(
    enrolled: Vault, shared: Enterprise
) -> None:
    edit(enrolled, shared.id, phone="02", place="Deal")
    ack(enrolled, "partly:phone", words="not yours")
    line = line_of(enrolled, shared.id, "refused")
    assert (line.standing, line.because) == (Standing.REFUSED, ("not yours",))
    edit(enrolled, shared.id, place="Rye")
    assert line_of(enrolled, shared.id).standing is Standing.REFUSED
    ack(enrolled)
    assert line_of(enrolled, shared.id).standing is Standing.REFUSED
    edit(enrolled, shared.id, phone="03")
    ack(enrolled)
    assert line_of(enrolled, shared.id).standing is Standing.ACCEPTED
    assert enrolled.ledger().counts.refused == 0


def test_what_the_register_holds_is_told_apart(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    (op,) = enrolled.exchange.unsent()
    held = Ack(seq=op.seq, feed_seq=50, result="held:unknown_record", words="Kept until it comes.")
    enrolled.exchange.acknowledge([held], LATER)
    line = line_of(enrolled, shared.id, "refused")
    assert (line.standing, line.because) == (Standing.HELD, ("Kept until it comes.",))


def test_a_copy_holds_what_was_written_before_it(enrolled: Vault, shared: Enterprise) -> None:
    edit(enrolled, shared.id, phone="02")
    assert line_of(enrolled, shared.id, "no_copy") is not None
    enrolled.back_up()
    assert line_of(enrolled, shared.id, "no_copy") is None
    assert line_of(enrolled, shared.id).in_copy
    assert enrolled.ledger().counts.no_copy == 0
    later = enrolled.clock.now() + timedelta(hours=1)
    with enrolled.change(by=COACH, at=later) as unit:
        unit.set(Enterprise, shared.id, phone="03")
    assert not line_of(enrolled, shared.id).in_copy
    assert enrolled.ledger().counts.no_copy == 1


def test_a_photograph_waits_is_refused_and_sent(enrolled: Vault, shared: Enterprise) -> None:
    stored = enrolled.files.store(b"A receipt for 89 pounds.\n", name="receipt.txt")
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add(
            Attachment(
                id=new_id(),
                enterprise_id=shared.id,
                sha256=stored.sha256,
                size=stored.size,
                mime=stored.mime,
                name="receipt.txt",
            )
        )

    def photo():
        (found,) = [line for line in enrolled.ledger().lines if line.kind == FILE]
        return found

    assert (photo().standing, photo().title, photo().size) == (
        Standing.WAITING, "receipt.txt", stored.size,
    )  # fmt: skip
    enrolled.files.mark_refused(stored.sha256, "Larger than the register takes.", LATER)
    assert photo().because == ("Larger than the register takes.",)
    assert photo().standing is Standing.REFUSED
    counts = enrolled.ledger().counts
    assert (counts.files, counts.files_waiting, counts.files_refused) == (1, 0, 1)
    assert counts.files_no_copy == 1
    assert counts.files_waiting == enrolled.files.to_send().count
    assert files_in(enrolled, "waiting") == []
    assert len(files_in(enrolled, "refused")) == 1
    enrolled.files.mark_sent(stored.sha256, LATER)
    assert (photo().standing, photo().sent_at) == (Standing.ACCEPTED, LATER)
    assert enrolled.ledger().counts.files_waiting == 0


def a_photo(vault: Vault, case: Enterprise, data: bytes = b"A receipt for 89 pounds.\n"):
    stored = vault.files.store(data, name="receipt.txt")
    made = Attachment(
        id=new_id(),
        enterprise_id=case.id,
        sha256=stored.sha256,
        size=stored.size,
        mime=stored.mime,
        name="receipt.txt",
    )
    with vault.change(by=COACH, at=vault.clock.now()) as unit:
        unit.add(made)
    return made


def files_in(vault: Vault, view: str = "all"):
    return [line for line in vault.ledger(view).lines if line.kind == FILE]


def test_a_photograph_whose_caption_alone_was_refused_is_not_refused(
    enrolled: Vault, shared: Enterprise
) -> None:
    made = a_photo(enrolled, shared)
    ack(enrolled)
    with enrolled.change(by=COACH, at=enrolled.clock.now()) as unit:
        unit.set(Attachment, made.id, caption="Front door")
    ack(enrolled, "refused:NOT_YOUR_CASE", words="The case is with somebody else.")
    (photo,) = files_in(enrolled)
    assert (photo.standing, photo.because, photo.waiting) == (Standing.WAITING, (), 1)
    assert len(files_in(enrolled, "waiting")) == 1
    assert files_in(enrolled, "refused") == []
    (record,) = [x for x in enrolled.ledger("refused").lines if x.record_id == made.id]
    assert (record.kind, record.standing) == ("attachment", Standing.REFUSED)
    assert [one.sha256 for one in enrolled.files.unsent()] == [made.sha256]
    assert enrolled.files.to_send() == ToSend(count=1, size=made.size)
    enrolled.files.mark_refused(made.sha256, "Larger than the register takes.", LATER)
    assert enrolled.files.to_send() == ToSend()  # it does not wait for a line
    enrolled.files.mark_sent(made.sha256, LATER)
    assert files_in(enrolled)[0].standing is Standing.ACCEPTED


def test_a_photograph_of_which_all_but_a_field_was_taken_goes(
    enrolled: Vault, shared: Enterprise
) -> None:
    made = a_photo(enrolled, shared)
    ack(enrolled, "partly:caption", words="The register kept its own value of: caption.")
    assert [one.sha256 for one in enrolled.files.unsent()] == [made.sha256]
    assert enrolled.files.named_by(made.sha256) == [made.id]
    assert files_in(enrolled)[0].standing is Standing.WAITING


def test_a_photograph_whose_record_was_refused_says_so_until_another_names_it(
    enrolled: Vault, shared: Enterprise
) -> None:
    made = a_photo(enrolled, shared)
    ack(enrolled, "refused:NOT_YOUR_CASE", words="The case is with somebody else.")
    (photo,) = files_in(enrolled, "refused")
    assert photo.because == ("The case is with somebody else.",)
    assert files_in(enrolled, "waiting") == []
    assert enrolled.files.unsent() == []
    other = a_photo(enrolled, shared)
    assert other.sha256 == made.sha256
    (photo,) = files_in(enrolled, "waiting")
    assert (photo.record_id, photo.standing) == (other.id, Standing.WAITING)
    assert files_in(enrolled, "refused") == []


def test_a_view_that_is_not_there_is_refused(enrolled: Vault) -> None:
    with pytest.raises(ValueError, match="elsewhere"):
        enrolled.ledger("elsewhere")
