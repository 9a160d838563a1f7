"""The register: what lapses and what that does, suspension first, and what the public may see."""

from dataclasses import fields, replace
from datetime import date, timedelta

import pytest

from forms.facts.listing import QACheck, RegisterEntry
from forms.facts.people import Consent
from forms.rules.listing import (
    LISTING_STEPS,
    Status,
    effective_status,
    lapse_findings,
    public_view,
    services_shown,
    size_recheck,
)
from tests.forms.rules.making import KENT, enterprise

ON = date(2023, 3, 31)
CONSENT = Consent(id="yes", enterprise_id="e1", purpose="listing", given_on=date(2022, 1, 1))
ENTRY = RegisterEntry(
    id="r1",
    enterprise_id="e1",
    trading_name="Weald Walks",
    contact="01233 000000",
    services=("befr", "pc", "mh", "meal"),
    status="published",
    suspension_reason="never shown",
    reviewed_by_id="qui",
)


def check(kind, expires, seen=date(2022, 1, 1)):
    return QACheck(
        id=kind, enterprise_id="e1", kind=kind, seen_on=seen, expires_on=expires,
        reference="001234", seen_how="original",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "days_over", "services", "code", "blocks"),
    [
        ("insurance", 1, ("befr",), "HIDE", True),
        ("insurance", 0, ("befr",), "EXPIRES_SOON", False),
        ("insurance", -60, ("befr",), "EXPIRES_SOON", False),
        ("dbs", 30, ("befr",), "GRACE", False),
        ("dbs", 31, ("befr",), "HIDE", True),
        ("dbs", 1, ("pc",), "HIDE", True),
        ("references", 60, ("befr",), "GRACE", False),
        ("references", 61, ("befr",), "HIDE", True),
        ("moving_handling", 1, ("pc",), "REMOVE_SERVICE", False),
        ("food", 1, ("meal",), "REMOVE_SERVICE", False),
        ("feedback", 1, ("befr",), "EXPIRES_SOON", False),
    ],
)
def test_what_a_lapse_does(kind, days_over, services, code, blocks):
    entry = replace(ENTRY, services=services)
    (finding,) = lapse_findings(entry, [check(kind, ON - timedelta(days=days_over))], ON)
    assert finding.code == code
    hidden = effective_status(entry, None, [check(kind, ON - timedelta(days=days_over))], ON)
    assert (hidden is Status.HIDDEN) == (code == "HIDE")
    assert finding.blocks is blocks


def test_no_word_while_there_is_time():
    assert lapse_findings(ENTRY, [check("insurance", ON + timedelta(days=61))], ON) == []
    assert lapse_findings(ENTRY, [check("identity", None)], ON) == []


def test_a_newer_check_takes_the_place_of_the_old_one():
    old = check("insurance", ON - timedelta(days=1))
    new = replace(check("insurance", ON + timedelta(days=300), date(2023, 3, 1)), id="new")
    assert lapse_findings(ENTRY, [new, old], ON) == []
    assert lapse_findings(ENTRY, [new, old], date(2023, 2, 1))  # the new one was not seen yet


def test_a_lapsed_certificate_takes_its_services_off():
    gone = [check("moving_handling", ON - timedelta(days=1))]
    assert services_shown(ENTRY, gone, ON) == ("befr", "meal")
    assert services_shown(ENTRY, [], ON) == ENTRY.services


@pytest.mark.parametrize("status", [s for s in Status if s is not Status.REMOVED])
def test_a_suspension_always_wins(status):
    entry = replace(ENTRY, status=status.value)
    suspended = enterprise(suspended_on=date(2023, 2, 12))
    assert effective_status(entry, suspended, [], ON) is Status.SUSPENDED
    by_entry = replace(entry, suspended_on=date(2023, 2, 12))
    assert effective_status(by_entry, enterprise(), [], ON) is Status.SUSPENDED


def test_the_public_sees_only_what_is_public():
    shown = public_view(ENTRY, enterprise(), [check("identity", None)], [CONSENT], ON)
    assert shown.ticks == (("identity", "2022-01"),)
    assert shown.checked_as_at == ON
    assert "does not inspect" in shown.disclaimer
    private = {"suspension_reason", "reviewed_by_id", "consent_id", "review_on", "suspended_on",
               "status", "enterprise_id", "id"}  # fmt: skip
    everything = {field.name for field in fields(RegisterEntry)}
    assert set(shown.fields) == everything - private
    assert "never shown" not in repr(shown)
    assert "001234" not in repr(shown)


@pytest.mark.parametrize(
    ("entry", "person", "consents"),
    [
        (replace(ENTRY, status="draft"), enterprise(), [CONSENT]),
        (ENTRY, enterprise(suspended_on=ON), [CONSENT]),
        (ENTRY, enterprise(), []),
        (ENTRY, enterprise(), [replace(CONSENT, withdrawn_on=ON)]),
        (ENTRY, enterprise(), [replace(CONSENT, purpose="photo")]),
    ],
)
def test_what_keeps_an_entry_out_of_the_public_directory(entry, person, consents):
    assert public_view(entry, person, [], consents, ON) is None


def test_the_fifth_employee_is_a_flag_and_not_a_punishment():
    finding = size_recheck(KENT, enterprise(), 5, ON)
    assert (finding.code, finding.blocks) == ("SIZE_REVIEW", False)
    assert not size_recheck(KENT, enterprise(), 4, ON).code


def test_nothing_leads_out_of_removed():
    assert not [n for n, step in LISTING_STEPS.items() if Status.REMOVED in step.from_states]
