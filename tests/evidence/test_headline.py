"""The totals of the twelve cases, and what each must be made of."""

import hashlib
import zlib
from dataclasses import replace
from datetime import date
from decimal import Decimal

import msgspec

from evidence.blocks import Para, short_date
from evidence.dossier import Provenance, gather, pieces
from evidence.figures import headline, indicators
from evidence.making import build as make
from evidence.making import parts
from evidence.order import Order
from evidence.reports.impact_assessment import build
from forms.facts.casework import StageEvent
from forms.facts.listing import RegisterEntry
from forms.facts.people import Enterprise, Leader
from forms.rules.indicators.quality import NOT_YET, UNDATED, status_on
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases


def test_the_twelve_cases_give_the_expected_totals():
    assert headline(gather(Listed(twelve_cases()), a_pack(), END)) == {
        "as_of": "2023-03-31",
        "active_enterprises": 10,
        "established": 11,
        "hours_per_week": 195,
        "people_supported": 127,
        "dp_hours": 55,
        "dp_share_percent": 28.2,
        "comparable_hours": 98,
        "weighted_price": "15.98",
        "b2_pounds": "18860.40",
        "b3_pounds": "12940.20",
        "seed_paid": {"E1": "112.00", "E2": "3128.50", "E3": "560.40"},
        "seed_lapsed": {"E1": "29888.00"},
        "rejected_lines": [
            {"case": "K05", "pounds": "95.00", "code": "NOT_ELIGIBLE_COST"},
            {"case": "K07", "pounds": "310.00", "code": "EXCLUDED_COST"},
            {"case": "K08", "pounds": "140.00", "code": "OUT_OF_WINDOW"},
            {"case": "K09", "pounds": "130.00", "code": "DOUBLE_FUNDED"},
        ],
        "target_share_percent": 16.7,
    }


def test_bases_are_separate_figures_with_the_cases_behind_them():
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    by_id = {item.id: item for item in indicators(dossier)}
    bases = {figure.key: figure for figure in by_id["I-20"].figures}
    assert {k: f.value for k, f in bases.items()} == {
        "B1": Decimal("42097.50"),
        "B2": Decimal("18860.40"),
        "B3": Decimal("12940.20"),
        "B4": Decimal("23431.72"),  # B3 12,940.20 + 52 x (14x3.68 + 21x4 + 6x4.68 + 12x3.18)
    }
    of_k01 = next(row for row in bases["B2"].rows if row.enterprise_id == "K01")
    assert of_k01.value == Decimal("3444.48")
    assert {x.enterprise_id for x in bases["B2"].left_out} == {
        "K03", "K04", "K07", "K08", "K09", "K10", "K11", "K12"
    }  # fmt: skip


def test_an_empty_programme_says_not_collected_yet_never_zero():
    dossier = gather(Listed([]), a_pack(), END)
    for item in indicators(dossier):
        assert item.value is None, item.id
        assert item.shown == "not collected yet"
        assert item.note
    assert headline(dossier)["active_enterprises"] is None


def test_the_hash_is_of_the_whole_dossier_though_it_is_never_held_whole(monkeypatch):
    monkeypatch.setattr("evidence.dossier._AT_ONCE", 3)
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    assert len(dossier.enterprises) > 3
    whole = msgspec.json.encode(replace(dossier, provenance=Provenance()), order="deterministic")
    assert dossier.hash == hashlib.sha256(whole).hexdigest()
    assert max(map(len, pieces(dossier))) < len(whole) / 3


def test_a_paper_carries_no_rows_that_only_a_workbook_shows():
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    assert make(Order(kind="pdf", target=""), dossier).sheets == ()
    assert make(Order(kind="xlsx", target=""), dossier).sheets
    assert make(Order(kind="xlsx", target="", published=True), dossier).sheets == ()


def test_the_day_decides_what_is_seen():
    early = headline(gather(Listed(twelve_cases()), a_pack(), date(2022, 3, 31)))
    assert early["active_enterprises"] == 1
    assert early["seed_paid"]["E2"] == "0.00"
    assert early["seed_lapsed"] == {}, "the spend-by day itself is still open"
    assert early["target_share_percent"] is None
    assert early["rejected_lines"] == []


def test_private_notes_stay_in_the_vault():
    leader = Leader(id="x", enterprise_id="K01", name="Somebody", private_note="between us")
    dossier = gather(Listed([*twelve_cases(), leader]), a_pack(), END)
    known = b"".join(pieces(dossier))
    assert b"Somebody" in known
    assert b"between us" not in known
    travels = b"".join(map(zlib.decompress, parts(Order(kind="xlsx", target=""), dossier)))
    assert dossier.enterprises[0].name.encode() in travels
    assert b"between us" not in travels


def test_a_lapsed_check_hides_an_entry_and_a_later_suspension_does_not_count_yet():
    on = date(2023, 2, 16)
    dossier = gather(Listed(twelve_cases()), a_pack(), on)
    states = {e.enterprise_id: status_on(dossier, e) for e in dossier.entries}
    assert states["K01"] == "hidden"
    assert states["K10"] == "suspended"
    assert states["K02"] == "published"
    before = gather(Listed(twelve_cases()), a_pack(), date(2023, 2, 11))
    assert {e.enterprise_id: status_on(before, e) for e in before.entries}["K10"] == "published"


def words_of(document):
    return " ".join(
        block.lead + " " + block.text for block in document.blocks if isinstance(block, Para)
    )


def test_a_report_of_a_time_without_data_says_so_in_plain_sentences_and_once():
    document = build(gather(Listed([]), a_pack(), END))
    said = words_of(document)
    assert "not collected yet of" not in said
    assert "reported not collected" not in said
    paras = [(b.lead, b.text) for b in document.blocks if isinstance(b, Para) and b.text]
    assert len(paras) == len(set(paras))
    assert "and 34 more, named in chapter 3" in said
    for item in indicators(gather(Listed([]), a_pack(), END)):
        assert f"({item.id})" in said


def test_who_made_it_is_on_the_cover_and_never_in_what_is_published():
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    assert build(dossier, made_by="Priya Shah, project lead").provenance.startswith(
        "Made by Priya Shah, project lead. "
    )
    assert "Priya" not in build(dossier, published=True, made_by="Priya Shah").provenance
    assert build(dossier).provenance == dossier.provenance.in_words


def test_a_register_snapshot_knows_nothing_of_later_days():
    day = date(2022, 6, 30)
    dossier = gather(Listed(twelve_cases()), a_pack(), day)
    later = [e for e in dossier.entries if e.published_on and e.published_on > day]
    assert later, "every entry was published by then: nothing is proved"
    table = next(t for t in build(dossier).tables() if t.key == "register_entries")
    for row in table.rows:
        for cell in row[3:]:
            assert cell is None or cell not in {short_date(e.published_on) for e in later}


def register_on(day, *more):
    dossier = gather(Listed([*twelve_cases(), *more]), a_pack(), day)
    found = next(each for each in indicators(dossier) if each.id == "I-33")
    return dossier, {each.key: each for each in found.figures}


def test_an_entry_of_who_came_later_is_no_draft_of_an_earlier_day():
    day = date(2022, 6, 30)
    newcomer = [
        Enterprise(id="new", name="Invented Later", district="E07000112"),
        StageEvent(id="new-s", enterprise_id="new", stage="ENQUIRY", on=date(2023, 3, 1)),
        RegisterEntry(id="reg-new", enterprise_id="new", trading_name="Invented Later"),
    ]
    dossier, figures = register_on(day, *newcomer)
    came = {event.enterprise_id for event in dossier.stage_events}
    counted = {row.record_id for each in figures.values() for row in each.rows}
    assert counted == {e.id for e in dossier.entries if e.enterprise_id in came}
    left = {each.record_id: each.reason for each in figures["main"].left_out}
    assert left["reg-new"] == NOT_YET
    assert counted | set(left) == {e.id for e in dossier.entries}, "nothing is lost without a word"
    table = next(t for t in build(dossier).tables() if t.key == "register_entries")
    assert "Invented Later" not in {row[0] for row in table.rows}
    _dossier, now = register_on(END, *newcomer)
    assert "reg-new" in {row.record_id for row in now["draft"].rows}


def test_what_has_no_day_of_its_own_is_said_beside_the_count_and_in_the_report():
    draft = RegisterEntry(id="reg-x", enterprise_id="K01", trading_name="Invented")
    dossier, figures = register_on(END, draft)
    assert figures["main"].note == UNDATED
    assert UNDATED in [each.text for each in build(dossier).blocks if isinstance(each, Para)]
    plain, figures = register_on(END)
    assert figures["main"].note == ""
    assert UNDATED not in [each.text for each in build(plain).blocks if isinstance(each, Para)]
