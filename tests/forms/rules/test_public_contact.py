"""No address of a home is published: what looks like one, where it may stand, what is left."""

from datetime import date

import pytest

from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import Consent, Enterprise
from forms.rules.listing import public_view, publish_findings
from forms.rules.pack import load_pack
from forms.rules.public_contact import addresses, is_public_place, public_contact

HIRED = {"prem": ["hired"]}
DAY = date(2022, 11, 20)


@pytest.mark.parametrize(
    ("typed", "found", "left"),
    [
        ("01303 000001, CT20 1AA", ("CT20 1AA",), "01303 000001"),
        ("CT201AA", ("CT201AA",), ""),
        ("ct20 1aa or mary@care.example", ("ct20 1aa",), "or mary@care.example"),
        ("12 Mill Lane, Deal, CT14 9AB. Ring 01303 000001", ("12 Mill Lane, Deal, CT14 9AB",),
         "Ring 01303 000001"),
        ("Flat 2, 7a the Old High Street, Hythe", ("Flat 2, 7a the Old High Street",), "Hythe"),
        ("12 The Street", ("12 The Street",), ""),
        ("Mary, 4 church rd", ("4 church rd",), "Mary"),
        ("W1A 0AX", ("W1A 0AX",), ""),
        ("GIR 0AA", ("GIR 0AA",), ""),
    ],
)  # fmt: skip
def test_what_looks_like_an_address_is_found_and_left_out(typed, found, left):
    assert addresses(typed) == found
    assert public_contact(typed, {}) == left
    assert public_contact(typed, {"prem": ["own"]}) == left
    assert public_contact(typed, HIRED) == typed


@pytest.mark.parametrize(
    "typed",
    [
        "01303 000001",
        "+44 1303 000001, ext 12",
        "mary.ct20@care.example",
        "www.ct201aa.example/ct20-1aa",
        "Ring Mary before 6 in the evening, or 10 to 4 on the way",
        "07700 900123 after 4pm",
        "Mary Thorne, Mill Lane",
        "20 minutes from the park",
        "",
    ],
)
def test_what_is_no_address_stays_word_for_word(typed):
    assert addresses(typed) == ()
    assert public_contact(typed, {"prem": "own"}) == typed


@pytest.mark.parametrize(
    ("facts", "is_public"),
    [
        (None, False),
        ({}, False),
        ({"prem": []}, False),
        ({"prem": ["clienthome"]}, False),
        ({"prem": ["hired"]}, True),
        ({"prem": "hired"}, True),
        ({"prem": ["hired", "own"]}, False),
    ],
)
def test_a_place_is_public_only_where_the_record_says_so(facts, is_public):
    assert is_public_place(facts) is is_public


@pytest.mark.parametrize("facts", [HIRED, {"prem": ["own"]}])
def test_the_public_view_goes_by_it(facts):
    entry = RegisterEntry(
        id="r", enterprise_id="e", contact="01303 000001, CT20 1AA", services=("befr",),
        status="published", published_on=DAY,
    )  # fmt: skip
    checks = [
        QACheck(id=kind, enterprise_id="e", kind=kind, seen_on=DAY)
        for kind in ("identity", "insurance", "safeguarding", "declaration")
    ]
    agreed = Consent(id="c", enterprise_id="e", purpose="listing", given_on=DAY)
    view = public_view(entry, Enterprise(id="e", facts=facts), checks, [agreed], DAY)
    assert view is not None
    said = "01303 000001, CT20 1AA" if facts == HIRED else "01303 000001"
    assert view.fields["contact"] == said


def test_an_address_alone_is_no_contact():
    def stops(contact, facts):
        entry = RegisterEntry(id="r", enterprise_id="e", trading_name="M", contact=contact)
        made = Enterprise(id="e", facts=facts)
        found = publish_findings(load_pack("kent"), entry, made, [], [], DAY)
        return [each.because for each in found if "contact" in each.because]

    said = ["The listing needs a contact that is no address of a home."]
    assert stops("12 Mill Lane, CT20 1AA", {}) == said
    assert stops("12 Mill Lane, CT20 1AA", HIRED) == []
    assert stops("01303 000001", {}) == []
    assert stops("", {}) == ["The listing needs a contact."]
