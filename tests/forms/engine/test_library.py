"""The forms the packs ship: current, complete, and doing what their fields promise."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime

import pytest

from build_spec import make_workbooks
from forms.engine.compile_worker import answered
from forms.engine.library import PACKS, forms_of, load_form
from forms.engine.problems import FormRefused
from forms.engine.rehearsal import rehearse
from forms.engine.session import FormSession
from forms.engine.sources import read_workbook
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import ActivityReturn, Enquiry
from forms.rules.pack import load_pack
from forms.values import SetClock

IDS = (
    "activity_return", "enquiry", "first_conversation", "idea_check", "legal_entity",
    "outcome_questionnaire", "seed_claim",
)  # fmt: skip
EVERY = [(pack, form) for pack in make_workbooks.PACK_IDS for form in IDS]


def opened(pack, form):
    clock = SetClock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    return FormSession(load_form(pack, form), clock=clock)


def names(session):
    found = set()
    queue = [session.root]
    while queue:
        node = queue.pop()
        found.add(node.name)
        queue.extend(node.all_nodes)
    return found


@pytest.mark.parametrize("pack", make_workbooks.PACK_IDS)
def test_every_pack_has_every_form(pack):
    assert {card.form_id for card in forms_of(pack)} == set(IDS)
    assert all(card.workbook.is_file() for card in forms_of(pack))


@pytest.mark.parametrize(("pack", "form"), EVERY)
def test_a_workbook_says_what_its_source_says(pack, form):
    source = make_workbooks.LIBRARY / f"{form}.md"
    wanted = make_workbooks.expanded(
        read_workbook(source.read_bytes(), source.name), load_pack(pack)
    )
    path = PACKS / pack / "forms" / f"{form}.xlsx"
    book = read_workbook(path.read_bytes(), path.name)
    for name, (headings, *rows) in wanted.items():
        sheet = book.sheet(name)
        assert sheet.headings == headings
        filled = [{h: cell for h, cell in zip(headings, row, strict=True) if cell} for row in rows]
        assert [row.cells for row in sheet.rows] == filled
    assert path.read_bytes() == make_workbooks.made_for(load_pack(pack), source)


@pytest.mark.parametrize(("pack", "form"), EVERY)
def test_a_compiled_form_is_current(pack, form):
    folder = PACKS / pack / "forms"
    answer = answered((folder / f"{form}.xlsx").read_bytes(), f"{form}.xlsx")
    assert answer["problems"] == []
    assert answer["form"]["xform"] == (folder / f"{form}.xform.xml").read_text("utf-8")
    kept = (folder / f"{form}.json").read_text("utf-8")
    assert answer["form"]["sha256"] in kept
    assert answer["form"]["pyxform_version"] in kept


@pytest.mark.parametrize(("pack", "form"), EVERY)
def test_a_form_survives_random_answers(pack, form):
    assert rehearse((PACKS / pack / "forms" / f"{form}.xform.xml").read_text("utf-8")) == []


def test_a_form_that_is_not_there_is_refused_in_words():
    for pack, form in (("kent", "nothing"), ("nowhere", "enquiry"), ("../kent", "enquiry")):
        with pytest.raises(FormRefused, match="has no form called"):
            load_form(pack, form)


@pytest.mark.parametrize(
    ("form", "records", "elsewhere"),
    [
        (
            "enquiry",
            (Enquiry,),
            {"id", "coach_id", "enterprise_id", "closed_on", "closed_reason", "anonymised_on"},
        ),
        ("activity_return", (ActivityReturn,), {"id", "enterprise_id"}),
        (
            "seed_claim",
            (SeedClaim, ClaimLine),
            {
                "id",
                "enterprise_id",
                "claim_id",
                "policy_version",
                "drafted_by_id",
                "pence",
                "files",
            },
        ),
    ],
)
def test_a_form_asks_the_fields_of_its_record(form, records, elsewhere):
    asked = names(opened("kent", form))
    for record in records:
        for field in dataclasses.fields(record):
            if field.metadata.get("policy", "fact") == "fact" and field.name not in elsewhere:
                assert field.name in asked


def test_the_guide_asks_the_questions_of_the_rules():
    session = opened("kent", "legal_entity")
    nodes = {node.name: node for page in session.pages for node in page.nodes}
    for question in load_pack("kent").entity_questions:
        node = nodes[question.id]
        assert node.label == question.text
        assert node.hint == question.why
        wanted = [value for value, _ in question.choices] or ["yes", "no"]
        if question.kind == "integer":
            assert node.kind == "integer"
        else:
            assert [choice.value for choice in node.choices] == wanted


SCREEN = [
    ({"personal_care": "no"}, "GREEN"),
    ({"works_alone": "yes"}, "GREEN"),
    ({"works_alone": "no"}, "RED"),
    ({"body_supplies": "yes"}, "RED"),
    ({"shares_rota": "yes"}, "RED"),
    ({"council_package": "yes"}, "RED"),
    ({"agency_involved": "yes"}, "AMBER"),
    ({"who_directs": "carer"}, "AMBER"),
    ({"who_directs": "related"}, "GREEN"),
]


@pytest.mark.parametrize(("changed", "light"), SCREEN)
def test_the_cqc_boundary(changed, light):
    session = opened("kent", "idea_check")
    answers = {
        "personal_care": "yes", "works_alone": "yes", "who_directs": "person",
        "body_supplies": "no", "agency_involved": "no", "shares_rota": "no",
        "council_package": "no", **changed,
    }  # fmt: skip
    for name, value in answers.items():
        session.answer(f"/idea_check/cqc/{name}", value)
    assert session.node("/idea_check/cqc/cqc_screen").value == light
    said = [n.label for n in session.pages[1].nodes if n.kind == "note" and n.relevant]
    assert not any("do not need" in words for words in said)


@pytest.mark.parametrize(("employees", "met"), [(0, "yes"), (4, "yes"), (5, "no")])
def test_the_size_test(employees, met):
    session = opened("kent", "idea_check")
    session.answer("/idea_check/size/employee_count", employees)
    assert session.node("/idea_check/size/size_met").value == met


def test_a_claim_adds_its_lines_up_in_pounds_and_pence():
    session = opened("kent", "seed_claim")
    session.answer("/seed_claim/line[1]/amount", "112.00")
    session.add_repeat("/seed_claim/line")
    session.answer("/seed_claim/line[2]/amount", "88.10")
    session.answer("/seed_claim/line[2]/cost_kind", "tablet")
    assert session.node("/seed_claim/check/total_words").label == "2 costs, £200.10 in all"
    assert session.node("/seed_claim/line[2]/category").value == "EQUIP"
    session.add_repeat("/seed_claim/line")  # a line not filled in yet takes nothing away
    assert session.node("/seed_claim/check/total_words").label == "3 costs, £200.10 in all"
    session.answer("/seed_claim/line[2]/amount", "88.105")
    assert session.node("/seed_claim/line[2]/amount").problem.code == "constraint"


def test_parts_of_a_return_are_not_more_than_the_whole():
    session = opened("kent", "activity_return")
    session.answer("/activity_return/hours/hours_week", "20")
    session.answer("/activity_return/hours/dp_hours_week", "21")
    assert (
        "part of the hours" in session.node("/activity_return/hours/dp_hours_week").problem.message
    )
    session.answer("/activity_return/work/price", "20.50")
    assert session.node("/activity_return/work/price_pence").value == "2050"


BANNED = {
    "please", "sorry", "valid", "invalid", "forbidden", "illegal", "oops", "sync", "conflict",
    "artefact", "schema", "client", "provider", "user",
}  # fmt: skip


@pytest.mark.parametrize("form", IDS)
def test_the_words_people_read_are_plain(form):
    source = make_workbooks.LIBRARY / f"{form}.md"
    sheets = make_workbooks.expanded(
        read_workbook(source.read_bytes(), source.name), load_pack("kent")
    )
    headings, *rows = sheets["survey"]
    for row in rows:
        cells = dict(zip(headings, row, strict=True))
        for column in ("label", "hint", "constraint_message"):
            for sentence in re.split(r"(?<=[.?!]) ", cells.get(column, "")):
                words = re.findall(r"[\w'’]+", sentence)
                assert not BANNED & {word.lower() for word in words}, sentence
                assert len(words) <= 25, sentence
