"""A source is shown by its name, never by the code that the tables know it by."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from forms.rules.pack import load_pack
from forms.rules.pack_file import pack_names
from forms.rules.sources import cited, codes_in, in_words
from tests.forms.rules.making import KENT

LISTED = Path(__file__).parents[4] / "shared" / "domain" / "11-sources.md"
CODE = re.compile(r"\b[PS]\d|\[[A-Z]\]")
BRACKNELL = "Bracknell Forest, Support With Confidence: being a personal assistant"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("P22 3.8", f"{BRACKNELL}, part 3.8"),
        ("P22 [C]", BRACKNELL),
        ("P22; list [D]", f"{BRACKNELL}; List (our own suggestion)"),
        ("P22 (it asks £5m, or more)", f"{BRACKNELL} (it asks £5m, or more)"),
        ("S3", "Cambridgeshire County Council: micro-enterprise business case"),
        ("S0 4.9-4.10", "Kent County Council: Development of a Micro Provider Market, "
                        "paragraphs 4.9-4.10"),
        ("[K]", "General knowledge, to be checked"),
        ("Cabinet paper of 4 March 2026, item 7", "Cabinet paper of 4 March 2026, item 7"),
        ("P22: fees of £1,200 [C]", f"{BRACKNELL}, fees of £1,200"),
        ("P987", ""),
        ("", ""),
    ],
)  # fmt: skip
def test_a_code_is_read_as_a_name(written, said):
    assert in_words(KENT, written) == said


@pytest.mark.parametrize("name", pack_names())
def test_every_source_of_a_pack_has_words_and_no_code(name):
    pack = load_pack(name)
    rows = [*pack.checklist, *pack.rates, *pack.assumptions, *pack.targets]
    said = [in_words(pack, row.source) for row in rows if row.source]
    assert len(said) > 60
    assert [each for each in said if not each or CODE.search(each)] == []


def test_a_page_comes_with_its_address_and_its_day():
    (one,) = cited(KENT, "P38")
    assert (one.page, one.read_on) == ("https://gov.uk/employers-liability-insurance",
                                       date(2026, 11, 20))  # fmt: skip
    assert codes_in("P15 (Leeds asks £5m), P17") == ("P15", "P17")


def test_a_pack_of_before_there_were_names_shows_no_code():
    old = replace(KENT, sources=())
    assert [row.code for row in old.checklist if CODE.search(in_words(old, row.source))] == []


def test_an_address_is_the_one_that_was_read_or_the_front_of_its_site():
    """An address that nobody wrote down was made up: it may lead nowhere, or to other words."""
    if not LISTED.exists():
        pytest.skip("no list beside this checkout")  # material: packs stand without it
    said = LISTED.read_text(encoding="utf-8").partition("**Could not confirm")[0]
    bits = re.split(r"(?:^|[·;]) ?(P\d+b?) ", said, flags=re.MULTILINE)
    listed = dict(zip(bits[1::2], bits[2::2], strict=True))
    paged = [source for source in KENT.sources if source.page]
    assert len(paged) > 40
    assert [(s.id, s.page) for s in paged if not _is_listed(s.page, listed[s.id])] == []


def _is_listed(page: str, entry: str) -> bool:
    """As it is listed, or with what the list writes "…" for."""
    address = page.removeprefix("https://")
    if re.search(rf"(?<![\w.]){re.escape(address)}(?![\w.-])", entry):
        return True
    short = [each.strip(";,·") for each in entry.split() if "/…/" in each]
    return any(re.fullmatch(re.escape(each).replace("…", ".+"), address) for each in short)


@pytest.mark.parametrize(
    ("page", "entry", "fits"),
    [
        ("https://a.example/one", "a.example/one; b.example", True),
        ("https://a.example", "a.example/…/one", True),
        ("https://a.example/two", "a.example/one; b.example", False),
        ("https://a.example/on", "a.example/one", False),
        ("https://example", "a.example/one", False),
        ("https://a.example/of/two/one", "a.example/…/one; b.example", True),
        ("https://a.example/of/two/ones", "a.example/…/one; b.example", False),
    ],
)
def test_an_address_that_is_not_in_the_list_is_found(page, entry, fits):
    assert _is_listed(page, entry) is fits


def test_a_front_page_is_known_from_a_page():
    sites = [source.id for source in KENT.sources if cited(KENT, source.id)[0].site_only]
    assert "P36" in sites
    assert {"P38", "P49", "P51", "P43", "S0"}.isdisjoint(sites)
