"""Words that were kept long enough leave nothing of themselves in this laptop's books."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from forms.change import Columns
from forms.facts.listing import QACheck
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Enterprise
from forms.values import new_id
from storage import forgotten, rebuild
from storage.vault import Vault
from tests.storage.register_pages import LATER, ack, page, part
from tests.storage.samples import COACH, NOON

BOOKS = ("trail", "outbox", "find", "caseload", "seed_claim", "claim_line", "qa_check", "clash")


@pytest.fixture
def claim(enrolled: Vault, shared: Enterprise) -> SeedClaim:
    """A claim in somebody's own words, sent to the register."""
    made = SeedClaim(
        id=new_id(), enterprise_id=shared.id, applicant="Secretname", barrier="Secretname cannot"
    )
    line = ClaimLine(
        id=new_id(), claim_id=made.id, enterprise_id=shared.id, what="Tablet", pence=24900,
        justification="Secretname has none",
    )  # fmt: skip
    with enrolled.change(by=COACH, at=NOON, name="Claim begun") as unit:
        unit.add_all([made, line])
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.set(SeedClaim, made.id, barrier="Secretname says otherwise")
        unit.set(ClaimLine, line.id, months=2)
    ack(enrolled)
    return made


def remove(vault: Vault, claim: SeedClaim, **more: object) -> None:
    """The register empties the words, line by line, as it does after its decision."""
    (line,) = vault.reader.all(ClaimLine, claim_id=claim.id)
    words = {"applicant": "", "barrier": "", "interest_declared": ""}
    vault.exchange.absorb(page(part(SeedClaim, claim.id, "1.1", **words, **more), seq=90), LATER)
    vault.exchange.absorb(page(part(ClaimLine, line.id, "1.2", justification=""), seq=91), LATER)


def in_columns(kind: str, one: str, dot: str, **fields: object) -> Columns:
    """One record as a page tells it in columns."""
    told = {name: [value] for name, value in fields.items()}
    return Columns(kind=kind, actor_id="register", ids=[one], dots=[dot], ats=[LATER], fields=told)


def remove_in_columns(vault: Vault, claim: SeedClaim, **more: object) -> None:
    """The same, the way that most news of a day comes: the cost before its claim."""
    (line,) = vault.reader.all(ClaimLine, claim_id=claim.id)
    words = {"applicant": "", "barrier": "", "interest_declared": ""}
    told = (
        in_columns("claim_line", line.id, "1.2", justification=""),
        in_columns("seed_claim", claim.id, "1.1", **words, **more),
    )
    vault.exchange.absorb(replace(page(seq=90), columns=told), LATER)


def remove_cost_first(vault: Vault, claim: SeedClaim, **more: object) -> None:
    """On two pages, so that of the cost it is not known yet that its claim is over."""
    (line,) = vault.reader.all(ClaimLine, claim_id=claim.id)
    words = {"applicant": "", "barrier": "", "interest_declared": ""}
    for seq, block in enumerate(
        (
            in_columns("claim_line", line.id, "1.2", justification=""),
            in_columns("seed_claim", claim.id, "1.1", **words, **more),
        ),
        start=90,
    ):
        vault.exchange.absorb(replace(page(seq=seq), columns=(block,)), LATER)


Remove = Callable[..., None]
EACH_WAY = pytest.mark.parametrize("way", [remove, remove_in_columns, remove_cost_first])


def held(vault: Vault) -> str:
    return repr([vault._db.rows(f"SELECT * FROM {table}") for table in BOOKS])  # noqa: S608


def indexed(vault: Vault) -> set[str]:
    """Every word that the indexes hold, also of what is not there any more."""
    blocks: list[Any] = [
        row[0]
        for index in ("find_people", "find_notes")
        for row in vault._db.rows(f"SELECT block FROM {index}_data")  # noqa: S608
    ]
    return {"secretname" for block in blocks if b"secretname" in bytes(block)}


@EACH_WAY
def test_words_of_a_claim_that_is_over_go_from_every_book(
    enrolled: Vault, claim: SeedClaim, way: Remove
) -> None:
    assert indexed(enrolled)
    way(enrolled, claim, state="CLOSED")
    assert "Secretname" not in held(enrolled)
    assert not indexed(enrolled)
    (line,) = enrolled.reader.all(ClaimLine, claim_id=claim.id)
    assert (line.what, line.pence, line.months) == ("Tablet", 24900, 2)
    assert rebuild.differences(enrolled._db) == []
    assert enrolled.steps.recent() == []  # there is nothing to take back any more
    assert enrolled.exchange.reopen(after_seq=0) > 0  # what is left can be told again


@EACH_WAY
def test_words_of_a_claim_that_goes_on_stay_in_its_story(
    enrolled: Vault, claim: SeedClaim, way: Remove
) -> None:
    way(enrolled, claim)
    assert "Secretname" in held(enrolled)
    assert enrolled.steps.recent()


def test_details_of_a_certificate_that_another_laptop_took_off_go_too(
    enrolled: Vault, shared: Enterprise
) -> None:
    check = QACheck(
        id=new_id(), enterprise_id=shared.id, kind="dbs", level="Secretname", reference="001"
    )
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add(check)
    ack(enrolled)
    told = in_columns("qa_check", check.id, "1.3", level="", seen_how="")
    enrolled.exchange.absorb(replace(page(seq=90), columns=(told,)), LATER)
    assert "Secretname" not in held(enrolled)
    assert "001" in held(enrolled)


def test_of_a_certificate_number_and_date_stay(enrolled: Vault, shared: Enterprise) -> None:
    check = QACheck(
        id=new_id(), enterprise_id=shared.id, kind="dbs", level="Secretname", reference="001",
        seen_how="Secretname", seen_on=NOON.date(),
    )  # fmt: skip
    with enrolled.change(by=COACH, at=NOON) as unit:
        unit.add(check)
    ack(enrolled)
    with enrolled.change(by=COACH, at=NOON, name="Number and date only") as unit:
        unit.set(QACheck, check.id, level="", seen_how="")
    bare = part(QACheck, check.id, "1.3", level="", seen_how="")
    enrolled.exchange.absorb(page(bare, seq=90), LATER)
    assert "Secretname" in held(enrolled)  # the register does not have the removal yet
    ack(enrolled, "held:later")
    assert "Secretname" in held(enrolled)
    enrolled.exchange.reopen(after_seq=0)  # what was only held is sent again
    ack(enrolled)  # it is not told again: these are this laptop's own words
    assert "Secretname" not in held(enrolled)
    assert "001" in held(enrolled)
    assert rebuild.differences(enrolled._db) == []


def test_without_it_the_story_goes_on_telling(
    enrolled: Vault, claim: SeedClaim, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forgotten, "_clean", lambda *_: None)
    remove(enrolled, claim, state="CLOSED")
    assert "Secretname" in held(enrolled)
