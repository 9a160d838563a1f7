"""Packs: both ship whole, and every fault names file, row, field and the fix."""

import re
import shutil
from datetime import date
from decimal import Decimal

import pytest

from forms.rules import conditions, pack_file
from forms.rules.pack import load_pack
from forms.rules.pack_file import PACKS, PackError, open_pack, pack_names, read_pack
from tests.forms.rules.making import CAMBS, KENT


def test_both_packs_ship_without_a_fault():
    assert pack_names() == ("cambridgeshire", "kent")
    for name in pack_names():
        pack, problems = read_pack(PACKS, name)
        assert problems == []
        assert load_pack(name) == pack
        assert pack.id == name


def test_kent_is_what_the_papers_say():
    assert [(e.id, e.pence, e.spend_by) for e in KENT.envelopes] == [
        ("E1", 3_000_000, date(2022, 3, 31)),
        ("E2", 9_000_000, None),
        ("E3", 12_000_000, None),
    ]
    assert sum(line.pence for line in KENT.budget) == 90_200_000
    assert [target.enterprises for target in KENT.targets] == [60, 223, 416]
    assert [target.savings_pence for target in KENT.targets] == [
        26_942_400,
        140_000_000,
        400_000_000,
    ]
    assert KENT.employee_limit == 5
    assert (KENT.programme_starts, KENT.programme_ends) == (date(2022, 1, 2), date(2024, 1, 1))
    rates = KENT.assumption_set("Somerset-2020")
    assert (rates.commissioned_rate, rates.dp_rate, rates.own_price) == (
        Decimal("19.68"),
        Decimal("14.15"),
        Decimal("15.68"),
    )
    assert rates.per_enterprise_year == Decimal("4209.75")
    assert dict(KENT.safeguarding_numbers)["Kent adult social care, in office hours"] == (
        "03000 41 61 61"
    )
    assert len(KENT.places) == 12
    assert len({choice.code for choice in KENT.closing_reasons}) == 19
    assert len(KENT.seed_policy.offer_conditions) == 10


def test_cambridgeshire_is_another_council_from_the_same_code():
    assert len(CAMBS.places) == 6
    assert sum(line.pence for line in CAMBS.budget) == 16_000_000
    (target,) = CAMBS.targets
    assert (target.enterprises, target.hours_week) == (125, Decimal(750))
    assert CAMBS.envelopes == ()
    assert CAMBS.default_assumptions == "Cambs-2020"


@pytest.mark.parametrize("pack", [KENT, CAMBS], ids=lambda pack: pack.id)
def test_neighbours_go_both_ways(pack):
    for place in pack.places:
        for code in place.neighbours:
            assert place.code in pack.place(code).neighbours
        assert place.code not in place.neighbours


@pytest.mark.parametrize("pack", [KENT, CAMBS], ids=lambda pack: pack.id)
def test_conditions_look_only_at_facts_that_are_asked(pack):
    asked = {fact.id for fact in pack.checklist_facts}
    asked |= {"ent", "emp", "svc", "pa", "income_over_mtd"}
    for rule in pack.checklist:
        for text in filter(None, (rule.applies_when, rule.must_when)):
            assert conditions.names_in(text) <= asked, rule.code
    questions = {question.id for question in pack.entity_questions} | {"employees_at_limit"}
    for rule in pack.entity_rules:
        assert conditions.names_in(rule.when) <= questions, rule.id


def test_no_code_knows_a_council():
    """The rules read packs; a council's name in them would be a rule that only one has."""
    names = re.compile(r"\b(kent|cambridgeshire|mosaic|kmsab)\b", re.IGNORECASE)
    for path in sorted((PACKS.parent / "rules").glob("*.py")):
        assert not names.search(path.read_text(encoding="utf-8")), path.name


@pytest.fixture
def packs(tmp_path):
    shutil.copytree(PACKS, tmp_path / "packs")
    return tmp_path / "packs"


def edit(packs, file, old, new):
    path = packs / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


FAULTS = [
    ("a total that does not add up", "kent/money.toml", "pounds = 902000", "pounds = 902001",
     ["kent/money.toml", "stated_total (Whole project)", "£902001.00", "£902000.00",
      "£1.00 apart"]),
    ("a part that was mistyped", "kent/money.toml", "pounds = 134508", "pounds = 134058",
     ["stated_total (January to March 2022)", "£450.00 apart"]),
    ("an envelope apart from the budget", "kent/money.toml", "pounds = 30000\nspend_by",
     "pounds = 31000\nspend_by", ["envelope (E1)", "£31000.00", "Make the two agree."]),
    ("a field that nobody knows", "kent/money.toml", "enterprises = 60", "enterprise = 60",
     ["kent/money.toml", "target 1", "enterprise", "Did you mean 'enterprises'?"]),
    ("words for a number", "kent/money.toml", "pounds = 90000", 'pounds = "ninety thousand"',
     ["envelope 2 (E2)", "pounds", "'ninety thousand'", "a whole number"]),
    ("half a penny", "kent/money.toml", "pounds = 90000", "pounds = 90000.005",
     ["envelope 2 (E2)", "pounds"]),
    ("a date that is words", "kent/money.toml", "starts = 2022-04-01", 'starts = "1 April"',
     ["starts", "a date, like 2022-01-02"]),
    ("a field left out", "kent/places.toml", 'name = "Ashford"\n', "",
     ["kent/places.toml", "place 1 (E07000105)", "name", "is missing", "Add it"]),
    ("a neighbour of one side only", "kent/places.toml",
     'neighbours = ["E07000111", "E07000109"]', 'neighbours = ["E07000109"]',
     ["place (E07000111 Sevenoaks)", "Dartford does not have it", "Add E07000111"]),
    ("a neighbour from nowhere", "kent/places.toml", '"E07000111", "E07000109"]',
     '"E07000111", "E07000109", "E99"]', ["E99", "not a place of this pack"]),
    ("the same district twice", "kent/places.toml", 'code = "E07000106"', 'code = "E07000105"',
     ["E07000105 is there 2 times"]),
    ("a condition that cannot be read", "england-2026-11/checklist.toml",
     'applies_when = "emp > 0"', 'applies_when = "emp > some"',
     ["england-2026-11/checklist.toml", "checklist (C09)", "applies_when", "put words in quotes"]),
    ("a rule for a form that is not there", "england-2026-11/legal_rules.toml",
     "{SOLE = 6, CLS = 2}", "{SOLO = 6}", ["entity_rule (E01)", "SOLO is not a legal form"]),
    ("periods that overlap", "kent/money.toml", "ends = 2022-03-31", "ends = 2022-04-15",
     ["envelope (2022-04-01)", "begins before the one before it ends"]),
    ("rates that overlap", "england-2026-11/rates.toml", "valid_to = 2022-04-05",
     "valid_to = 2022-04-06", ["rate (dbs_basic from 2019-10-01)", "End it on 2022-04-05"]),
    ("a source without a name", "england-2026-11/checklist.toml", 'source = "P38"',
     'source = "P38, P987"', ["checklist (C09)", "P987", "not in the table of sources"]),
    ("a page that is no address", "england-2026-11/sources.toml", 'page = "https://icas.com"',
     'page = "icas"', ["source (P57)", "page", "https://"]),
    ("a cost that is both paid and not", "england-2026-11/cost_kinds.toml", 'category = "EQUIP"',
     'category = "EQUIP"\ncode = "EXCLUDED_COST"', ["cost_kind (tablet)", "not both"]),
    ("a level that is not one", "england-2026-11/checklist.toml", 'level = "M"', 'level = "X"',
     ["checklist (C01)", "'X' is not a level"]),
    ("no such assumptions", "kent/pack.toml", '"Somerset-2020"', '"Somerset-2099"',
     ["default_assumptions", "'Somerset-2099'"]),
    ("a line that is not TOML", "kent/seed.toml", "[seed_policy]", "[seed_policy",
     ["kent/seed.toml", "cannot be read", "line 4"]),
    ("a shared folder that is not there", "kent/pack.toml", '"england-2026-11"', '"england-1066"',
     ["england-1066", "holds no TOML file"]),
    ("a way out of the folder", "kent/pack.toml", '"england-2026-11"', '"../../etc"',
     ["shared", "not a list of folder names"]),
    ("one table where there should be rows", "kent/money.toml", "[[target]]\nyear = 1",
     "[target]\nyear = 1", ["kent/money.toml"]),
    ("true for a number", "kent/pack.toml", "employee_limit = 5", "employee_limit = true",
     ["employee_limit", "a whole number"]),
    ("points that are no table", "england-2026-11/legal_rules.toml", "{SOLE = 6, CLS = 2}", "6",
     ["entity_rule 1 (E01)", "scores", "a table, like {SOLE = 6}"]),
    ("a list that is words", "kent/places.toml", 'groups = ["west-kent"]', 'groups = "west-kent"',
     ["groups", "a list in square brackets"]),
    ("a pair that is not one", "england-2026-11/legal_questions.toml",
     '["low", "As little as possible"]', '["low"]', ["entity_question 11 (Q11)", "choices",
                                                    "2 values in square brackets"]),
    ("a group from nowhere", "kent/places.toml", 'groups = ["west-kent"]', 'groups = ["wessex"]',
     ["belongs to a group wessex that is not there"]),
    ("a cost for an item from nowhere", "england-2026-11/cost_kinds.toml",
     'for_checklist = ["C10"]', 'for_checklist = ["C99"]', ["C99 is not a checklist item"]),
    ("a minimum from nowhere", "kent/seed.toml", '["C07", "C10"]', '["C07", "C99"]',
     ["seed_policy", "checklist_minimum", "C99 is not a checklist item"]),
    ("a refusal without a reason", "england-2026-11/cost_kinds.toml",
     'because = "The fund does not pay fines."', "", ["cost_kind (fines)", "because", "is empty"]),
    ("a period that ends before it starts", "kent/money.toml", "ends = 2023-03-31",
     "ends = 2021-03-31", ["is before it starts"]),
    ("money that is true", "kent/money.toml", "pounds = 8000", "pounds = true",
     ["budget_line 4 (marketing)", "pounds", "a whole number"]),
    ("no seed policy", "kent/seed.toml", "[seed_policy]", "[policy]",
     ["seed_policy", "is missing"]),
    (
        "a word for a kind of support that is not there",
        "england-2026-11/choices.toml",
        '[[like_words]]\nservice = "befr"',
        '[[like_words]]\nservice = "befriend"',
        ("choices.toml, like_words (befriend), service", "not a kind of support", "befr, break"),
    ),
    (
        "two words where one is looked for",
        "england-2026-11/choices.toml",
        '"sitter"',
        '"Sits with"',
        ("like_words (befr), words", "'Sits with' is not one word in small letters"),
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("file", "old", "new", "said"), [fault[1:] for fault in FAULTS], ids=[f[0] for f in FAULTS]
)
def test_a_fault_is_named_with_its_place_and_its_fix(packs, file, old, new, said):
    open_pack(packs, "kent")  # whole before
    edit(packs, file, old, new)
    with pytest.raises(PackError) as refused:
        open_pack(packs, "kent")
    words = str(refused.value)
    for part in said:
        assert part in words
    assert "Nothing was changed" in words


def test_all_faults_are_listed_at_once(packs):
    edit(packs, "kent/money.toml", "pounds = 90000", 'pounds = "x"')
    edit(packs, "kent/places.toml", 'name = "Ashford"\n', "")
    with pytest.raises(PackError) as refused:
        open_pack(packs, "kent")
    assert len(refused.value.problems) == 2


def test_a_councils_own_table_wins_over_a_shared_one(packs):
    own = '[[channel]]\ncode = "pigeon"\nlabel = "Carrier pigeon"\ndigital = false\n'
    (packs / "kent" / "channels.toml").write_text(own, encoding="utf-8")
    assert [channel.code for channel in open_pack(packs, "kent").channels] == ["pigeon"]
    assert len(open_pack(packs, "cambridgeshire").channels) == len(CAMBS.channels)


def test_the_same_table_in_two_files_of_one_folder_is_a_fault(packs):
    (packs / "kent" / "more.toml").write_text("suppress_below = 3\n", encoding="utf-8")
    with pytest.raises(PackError, match=r"is in kent/more.toml as well"):
        open_pack(packs, "kent")


@pytest.mark.parametrize("name", ["surrey", "", "../kent", "Kent", "england-2026-11"])
def test_a_pack_that_is_not_there(name):
    with pytest.raises(PackError, match="no such pack") as refused:
        load_pack(name)
    assert "cambridgeshire, kent" in str(refused.value)


def test_the_guide_for_authors_names_every_table_and_quotes_a_true_fault(packs):
    guide = (PACKS / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `(\w+)` \|", guide, re.MULTILINE))
    assert named == set(pack_file._LISTS) | pack_file._BESIDE - {"shared"}
    edit(packs, "kent/money.toml", "pounds = 902000", "pounds = 902001")
    (fault,) = read_pack(packs, "kent")[1]
    assert str(fault) in re.sub(r"\s+", " ", guide)


def test_the_id_of_a_pack_is_the_name_of_its_folder(packs):
    shutil.copytree(packs / "kent", packs / "surrey")
    with pytest.raises(PackError, match="change it to 'surrey'"):
        open_pack(packs, "surrey")
    edit(packs, "surrey/pack.toml", 'id = "kent"', 'id = "surrey"')
    assert open_pack(packs, "surrey").places == KENT.places


def test_what_is_shared_names_no_council_that_shares_it():
    councils = re.compile("|".join(pack.council.split()[0] for pack in (KENT, CAMBS)))
    for path in sorted((PACKS / "england-2026-11").glob("*.toml")):
        shown = path.read_text("utf-8")
        shown = re.sub(r"(?m)#.*$|^title = .*$", "", shown)  # a set is named after its paper
        if path.name == "sources.toml":  # and a page after whoever wrote it
            shown = re.sub(r"(?m)^(name|page) = .*$", "", shown)
        assert not councils.search(shown), path.name
