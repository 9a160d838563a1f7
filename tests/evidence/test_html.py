"""The HTML twin: language, title, headings in order, tables with scoped headers, no scripts."""

import re
from itertools import pairwise

import pytest
from lxml import html as lxml_html

from evidence.dossier import gather
from evidence.html import render_html
from evidence.reports import impact_assessment
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases


@pytest.fixture(scope="module", params=[False, True], ids=["internal", "published"])
def page(request):
    dossier = gather(Listed(twelve_cases()), a_pack(), END)
    raw = render_html(impact_assessment.build(dossier, published=request.param))
    assert raw.startswith(b"<!DOCTYPE html>")
    return lxml_html.document_fromstring(raw)


def test_language_title_and_one_main(page):
    assert page.get("lang") == "en-GB"
    assert page.findtext(".//title").startswith("Impact assessment: Micro-providers in Testshire")
    assert len(page.xpath("//main")) == 1


def test_the_skip_link_comes_first_and_leads_to_the_main_part(page):
    first = page.xpath("//body//a")[0]
    assert first.get("href") == "#main"
    assert page.xpath("//main")[0].get("id") == "main"


def test_headings_step_down_one_by_one(page):
    levels = [int(h.tag[1]) for h in page.xpath("//h1|//h2|//h3|//h4")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_tables_have_captions_and_scoped_headers(page):
    tables = page.xpath("//table")
    assert len(tables) > 15
    for table in tables:
        assert table.xpath("caption")[0].text_content().strip()
        assert all(th.get("scope") in ("col", "row") for th in table.xpath(".//th"))
        columns = len(table.xpath("thead/tr/th"))
        for row in table.xpath("tbody/tr | tfoot/tr"):
            assert len(row.xpath("td|th")) == columns


def test_pictures_have_words_and_a_table_with_the_numbers(page):
    pictures = page.xpath("//figure")
    assert pictures
    for picture in pictures:
        svg = picture.xpath(".//*[local-name()='svg']")[0]
        assert svg.get("role") == "img"
        assert len(svg.get("aria-label")) > 30
        assert picture.getnext().xpath(".//table")


def test_nothing_runs_and_nothing_is_fetched(page):
    assert not page.xpath("//script | //link | //img | //iframe | //object | //form")
    assert not [a for a in page.xpath("//@href") if not a.startswith("#")]
    policy = page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")[0]
    assert "default-src 'none'" in policy


def test_contents_lead_to_headings_that_exist(page):
    targets = [a[1:] for a in page.xpath("//nav//a/@href")]
    assert len(targets) == 19
    assert all(page.xpath(f"//h2[@id='{target}']") for target in targets)


def test_the_words_are_plain(page):
    words = set(re.findall(r"[a-z]+", page.text_content().lower()))
    banned = {"please", "sorry", "valid", "invalid", "forbidden", "illegal", "oops", "sync",
              "conflict", "artefact", "schema", "provider", "client", "user"}  # fmt: skip
    assert not words & banned
    assert "an error occurred" not in page.text_content().lower()
