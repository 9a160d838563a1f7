"""The pages beside the questions: photos and papers, and the page that goes home.

Each works on what the sitting shares (`AtTable`). Refuses file names and folders on the screen:
they could name somebody else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import together
from desktop.operations.new_files import NewFile, arrived
from desktop.operations.preview import Preview, pdf_page, preview
from desktop.operations.taking_away import TakenAway, put_back_here, take_away_here
from desktop.operations.writing import Written
from desktop.presenters import words
from desktop.presenters.saving import words_for

if TYPE_CHECKING:
    from desktop.presenters.together import AtTable
    from desktop.presenters.together_picture import Step
    from evidence.reports.leave_behind import Visit

SEEN_WIDTH = 900
OTHER_KIND = (
    "A photo came in that can not be kept. It is of another kind. On an iPhone open Settings, then "
    "Camera, then Formats. Choose Most Compatible. Then take the photo again."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """A file that just arrived, told by kind and time."""

    words: str  # "Photo, 14:05, 2.1 MB"
    file: NewFile


class FilesView(Protocol):
    """What the presenter asks of the page for photos and papers."""

    def show_offered(self, offered: tuple[Offered, ...], besides: str) -> None:
        """What arrived since the sitting began; `besides`: what arrived and can not be kept."""
        ...

    def show_seen(self, seen: Preview) -> None:
        """A look at one that is kept."""
        ...

    def say_kept(self, words: str) -> None:
        """It is in the records."""
        ...

    def show_may_go(self, paper_id: str) -> None:
        """The one that can be taken away again."""
        ...

    def show_gone(self, words: str) -> None:
        """It is gone, and can be put back."""
        ...

    def say_problem(self, words: str) -> None:
        """It is not."""
        ...


class FilesPresenter:
    """Offers what just arrived, keeps what is chosen, shows what is kept."""

    def __init__(self, table: AtTable, view: FilesView, folders: Callable[[], list[Path]]) -> None:
        self._table, self._view, self._folders = table, view, folders
        self._taken: tuple[Step, TakenAway] | None = None

    def look(self) -> None:
        """Look for new photos and papers."""
        folders, since = self._folders(), self._table.sitting.began

        def job(_vault: Any) -> list[NewFile]:
            return arrived(folders, since)

        self._table.context.with_vault(job, owner=self._table.owner, on_done=self._found)

    def take(self, step: Step, file: NewFile) -> None:
        """Keep one for this step."""
        operation = partial(_evidence, self._table, step.code, file.path)
        then = partial(self._kept, step)
        self._table.write(operation, on_done=then, on_failed=self._view.say_problem)

    def see(self, paper_id: str) -> None:
        """Look at one that is kept, in memory only."""
        self._table.context.with_vault(
            lambda vault: preview(vault, paper_id, width=SEEN_WIDTH, called="This paper"),
            owner=self._table.owner,
            on_done=partial(self._seen, paper_id),
            on_failed=self._failed,
        )

    def take_away(self, step: Step, paper_id: str) -> None:
        """A wrong one, kept today: it goes, and can be put back."""
        operation = partial(_take_away, self._table.enterprise_id, step.code, paper_id)
        done = partial(self._gone, step)
        self._table.write(operation, on_done=done, on_failed=self._view.say_problem)

    def put_back(self) -> None:
        """It was the right one."""
        if self._taken is None:
            return
        step, taken = self._taken
        operation = partial(_put_back, self._table.enterprise_id, taken)
        then = partial(self._kept, step)
        self._table.write(operation, on_done=then, on_failed=self._view.say_problem)

    def _found(self, files: Iterable[NewFile]) -> None:
        every = tuple(files)
        kept = [file for file in every if file.is_of_a_kept_kind]
        offered = tuple(Offered(words=_told(file), file=file) for file in kept)
        self._view.show_offered(offered, OTHER_KIND if len(kept) < len(every) else "")

    def _kept(self, step: Step, written: Written[Any]) -> None:
        self._table.note(f"file.{step.code}", f"{step.title}: we kept a photo or paper")
        self._view.say_kept(f"Kept safe. {words.saved_at(written.at)}")
        self._view.show_may_go(str(written.result))

    def _seen(self, paper_id: str, seen: Preview) -> None:
        self._view.show_seen(seen)
        self._view.show_may_go(paper_id)

    def _gone(self, step: Step, written: Written[TakenAway]) -> None:
        self._taken = step, written.result
        if written.result.is_last:
            self._table.note(f"file.{step.code}", "")
        self._view.show_gone(f"Taken away. {words.saved_at(written.at)}")

    def _failed(self, error: Exception) -> None:
        self._view.say_problem(words_for(error))


def _evidence(table: AtTable, code: str, path: Path, writing: Any) -> str:
    return together.add_evidence(
        writing,
        table.enterprise_id,
        code,
        path=path,
        given_by=table.picture.name if table.picture is not None else "",
        caption="Shown at the table",
    )


def _take_away(enterprise_id: str, code: str, paper_id: str, writing: Any) -> TakenAway:
    return take_away_here(writing, enterprise_id, code, paper_id)


def _put_back(enterprise_id: str, taken: TakenAway, writing: Any) -> str:
    return put_back_here(writing, enterprise_id, taken)


def _told(file: NewFile) -> str:
    kind = "Photo" if file.is_picture else "Paper"
    return f"{kind}, {words.clock_time(file.at)}, {words.size(file.size)}"


class SheetView(Protocol):
    """What the presenter asks of the page that goes home."""

    def show_making(self, *, on: bool) -> None:
        """Another page is being made, and nothing is printed or sent; off: it could not be."""
        ...

    def show_sheet(self, seen: tuple[Preview, ...], page: bytes) -> None:
        """The page as it will be printed: one side, or both."""
        ...

    def show_reach(self, reach: str) -> None:
        """How to reach the coach, as it was written last."""
        ...

    def say_later(self, words: str) -> None:
        """It is on the coach's list."""
        ...

    def say_problem(self, words: str) -> None:
        """What went wrong, and what to do."""
        ...


class CoachsCard(Protocol):
    """How the coach is reached: kept on this laptop, the same for everybody."""

    def read(self, show: Callable[[str], None]) -> None:
        """Give it back."""
        ...

    def keep(self, text: str) -> None:
        """Remember it."""
        ...


class SheetPresenter:
    """Makes the page, offline; prints are the view's matter."""

    def __init__(self, table: AtTable, view: SheetView, card: CoachsCard) -> None:
        self._table, self._view, self._card = table, view, card
        self._reach = ""
        self._large = self._small_paper = False
        self._wanted = 0  # pages that were asked for; only the last is shown

    def show(self) -> None:
        """Make the page with what was done by now."""
        self._card.read(self._reached)

    def use_large(self, large: bool) -> None:  # noqa: FBT001 -- a tick
        """18 point instead of 14."""
        self._large = large
        self._make()

    def use_small_paper(self, small: bool) -> None:  # noqa: FBT001 -- a tick
        """A5 instead of A4."""
        self._small_paper = small
        self._make()

    def set_reach(self, text: str) -> None:
        """Another way to reach the coach."""
        self._reach = text.strip()
        self._card.keep(self._reach)
        self._make()

    def send_later(self, page: bytes) -> None:
        """Keep the page with the record; sending it is on the coach's list for tomorrow."""
        remind = self._sending not in self._table.sitting.coach_does
        operation = partial(_later, self._table, page, remind)
        self._table.write(operation, on_done=self._later, on_failed=self._view.say_problem)

    @property
    def _sending(self) -> str:
        return f"Send this page to {self._table.first_name or 'you'}"

    def _reached(self, reach: str) -> None:
        self._reach = reach
        self._view.show_reach(reach)
        self._make()

    def _make(self) -> None:
        visit, large, small = self._visit(), self._large, self._small_paper
        if visit is None:
            return
        self._wanted += 1
        self._view.show_making(on=True)
        self._table.context.with_vault(
            lambda _vault: make_page(visit, large=large, small_paper=small),
            owner=self._table.owner,
            on_done=partial(self._made, self._wanted),
            on_failed=partial(self._not_made, self._wanted),
        )

    def _visit(self) -> Visit | None:
        from evidence.reports.leave_behind import Visit  # the print system is slow to load

        table = self._table
        if table.picture is None:
            return None
        return Visit(
            on=table.sitting.on,
            leader=table.picture.name,
            coach=table.context.actor.name,
            council=table.context.pack.council,
            done_today=tuple(table.sitting.done.values()),
            do_next=tuple(each.words for each in table.picture.promised),
            coach_does=tuple(table.sitting.coach_does),
            reach=tuple(line for line in self._reach.splitlines() if line.strip()),
            signed=table.picture.signed,
            strokes=table.picture.strokes,
            practice=table.context.session.practice,
        )

    def _made(self, which: int, made: tuple[tuple[Preview, ...], bytes]) -> None:
        if which == self._wanted:
            self._view.show_sheet(*made)

    def _later(self, written: Written[Any]) -> None:
        self._table.sitting.promise(self._sending)
        self._table.keep_sitting()
        self._view.say_later(f"It is on the list for tomorrow. {words.saved_at(written.at)}")

    def _not_made(self, which: int, error: Exception) -> None:
        if which == self._wanted:
            self._view.show_making(on=False)
            self._view.say_problem(words_for(error))


def make_page(
    visit: Visit, *, large: bool, small_paper: bool = False
) -> tuple[tuple[Preview, ...], bytes]:
    """The page as a PDF and as pictures of it; no file is written.

    One side of A4, or both sides of A5: never more than one piece of paper.
    """
    sides = 2 if small_paper else 1
    from evidence.pdf import render_pdf
    from evidence.reports.leave_behind import MOST, build

    def made(most: int, done: int) -> tuple[tuple[Preview, ...], bytes]:
        sheet = build(visit, large=large, small_paper=small_paper, most=most, most_done=done)
        page = render_pdf(sheet)
        first = pdf_page("The page", page, page=0, width=SEEN_WIDTH)
        rest = range(1, min(first.pages, sides))
        return (first, *(pdf_page("The page", page, page=n, width=SEEN_WIDTH) for n in rest)), page

    # what was done gives way first, to one line; then what comes next, line by line
    for most, done in ((MOST, MOST), (MOST, 3), *((most, 2) for most in range(MOST, 1, -1))):
        seen, page = made(most, done)
        if seen[0].pages <= sides:
            return seen, page
    return made(1, 1)


def _later(table: AtTable, page: bytes, remind: bool, writing: Any) -> None:  # noqa: FBT001
    to, visit_id = table.first_name or "them", table.sitting.visit
    together.send_later(
        writing, table.enterprise_id, page=page, to=to, visit_id=visit_id, remind=remind
    )
