"""The open feed: Open Referral UK 3.0, for anybody, and nothing that is not public."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from forms.facts.people import Consent, Enterprise
from tests.sync.listings import check, publish

SHARED = Path(__file__).parents[3] / "shared"
SCHEMATA = SHARED / "standards/oruk/openreferraluk.org-3.0/schemata"
PROOF = SHARED / "proofs/oruk_check.py"


def get(world, path):
    answer = world.line.send("GET", "/oruk/v3" + path, {}, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    return answer.status, json.loads(answer.body)


def names(world, query=""):
    status, page = get(world, "/services" + query)
    assert status == 200
    return [one["name"] for one in page["contents"]]


def test_the_nine_endpoints_answer_by_the_schemas(quick, served):
    if not PROOF.exists():
        pytest.skip("the standard's schemas are not here")  # they are material, not in the tree
    ann = quick.laptop("ann")
    publish(quick, ann, checks=[("insurance", date(2023, 1, 1))], access="No steps")
    publish(quick, ann, trading_name="Rye Lunches", modes=("group",), districts=())
    done = subprocess.run(
        [sys.executable, str(PROOF), str(SCHEMATA), served + "/oruk/v3"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stdout.strip() == "PASS 0", done.stdout + done.stderr


def test_a_service_says_what_was_published(quick):
    ann = quick.laptop("ann")
    _, entry = publish(quick, ann, checks=[("insurance", date(2023, 1, 1))])
    status, one = get(quick, f"/services/{entry.id}")
    assert status == 200
    assert one["name"] == "Weald Companions"
    assert one["email"] == "mary@weald.example"
    assert one["contacts"][0]["phones"][0]["number"] == "01303 000001"
    assert one["contacts"][0]["name"] == "Mary"
    assert one["schedules"][0]["byday"] == "MO,TU,WE,TH,FR"
    assert one["schedules"][0]["opens_at"] == "09:00:00"
    assert one["service_areas"][0]["name"] == "Ashford"
    assert one["accreditations"] == "Insurance: seen 2022-02"
    terms = {a["taxonomy_term"]["name"] for a in one["attributes"]}
    assert {"Companionship and befriending", "One to one", "Direct payment"} <= terms


def test_what_is_empty_is_left_out(quick):
    ann = quick.laptop("ann")
    _, entry = publish(
        quick, ann, contact="Ask at the hall", languages=(), price_words="", times="", words=""
    )
    _, one = get(quick, f"/services/{entry.id}")
    for name in ("email", "url", "schedules", "cost_options", "languages", "fees", "alert"):
        assert name not in one
    assert "null" not in json.dumps(one)
    assert one["description"] == "Companionship and befriending, Shopping and errands."


def test_no_address_is_ever_published(quick):
    """A location is virtual, and a contact with digits that are no phone gives no name."""
    ann = quick.laptop("ann")
    _, entry = publish(quick, ann, contact="1 Mill Lane, Ashford TN23 1AA")
    _, one = get(quick, f"/services/{entry.id}")
    whole = json.dumps(one)
    assert "Mill Lane" not in whole
    assert one["service_at_locations"][0]["location"]["location_type"] == "virtual"
    assert "addresses" not in whole
    assert "contacts" not in one


@pytest.mark.parametrize(("places", "is_shown"), [(["own"], False), (["hired"], True)])
def test_the_address_of_a_home_in_a_contact_is_on_no_page(quick, places, is_shown):
    ann = quick.laptop("ann")
    case, entry = publish(quick, ann, contact="01303 000001, 1 Mill Lane, Ashford TN23 1AA")
    ann.set(case.id, facts={"prem": places})
    quick.round(ann)
    answers = [quick.line.send("GET", f"/oruk/v3/services/{entry.id}", {}, b"").body]
    for path in ("/directory", f"/directory/{entry.id}", "/v1/directory"):
        answers.append(quick.line.send("GET", path, {}, b"").body)
    shown = [each for each in answers if b"01303 000001" in each]
    assert len(shown) == 4  # how to reach them stays
    assert any(b"TN23" in each for each in answers) is is_shown
    assert any(b"Mill Lane" in each for each in answers) is is_shown


def test_pages(quick):
    ann = quick.laptop("ann")
    for number in range(5):
        publish(quick, ann, trading_name=f"Firm {number}")
    _, first = get(quick, "/services?per_page=2")
    assert [first[k] for k in ("total_items", "total_pages", "size")] == [5, 3, 2]
    assert (first["first_page"], first["last_page"], first["empty"]) == (True, False, False)
    _, last = get(quick, "/services?per_page=2&page=3")
    assert (last["size"], last["last_page"]) == (1, True)
    _, beyond = get(quick, "/services?per_page=2&page=4")
    assert beyond["empty"]
    assert get(quick, "/taxonomy_terms?per_page=500")[1]["size"] <= 200
    seen = names(quick, "?per_page=2") + names(quick, "?per_page=2&page=2")
    assert [*seen, last["contents"][0]["name"]] == [f"Firm {n}" for n in range(5)]


def test_conditions_narrow_one_another(quick):
    ann = quick.laptop("ann")
    publish(quick, ann, trading_name="Days", times="Weekdays, 9 to 4")
    publish(quick, ann, trading_name="Lunch", services=("meal",), times="Thursdays, noon to three")
    publish(quick, ann, trading_name="Any time", times="By arrangement")
    _, terms = get(quick, "/taxonomy_terms?per_page=200")
    meals = next(t for t in terms["contents"] if t["name"] == "Cooking and meals")
    assert names(quick) == ["Any time", "Days", "Lunch"]
    for day in ("TH", "th", "Thu", "Thursday"):
        assert names(quick, f"?day={day}") == ["Days", "Lunch"]
    assert names(quick, "?day=TH&start_time=10:00") == ["Days"]
    assert names(quick, "?day=TH&end_time=15:30") == ["Days"]
    assert names(quick, f"?taxonomy_term_id={meals['id']}") == ["Lunch"]
    assert names(quick, f"?taxonomy_term_id={meals['id']}&day=MO") == []
    assert len(names(quick, f"?taxonomy_id={meals['taxonomy_id']}")) == 3
    assert names(quick, "?search=cooking") == ["Lunch"]
    assert names(quick, "?search=ashford%20any") == ["Any time"]
    assert names(quick, "?minimum_age=18&maximum_age=90") == ["Any time", "Days", "Lunch"]


@pytest.mark.parametrize(
    "path",
    [
        "/services?page=0",
        "/services?per_page=x",
        "/services?day=Doomsday",
        "/services?page=²",
        "/services?start_time=25:00",
        "/services?minimum_age=-1",
        "/service_at_locations?postcode=TN23%201AA",
        "/service_at_locations?proximity=500",
        "/services?postcode=TN23%201AA",
        "/services?organization_id=x",
        "/services?modified_after=2022-01-01",
        "/services?day=mortgage",
        "/services?day=MO&day=TU",
        "/services?taxonomy_term_id=x&taxonomy_term_id=y",
        "/services?page=1&page=2",
        "/taxonomies?per_page=1&per_page=2",
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_in_words(quick, path):
    status, said = get(quick, path)
    assert status == 400
    assert said["message"].endswith(".")


@pytest.mark.parametrize("path", ["/services/x", "/taxonomies/x", "/taxonomy_terms/x"])
def test_what_is_not_there_is_not_found(quick, path):
    assert get(quick, path)[0] == 404


def test_it_goes_at_once_when_consent_is_taken_back(world):
    ann = world.laptop("ann")
    case, entry = publish(world, ann)
    consent = next(c for c in ann.all(Consent) if c.purpose == "listing")
    assert names(world) == ["Weald Companions"]
    ann.set(consent.id, withdrawn_on=world.clock.now().date())
    world.round(ann)
    assert names(world) == []
    assert get(world, f"/services/{entry.id}")[0] == 404
    assert world.directory().entries == []
    assert case.id


def test_it_goes_at_once_when_it_is_suspended(world):
    ann, quin = world.laptop("ann"), world.laptop("quin")
    _, entry = publish(world, ann)
    assert world.ask(quin, "listing.suspend", entry.id, reason="A concern.").state == "granted"
    assert names(world) == []


def test_it_goes_at_once_when_the_listing_is_removed(world):
    ann = world.laptop("ann")
    _, entry = publish(world, ann)
    ann.remove(entry.id)
    world.round(ann)
    assert names(world) == []
    assert get(world, f"/services/{entry.id}")[0] == 404
    assert world.line.send("GET", f"/directory/{entry.id}", {}, b"").status == 404
    assert world.directory().entries == []


def test_it_goes_on_the_day_that_its_insurance_runs_out(quick):
    ann = quick.laptop("ann")
    case, _ = publish(quick, ann, checks=[("insurance", date(2022, 3, 10))])
    assert names(quick) == ["Weald Companions"]
    quick.later(days=10)
    assert names(quick) == []
    ann.add(check(case, "insurance", date(2023, 3, 10)))
    assert case.id == ann.get(Enterprise, case.id).id


def test_a_service_goes_when_its_check_ran_out_and_the_rest_stays(quick):
    ann = quick.laptop("ann")
    publish(quick, ann, services=("meal", "shop"), checks=[("food", date(2022, 3, 10))])
    quick.later(days=10)
    _, page = get(quick, "/services")
    _, one = get(quick, f"/services/{page['contents'][0]['id']}")
    said = {a["taxonomy_term"]["name"] for a in one["attributes"]}
    assert "Shopping and errands" in said
    assert "Cooking and meals" not in said


def test_without_consent_nothing_is_shown(quick):
    publish(quick, quick.laptop("ann"), consent=False)
    assert names(quick) == []


NINE = (
    "", "/", "/services", "/services/{id}", "/service_at_locations", "/service_at_locations/{id}",
    "/taxonomies", "/taxonomies/{id}", "/taxonomy_terms", "/taxonomy_terms/{id}",
)  # fmt: skip


@pytest.mark.parametrize("path", NINE)
def test_a_browser_that_asks_first_is_told_what_a_page_may_send(quick, path):
    asks = {
        "origin": "https://elsewhere.example",
        "access-control-request-method": "GET",
        "access-control-request-headers": "if-none-match",
    }
    answer = quick.line.send("OPTIONS", "/oruk/v3" + path.replace("{id}", "x"), asks, b"")
    assert (answer.status, answer.body) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "*"
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "path",
    [
        *(f"/oruk/v3{each}" for each in NINE if each not in ("", "/")),
        "/v1/directory",
        "/openapi.json",
    ],
)
def test_a_slash_at_the_end_is_answered_at_once_not_by_a_redirect(quick, path):
    """A browser follows a redirect only where it too says that any page may read."""
    publish(quick, quick.laptop("ann"))
    path = path.replace("{id}", "x")
    plain, slashed = (quick.line.send("GET", each, {}, b"") for each in (path, path + "/"))
    assert plain.status in (200, 404)
    assert (slashed.status, slashed.body) == (plain.status, plain.body)
    assert slashed.headers["access-control-allow-origin"] == "*"


def test_a_page_may_read_that_there_is_nothing(quick):
    for path in ("/oruk/v3/nothing", "/oruk/v3/nothing//", "/oruk/v3/services/x/y/"):
        answer = quick.line.send("GET", path, {}, b"")
        assert (answer.status, answer.headers["access-control-allow-origin"]) == (404, "*"), path
    assert "access-control-allow-origin" not in quick.line.send("GET", "/nothing", {}, b"").headers


def test_nothing_else_answers_another_page(quick):
    for path in ("/v1/hello", "/v1/push", "/directory", "/v1/audit/head"):
        assert quick.line.send("OPTIONS", path, {}, b"").status == 405
