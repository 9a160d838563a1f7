"""The report builder: templates, chapters, figures in front, checks, pages, files, stop."""

import io
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import openpyxl
import pytest
from lxml import html as lxml_html
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from desktop.operations import chosen_figures
from desktop.operations.long_work import WorkStopped
from desktop.operations.reports import REPORTS, Check, Choice, checks, of_facts
from desktop.presenters.figures_asked import Explain, Facts
from desktop.presenters.figures_desk import FiguresDesk
from desktop.presenters.figures_kept import figures_of
from desktop.presenters.impact_scope import Scope
from desktop.presenters.impact_tiles import tile_of
from desktop.presenters.report_days import BACKWARDS, read_period
from desktop.presenters.reports import LATER, STOPPED, UNCHECKED, Plan, ReportsPresenter
from desktop.views.reports.screen import ReportsScreen
from evidence.carried import unwrapped
from evidence.dossier import gather
from evidence.errors import RenderBroke
from evidence.html import render_html
from evidence.making import build
from evidence.names import _names, names_in
from evidence.order import Order
from evidence.render_start import Page
from evidence.reports.sections import SECTIONS, TEMPLATES, chosen, left_out
from evidence.xlsx import render_xlsx
from forms.facts.people import Enterprise
from forms.rules.indicators import DEFINITIONS, indicator_of
from tests.desktop.screens.desk import BusyLane, FakeView, context
from tests.desktop.screens.people import MARY

DAY = date(2022, 11, 20)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


class Slow:
    """A process that has not ended."""

    def __init__(self):
        self.step = SimpleNamespace(words="Laying out pages", done=1, of=3)
        self.is_over, self.fault, self.stopped, self.pages = False, None, False, []

    def stop(self):
        self.stopped = True


@pytest.fixture
def started():
    return []


@pytest.fixture
def presenter(vault, started):
    def start(gathered, kind, target):
        started.append((kind, gathered.choice, Slow()))
        return started[-1][2]

    view = FakeView()
    made = ReportsPresenter(context(vault), view, view, start=start)
    made.load()
    return made, view


def test_every_template_is_a_report_and_method_and_limits_are_in_each(vault):
    assert [code for code, _, _ in REPORTS] == [each.key for each in TEMPLATES]
    dossier = gather(vault.reader, context(vault).pack, DAY)
    for template in TEMPLATES:
        document = build(Order(kind="pdf", target="", report=template.key), dossier)
        words = "\n".join(str(block) for block in document.blocks)
        assert document.title == template.title
        for always in ("3. Method and data quality", "14. What would have happened anyway"):
            assert always in words, template.key
        assert ("Not in this report" in words) == (len(template.sections) < len(SECTIONS))


def test_chapters_that_are_left_out_are_named():
    some = chosen(["activity"])
    assert [each.key for each in some] == ["summary", "method", "activity", "anyway"]
    assert "9. Financial value" in left_out(some)
    assert left_out(SECTIONS) == ""


def test_chosen_figures_stand_behind_the_summary(vault):
    chosen_figures.turn(vault, "I-06")
    dossier = gather(vault.reader, context(vault).pack, DAY)
    order = Order(kind="pdf", target="", figures=chosen_figures.read(vault))
    blocks = [str(each) for each in build(order, dossier).blocks]
    at = next(n for n, text in enumerate(blocks) if "Figures asked for" in text)
    assert at < next(n for n, text in enumerate(blocks) if "2. The programme" in text)
    assert any("Active enterprises (I-06)" in text for text in blocks)


def test_a_period_and_a_district_are_on_the_cover(vault):
    made = context(vault)
    choice = Choice(as_of=DAY, since=date(2022, 10, 1), area="E07000105")
    desk = FiguresDesk(vault.reader, made.pack, practice=False)
    parts = []
    desk.answer(Facts(choice), hand=parts.append)
    document = unwrapped(parts[0])
    assert document.subtitle.endswith("Ashford, 1 October 2022 to 20 November 2022")


def test_a_name_that_got_into_a_published_report_is_found(vault):
    made = context(vault)
    dossier = gather(vault.reader, made.pack, DAY)
    clean = build(Order(kind="pdf", target="", published=True), dossier)
    assert names_in(clean, dossier) == []
    leaked = replace(clean, subtitle="Thanks to Mary Thorne")
    assert names_in(leaked, dossier) == ["Mary Thorne"]
    said = checks(dossier, made.pack, Choice(as_of=DAY, published=True))
    assert any("nobody is named" in each.words and each.fine for each in said)


def test_missing_evidence_is_named(vault):
    made = context(vault)
    dossier = gather(vault.reader, made.pack, DAY)
    said = checks(dossier, made.pack, Choice(as_of=DAY))
    missing = next(each for each in said if "not collected yet" in each.words)
    assert "(I-" in missing.words
    assert not missing.fine


def test_pages_come_one_by_one_and_an_older_drawing_is_stopped(presenter, started):
    made, view = presenter
    made.look(Choice(as_of=DAY))
    assert view.last["show_pages_wait"] == "Putting the report together"
    first = started[0][2]
    first.pages.append(Page(1, 2, PNG, "Impact assessment"))
    made.tick()
    assert view.named["show_pages"] == {"whole": False}
    made.look(Choice(as_of=DAY, published=True))
    assert first.stopped
    second = started[1][2]
    second.pages += [Page(1, 2, PNG, "a"), Page(2, 2, PNG, "b")]
    second.is_over = True
    made.tick()
    assert view.named["show_pages"] == {"whole": True}
    assert not made.is_at_work


def test_pages_that_cannot_be_drawn_say_so(presenter, started):
    made, view = presenter
    made.look(Choice(as_of=DAY))
    started[0][2].fault, started[0][2].is_over = RenderBroke(), True
    made.tick()
    assert "Your records are safe" in view.last["show_pages_wait"]


def test_making_stops_the_drawing_and_no_kind_is_a_question(presenter, started, tmp_path):
    made, view = presenter
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=()))
    assert "at least one kind" in view.last["show_stopped"]
    made.look(Choice(as_of=DAY))
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("pdf",)))
    assert started[0][2].stopped
    assert started[1][0] == "pdf"
    made.stop()


@pytest.mark.parametrize("ending", ["stopped", "failed", "made"])
def test_the_facts_of_a_report_are_let_go_when_it_is_over(presenter, started, tmp_path, ending):
    made, view = presenter
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("html",)))
    assert made._making._gathered is not None
    running = started[0][2]
    if ending == "stopped":
        made.stop()
    else:
        running.fault = RenderBroke() if ending == "failed" else None
        running.is_over = True
        made.tick()
    assert ("show_made" if ending == "made" else "show_stopped") in view.last
    assert made._making._gathered is None
    assert not made.is_busy


def test_checks_and_facts_of_a_report_are_one_question(presenter, started, vault):
    made, _view = presenter
    asked = []
    figures = figures_of(made._context)
    answer = figures.ask

    def noting(question, **named):
        asked.append(question)
        made._context.change(lambda unit: unit.set(Enterprise, MARY, phone="0777"), owner=object())
        answer(question, **named)

    figures.ask = noting  # somebody types between any two questions
    made.look(Choice(as_of=DAY, published=True))
    assert [type(each) for each in asked] == [Facts]
    assert started


@pytest.fixture
def later(presenter):
    jobs = BusyLane()
    presenter[0]._context.jobs = jobs
    return jobs


def test_a_question_about_the_page_does_not_stop_a_report(presenter, started, later, tmp_path):
    made, _view = presenter
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("pdf",)))
    made.check(Choice(as_of=DAY, published=True))
    later.catch_up()
    assert [kind for kind, _, _ in started] == ["pdf"]
    assert made.is_busy


def test_a_question_that_fails_leaves_the_report_alone(presenter, later, tmp_path):
    made, view = presenter
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("pdf",)))
    later.catch_up()
    later.fault = RuntimeError("for the test")
    made.check(Choice(as_of=DAY))
    later.catch_up()
    assert made.is_busy
    assert "show_stopped" not in view.last
    assert made._context.tell.failures


def test_what_was_gathered_for_a_stopped_report_is_not_made(presenter, started, later, tmp_path):
    made, _view = presenter
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("pdf",)))
    made.stop()
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("html",)))
    later.catch_up()
    assert [kind for kind, _, _ in started] == ["html"]


@pytest.mark.parametrize("ending", ["stopped", "failed"])
def test_a_report_in_place_of_the_checks_owes_them(presenter, later, tmp_path, ending):
    made, view = presenter
    made.check(Choice(as_of=DAY))
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("pdf",)))
    if ending == "stopped":
        made.stop()
    else:
        later.fault = RuntimeError("for the test")
    later.catch_up()
    assert "Nobody has looked" in view.last["show_unchecked"]
    assert "show_checks" not in view.last


def test_a_report_stopped_after_the_checks_came_leaves_them(presenter, later, tmp_path):
    made, view = presenter
    made.check(Choice(as_of=DAY))
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("pdf",)))
    later.catch_up()
    made.stop()
    assert view.last["show_checks"]
    assert view.last["show_unchecked"] == ""


@pytest.mark.parametrize("ending", ["not wanted", "failed"])
def test_checks_of_another_choice_do_not_stand_as_if_of_this_one(presenter, later, ending):
    made, view = presenter
    made.check(Choice(as_of=DAY))
    later.catch_up()
    assert view.last["show_checks"]
    made.look(Choice(as_of=DAY, published=True))
    if ending == "not wanted":
        made.stop_looking()
    else:
        later.fault = RuntimeError("for the test")
    later.catch_up()
    assert view.count["show_checks"] == 1
    assert view.last["show_unchecked"] == UNCHECKED


def test_checks_that_came_with_the_pages_stay_when_these_are_not_wanted(presenter, later, started):
    made, view = presenter
    made.look(Choice(as_of=DAY, published=True))
    later.catch_up()
    made.stop_looking()
    assert started[0][2].stopped
    assert view.last["show_checks"]
    assert UNCHECKED not in view.last.get("show_unchecked", "")


def test_pages_wanted_while_a_report_is_made_are_drawn_after_it(presenter, started, tmp_path):
    made, view = presenter
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("html",)))
    made.look(Choice(as_of=DAY, published=True))
    assert view.last["show_pages_wait"] == LATER
    assert made.tick()
    assert [kind for kind, *_ in started] == ["html"]
    started[0][2].is_over = True
    assert made.tick()
    assert [kind for kind, *_ in started] == ["html", "pages"]
    assert started[1][1].published
    assert not made.is_busy


def test_pages_not_wanted_any_more_do_not_come_after_the_report(presenter, started, tmp_path):
    made, view = presenter
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("html",)))
    made.look(Choice(as_of=DAY, published=True))
    made.stop_looking()
    assert view.last["show_unchecked"] == UNCHECKED
    started[0][2].is_over = True
    assert not made.tick()
    assert [kind for kind, *_ in started] == ["html"]


def test_checks_that_came_take_away_that_they_were_stopped(screen):
    know = screen._know
    know.show_unchecked(STOPPED)
    assert not know.work.isHidden()
    know.show_checks((Check(words="All is there.", fine=True),))
    assert know.work.isHidden()


def test_a_period_that_ends_before_it_begins_is_said_at_its_first_day(presenter):
    made, view = presenter
    assert made.read_days("20 nov 2022", "1 oct 2022") is None
    assert read_period("20 nov 2022", "1 oct 2022", DAY).since_wrong == BACKWARDS
    assert made.read_days("", "") is None
    assert view.last["show_day_problem"] == "Write the day the report shall speak of."


def test_figures_taken_out_on_the_page_are_out(presenter, vault):
    made, view = presenter
    chosen_figures.turn(vault, "I-06")
    made.load()
    assert view.last["show_figures"] == (("I-06", "Active enterprises"),)
    made.drop_figure("I-06")
    assert view.last["show_figures"] == ()
    assert chosen_figures.read(vault) == ()


@pytest.fixture
def screen(qtbot, vault, tmp_path):
    made = ReportsScreen(context(vault), folder=tmp_path)
    qtbot.addWidget(made)
    made.resize(920, 556)
    made.show()
    return made


def test_a_template_ticks_its_chapters_and_grey_ones_stay(screen):
    screen._choices._report.set_value("fund_audit")
    screen._choices._chosen("fund_audit")
    ticks = screen._choices._chapters
    assert ticks["audit"].isChecked()
    assert not ticks["equality"].isChecked()
    assert not ticks["method"].isEnabled()
    assert ticks["method"].isChecked()
    assert screen._choices.choice(DAY).report == "fund_audit"


def test_real_pages_are_drawn_turned_by_keys_and_read_out(screen, qtbot):
    screen._choices._report.set_value("committee_note")
    screen._choices._chosen("committee_note")
    screen._look.click()
    pages = screen._pages
    qtbot.waitUntil(lambda: bool(pages._pages) and not screen._presenter.is_at_work, timeout=60_000)
    assert pages._words.text() == f"Page 1 of {len(pages._pages)}"
    assert "Note for the committee" in pages._picture.accessibleDescription()
    qtbot.keyClick(pages._area, Qt.Key.Key_PageDown)
    assert pages._words.text().startswith("Page 2")
    assert pages._picture.accessibleName().startswith("Page 2 of")
    assert not pages._picture.pixmap().isNull()
    screen._look.click()
    assert not pages.isVisible()
    assert screen._know.isVisible()


def test_the_choices_come_back_as_they_were_left(screen, qtbot, vault, tmp_path):
    screen._choices._chapters["equality"].click()
    screen._choices._published.setChecked(True)
    state = screen.keep_state()
    again = ReportsScreen(context(vault), folder=tmp_path)
    qtbot.addWidget(again)
    again.restore_state(state)
    assert not again._choices._chapters["equality"].isChecked()
    assert again._choices.choice(DAY).published
    said = [each.text() for each in again._know.findChildren(QLabel)]
    assert any("Published version" in words for words in said)


def test_erased_people_are_not_named(vault):
    vault.hold(replace(vault.get(Enterprise, MARY), anonymised_on=DAY))
    dossier = gather(vault.reader, context(vault).pack, DAY)
    assert dossier.name_of(MARY) == "Erased at the person's wish"


def test_a_first_day_that_is_not_one_makes_no_report_of_everything(screen):
    screen._choices._since.set_text("when it began")
    made = []
    screen._presenter.make = made.append
    screen._make_pressed()
    assert made == []
    said = [each.text() for each in screen._choices._since.findChildren(QLabel)]
    assert "Write a day, like 28/11/2026, 28 nov or tue." in said
    assert screen._choices.since == "when it began"
    screen._choices._since.set_text("1 oct")
    screen._make_pressed()
    assert made[0].choice.since == date(2022, 10, 1)


def test_the_report_says_who_made_it(presenter, started, tmp_path):
    made, _ = presenter
    made.make(Plan(choice=Choice(as_of=DAY), folder=tmp_path, kinds=("pdf",)))
    assert started[-1][1].made_by == "Sam Reed, coach"


def test_the_look_for_names_is_counted_and_stops_in_the_middle(vault, monkeypatch):
    monkeypatch.setattr("evidence.names.EACH", 1)
    made = context(vault)
    dossier = gather(vault.reader, made.pack, DAY)
    choice = Choice(as_of=DAY, published=True)
    there = len(_names(dossier))
    heard = []

    def stop_at_the_second(*step):
        heard.append(step)
        if step[:2] == ("Names looked for in every word", 1):
            raise WorkStopped

    with pytest.raises(WorkStopped):
        of_facts(dossier, made.pack, choice, stop_at_the_second)
    assert heard[-3:] == [
        ("Putting the words of the report together", 0, 0),
        ("Names looked for in every word", 0, there),
        ("Names looked for in every word", 1, there),
    ]


def test_the_checks_work_each_figure_out_once(vault, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "desktop.operations.reports.indicator_of",
        lambda facts, each: asked.append(each) or indicator_of(facts, each),
    )
    monkeypatch.setattr("evidence.reports.view.indicators", lambda _facts: pytest.fail("again"))
    pack = context(vault).pack
    dossier = gather(vault.reader, pack, DAY)
    assert checks(dossier, pack, Choice(as_of=DAY, published=True))
    assert asked == list(DEFINITIONS)


def test_a_name_that_stands_nowhere_is_made_no_pattern(vault, monkeypatch):
    """A county has 25,000 of them: each a pattern were ten seconds."""
    dossier = gather(vault.reader, context(vault).pack, DAY)
    document = build(Order(kind="pdf", target=""), dossier)
    named = names_in(document, dossier)
    assert named
    tried = []
    monkeypatch.setattr(
        "evidence.names.re.search", lambda pattern, _text: tried.append(pattern) or True
    )
    assert set(names_in(document, dossier)) >= set(named)
    assert len(tried) < len(_names(dossier))


def test_a_figure_is_the_same_on_screen_in_the_report_and_in_every_file(vault):
    """At one moment: the tile, the page of the figure, the data dictionary of PDF, web and xlsx."""
    pack = context(vault).pack
    dossier = gather(vault.reader, pack, DAY)
    scope = Scope(as_of=DAY)
    desk = FiguresDesk(vault.reader, pack, practice=False)
    document = build(Order(kind="xlsx", target=""), dossier)
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(document)))
    printed = " ".join(" ".join(lxml_html.fromstring(render_html(document)).itertext()).split())
    dictionary = next(t for t in document.tables() if t.key == "dictionary")
    in_report = {str(row[0]): str(row[3]) for row in dictionary.rows}
    in_book = {}
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            if row and str(row[0]) in in_report and len(row) > 3 and row[3] is not None:
                in_book[str(row[0])] = str(row[3])
    assert set(in_report) == set(DEFINITIONS) == set(in_book)
    for code in DEFINITIONS:
        found = indicator_of(dossier, code)
        tile = tile_of(found)
        page = desk.answer(Explain(scope, code)).figures[0]
        said = found.shown
        assert tile.shown.casefold() == page.shown.casefold() == said.casefold(), code
        assert in_report[code] == in_book[code] == said, code
        assert f"{found.formula}. {said}" in printed, code
