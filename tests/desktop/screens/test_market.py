"""The directory offline, signposts, and gaps beside listings."""

from datetime import UTC, date, datetime

import msgspec
import pytest
from PySide6.QtCore import Qt

from desktop.operations import directory as copies
from desktop.operations.directory import directory, fetch_if_old, read_copy
from desktop.presenters.directory import Asked, DirectoryPresenter, search
from desktop.presenters.market_gaps import NO_ONE, SOME, UNASKED, GapsPresenter, gaps_picture
from desktop.views.form_pages.table import RowsTable
from forms.facts.listing import RegisterEntry
from forms.facts.market import MarketGap, Signpost
from forms.facts.people import Consent
from forms.rules.pack import load_pack
from forms.values import SetClock
from sync.client.transport import Answer
from sync.errors import NotTheRegister
from sync.protocol import Directory, DirectoryEntry
from tests.desktop.screens.desk import FakeView, context
from tests.desktop.screens.gallery import opened
from tests.desktop.screens.memory import MemoryVault
from tests.desktop.screens.people import full_vault

TODAY = date(2022, 11, 20)
NOW = datetime(2022, 11, 20, 9, tzinfo=UTC)
PACK = load_pack("kent")
ASHFORD, SWALE, DARTFORD = "E07000105", "E07000113", "E07000107"


def entry(number, **fields):
    values = {
        "trading_name": f"Name {number}",
        "districts": (ASHFORD,),
        "services": ("companionship",),
        "payable_by": ("private",),
        "status": "published",
        "published_on": date(2022, 9, 1),
    }
    return RegisterEntry(id=f"r{number}", enterprise_id=f"e{number}", **(values | fields))


def agreed(number, **more):
    return Consent(
        id=f"c{number}",
        enterprise_id=f"e{number}",
        purpose="listing",
        given_on=date(2022, 8, 1),
        **more,
    )


def copy_of(*entries, at=NOW):
    wire = Directory(checked_at=at, entries=list(entries))
    return msgspec.json.encode(wire).decode()


def listed(entry_id, **fields):
    return DirectoryEntry(id=entry_id, fields={"trading_name": entry_id, **fields})


@pytest.fixture
def vault():
    made = MemoryVault()
    made.hold(
        entry(1, times="Tuesdays", languages=("Polish",)),
        entry(2, districts=(SWALE,), payable_by=("private", "direct payment")),
        entry(3, districts=(DARTFORD,), services=("personal_care",)),
        entry(4, status="suspended"),
        entry(5, status="draft"),
        *(agreed(number) for number in range(1, 6)),
    )
    return made


def names(vault, **asked):
    return [each.name for each in search(vault, PACK, Asked(**asked), TODAY).found]


def test_only_what_is_published_is_shown(vault):
    assert names(vault) == ["Name 1", "Name 2", "Name 3"]


def test_the_district_comes_first_then_next_door_and_it_is_said(vault):
    found = search(vault, PACK, Asked(district=ASHFORD), TODAY)
    assert [(each.name, each.near) for each in found.found] == [("Name 1", False), ("Name 2", True)]
    assert found.counted == "1 listing, and 1 next door"
    assert found.found[1].place.startswith("Next door: ")


def test_service_time_payment_and_words_narrow_it(vault):
    assert names(vault, service="personal_care") == ["Name 3"]
    assert names(vault, paid="direct payment") == ["Name 2"]
    assert names(vault, when="tuesday") == ["Name 1"]
    assert names(vault, typed="polish") == ["Name 1"]
    assert names(vault, typed="dartford") == ["Name 3"]
    empty = search(vault, PACK, Asked(service="personal_care", district=SWALE), TODAY)
    assert empty.found == ()
    assert "write down the gap" in empty.empty


def test_the_copy_fills_in_and_what_the_laptop_knows_wins(vault):
    vault.keep(copies.KEY, copy_of(listed("far", districts=[ASHFORD]), listed("r4"), listed("r1")))
    whole = directory(vault, TODAY)
    assert [each.id for each in whole.listings] == ["far", "r1", "r2", "r3"]
    assert whole.copied_at == NOW
    said = search(vault, PACK, Asked(), TODAY).as_at
    assert "3 listings from this laptop's own records" in said
    assert "20 Nov 2022 09:00" in said


@pytest.mark.parametrize("said", ["took it back", "never agreed"])
def test_who_does_not_agree_is_not_found_here_either(said):
    vault = MemoryVault()
    held = [agreed(1, withdrawn_on=TODAY)] if said == "took it back" else []
    vault.hold(entry(1), *held)
    vault.keep(copies.KEY, copy_of(listed("r1")))
    assert names(vault) == []


@pytest.mark.parametrize("kept", ["", "{", "[]", '{"entries": 3}'])
def test_a_copy_that_cannot_be_read_is_none(vault, kept):
    vault.keep(copies.KEY, kept)
    assert read_copy(vault) == (None, ())
    assert "has not been copied" in search(vault, PACK, Asked(), TODAY).as_at


class Line:
    url = "http://register.invalid"

    def __init__(self, answer):
        self.answer, self.asked, self.headers = answer, [], []

    def send(self, method, path, headers, body):
        self.asked.append((method, path))
        self.headers.append(headers)
        return self.answer

    def close(self):
        pass


def test_a_copy_is_fetched_once_and_again_when_it_is_old():
    vault = MemoryVault()
    line = Line(Answer(200, {}, copy_of(listed("far")).encode()))
    clock = SetClock(NOW)
    assert fetch_if_old(vault, line, clock)
    assert not fetch_if_old(vault, line, clock)
    clock.moment = NOW.replace(hour=16)
    assert not fetch_if_old(vault, line, clock)  # the same listings
    clock.moment = NOW.replace(day=1)  # the clock was put right, or wrong: it is old all the same
    assert not fetch_if_old(vault, line, clock)
    assert line.asked == [("GET", "/v1/directory")] * 3


def test_a_listing_whose_record_was_removed_here_is_not_shown_from_the_copy(vault):
    vault.keep(copies.KEY, copy_of(listed("r1"), listed("far")))
    vault.gone[RegisterEntry, "r1"] = vault.records.pop((RegisterEntry, "r1"))
    assert [each.id for each in directory(vault, TODAY).listings] == ["far", "r2", "r3"]


def test_while_the_register_stands_still_nothing_is_asked_and_then_whether_it_is_the_same():
    vault, clock = MemoryVault(), SetClock(NOW)
    line = Line(Answer(200, {"etag": 'W/"a"'}, copy_of(listed("far"), listed("b")).encode()))
    assert fetch_if_old(vault, line, clock, "e.1") == ("b", "far")
    assert fetch_if_old(vault, line, clock, "e.1") == ()
    assert len(line.asked) == 1
    line.answer = Answer(304, {"etag": 'W/"a"'}, b"")
    assert fetch_if_old(vault, line, clock, "e.2") == ()
    assert line.headers[-1] == {"if-none-match": 'W/"a"'}
    assert [each.id for each in read_copy(vault)[1]] == ["far", "b"]
    assert fetch_if_old(vault, line, clock, "e.2") == ()
    assert len(line.asked) == 2
    line.answer = Answer(200, {"etag": 'W/"b"'}, copy_of(listed("b")).encode())
    assert fetch_if_old(vault, line, clock, "e.3") == ("far",)
    assert [each.id for each in read_copy(vault)[1]] == ["b"]


def test_a_copy_that_still_stands_is_as_of_now():
    vault, clock = MemoryVault(), SetClock(NOW)
    line = Line(Answer(200, {"etag": 'W/"a"'}, copy_of(listed("far")).encode()))
    fetch_if_old(vault, line, clock, "e.1")
    clock.moment, line.answer = NOW.replace(hour=16), Answer(304, {"etag": 'W/"a"'}, b"")
    assert fetch_if_old(vault, line, clock, "e.1") == ()
    assert read_copy(vault)[0] == NOW.replace(hour=16)
    assert fetch_if_old(vault, line, clock, "e.1") == ()
    assert len(line.asked) == 2


@pytest.mark.parametrize("answer", [Answer(503, {}, b""), Answer(200, {}, b"<html>")])
def test_an_answer_that_is_no_directory_changes_nothing(answer):
    vault = MemoryVault()
    vault.keep(copies.KEY, copy_of(listed("old"), at=NOW.replace(year=2020)))
    with pytest.raises(NotTheRegister):
        fetch_if_old(vault, Line(answer), SetClock(NOW))
    assert read_copy(vault)[1][0].id == "old"


def test_showing_two_listings_in_one_search_is_one_signpost(vault):
    view, made = FakeView(), context(vault)
    presenter = DirectoryPresenter(made, view)
    presenter.ask(district=ASHFORD, service="companionship")
    first, second = view.last["show_found"].found
    presenter.showed(first)
    presenter.showed(second)
    presenter.showed(second)
    (kept,) = vault.all(Signpost)
    assert kept.shown == ("Name 1", "Name 2")
    assert (kept.district, kept.service_type) == (ASHFORD, "companionship")
    presenter.came_of_it(kept.id, "started")
    assert vault.get(Signpost, kept.id).outcome == "started"
    presenter.ask(district=SWALE)
    presenter.showed(view.last["show_found"].found[0])
    assert len(vault.all(Signpost)) == 2


def test_asking_beside_listings_is_honest_about_silence(vault):
    vault.hold(
        MarketGap(id="g1", opened_on=TODAY, district=DARTFORD, service_type="companionship",
                  asked=3),
        MarketGap(id="g2", opened_on=TODAY, district=DARTFORD, service_type="companionship"),
        MarketGap(id="g3", opened_on=TODAY, district=ASHFORD, service_type="companionship"),
        MarketGap(id="g4", opened_on=TODAY, district=SWALE, service_type="gardening",
                  closed_on=TODAY, closed_why="filled"),
    )  # fmt: skip
    picture = gaps_picture(vault, PACK, TODAY)
    says = {(m.district, m.service_code): m for m in picture.meetings}
    worst = picture.meetings[0]
    assert (worst.district_code, worst.says, worst.asked) == (DARTFORD, NO_ONE, 2)
    assert worst.people == "3 or more"
    assert says["Ashford", "companionship"].says == SOME
    assert says["Ashford", "companionship"].people == "not counted"
    assert says["Dartford", "personal_care"].says == UNASKED
    assert ("Swale", "gardening") not in says
    assert "Canterbury" in picture.unknown
    assert "Swale" not in picture.unknown
    assert picture.unknown.endswith("That is not the same as no need.")


def test_a_gap_is_written_matched_closed_and_opened_again():
    vault, view = full_vault(), FakeView()
    presenter = GapsPresenter(context(vault), view)
    presenter.add("many", district=ASHFORD, service_type="companionship")
    assert "whole number" in view.last["show_problem"]
    presenter.add("", district="", service_type="companionship")
    assert "choose the district" in view.last["show_problem"]
    presenter.add("2", district=ASHFORD, service_type="companionship", words="Afternoons")
    (gap,) = vault.all(MarketGap)
    assert (gap.asked, gap.by_id, gap.opened_on) == (2, "coach-1", TODAY)
    assert view.count["gap_written"] == 1
    presenter.match(gap.id, "")
    assert "choose the enterprise" in view.last["show_problem"]
    presenter.match(gap.id, "e1")
    assert vault.get(MarketGap, gap.id).matched_on == TODAY
    presenter.close(gap.id, "")
    assert "say why" in view.last["show_problem"]
    presenter.close(gap.id, "filled")
    line = view.last["show_gaps"].gaps[0]
    assert line.is_closed
    assert line.state == "Closed: Somebody gives it now"
    presenter.open_again(gap.id)
    assert vault.get(MarketGap, gap.id).closed_on is None


def test_enter_on_a_line_leads_to_its_listings(qtbot, vault):
    screen, made = opened("market_gaps", vault=vault)
    qtbot.addWidget(screen)
    screen.show()
    table = next(t for t in screen.findChildren(RowsTable) if t.accessibleName().startswith("Ask"))
    table.choose(table.rows[0].id)
    qtbot.keyClick(table, Qt.Key.Key_Return)
    first = table.rows[0]
    assert made.goes.routes == [
        ("directory", {"district": first.district_code, "service": first.service_code})
    ]


def test_the_chosen_listing_says_how_to_reach_them(qtbot, vault):
    vault.hold(agreed(9), entry(9, trading_name="A first one", contact="01632 960111"))
    screen, _ = opened("directory", vault=vault)
    qtbot.addWidget(screen)
    screen.show()
    said = [screen._lines.itemAt(n).widget().text() for n in range(screen._lines.count())]
    assert said[:2] == ["How to reach them", "01632 960111"]
