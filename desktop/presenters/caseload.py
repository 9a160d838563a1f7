"""The caseload: where is each one, who is stuck, who needs me next. Filter as you type.

Each keystroke asks for ids and the first page in one job; an older answer never replaces a newer
one. Refuses to sort or filter in Python: the vault's index does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Protocol

from desktop.presenters.chip import date_words
from desktop.presenters.counted import counted, done_words
from desktop.presenters.list_memory import LONGEST_NAME, OWN, ListMemory, OwnView, from_text
from desktop.presenters.words import counted as counted_words
from forms.facts.casework import Action
from forms.values import london_day

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop.broadcast import News
    from desktop.context import Context
    from forms.rules.checklist import Progress
    from forms.rules.pack import Pack
    from storage.caseload import CaseloadRow
    from storage.reader import Reader
    from storage.vault import Vault

KINDS = ("enterprise", "leader", "stage_event", "checklist_item", "action", "session")
LIMIT = 1000
FIRST_PAGE = 16  # what a laptop's window shows; a taller one asks for the rest
VIEWS = (
    ("all", "All"),
    ("stuck", "Waiting on others"),
    ("ready", "Ready to trade"),
    ("trading", "Trading"),
    ("quiet", "Quiet"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the table, in words."""

    id: str
    cells: tuple[str, ...]  # in the order of the columns
    done: int
    of: int
    name: str
    leader: str
    waiting_on: str


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


@dataclass(slots=True)
class Whole:
    """The reading of every row of the list, for paper or a file."""

    total: int
    left: list[str]
    then: Callable[[], None]


AT_A_TIME = 100
ORDERS = ("name", "place", "stage", "done", "next", "waiting", "contact")  # column by column
MEMORY = "list/caseload"  # key of the desk's memory


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
    """Turns typing and views into rows."""

    def __init__(self, view: CaseloadView, context: Context, chosen: str = "all") -> None:
        self._view, self._context = view, context
        self._words = ""
        self._chosen = chosen
        self._memory: ListMemory | None = None  # until it has been read
        self._asked = 0
        self._under_way = False
        self._again = False
        self._whole: Whole | None = None  # the reading of every row, while it goes on
        self._counts: dict[str, int] = {}  # of the saved views; typing does not change them
        self.left_out = ""  # the count line, when more were found than are shown
        context.broadcast.listen(view, self._heard, *KINDS)

    @property
    def words(self) -> str:
        """What is typed in the filter box."""
        return self._words

    @property
    def chosen(self) -> str:
        """The saved view in use."""
        return self._chosen

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
        question = Question(self._asked, self._words, self._chosen, self._counts, self._memory)
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
        self._chosen = view
        own = self._memory.view(view) if self._memory is not None else None
        if own is not None:
            self._words = own.words
            self._view.put_words(own.words)
        self.load()

    def sort_by(self, column: int) -> None:
        """Sort by a column; again turns it round. Kept for this view."""
        memory = self._memory or ListMemory()
        wanted, now = ORDERS[column], memory.orders.get(self._chosen, "name")
        self._remember(memory.ordered(self._chosen, f"-{wanted}" if now == wanted else wanted))

    def toggle_column(self, column: int) -> None:
        """Show or hide a column."""
        self._remember((self._memory or ListMemory()).toggled(ORDERS[column]))

    def keep_view(self, name: str) -> None:
        """Keep what is shown now as a view of one's own."""
        name = " ".join(name.split())[:LONGEST_NAME]
        if not name:
            return
        memory = self._memory or ListMemory()
        own = memory.view(self._chosen)
        base = own.base if own is not None else self._chosen
        order = memory.orders.get(self._chosen, "name")
        memory = memory.with_view(OwnView(name=name, words=self._words, base=base))
        self._chosen = OWN + name
        self._remember(memory.ordered(self._chosen, order))
        self._context.tell.say(f"View “{name}” kept.")

    def forget_view(self) -> None:
        """Forget the own view in use; can be taken back."""
        memory = self._memory or ListMemory()
        own = memory.view(self._chosen)
        if own is None:
            return
        self._chosen = own.base
        self._remember(memory.without(OWN + own.name))
        self._context.tell.offer_undo(
            f"View “{own.name}” forgotten", lambda: self._remember(memory)
        )

    def _remember(self, memory: ListMemory) -> None:
        self._memory, text = memory, memory.as_text()
        self._context.with_vault(
            lambda vault: None if vault.is_read_only else vault.desk.keep(MEMORY, text),
            owner=self._view,
            on_done=self._remembered,
        )

    def _remembered(self, nothing: None) -> None:
        del nothing
        self.load()

    def want_page(self, ids: tuple[str, ...]) -> None:
        """The table scrolled to rows that are not here yet."""
        speak = self._speaker()
        self._context.read(
            lambda reader: speak.lines(reader, ids),
            owner=self._view,
            on_done=self._view.put_lines,
        )

    def have_all(self, ids: tuple[str, ...], then: Callable[[], None]) -> None:
        """Read these rows too, some at a time, then go on with `then`; Stop leaves it."""
        self._whole = Whole(total=len(ids), left=list(ids), then=then)
        self._read_on(self._whole)

    def stop_reading(self) -> None:
        """A person does not want the rest."""
        self._whole = None
        self._view.show_busy("", 0, 0)

    def _read_on(self, whole: Whole) -> None:
        if whole is not self._whole:
            return  # stopped, or asked for again
        if not whole.left:
            self.stop_reading()
            whole.then()
            return
        ids, whole.left = whole.left[:AT_A_TIME], whole.left[AT_A_TIME:]
        done = whole.total - len(whole.left) - len(ids)
        if whole.total > AT_A_TIME:
            words = f"Reading the list: {done:,} of {whole.total:,} enterprises"
            self._view.show_busy(words, done, whole.total)
        speak = self._speaker()
        self._context.read(
            lambda reader: speak.lines(reader, ids),
            owner=self._view,
            on_done=partial(self._came, whole),
        )

    def _came(self, whole: Whole, lines: list[Line]) -> None:
        self._view.put_lines(lines)
        self._read_on(whole)

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
        if found.asked == self._asked:
            self._counts, self._memory, self._chosen = found.counts, found.memory, found.view
            self._view.show_memory(found.memory, found.memory.orders.get(found.view, "name"))
            self._view.show_views(found.counts, self._chosen)
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


@dataclass(frozen=True, slots=True)
class Speaker:
    """Says a caseload row in words; runs in the vault lane, so it holds plain values only."""

    stages: dict[str, str]
    today: date
    pack: Pack

    def lines(self, reader: Reader, ids: Sequence[str]) -> list[Line]:
        """The rows of these enterprises, each with its checklist counted."""
        counts = counted(reader, self.pack, ids, self.today)
        rows = reader.caseload_rows(ids)
        since = _waiting_since(reader, [row.id for row in rows if row.waiting_on])
        return [self.line(row, counts.get(row.id), since.get(row.id)) for row in rows]

    def line(self, row: CaseloadRow, counts: Progress | None, since: date | None = None) -> Line:
        """One row; `since`: the day from which somebody else has been waited for."""
        waits = _waiting(row)
        days = (self.today - since).days if since is not None and waits else 0
        waited = f"{waits}, {counted_words(days, 'day')}" if days > 0 else waits
        due = f" ({date_words(row.next_due, self.today)})" if row.next_due else ""
        return Line(
            id=row.id,
            cells=(
                _name(row),
                row.place,
                self.stages.get(row.stage, row.stage.replace("_", " ").capitalize()),
                done_words(counts) or "nothing asked yet",
                f"{row.next_action}{due}",
                waited,
                self._contact(row.last_contact),
            ),
            done=counts.done if counts else 0,
            of=counts.total if counts else 0,
            name=row.name or row.leader,
            leader=row.leader,
            waiting_on=waited,
        )

    def _contact(self, day: date | None) -> str:
        if day is None:
            return "none yet"
        if abs((day - self.today).days) <= 1:
            return date_words(day, self.today)
        year = "" if day.year == self.today.year else f" {day.year}"
        return f"{day:%a} {day.day} {day:%b}{year}"


def _name(row: CaseloadRow) -> str:
    """The enterprise, and who runs it; somebody without a trading name is there by her own."""
    if not row.name:
        return row.leader or "No name yet"
    return f"{row.name} ({row.leader})" if row.leader and row.leader != row.name else row.name


def _waiting(row: CaseloadRow) -> str:
    return {"leader": row.leader or "the leader", "other": "somebody else"}.get(
        row.waiting_on, row.waiting_on
    )


def _waiting_since(reader: Reader, ids: Sequence[str]) -> dict[str, date]:
    """Since when each is waited for: of the very thing that the list names (vault lane)."""
    found: dict[str, date] = {}
    for enterprise_id, actions in (reader.under(Action, ids) if ids else {}).items():
        theirs = [each for each in actions if each.owner != "coach" and each.done_on is None]
        theirs.sort(key=lambda each: (each.due_on is None, each.due_on or date.max, each.id))
        named = theirs[0] if theirs else None
        if named is not None and named.start_on is not None:
            found[enterprise_id] = named.start_on
    return found


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
