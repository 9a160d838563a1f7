"""Files come back byte for byte or not at all; copies are opened before they count."""

from __future__ import annotations

import io
import os
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.facts.casework import Attachment
from forms.facts.people import Enterprise
from forms.values import SetClock, new_id
from storage.backup import kept_of
from storage.errors import FileMissing, FileRefused, VaultDamaged
from storage.files import MOST_BYTES, PIECE, seal, unseal
from storage.filetypes import DOCX, XLSX
from storage.vault import Vault
from tests.storage.samples import COACH, NOON, PASSPHRASE, new_vault, reopen

PDF = b"%PDF-1.7 "


def office(name: str, *more: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as parts:
        for part in (name, *more):
            parts.writestr(part, "x")
    return out.getvalue()


@pytest.mark.parametrize("size", [0, 1, PIECE - 10, PIECE, PIECE + 1, 3 * PIECE])
def test_a_file_comes_back_byte_for_byte(vault: Vault, size: int) -> None:
    data = PDF + bytes(size)
    stored = vault.files.store(data, name="letter.pdf", mime="application/pdf")
    assert vault.files.read(stored.sha256) == data
    assert (stored.size, stored.mime) == (len(data), "application/pdf")
    assert vault.files.store(data) == stored
    assert len(list(vault.place.files.iterdir())) == 1


@given(st.binary(max_size=200), st.integers(min_value=0, max_value=10_000))
def test_any_change_of_sealed_bytes_is_noticed(data: bytes, place: int) -> None:
    key = bytes(32)
    sealed = bytearray(seal(data, key))
    sealed[place % len(sealed)] ^= 1
    with pytest.raises(FileMissing):
        unseal(bytes(sealed), key)


def test_pieces_cannot_be_dropped_swapped_or_added() -> None:
    key, data = bytes(32), bytes(range(256)) * 1024
    sealed = seal(data, key)
    assert unseal(sealed, key) == data
    step = PIECE + 16
    first, second = sealed[4 : 4 + step], sealed[4 + step : 4 + 2 * step]
    rest = sealed[4 + 2 * step :]
    for bad in (
        sealed[: 4 + step],
        sealed[:4] + second + first + rest,
        sealed + first,
        sealed[:-1],
        b"",
    ):
        with pytest.raises(FileMissing):
            unseal(bad, key)


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"MZ\x90\x00program", "bill.pdf"),
        (b"\x7fELF" + bytes(20), "x"),
        (b"<html><script>", "page.txt"),
        (b"#!/bin/sh\nrm", "note.txt"),
        (PDF, "letter.exe"),
        (PDF, "letter.pdf.docx"),
        (b"\xff\xfe\x00text", "a.txt"),
        (office("word/document.xml", "word/vbaProject.bin"), "a.docx"),
        (office("evil.js"), "a.docx"),
        (b"PK\x03\x04broken", "a.xlsx"),
        (b"", "empty.txt"),
    ],
)
def test_what_may_not_be_kept_is_refused_in_words(vault: Vault, data: bytes, name: str) -> None:
    with pytest.raises(FileRefused, match="kept"):
        vault.files.store(data, name=name)
    assert list(vault.place.files.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "name", "mime"),
    [
        (b"\xff\xd8\xff\xe0photo", "a.JPG", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\nphoto", "a.png", "image/png"),
        (b"\x00\x00\x00\x18ftypheic....", "a.heic", "image/heic"),
        ("Grüße, £5".encode(), "note.txt", "text/plain"),
        (office("xl/workbook.xml"), "a.xlsx", XLSX),
        (office("word/document.xml"), "", DOCX),
    ],
)
def test_what_coaches_attach_is_kept(vault: Vault, data: bytes, name: str, mime: str) -> None:
    assert vault.files.store(data, name=name).mime == mime


def test_a_file_that_is_too_big_is_refused_at_once(vault: Vault) -> None:
    with pytest.raises(FileRefused, match="over 25 MB"):
        vault.files.store(PDF + bytes(MOST_BYTES), name="a.pdf")


def test_files_wait_to_be_sent_and_to_be_fetched(vault: Vault) -> None:
    one = Enterprise(id=new_id(), name="M")
    stored = vault.files.store(PDF, name="a.pdf")

    def named(sha256: str) -> Attachment:
        return Attachment(
            id=new_id(), enterprise_id=one.id, sha256=sha256, size=9, mime=stored.mime
        )

    assert vault.files.unsent() == []  # no record names it yet
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add_all([one, named(stored.sha256), named("f" * 64)])
    assert vault.files.unsent() == [stored]
    assert vault.files.missing() == ["f" * 64]
    vault.files.mark_sent(stored.sha256, NOON)
    assert vault.files.unsent() == []
    with pytest.raises(FileMissing, match="not on this laptop yet"):
        vault.files.read("f" * 64)


def test_a_damaged_file_is_never_handed_out(vault: Vault) -> None:
    stored = vault.files.store(PDF, name="a.pdf")
    (path,) = vault.place.files.iterdir()
    path.write_bytes(path.read_bytes()[:-3] + b"xyz")
    with pytest.raises(FileMissing):
        vault.files.read(stored.sha256)


def test_a_copy_opens_as_the_vault_does(vault: Vault, tmp_path: Path) -> None:
    one = Enterprise(id=new_id(), name="Copied")
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(one)
    copy = vault.back_up()
    with reopen(copy) as again:
        assert again.reader.all(Enterprise) == [one]
        assert again.vault_id == vault.vault_id
    assert not list(vault.place.copies.glob("*.unfinished"))


def test_a_damaged_vault_never_becomes_a_copy_nor_ends_a_good_one(tmp_path: Path) -> None:
    clock = SetClock(NOON)
    vault = new_vault(tmp_path / "v", clock=clock)
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add_all(Enterprise(id=new_id(), name="x" * 500) for _ in range(50))
    good = vault.back_up()
    vault.close()
    records = tmp_path / "v" / "records.db"
    data = bytearray(records.read_bytes())
    data[-2000] ^= 1
    records.write_bytes(data)
    vault = Vault.open(tmp_path / "v", passphrase=PASSPHRASE, clock=clock)
    for _ in range(20):
        clock.moment += timedelta(days=40)
        with pytest.raises(VaultDamaged):
            vault.back_up()
    vault.close()
    assert [path.name for path in (tmp_path / "v" / "copies").iterdir()] == [good.name]
    reopen(good).close()


def test_the_ladder_keeps_the_newest_and_thins_the_rest() -> None:
    now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    taken = [now - timedelta(minutes=15 * n) for n in range(4 * 24 * 400)]
    kept = kept_of(taken, now)
    assert now in kept
    assert 48 + 6 + 7 + 11 <= len(kept) <= 49 + 8 + 9 + 14
    assert min(kept) >= now - timedelta(days=373)
    assert kept_of(sorted(kept), now) == kept


def test_a_copy_of_the_health_says_nothing_personal(vault: Vault) -> None:
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(Enterprise(id=new_id(), name="Secretname", phone="0777"))
    health = vault.check()
    assert health.ok
    assert health.counts["enterprise"] == 1
    assert "enterprise: 1" in health.text()
    assert "Secretname" not in health.text()
    assert "0777" not in health.text()


def test_only_the_owner_may_read_the_files(tmp_path: Path) -> None:
    old = os.umask(0)
    try:
        vault = new_vault(tmp_path / "v")
        vault.files.store(PDF, name="a.pdf")
        vault.back_up()
    finally:
        os.umask(old)
    open_to_others = [
        path.name for path in (tmp_path / "v").rglob("*") if path.stat().st_mode & 0o077
    ]
    vault.close()
    assert open_to_others == []
