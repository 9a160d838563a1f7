"""The public pages in a real browser: contrast, order, names and room measured; keys; paper.

Nothing here is seen by a person: what a person would be ashamed of is put into numbers.
"""

from __future__ import annotations

import base64
import io
import json
from dataclasses import fields, replace
from pathlib import Path
from unicodedata import normalize

import pypdf
import pytest

from forms.facts.listing import RegisterEntry
from forms.facts.people import Enterprise
from forms.rules.listing import PUBLIC_WORDS
from forms.values import new_id
from tests.support.browser import DOWN, ENTER, TAB, browser
from tests.sync.listings import agreed, publish
from tests.sync.world import enterprise, leader

LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
WELSH, ARABIC = "Gofal Tŷ’r Ŵyn", "رعاية البيت"

AUDIT = Path(__file__).with_name("page_audit.js").read_text("utf-8")


@pytest.fixture
def many(quick):
    """Listings that try the page: long, Welsh, Arabic, more than a page of them."""
    ann = quick.laptop("ann")
    publish(quick, ann, trading_name=WELSH, languages=("Welsh",), words="Cwmni a help.")
    publish(
        quick, ann, trading_name=ARABIC, words="نساعدك.\nEnglish too.", contact="مريم, 01303 000002"
    )
    publish(quick, ann, trading_name=LONG, contact=f"{LONG.lower()}@an-extremely-long-name.example")
    for number in range(19):
        publish(quick, ann, trading_name=f"Firm {number:02}", services=("meal",))
    return quick


# where each digit of the phone number stands on the screen, in the order it is written
DIGITS = """
const link = document.querySelector('dd a[href^=tel]').firstChild, range = document.createRange();
return [...link.data].map((_, i) => {
  range.setStart(link, i); range.setEnd(link, i + 1); return range.getBoundingClientRect().left;
});
"""


def paths(world):
    shown = {str(one.fields["trading_name"]): one.id for one in world.directory().entries}
    ones = [f"/directory/{shown[name]}" for name in (WELSH, ARABIC, LONG)]
    return [
        "/directory", "/directory?page=2", "/directory?words=zzz&day=MO&place=E07000105",
        "/directory?words=lunch", "/directory/nobody", *ones,
    ]  # fmt: skip


def test_every_page_light_and_dark_narrow_and_wide_has_no_fault(many, served):
    with browser() as window:
        for scheme in ("light", "dark"):
            window.scheme(scheme)
            for width in (320, 768, 1280):  # 320: a desk at 400 %
                window.room(width, 640)
                for path in paths(many):
                    window.open(served + path)
                    assert window.run(AUDIT) == [], f"{path}, {scheme}, {width}"
        assert (
            window.run("return getComputedStyle(document.body).backgroundColor") != "rgb(0, 0, 0)"
        )


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        ("document.querySelector('h1').style.color = '#aaa'", "contrast"),
        ("document.querySelector('label').remove()", "no label"),
        ("document.querySelector('h2').outerHTML = '<h4>x</h4>'", "heading 4 after 1"),
        ("document.querySelector('form').style.width = '200vw'", "sideways"),
        ("document.querySelector('button').style.cssText = 'min-height:0;height:9px'", "target"),
        ("document.querySelector('input').style.borderColor = '#eee'", "line round"),
    ],
)
def test_the_measure_finds_what_is_wrong(one_window, harm, told):
    window = one_window
    window.run(harm)
    assert told in " ".join(window.run(AUDIT))


@pytest.fixture
def one_window(quick, served):
    with browser() as window:
        window.open(served + "/directory")
        yield window


def test_by_keyboard_in_the_order_of_the_page_and_the_focus_is_seen(many, served):
    with browser(scripts=False) as window:
        window.open(served + "/directory")
        order = []
        for _ in range(9):
            window.press(TAB)
            at = window.focused()
            order.append(at.label)
            assert at.css("outline-style") in ("solid", "auto"), at.label
        assert order[:2] == ["Go to the list", "Words, such as a name or shopping"]
        assert order[2:8] == [
            "Where", "What kind of help", "How", "How you would pay", "Which day", "Find",
        ]  # fmt: skip
        window.open(served + "/directory")
        window.press(TAB, TAB, TAB, TAB, DOWN)  # the first kind of help
        window.press(TAB, TAB, TAB, TAB, ENTER)
        window.until(lambda: "service=" in window.url())
        assert window.url().endswith("#found")


def test_a_question_that_nothing_fits_has_ways_on(many, served):
    with browser(scripts=False) as window:
        window.open(served + "/directory?words=firm&service=befr&day=SU")
        assert window.one("#found").text == "0 of 22 listings"
        found = [(one.text) for one in window.find("ul.ways li")]
        assert found == ["Show all: 22 listings"], "no single choice less finds anything"
        window.open(served + "/directory?words=firm&service=befr")
        assert [one.text for one in window.find("ul.ways li")] == [
            "Without “firm”: 3 of 22 listings",
            "Without Companionship and befriending: 19 of 22 listings",
            "Show all: 22 listings",
        ]
        window.find("ul.ways a")[1].click()
        window.until(lambda: "service" not in window.url())
        assert len(window.find("ul.listed > li")) == 19


def test_names_of_other_languages_stand_the_way_they_are_read(many, served):
    with browser() as window:
        window.open(served + paths(many)[6])
        read = "return getComputedStyle(document.querySelector('{}')).direction"
        assert window.run(read.format("h1")) == "rtl"
        assert window.run(read.format("h2")) == "ltr"
        # a number read from right to left would be another number
        assert window.run(read.format("dd a[href^=tel]")) == "ltr"
        seen = window.run(DIGITS)
        assert seen == sorted(seen), "the digits of a number stand in their order"
        window.open(served + paths(many)[5])
        assert window.run(read.format("h1")) == "ltr"
        assert window.one("h1").text == WELSH


def test_on_paper_it_is_the_list_and_until_when_it_holds(many, served):
    with browser() as window:
        window.scheme("dark")
        window.open(served + "/directory")
        pdf = pypdf.PdfReader(io.BytesIO(base64.b64decode(window.paper())))
        words = "\n".join(page.extract_text() for page in pdf.pages)
    for needed in ("Firm 00", "01303 000001", "Do not rely on this paper after", "999"):
        assert needed in words
    for screen_only in ("Which day", "Go to the list", "Show all"):
        assert screen_only not in words


def test_a_listing_that_is_suspended_while_somebody_reads_is_gone_at_the_next_click(many, served):
    quin = many.laptop("quin")
    shown = {str(one.fields["trading_name"]): one.id for one in many.directory().entries}
    with browser(scripts=False) as window:
        window.open(served + "/directory?words=gofal")
        assert [one.text for one in window.find("h3")] == [WELSH]
        many.ask(quin, "listing.suspend", shown[WELSH], reason="A concern about money.")
        window.one("h3 a").click()
        window.until(lambda: window.title().startswith("This listing is not shown"))
        assert "concern" not in window.one("main").text
        window.one("main a").click()
        window.until(lambda: window.one("#found").text.startswith("21 listings"))


def test_nothing_private_is_anywhere_in_public(quick):
    """Every word of the case and of what is not public in the listing is a word of its own."""
    ann, count = quick.laptop("ann"), iter(range(1_000))

    def marked(record, but=()):
        words = {
            f.name: f"SECRET{next(count):03}"
            for f in fields(record)
            if isinstance(getattr(record, f.name), str)
            and f.name not in but
            and not f.name.endswith("id")
        }
        return replace(record, **words)

    plain = enterprise()
    kept = ("stage", "coach_id", "phase", "entity", "legal_form")
    case = ann.add(marked(plain, kept))
    ann.add(marked(leader(case)))
    ann.add(agreed(case))
    entry = RegisterEntry(
        id=new_id(), enterprise_id=case.id, trading_name="Weald Companions",
        contact="01303 000001", districts=("E07000105",), services=("befr",), words="Company.",
    )  # fmt: skip
    entry = ann.add(marked(entry, (*PUBLIC_WORDS, "status")))
    quick.round(ann)
    decided = {"status": "published", "published_on": "2022-03-01", "reviewed_by_id": "quin"}
    quick.system("register_entry", entry.id, decided)
    assert next(count) > 8, "there was something to hide"
    assert isinstance(ann.get(Enterprise, case.id), Enterprise)
    every = [one.path for one in quick.app.routes if "GET" in (one.methods or ())]
    seen = ""
    for path in every:
        if "audit" in path or "blob" in path:
            continue
        feed = json.loads(quick.line.send("GET", "/oruk/v3/service_at_locations", {}, b"").body)
        inside = feed["contents"][0]["id"] if "locations" in path else entry.id
        seen += quick.line.send("GET", path.replace("{id}", inside), {}, b"").body.decode()
    assert seen.count("Weald Companions") > 6
    assert "SECRET" not in seen


def test_the_way_past_the_form_goes_to_the_list(many, served):
    with browser(scripts=False) as window:
        window.open(served + "/directory")
        window.press(TAB, ENTER)
        window.until(lambda: window.url().endswith("#found"))
        assert window.focused().text == "22 listings, page 1 of 2"
        window.press(TAB)
        assert window.focused().attribute("href").startswith("/directory/"), "a listing"


def test_another_page_begins_with_its_list_and_not_with_the_form_again(many, served):
    with browser() as window:
        window.room(360, 740)
        window.open(served + "/directory")
        window.one("nav.pages a").click()
        window.until(lambda: window.url().endswith("page=2#found"))
        assert window.one("#found").text == "22 listings, page 2 of 2"
        top = window.run("return document.getElementById('found').getBoundingClientRect().top")
        assert 0 <= top < 370, "it is in the upper half of what is seen"
        assert [one.text for one in window.find("nav.pages a")] == ["Page 1"]
        window.open(served + "/directory?page=999")
        assert window.one("#found").text == "22 listings, page 2 of 2"


def test_what_was_looked_for_is_said_on_the_page_in_its_title_and_on_paper(many, served):
    with browser() as window:
        window.open(served + "/directory?words=firm&service=meal&page=1")
        assert window.one("p.sought").text == "Looked for: “firm”, Cooking and meals"
        begins = "“firm”, Cooking and meals: 19 of 22 listings - "
        assert window.title().startswith(begins)
        pdf = pypdf.PdfReader(io.BytesIO(base64.b64decode(window.paper())))
        words = normalize("NFKC", " ".join(pdf.pages[0].extract_text().split()))  # fi is one sign
        assert "Looked for: “firm”, Cooking and meals" in words
        window.open(served + "/directory?words=%3Ci%3Ezzz&place=nowhere")
        assert window.one("p.sought").text == "Looked for: “<i>zzz”, nowhere"
        assert window.title().startswith("“<i>zzz”, nowhere: 0 of 22 listings - ")
        window.open(served + "/directory")
        assert window.find("p.sought") == []


def test_a_listing_says_once_what_to_know_before_one_chooses(many, served):
    with browser() as window:
        window.open(served + paths(many)[5])
        assert window.one("body").text.count("decide for yourself") == 1
        assert "No document is named here" in window.one("section.note").text
        window.open(served + "/directory/nobody")
        assert "decide for yourself" not in window.one("body").text


def test_where_there_is_no_page_a_browser_shows_one_with_a_way_on(many, served):
    with browser() as window:
        for scheme in ("light", "dark"):
            window.scheme(scheme)
            window.room(320, 640)
            window.open(served + "/directroy")
            assert window.run(AUDIT) == []
        assert window.title() == "There is no such page"
        window.one("footer a").click()
        window.until(lambda: window.title().startswith("Find support near you"))
    plain = many.line.send("GET", "/directroy", {}, b"")
    assert plain.body == b"There is nothing at this address. The directory is at /directory"
