"""Nothing personal where it does not belong: logs, titles of files, what finance is sent."""

import logging
import tomllib
from importlib import resources
from pathlib import Path

import pytest

from desktop.journey.outcome import outcome
from desktop.journey.plan import case_codes
from forms.facts.people import Enterprise, Leader
from tests.support.story import played


def names() -> list[str]:
    """Names, phones, addresses and notes of everybody in the case files."""
    found = []
    for code in case_codes():
        path = resources.files("desktop.journey") / "cases" / f"{code}.toml"
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        enquiry = told["enquiry"]
        found += [enquiry["name"], enquiry["phone"], enquiry.get("email", enquiry["name"])]
        found += [note["note"] for note in told["session"]]
        for enterprise in told["enterprise"]:
            found += [leader["name"] for leader in enterprise["leaders"]]
    return found


@pytest.fixture
def everything_logged(caplog):
    caplog.set_level(logging.DEBUG)
    return caplog


def test_no_log_line_names_anybody(everything_logged, tmp_path):
    with played("K01", "K12") as story:
        outcome(story.scene, tmp_path)
    said = "\n".join(
        f"{record.getMessage()} {record.__dict__}" for record in everything_logged.records
    )
    assert not [name for name in names() if name in said]


def test_the_report_names_no_leader(whole, tmp_path):
    """Enterprises are named, as the public register names them; the people are not."""
    text = Path(outcome(whole.scene, tmp_path)["files"]["html"]).read_text(encoding="utf-8")
    reader = whole.on("coach").reader
    firms = " ".join(enterprise.name for enterprise in reader.all(Enterprise))
    people = {leader.name for leader in reader.all(Leader)} - {""}
    people = {name for name in people if name not in firms}
    assert len(people) > 15
    assert not [name for name in people if name in text]


def test_finance_is_sent_money_and_nothing_about_people(whole):
    finance = whole.on("finance")
    assert finance.reader.all(Leader) == []
    for enterprise in finance.reader.all(Enterprise):
        assert (enterprise.phone, enterprise.email, enterprise.facts) == ("", "", {})


def test_the_leads_vault_holds_no_coach_only_words(whole):
    for leader in whole.reader.all(Leader):
        assert leader.private_note == ""
