"""Letters and the page that stays: reasons in plain words, what would change it, how to appeal."""

import dataclasses
from datetime import date

import pypdfium2
import pytest

from evidence.blocks import Bullets, Heading, Para, Sketch
from evidence.dossier import gather
from evidence.html import render_html
from evidence.pdf import render_pdf
from evidence.reports import enterprise_summary, leave_behind, seed_letter
from evidence.reports.reasons import reason_of
from forms.facts.casework import Action
from forms.facts.money import ClaimEvent, SeedClaim
from forms.facts.people import Enterprise
from forms.rules.seed_fund import REJECTIONS
from tests.evidence.worlds import END, Listed, a_pack, twelve_cases

BANNED = ("please", "sorry", "valid", "invalid", "forbidden", "illegal", "oops", "sync", "conflict",
          "artefact", "schema")  # fmt: skip


def words_of(document):
    parts = []
    for block in document.blocks:
        if isinstance(block, Para):
            parts += [block.lead, block.text]
        elif isinstance(block, Heading):
            parts.append(block.text)
        elif isinstance(block, Bullets):
            parts += block.items
    return " ".join(parts)


def dossier_with(*more, drop=()):
    records = [r for r in twelve_cases() if r.id not in drop]
    return gather(Listed([*records, *more]), a_pack(), END)


def test_a_letter_about_a_claim_paid_in_part():
    words = words_of(seed_letter.build(dossier_with(), "claim-K07"))
    assert "We have paid £650.00 of your claim for £960.00. We cannot pay the rest" in words
    assert "The policy rules this kind of cost out." in words
    assert "What would change it:" in words
    assert "appeal within 20 working days" in words


def test_a_letter_about_a_claim_turned_down_as_a_whole():
    claim = SeedClaim(id="c9", enterprise_id="K01", drafted_on=END, state="DECLINED")
    event = ClaimEvent(id="e9", claim_id="c9", enterprise_id="K01", to_state="DECLINED", on=END,
                       code="POOR_VFM", note="Two cheaper ones were on offer.")  # fmt: skip
    words = words_of(seed_letter.build(dossier_with(claim, event), "c9"))
    assert "We cannot pay this claim." in words
    assert "Two cheaper ones were on offer." in words
    assert "appeal" in words
    assert "Keep every receipt" not in words


def test_a_letter_about_a_claim_that_is_fully_paid_has_no_appeal():
    words = words_of(seed_letter.build(dossier_with(), "claim-K02"))
    assert "We have paid £205.00 of your claim for £205.00." in words
    assert "appeal" not in words


@pytest.mark.parametrize("code", [*REJECTIONS, "SOMETHING_NEW", ""])
def test_every_code_has_a_reason_and_a_way_on(code):
    reason = reason_of(code)
    assert reason.why.endswith(".")
    assert reason.change.endswith(".")
    assert "_" not in reason.why
    both = f"{reason.why} {reason.change}".lower().split()
    assert not [word for word in BANNED if word in both]


def test_an_unknown_claim_is_a_key_error():
    with pytest.raises(KeyError):
        seed_letter.build(dossier_with(), "nothing")


def test_the_page_that_stays_fits_one_page_in_both_sizes():
    visit = leave_behind.Visit(
        on=END, leader="Marlene", coach="Ada", council="Testshire",
        done_today=("Filled in the claim",) * 3, do_next=("Ring the insurer",) * 4,
        coach_does=("Send the form",), reach=("01303 000000",), next_visit=date(2023, 4, 14),
    )  # fmt: skip
    for large, size in ((False, 14), (True, 18)):
        document = leave_behind.build(visit, large=large)
        assert document.point_size == size
        assert b"/Count 1" in render_pdf(document) or _pages(document) == 1


def test_a_long_list_is_cut_and_says_how_many_more_there_are():
    visit = leave_behind.Visit(
        on=END, leader="Marlene", coach="Ada", council="Testshire",
        done_today=tuple(f"Thing {number} {'x' * 100}" for number in range(30)),
        signed="Signed by Marlene at 14:32.", strokes=(((40, 120), (90, 160)),),
    )  # fmt: skip
    document = leave_behind.build(visit, most=4)
    assert "And 27 more things." in words_of(document)
    assert "Thing 2 " in words_of(document)
    assert "Thing 3 " not in words_of(document)
    assert any(isinstance(block, Sketch) for block in document.blocks)
    assert "Signed by Marlene" in render_html(document).decode()


def _pages(document):
    import io

    import pikepdf

    with pikepdf.open(io.BytesIO(render_pdf(document))) as pdf:
        return len(pdf.pages)


def test_the_page_that_stays_takes_open_promises_and_no_private_note():
    actions = (
        Action(id="a1", enterprise_id="K01", text="Photograph the receipt", owner="leader",
               due_on=date(2023, 4, 4)),
        Action(id="a2", enterprise_id="K01", text="Send the form", owner="coach"),
        Action(id="a3", enterprise_id="K01", text="Looked at prices", owner="coach", done_on=END),
        Action(id="a4", enterprise_id="K02", text="Somebody else's", owner="leader"),
    )  # fmt: skip
    words = words_of(leave_behind.from_dossier(dossier_with(*actions), "K01"))
    words = words.replace(leave_behind.HOLDS, " ")
    assert "Photograph the receipt, by 4 April 2023" in words
    assert "Send the form" in words
    assert "Looked at prices" in words
    assert "Somebody else's" not in words


def test_a_summary_says_no_claim_and_not_zero_pounds_where_nothing_was_asked_for():
    document = enterprise_summary.build(dossier_with(Enterprise(id="X1", name="New")), "X1")
    assert "No claim" in repr(document)
    assert "£0.00" not in repr(document)


def test_a_summary_of_an_erased_enterprise_names_nobody():
    records = twelve_cases()
    gone = next(n for n, r in enumerate(records) if r.id == "K02")
    records[gone] = dataclasses.replace(records[gone], anonymised_on=END)
    document = enterprise_summary.build(gather(Listed(records), a_pack(), END), "K02")
    assert document.title == "Erased at the person's wish"
    assert "Tomasz" not in repr(document)


def test_a_long_line_gives_way_before_its_day():
    promise = f"Ring the bank and ask {'which account is right ' * 5}, by Thursday 4 December"
    no_day = "word " * 40
    visit = leave_behind.Visit(
        on=date(2026, 11, 20), leader="Mary", coach="Robin", council="Kent",
        do_next=(promise, no_day, "Short, by Friday 28 November"),
    )  # fmt: skip
    (kept,) = [b for b in leave_behind.build(visit).blocks if isinstance(b, Bullets) and b.tick]
    said = [each.replace(leave_behind.HOLDS, " ") for each in kept.items]
    assert said[0].endswith("account is…, by Thursday 4 December")
    assert said[1].endswith("word…")
    assert said[2] == "Short, by Friday 28 November"
    assert max(map(len, kept.items)) <= leave_behind.LONGEST + 1


@pytest.mark.parametrize("large", [False, True])
@pytest.mark.parametrize("mark", ["tick", "bullet", "numbered"])
def test_lines_that_follow_stand_under_the_words_and_not_under_the_mark(large, mark):
    words = f"Alpha {'beta ' * 30}".strip()
    document = dataclasses.replace(
        leave_behind.build(
            leave_behind.Visit(on=END, leader="Mary", coach="Robin", council="Kent"), large=large
        ),
        blocks=(Bullets((words,) * 12, tick=mark == "tick", numbered=mark == "numbered"),),
    )
    page = pypdfium2.PdfDocument(render_pdf(document))[0].get_textpage()
    whole = page.get_text_range()
    first = page.get_charbox(whole.index("Alpha"))[0]
    lefts = []
    for at in range(whole.index("Alpha"), whole.rindex("beta")):
        newline = whole[at] == "b" and whole[at - 1] in "\r\n"
        if newline:
            lefts.append(page.get_charbox(at)[0])
    assert len(lefts) > 5
    assert max(lefts) - min(lefts) < 0.1
    assert abs(lefts[0] - first) < 2.5  # the letters begin beside one another: A leans, b does not
