"""The caseload: filter, views, pages, preview, and the table as Qt checks it."""

from PySide6.QtCore import Qt

from desktop.models.caseload import COLUMNS, PAGE, CaseloadModel
from desktop.presenters.caseload import FIRST_PAGE, CaseloadPresenter
from desktop.presenters.caseload_lines import Line
from desktop.presenters.counted import counted
from desktop.presenters.enterprise import frame
from desktop.views.caseload import CaseloadScreen
from forms.facts.people import Enterprise
from tests.desktop.screens.desk import BusyLane
from tests.desktop.shell.world import COACH, TODAY, make_context, make_vault


class View:
    def __init__(self):
        self.found, self.views, self.pages = [], [], []

    def show_found(self, ids, lines, words):
        self.found.append((ids, lines, words))

    def put_lines(self, lines):
        self.pages.append(lines)

    def show_views(self, counts, chosen):
        self.views.append((counts, chosen))

    def show_memory(self, memory, order):
        self.memory, self.order = memory, order

    def put_words(self, words):
        self.words = words


def line(number):
    cells = (f"Enterprise {number}", "Hythe", "Trading", "3 of 14", "", "", "today")
    return Line(
        id=f"e{number}",
        cells=cells,
        done=3,
        of=14,
        name=cells[0],
        leader="",
        waiting_on="",
        in_file=cells,
    )


def test_filter_as_you_type_finds_beginnings_of_words(context):
    view = View()
    presenter = CaseloadPresenter(view, context)
    presenter.filter("mar")
    _, lines, words = view.found[-1]
    assert [each.name for each in lines] == ["Mary's Helping Hands"]
    assert words == "1 enterprise found for 'mar'"
    presenter.filter("holc pea")
    assert [each.name for each in view.found[-1][1]] == ["Pearce Meals"]


def test_a_line_says_everything_in_words(context):
    view = View()
    CaseloadPresenter(view, context).load()
    first = view.found[-1][1][0]
    ann = counted(context.session.vault.reader, context.pack, [first.id], TODAY)[first.id]
    assert 0 < ann.done < ann.total
    assert dict(zip(COLUMNS, first.cells, strict=True)) == {
        "Name": "Ann at Home (Ann Whitcombe)",
        "Village": "Mells",
        "Stage": "Ready",
        "Done": f"{ann.done} of {ann.total}",
        "Next action": "Ring about the check (tomorrow)",
        "Waiting on": "the county, 19 days",
        "Last contact": "Sat 10 Oct, visit",
    }


def test_saved_views_and_the_count_line(context):
    view = View()
    presenter = CaseloadPresenter(view, context, "stuck")
    presenter.load()
    counts, chosen = view.views[-1]
    assert chosen == "stuck"
    assert (counts["all"], counts["stuck"], counts["quiet"]) == (4, 1, 2)
    assert len(view.found[-1][0]) == 1
    presenter.choose("all")
    assert view.found[-1][2] == "4 enterprises - 1 waiting on others"


def test_only_the_newest_words_are_asked_for_while_one_question_is_under_way(vault, clock):
    jobs, view = BusyLane(), View()
    presenter = CaseloadPresenter(view, make_context(vault, clock, jobs=jobs))
    for words in ("m", "ma", "mar", "mary"):
        presenter.filter(words)
    assert len(jobs.waiting) == 1
    jobs.step()
    assert view.found == []  # the answer to "m" is old by now
    jobs.step()
    assert jobs.waiting == []
    assert [each.name for each in view.found[-1][1]] == ["Mary's Helping Hands"]


def test_a_question_that_failed_is_said_and_the_next_one_is_asked(vault, clock):
    jobs, view = BusyLane(), View()
    context = make_context(vault, clock, jobs=jobs)
    presenter = CaseloadPresenter(view, context)
    presenter.filter("mary")
    jobs.fault = KeyError("x")
    jobs.step()
    jobs.fault = None
    assert len(context.tell.errors) == 1
    presenter.filter("mary t")
    jobs.step()
    assert len(view.found) == 1


def test_a_large_caseload_shows_a_thousand_and_says_so(tmp_path, clock):
    vault = make_vault(tmp_path / "big", clock, extra=1200)
    view = View()
    CaseloadPresenter(view, make_context(vault, clock)).load()
    ids, lines, words = view.found[-1]
    vault.close()
    assert len(ids) == 1000
    assert len(lines) == FIRST_PAGE
    assert words == "1,204 enterprises. The first 1,000 are shown: type to find others."


def test_a_change_elsewhere_is_shown(vault, context):
    view = View()
    presenter = CaseloadPresenter(view, context)
    presenter.load()
    context.change(lambda unit: unit.set(Enterprise, "ent-0", place="Hawkinge"), owner=COACH)
    assert presenter.views.chosen == "all"
    assert "Hawkinge" in [each.cells[1] for each in view.found[-1][1]]


def test_the_model_is_a_good_qt_model(qtmodeltester):
    model = CaseloadModel()
    model.show_ids([f"e{n}" for n in range(5)], [line(n) for n in range(5)])
    qtmodeltester.check(model, force_py=True)


def test_a_page_is_asked_for_once_when_it_is_painted(qtbot):
    model = CaseloadModel()
    wanted = []
    model.page_wanted.connect(wanted.append)
    ids = [f"e{n}" for n in range(3 * PAGE)]
    model.show_ids(ids, [line(n) for n in range(PAGE)])
    assert model.index(0, 0).data() == "Enterprise 0"
    assert wanted == []
    for row in (PAGE, PAGE + 1):
        assert model.index(row, 0).data() is None
    assert wanted == [tuple(ids[PAGE : 2 * PAGE])]
    model.put_lines([line(n) for n in range(PAGE, 2 * PAGE)])
    assert model.index(PAGE, 0).data() == f"Enterprise {PAGE}"


def test_a_first_page_shorter_than_a_page_is_filled_up(context, qtbot):
    """The first answer holds only what fits the window; scrolling on within page 0 asks for it."""
    model = CaseloadModel()
    wanted = []
    model.page_wanted.connect(wanted.append)
    model.show_ids([f"e{n}" for n in range(200)], [line(n) for n in range(64)])
    assert model.index(100, 0).data() is None
    assert len(wanted) == 1


def make_screen(qtbot, context):
    screen = CaseloadScreen()
    qtbot.addWidget(screen)
    screen.use(CaseloadPresenter(screen, context))
    screen.resize(900, 500)
    screen.show()
    screen.arrive()
    return screen


def test_keys_down_space_enter(qtbot, context):
    screen = make_screen(qtbot, context)
    qtbot.keyClicks(screen.filter_box, "ann")
    assert screen.model.rowCount() == 1
    qtbot.keyClick(screen.filter_box, Qt.Key.Key_Down)
    assert screen.table.currentIndex().row() == 0
    qtbot.keyClick(screen.table, Qt.Key.Key_Space)
    assert not screen.preview.isHidden()
    qtbot.keyClick(screen.table, Qt.Key.Key_Escape)
    assert screen.preview.isHidden()
    qtbot.keyClick(screen.table, Qt.Key.Key_Return)
    assert context.goes.places == [("enterprise", {"id": "ent-2"})]


def test_the_state_comes_back(qtbot, context):
    screen = make_screen(qtbot, context)
    qtbot.keyClicks(screen.filter_box, "gar")
    state = screen.keep_state()
    other = make_screen(qtbot, context)
    other.restore_state(state)
    assert other.filter_box.text() == "gar"
    assert other.model.rowCount() == 1


def test_nobody_yet_is_said_with_a_way_on(qtbot, tmp_path, clock):
    from storage.vault import Vault

    vault, _ = Vault.create(tmp_path / "empty", practice=True, clock=clock)
    context = make_context(vault, clock)
    screen = make_screen(qtbot, context)
    vault.close()
    assert screen.table.isHidden()
    assert not screen.nobody.isHidden()


def test_the_list_and_the_record_count_the_same(context):
    view = View()
    CaseloadPresenter(view, context).load()
    for line in view.found[-1][1]:
        header = frame(context.session.vault.reader, context.pack, line.id, TODAY)
        assert line.cells[3] == header.progress
