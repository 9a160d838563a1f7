"""The public directory page: for anybody, without a script, by keyboard, on paper."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms.rules.directory_search import Wanted
from forms.rules.listing import PublicEntry
from sync.register.directory_page import Asked, gone_page, list_page, one_page, ways_on
from tests.support.browser import ENTER, TAB, browser
from tests.sync.listings import publish
from tests.sync.world import START, kent


def page(world, path="/directory"):
    answer = world.line.send("GET", path, {}, b"")
    return answer.status, answer.body.decode()


def headings(html):
    return re.findall(r"<h3 dir=auto><a [^>]*>(.*?)</a></h3>", html)


@pytest.fixture
def three(quick):
    """Three enterprises before the public."""
    ann = quick.laptop("ann")
    publish(quick, ann)
    publish(
        quick, ann, trading_name="Rye Lunches", services=("meal",), modes=("group",),
        districts=("E07000108",), payable_by=("private",), times="Thursdays, noon to three",
    )  # fmt: skip
    publish(quick, ann, trading_name="Brook & Co <b>", times="By arrangement")
    return quick


def test_everybody_is_listed_by_name(three):
    status, html = page(three)
    assert status == 200
    assert headings(html) == ["Brook &amp; Co &lt;b&gt;", "Rye Lunches", "Weald Companions"]
    assert "3 listings" in html


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("place=E07000108", ["Rye Lunches"]),
        ("service=meal", ["Rye Lunches"]),
        ("mode=1:1&pay=direct+payment", ["Brook &amp; Co &lt;b&gt;", "Weald Companions"]),
        ("day=TH", ["Rye Lunches", "Weald Companions"]),
        ("words=lunch", ["Rye Lunches"]),
        ("words=Somebody+who+gives+my+mother+lunches+on+Thursdays", ["Rye Lunches"]),
        ("words=lunch+on+Mondays", []),
        ("words=lunch&day=MO", []),
        ("day=%3Cscript%3E&page=x&place=&words=weald", ["Weald Companions"]),
    ],
)
def test_it_is_searched_by_place_service_when_and_how_paid(three, query, found):
    _, html = page(three, "/directory?" + query)
    assert headings(html) == found
    if not found:
        assert "Take one choice away" in html


def ways(html):
    """Each word that may be left out, and how many there are then."""
    return re.findall(r"Without <bdi>(.*?)</bdi>: (\d+)", html)


def test_of_a_whole_sentence_each_word_may_be_the_one_too_many(three):
    _, html = page(three, "/directory?words=someone+who+sits+with+my+mother+on+Thursdays+in+Ely")
    assert headings(html) == []
    assert ways(html) == [("“ely”", "1")]
    _, html = page(three, "/directory?words=Ely")
    assert headings(html) == []
    assert "Without" not in html, "to leave all of it out is to show all"
    _, html = page(three, "/directory?words=lunch+on+Thursdays+in+Ely")
    assert ways(html) == [("“ely”", "1")]
    (path,) = re.findall(r"<a href='([^']*)'>Without", html)
    _, html = page(three, path.replace("&amp;", "&").partition("#")[0])
    assert headings(html) == ["Rye Lunches"]


def test_one_listing_says_what_was_seen_and_what_the_council_does_not_do(three):
    _, html = page(three)
    path = re.findall(r"<h3 dir=auto><a href='(/directory/[^']+)'>Weald", html)[0]
    status, one = page(three, path)
    assert status == 200
    for words in ("01303 000001", "£16.00 an hour", "Ashford", "does not inspect", "999"):
        assert words in one
    assert page(three, "/directory/nobody")[0] == 404


def test_an_empty_directory_says_so(quick):
    assert "Nobody is listed yet." in page(quick)[1]


def test_nothing_runs_on_it_and_nothing_comes_from_elsewhere(three):
    answer = three.line.send("GET", "/directory", {}, b"")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert "set-cookie" not in answer.headers
    html = answer.body.decode()
    assert "<script" not in html
    assert not re.findall(r"(?:src|href)='(?:https?:)?//", html)


def test_a_listing_that_goes_is_gone_from_its_page(three):
    quin = three.laptop("quin")
    _, html = page(three)
    path = re.findall(r"<h3 dir=auto><a href='(/directory/[^']+)'>Weald", html)[0]
    entry = path.rpartition("/")[2]
    three.ask(quin, "listing.suspend", entry, reason="A concern about money.")
    status, gone = page(three, path)
    assert status == 404
    assert "concern" not in gone


class Tags(HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.seen, self.texts = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        assert all(not name.startswith("on") for name, _ in attrs)

    def handle_data(self, data):
        self.texts.append(data)


hostile = st.text(max_size=40) | st.sampled_from(
    ["<script>alert(1)</script>", "'><img src=x onerror=1>", '"><b>', "&lt;", "\u202eevil", "\x00"]
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(words=hostile, name=hostile, place=hostile)
def test_any_words_stay_words(words, name, place):
    entry = PublicEntry(
        entry_id="e" + place,
        fields={
            "trading_name": name,
            "words": words,
            "districts": [place],
            "services": [words],
            "contact": words,
        },
        ticks=(("insurance", "2022-02"),),
        checked_as_at=START.date(),
    )
    asked = Asked(wanted=Wanted(words=words, place=place))
    harmless = Asked(wanted=Wanted(words=words and "x", place=place and "x"))
    plain = PublicEntry(
        entry_id="e",
        fields=dict.fromkeys(("trading_name", "words", "contact"), "x")
        | {"districts": ["x"], "services": ["x"]},
        ticks=(("insurance", "2022-02"),),
        checked_as_at=START.date(),
    )
    for make in (
        lambda e, a: list_page(kent(), [e], a, 1, START),
        lambda e, _a: one_page(kent(), e, START),
        lambda _e, _a: gone_page(kent(), START),
    ):
        theirs, ours = Tags(), Tags()
        theirs.feed(make(entry, asked))
        ours.feed(make(plain, harmless))
        bare = [tag for tag in theirs.seen if tag not in ("dt", "dd", "dl")]
        assert bare == [tag for tag in ours.seen if tag not in ("dt", "dd", "dl")]


def test_in_a_real_browser_by_keyboard_without_scripts(three, served):
    with browser(scripts=False) as window:
        window.open(served + "/directory")
        window.press(TAB)
        assert window.focused().text == "Go to the list"
        window.press(TAB)
        field = window.focused()
        assert (field.role, field.label) == ("searchbox", "Words, such as a name or shopping")
        window.press(*"lunch", ENTER)
        window.until(lambda: "words=lunch" in window.url())
        assert [h.text for h in window.find("h3")] == ["Rye Lunches"]
        assert window.one("#found").text == "1 of 3 listings"
        window.one("h3 a").click()
        window.until(lambda: window.title().startswith("Rye Lunches"))
        assert window.one("h1").text == "Rye Lunches"


@pytest.mark.parametrize("width", [360, 1100])
def test_in_a_real_browser_it_is_accessible_and_fits(three, served, width):
    """Names for every field, one main heading, targets of 24 px or more, no sideways scroll."""
    with browser() as window:
        window.size(width, 800)
        window.open(served + "/directory")
        assert len(window.find("h1")) == len(window.find("main")) == 1
        assert window.one("html").attribute("lang") == "en-GB"
        for control in window.find("input, select, button"):
            assert control.label.strip()
            assert control.rect["height"] >= 40
        for link in window.find("main a"):
            assert link.label.strip()
            assert link.rect["height"] >= 24
        page_width = window.one("html").rect["width"]
        for box in window.find("main, form, ul.listed > li, dl"):
            assert box.rect["x"] + box.rect["width"] <= page_width + 0.5


def test_a_word_less_leaves_every_other_word_in():
    ways = ways_on(kent(), Wanted(words="aa bb cc dd ee ff gg hh ely"))
    assert ["ely" in way.wanted.words.split() for way in ways] == [True] * 8 + [False]
