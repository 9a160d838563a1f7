"""First run: words for each way it can go, and what was left half made, on real vaults."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPushButton

from desktop.operations import vault as vaults
from desktop.presenters import first_run as fr
from desktop.presenters.first_run import FirstRunPresenter, Step
from desktop.views.first_run import FirstRun
from desktop.views.first_run_pages import PassphrasePage
from forms.facts.casework import Attachment
from storage.errors import VaultFull, VaultUnwell
from storage.escrow import fresh_council_key, public_of, words_of
from storage.vault import Vault
from tests.desktop.shell.world import QUICK, WORDS, OnTheSpot


class Pages:
    def __init__(self):
        self.steps, self.problem, self.busy, self.offers, self.sheet, self.asked = (
            [],
            "",
            [],
            [],
            (),
            (),
        )

    def show_step(self, step):
        self.steps.append(step)

    def show_problem(self, words):
        self.problem = words

    def show_busy(self, words):
        self.busy.append(words)

    def show_offer(self, passphrase):
        self.offers.append(passphrase)

    def show_sheet(self, words, why=""):
        self.sheet, self.why = words, why

    def ask_words(self, first, second):
        self.asked = (first, second)

    def show_council_key(self, typed, words):
        self.council = (typed, words)


class Joining:
    def __init__(self):
        self.calls, self.error = [], None

    def __call__(self, made, invitation, *, owner, on_done, on_failed):
        self.calls.append(invitation)
        if self.error is not None:
            on_failed(self.error)
        else:
            on_done("session")


@pytest.fixture
def first(tmp_path, clock, monkeypatch):
    created = []

    def quick(folder, passphrase, clock):
        vault, sheet = Vault.create(folder, passphrase=passphrase, clock=clock, cost=QUICK)
        created.append(vault)
        return vaults.Made(vault, sheet)

    monkeypatch.setattr(vaults, "create", quick)
    pages, joining, opened, practice = Pages(), Joining(), [], []
    pages.noted = []
    presenter = FirstRunPresenter(
        pages,
        OnTheSpot(),
        tmp_path / "new",
        clock,
        join=joining,
        on_practice=lambda: practice.append(True),
        on_open=opened.append,
        note=pages.noted.append,
    )
    yield presenter, pages, joining, opened, practice
    for vault in created:
        vault.close()


def to_sheet(presenter):
    presenter.start_joining()
    presenter.give_code("register.example.org/", " ABCD-EFGH-2345-6789 ")
    presenter.give_passphrase(WORDS, WORDS)


def test_the_whole_way_to_joined(first):
    presenter, pages, joining, opened, _ = first
    to_sheet(presenter)
    assert len(pages.sheet) == 17
    presenter.sheet_written()
    one, two = pages.asked
    presenter.type_back(f" {pages.sheet[one - 1].upper()} ", pages.sheet[two - 1])
    assert joining.calls == []
    presenter.go_on()
    assert pages.steps == [
        Step.CODE,
        Step.PASSPHRASE,
        Step.SHEET,
        Step.TYPE_BACK,
        Step.COUNCIL,
        Step.DOWNLOAD,
    ]
    assert joining.calls == [fr.Invitation("https://register.example.org", "ABCD-EFGH-2345-6789")]
    assert opened == ["session"]


def test_the_councils_key_comes_from_a_file_and_is_asked_for_once(first, tmp_path):
    presenter, pages, joining, opened, _ = first
    to_sheet(presenter)
    presenter.sheet_written()
    places = [place - 1 for place in pages.asked]
    presenter.type_back(*(pages.sheet[place] for place in places))
    assert pages.steps[-1] is Step.COUNCIL
    file = tmp_path / "key.txt"
    for wrong in (None, b"\xff\xfe", b"not a key", b"x" * 5000):
        if wrong is not None:
            file.write_bytes(wrong)
        presenter.take_council_key(file)
        assert "Nothing was changed" in pages.problem
    made = fresh_council_key()
    file.write_text(made.public + "\n", encoding="ascii")
    presenter.take_council_key(file)
    assert pages.problem == ""
    assert pages.council == (made.public, words_of(public_of(made.public)))
    joining.error = OSError("no line")
    presenter.let_council_in(pages.council[0])
    assert joining.calls
    assert pages.steps[-1] is Step.CODE
    presenter.sheet_written()
    places = [place - 1 for place in pages.asked]
    joining.error = None
    presenter.type_back(*(pages.sheet[place] for place in places))
    assert opened == ["session"]
    assert pages.steps.count(Step.COUNCIL) == 1


def test_wrong_words_of_the_sheet_do_not_go_on(first):
    presenter, pages, joining, _, _ = first
    to_sheet(presenter)
    presenter.sheet_written()
    presenter.type_back("wrong", "words")
    assert "not the two words" in pages.problem
    assert joining.calls == []


def test_a_code_that_does_not_work_comes_back_to_the_code_and_keeps_the_vault(first):
    from sync.errors import CodeRefused

    presenter, pages, joining, opened, _ = first
    joining.error = CodeRefused()
    to_sheet(presenter)
    presenter.sheet_written()
    one, two = pages.asked
    presenter.type_back(pages.sheet[one - 1], pages.sheet[two - 1])
    presenter.go_on()
    assert pages.steps[-1] is Step.CODE
    assert pages.problem == str(CodeRefused())
    joining.error = None
    presenter.give_code("https://register.example.org", "NEWC-ODE2-2345-6789")
    assert opened == ["session"]


GOOD_CODE = "ABCD-EFGH-2345-6789"


@pytest.mark.parametrize(
    ("address", "code", "word"),
    [
        ("", "x", "address"),
        ("x", " ", "code"),
        ("x", "ABCD-1234", "8 are typed"),
        ("x", "\u00e9", "1 is typed"),
        ("kent county council", GOOD_CODE, "one word"),
        ("http://[::1", GOOD_CODE, "no register"),
        ("localhost:99999", GOOD_CODE, "no register"),
        ("ftp://register.example.org", GOOD_CODE, "https://"),
        ("register..example.org", GOOD_CODE, "dot"),
        ("x" * 300, GOOD_CODE, "shorter"),
        ("re\x00gister", GOOD_CODE, "one word"),
        ("https://", GOOD_CODE, "one word"),
        ("http://register.example.org", GOOD_CODE, "read along"),
    ],
)
def test_what_is_missing_is_named(first, address, code, word):
    presenter, pages, *_ = first
    presenter.give_code(address, code)
    assert word in pages.problem
    assert pages.steps == []


@pytest.mark.parametrize(
    ("passphrase", "again", "part"),
    [
        ("short", "short", "15 characters"),
        ("password password", "password password", "thief"),
        (WORDS, WORDS + "x", "not the same"),
    ],
)
def test_a_weak_or_different_passphrase_is_said(first, passphrase, again, part):
    presenter, pages, *_ = first
    presenter.give_passphrase(passphrase, again)
    assert part in pages.problem


def test_the_offered_passphrase_is_three_words_and_a_number_and_good_enough():
    offered = {vaults.three_words() for _ in range(20)}
    assert len(offered) == 20
    for each in offered:
        assert len(each.split()) == 4
        assert fr.passphrase_problem(each, each) == ""


@pytest.mark.parametrize(
    "kind", ["Unreachable", "Slow", "ProxyInTheWay", "RegisterDown", "TooOften"]
)
def test_joining_never_says_that_it_goes_on_by_itself(first, kind):
    from sync import errors

    presenter, pages, joining, opened, _ = first
    joining.error = getattr(errors, kind)()
    to_sheet(presenter)
    presenter.sheet_written()
    presenter.type_back(*(pages.sheet[place - 1] for place in pages.asked))
    presenter.go_on()
    assert pages.steps[-1] is Step.CODE
    assert "Continue" in pages.problem
    assert "We will" not in pages.problem
    assert "by itself" not in pages.problem
    assert opened == []


def test_a_full_disk_names_the_button_that_is_there_and_can_be_gone_on_from(first, monkeypatch):
    presenter, pages, *_ = first
    quick = vaults.create

    def full(folder, _passphrase, _clock):
        folder.mkdir(parents=True)
        (folder / "files").mkdir()
        (folder / "records.db").write_bytes(b"x" * 4096)  # as far as it came
        raise VaultFull

    monkeypatch.setattr(vaults, "create", full)
    to_sheet(presenter)
    assert pages.problem == str(VaultFull()).replace("Try again", "Continue")
    assert "press Continue" in pages.problem
    assert pages.steps[-1] is Step.PASSPHRASE
    monkeypatch.setattr(vaults, "create", quick)
    presenter.give_passphrase(WORDS, WORDS)
    assert pages.steps[-1] is Step.SHEET


@pytest.mark.parametrize("kind", [VaultFull, VaultUnwell, RuntimeError])
def test_what_did_not_work_names_only_what_is_on_its_page_and_is_told_to_the_report(
    first, monkeypatch, kind
):
    presenter, pages, *_ = first

    def fails(*_of):
        raise kind

    to_sheet(presenter)
    monkeypatch.setattr(vaults, "let_council_in", fails)
    presenter.let_council_in("a key")
    assert "ress “They are the same” again" in pages.problem
    monkeypatch.setattr(vaults, "with_new_sheet", fails)
    said = [pages.problem]
    presenter.resume(presenter._made)
    assert pages.steps[-1] is Step.DOWNLOAD
    assert "lose this window and open it again" in pages.problem
    said.append(pages.problem)
    for each in said:
        assert "Continue" not in each
        assert "Try" not in each
    assert [type(error) for error in pages.noted] == [kind, kind]


def test_the_council_page_has_the_button_that_is_named(qtbot):
    pages = FirstRun()
    qtbot.addWidget(pages)
    names = [b.text() for b in pages.council.findChildren(QPushButton)]
    assert "They are the same: let the council in" in names
    assert "Continue" not in names


def test_a_folder_that_is_copied_to_the_internet_is_named_and_what_to_ask_for(first, monkeypatch):
    presenter, pages, *_ = first
    presenter._folder = presenter._folder / "OneDrive - Council" / "records"
    monkeypatch.setattr(vaults, "create", lambda *of: Vault.create(of[0], passphrase=of[1]))
    to_sheet(presenter)
    assert str(presenter._folder) in pages.problem
    assert "Choose a folder" not in pages.problem, "there is no way to choose one here"
    assert not presenter._folder.exists()
    assert pages.steps[-1] is Step.PASSPHRASE


def test_what_a_first_run_left_half_made_is_no_vault_and_what_lost_its_header_is_one(tmp_path):
    half = tmp_path / "half"
    (half / "files").mkdir(parents=True)
    (half / "copies").mkdir()
    assert not vaults.exists(half)
    (half / "records.db").write_bytes(b"x" * 4096)
    assert not vaults.exists(half), "nobody could open it: first run is the way on"
    for used in ("enrolment.sealed", "copies/one.db", "files/one"):
        (half / used).write_bytes(b"x")
        assert vaults.exists(half), used
        (half / used).unlink()
    (half / "vault.json").write_bytes(b"{}")
    assert vaults.exists(half)


def test_another_sheet_says_why_and_what_the_earlier_one_is_worth(first, made, clock):
    presenter, pages, *_ = first
    to_sheet(presenter)
    assert pages.why == ""
    vault = Vault.open(made[0], passphrase=WORDS, clock=clock)
    presenter.resume(vaults.Made(vault, ()))
    vault.close()
    assert "Tear an earlier one up" in pages.why


def test_enter_leads_through_the_fields_and_a_problem_to_the_field(first, qtbot):
    presenter, *_ = first
    pages = FirstRun()
    qtbot.addWidget(pages)
    presenter._view = pages
    pages.use(presenter)
    pages.show()
    pages.activateWindow()
    presenter.start_joining()
    qtbot.keyClicks(pages.code.address.edit, "localhost:8640")
    qtbot.keyClick(pages.code.address.edit, Qt.Key.Key_Return)
    assert pages.focusWidget() is pages.code.code.edit
    qtbot.keyClicks(pages.code.code.edit, GOOD_CODE)
    qtbot.keyClick(pages.code.code.edit, Qt.Key.Key_Return)
    qtbot.keyClicks(pages.passphrase.first.edit, "short")
    qtbot.keyClick(pages.passphrase.first.edit, Qt.Key.Key_Return)
    assert pages.focusWidget() is pages.passphrase.again.edit
    (go,) = [b for b in pages.passphrase.findChildren(QPushButton) if b.text() == "Continue"]
    go.setFocus()
    go.click()
    assert "15 characters" in pages.passphrase.problem.words
    assert pages.focusWidget() is pages.passphrase.first.edit
    pages.show_sheet(("one", "two"), "Another.")
    pages.show_step(Step.SHEET)
    assert pages.focusWidget().text() == "Print it"
    assert pages.sheet._why.words == "Another."


def test_practice_is_one_press(first):
    presenter, _, _, _, practice = first
    presenter.try_practice()
    assert practice == [True]


def test_practice_records_whose_filling_was_cut_short_are_filled_the_next_time(tmp_path, clock):
    Vault.create(tmp_path / "p", practice=True, clock=clock)[0].close()
    counts = []
    for _ in range(2):
        session = vaults.open_practice(tmp_path / "p", clock)
        counts.append(session.vault.reader.caseload().count)
        session.vault.close()
    assert counts == [40, 40]


def without_bytes(vault):
    return {a.name for a in vault.reader.all(Attachment) if not vault.files.has(a.sha256)}


def test_the_practice_papers_come_after_the_records_and_once_more_where_they_were_cut_short(
    tmp_path, clock, monkeypatch
):
    session = vaults.open_practice(tmp_path / "p", clock)
    vault = session.vault
    papers = vault.reader.all(Attachment)
    assert len(without_bytes(vault)) > 5, "the first opening waits for no file"
    stored = []
    store = type(vault.files).store

    def cut_short(files, data, **more):
        if len(stored) == 3:
            raise OSError("the power went")
        stored.append(store(files, data, **more))
        return stored[-1]

    monkeypatch.setattr(type(vault.files), "store", cut_short)
    with pytest.raises(OSError, match="the power went"):
        vaults.put_papers_in(vault)
    monkeypatch.undo()
    vault.close()
    session = vaults.open_practice(tmp_path / "p", clock)
    vault = session.vault
    assert vaults.put_papers_in(vault) == len(papers) - 3
    assert without_bytes(vault) == set()
    assert vaults.put_papers_in(vault) == 0
    vault.close()


def test_one_box_shows_what_was_typed_twice(qtbot):
    page = PassphrasePage()
    qtbot.addWidget(page)
    page.show()
    boxes = [each for each in page.findChildren(QCheckBox) if each.isVisible()]
    assert [each.text() for each in boxes] == ["Show both"]
    for shown in (True, False):
        boxes[0].click()
        for field in (page.first, page.again):
            assert (field.edit.echoMode() == QLineEdit.EchoMode.Normal) is shown
    page.show_offer("apple bicycle harbour")
    assert page.again.edit.echoMode() == QLineEdit.EchoMode.Normal
