"""The caseload: where is each one, who is stuck, who needs me next. Filter as you type.

Each keystroke asks for ids and the first page in one job; an older answer never replaces a newer
one. Refuses to sort or filter in Python: the vault's index does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from desktop.presenters.caseload_lines import Speaker
from desktop.presenters.list_memory import OWN, ListMemory, from_text
from desktop.presenters.saved_views import MEMORY, ORDERS, VIEWS, SavedViews
from desktop.presenters.whole_list import WholeList
from forms.values import london_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.broadcast import News
    from desktop.context import Context
    from desktop.presenters.caseload_lines import Line
    from storage.reader import Reader
    from storage.vault import Vault

KINDS = ("enterprise", "leader", "stage_event", "checklist_item", "action", "session")
LIMIT = 1000
FIRST_PAGE = 16  # what a laptop's window shows; a taller one asks for the rest


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The answer to one question of the filter box."""

    asked: int
    ids: tuple[str, ...]
    lines: tuple[Line, ...]
    count: int
    counts: dict[str, int]
    view: str
    memory: ListMemory


@dataclass(frozen=True, slots=True)
class Question:
    """What the list is asked."""

    asked: int
    words: str
    view: str
    counts: dict[str, int]
    memory: ListMemory | None


class CaseloadView(Protocol):
    """The screen, as the presenter sees it."""

    def show_found(self, ids: Sequence[str], lines: Sequence[Line], words: str) -> None:
        """Show these, with the count line."""
        ...

    def put_lines(self, lines: Sequence[Line]) -> None:
        """A page that was asked for."""
        ...

    def show_views(self, counts: dict[str, int], chosen: str) -> None:
        """The saved views with their counts."""
        ...

    def show_memory(self, memory: ListMemory, order: str) -> None:
        """Own views, hidden columns, and the order in use."""
        ...

    def put_words(self, words: str) -> None:
        """The words of an own view, in the filter box."""
        ...

    def show_busy(self, words: str, done: int, of: int) -> None:
        """How far the reading of every row is; "" when it is over."""
        ...


class CaseloadPresenter:
    """Turns typing and views into rows. `views` and `whole` are what else the page can do."""

    def __init__(self, view: CaseloadView, context: Context, chosen: str = "all") -> None:
        self._view, self._context = view, context
        self._words = ""
        self.views = SavedViews(context, view, self.load, chosen)
        self.whole = WholeList(view, context, self._speaker)
        self._asked = 0
        self._under_way = False
        self._again = False
        self._counts: dict[str, int] = {}  # of the saved views; typing does not change them
        self.left_out = ""  # the count line, when more were found than are shown
        context.broadcast.listen(view, self._heard, *KINDS)

    def load(self) -> None:
        """Ask again: the records or the saved view changed."""
        self._counts = {}
        self._ask()

    def _ask(self) -> None:
        """One question at a time; what was typed meanwhile goes as one, the newest."""
        self._asked += 1
        if self._under_way:
            self._again = True
            return
        self._under_way, self._again = True, False
        views = self.views
        question = Question(self._asked, self._words, views.chosen, self._counts, views.memory)
        speak = self._speaker()
        self._context.with_vault(
            lambda vault: find(vault, question, speak),
            owner=self._view,
            on_done=self._answered,
            on_failed=self._failed,
        )

    def filter(self, words: str) -> None:
        """The filter box changed."""
        self._words = words.strip()
        self._ask()

    def choose(self, view: str) -> None:
        """Another saved view; an own one brings its words."""
        self.views.chosen = view
        own = self.views.own
        if own is not None:
            self._words = own.words
            self._view.put_words(own.words)
        self.load()

    def keep_view(self, name: str) -> None:
        """Keep what is shown now as a view of one's own."""
        self.views.keep(name, self._words)

    def want_page(self, ids: tuple[str, ...]) -> None:
        """The table scrolled to rows that are not here yet."""
        speak = self._speaker()
        self._context.read(
            lambda reader: speak.lines(reader, ids),
            owner=self._view,
            on_done=self._view.put_lines,
        )

    def take_along(self, *, as_file: bool) -> None:
        """Copy the list, or save it as a file: the window's own actions, wherever one is."""
        if self._context.actions is not None:
            self._context.actions["table.save" if as_file else "table.copy"].run()

    def open(self, enterprise_id: str) -> None:
        """Enter: open it."""
        if enterprise_id:
            self._context.open_route("enterprise", id=enterprise_id)

    def new_enterprise(self) -> None:
        """Take somebody on."""
        self._context.open_route("new_enterprise")

    def _answered(self, found: Found) -> None:
        self._under_way = False
        if self.views.memory not in (None, found.memory):
            self._again = True  # a view or an order was kept meanwhile: asked with it
        elif found.asked == self._asked:
            self._counts = found.counts
            self.views.memory, self.views.chosen = found.memory, found.view
            self._view.show_memory(found.memory, self.views.order)
            self._view.show_views(found.counts, found.view)
            said = self._count_line(found)
            self.left_out = said if found.count > len(found.ids) else ""
            self._view.show_found(found.ids, found.lines, said)
        if self._again:
            self._ask()

    def _failed(self, error: Exception) -> None:
        self._under_way = False
        self._context.tell.failed(error, again=self._ask)

    def _count_line(self, found: Found) -> str:
        people = "1 enterprise" if found.count == 1 else f"{found.count:,} enterprises"
        if found.count > len(found.ids):
            return f"{people}. The first {len(found.ids):,} are shown: type to find others."
        if self._words:
            return f"{people} found for '{self._words}'"
        return f"{people} - {found.counts['stuck']} waiting on others"

    def _speaker(self) -> Speaker:
        stages = {stage.code: stage.label for stage in self._context.pack.stages}
        return Speaker(stages, london_day(self._context.clock.now()), self._context.pack)

    def _heard(self, news: News) -> None:
        del news
        self.load()


def find(vault: Vault, question: Question, speak: Speaker) -> Found:
    """Ids, the first lines and, unless they are known, memory and counts (vault lane)."""
    reader, memory = vault.reader, question.memory or from_text(vault.desk.read(MEMORY))
    known = {*dict(VIEWS), *(OWN + own.name for own in memory.views)}
    view = question.view if question.view in known else "all"
    own = memory.view(view)
    order = memory.orders.get(view, "name")
    order = order if order.removeprefix("-") in ORDERS else "name"
    base = own.base if own is not None and own.base in dict(VIEWS) else view
    base = base if base in dict(VIEWS) else "all"
    found = reader.caseload(question.words, base, LIMIT, order)
    return Found(
        asked=question.asked,
        ids=found.ids,
        lines=tuple(speak.lines(reader, found.ids[:FIRST_PAGE])),
        count=found.count,
        counts=question.counts or _counts(reader, memory),
        view=view,
        memory=memory,
    )


def _counts(reader: Reader, memory: ListMemory) -> dict[str, int]:
    own = {
        OWN + one.name: reader.caseload(one.words, one.base, LIMIT).count
        for one in memory.views
        if one.base in dict(VIEWS)
    }
    return reader.caseload_counts() | own
