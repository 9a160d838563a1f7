"""When to talk to the register: soon after a commit, every few minutes, on request; patiently.

Rounds run in the network lane, one at a time. A failed round changes the chip only when a person
must do something. Refuses pop-ups, and refuses to run at all for practice records.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QDeadlineTimer, QObject, QTimer, Signal, Slot

from desktop.jobs import Jobs, Lane
from desktop.operations import exchange
from desktop.presenters.chip import Chip, SafetyState, chip
from desktop.sending_rules import SendingRules
from desktop.trouble import in_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop.broadcast import News
    from desktop.context import Context, Session
    from forms.change import Changes
    from sync.schedule import Waiting

FIRST_MS = 1_500


class _Telling:
    """Announces what a round brought, each change once, in the name of `initiator`."""

    def __init__(self, context: Context, initiator: object) -> None:
        self._context, self._initiator = context, initiator
        self._told = 0  # how many of the changes of this round

    def begin(self) -> None:
        """Another round: none of its changes is told."""
        self._told = 0

    def so_far(self, came: Sequence[Changes]) -> None:
        """While it runs: answers that are kept are old from now on. A receipt alone can wait."""
        if any(each.records for each in came[self._told :]):
            self._tell(came)

    def at_the_end(self, came: Sequence[Changes]) -> None:
        """However it ended: the rest."""
        if self._context.known is not None:
            self._context.known.forget()  # receipts and the directory's copy are no commit's news
        self._tell(came)

    def _tell(self, came: Sequence[Changes]) -> None:
        fresh = came[self._told :]
        self._told += len(fresh)
        for changes in fresh:
            self._context.broadcast.announce(changes, self._initiator)


class Exchanger(QObject):
    """Keeps laptop and register level, and knows what the chip should say."""

    chip_changed = Signal(object)  # Chip
    round_ended = Signal(object)  # sentence: str, "" when it went well
    _progressed = Signal(int, int)

    def __init__(self, context: Context, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._context, self._jobs = context, jobs
        self._running = self._stopped = False
        self._fails = 0
        self._wish = QDeadlineTimer()  # until when the register wants to be left alone
        self.needs_code = False  # the last round was stopped by what a new code ends
        self._trouble = ""
        self._asked = False  # a person asked for the round that runs
        self._with_files = True  # it takes the files too
        self._owed = False  # who asked meanwhile is owed one that does
        self._freed = False  # meanwhile the rules came to let more go
        self._waiting: Waiting | None = None  # edits since the last round
        self._rules = SendingRules(context.settings, self)
        self._rules.line_came_back.connect(self._line_came_back)
        self._rules.changed.connect(self._rules_changed)
        self._line = exchange.Line()
        self._telling = _Telling(context, self)
        self._state = SafetyState(now=context.clock.now(), practice=context.session.practice)
        self._said = self.chip
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._run_by_itself)
        self._progressed.connect(self._show_progress)
        context.broadcast.listen(self, self._heard)

    def start(self) -> None:
        """Show the chip and begin."""
        self._change(costs=self._rules.costs, by_hand=not self._rules.minutes)
        self.refresh()
        if self._may_run_by_itself():
            self._soon.start(FIRST_MS)

    def stop(self) -> None:
        """No more rounds (lock, exit); a running one is cut short and goes on next time."""
        self._stopped = True
        self._soon.stop()
        self._line.hang_up()
        self._context.broadcast.forget(self)
        self._rules.stop()

    @property
    def is_running(self) -> bool:
        """Whether a round is on its way."""
        return self._running

    @property
    def last_trouble(self) -> str:
        """What stopped the last round, in words; "" when it went well."""
        return self._trouble

    @Slot()
    def run_now(self) -> None:
        """Do a round now; after one that leaves the files behind, one that takes them too."""
        self._owed = self._running and not self._with_files
        self._asked = self._asked or self._running  # how it ends is told
        self._run(with_files=True, asked=True)

    def _run_by_itself(self) -> None:
        """The same when nobody asked: photos wait while the network costs money."""
        self._run(with_files=not self._rules.costs)

    def _run(self, *, with_files: bool, asked: bool = False) -> None:
        if self._running or self._stopped or not _may_run(self._context.session):
            return
        self._running, self._waiting, self._asked = True, None, asked
        self._with_files, self._owed, self._freed = with_files, False, False
        self._trouble, self._line.files_wait = "", not with_files
        self.needs_code = False
        self._telling.begin()
        self._soon.stop()
        vault, clock = self._context.session.vault, self._context.clock
        passes, line = partial(self._jobs.through, Lane.VAULT), self._line
        self._change(sending=(0, self._state.unsent))
        self._jobs.run(
            lambda: exchange.one_round(
                vault, passes, clock, self._progressed.emit, line, with_files=with_files
            ),
            owner=self,
            on_done=self._round_done,
            on_failed=self._round_failed,
            lane=Lane.NETWORK,
        )

    @Slot()
    def refresh(self) -> None:
        """Read again how much is unsent, and what there is to check."""
        self._context.with_vault(exchange.safety_facts, owner=self, on_done=self._facts)

    @Slot(int, int)
    def _show_progress(self, done: int, of: int) -> None:
        if self._running:
            words = self._line.file_words
            self._change(sending=(done, max(of, self._state.unsent)), file_words=words)
            self._telling.so_far(self._line.changes)

    def _may_run_by_itself(self) -> bool:
        may = _may_run(self._context.session) and bool(self._rules.minutes)
        return may and not self._stopped

    def _rules_changed(self) -> None:
        """What waited for a network that costs nothing, or for an hour, goes when it need not.

        Photos that are on their way stop where they are when it begins to cost; not asked-for ones.
        """
        costs, minutes = self._rules.costs, self._rules.minutes
        free = (self._state.costs and not costs) or (self._state.by_hand and minutes)
        self._change(costs=costs, by_hand=not minutes)
        if costs and self._running and not self._asked:
            self._with_files, self._line.files_wait = False, True
        if not self._may_run_by_itself():
            self._soon.stop()
        elif free and self._running:
            self._freed = True
        elif free:
            self._soon.start(FIRST_MS)
        elif not self._fails and self._soon.remainingTime() > minutes * 60_000:
            self._soon.start(minutes * 60_000)

    def _heard(self, news: News) -> None:
        if news.initiator is self:
            return
        self._change(level=False)
        self.refresh()
        if self._may_run_by_itself():
            self._waiting, seconds = exchange.one_more_edit(
                self._waiting, self._context.clock.now()
            )
            if not (self._running or self._fails):
                self._soon.start(int(seconds * 1000))

    def _line_came_back(self) -> None:
        """The system says that there is a line again: no need to wait any longer."""
        self._fails = 0
        if self._may_run_by_itself() and not self._running:
            self._soon.start(max(FIRST_MS, self._wish.remainingTime()))

    def _facts(self, facts: exchange.SafetyFacts) -> None:
        self._change(
            joined=bool(self._context.session.register_name),
            unsent=facts.unsent,
            files=facts.files,
            last_sent_at=facts.last_sent_at,
            to_check=facts.to_check,
        )

    def _round_done(self, report: Any) -> None:
        self._running = False
        self._fails, self._wish = 0, QDeadlineTimer()
        needs = exchange.history_words(report)
        level_at = self._context.clock.now()
        self._change(sending=None, file_words="", level=True, level_at=level_at, needs=needs)
        self._telling.at_the_end(exchange.changes_of(report))
        told = exchange.told_words(report)
        if told:
            self._context.tell.note(told)
        take_in_words(self._context, self._jobs, self)
        self.refresh()
        self.round_ended.emit("")
        if self._owed:
            self._run(with_files=True, asked=True)
        elif self._may_run_by_itself():
            # what was written, or let go, while the round ran does not wait
            waits = self._waiting is None and not self._freed
            self._soon.start(self._rules.minutes * 60_000 if waits else FIRST_MS)

    def _round_failed(self, error: Exception) -> None:
        self._running = False
        self._fails += 1
        trouble = in_words(error)
        self._trouble, self.needs_code = trouble.words, exchange.needs_code(error)
        self._change(sending=None, file_words="", level=False, needs=exchange.needs_person(error))
        self._telling.at_the_end(self._line.changes)  # what came before it stopped is here
        take_in_words(self._context, self._jobs, self)
        self.refresh()
        if trouble.ours:
            self._context.tell.failed(error)
        elif self._asked:
            self._context.tell.note(trouble.words)  # who pressed the button is told
        self.round_ended.emit(trouble.words)
        wished = float(getattr(error, "retry_after", 0) or 0)
        self._wish = QDeadlineTimer(int(exchange.seconds_to_wait(0, wished) * 1000))
        if not self._may_run_by_itself():
            return
        wait = int(exchange.seconds_to_wait(self._fails, wished) * 1000)
        self._soon.start(wait)

    def age(self) -> None:
        """Time went by: what is said is said anew when it is no longer so."""
        if self.chip != self._said:
            self._change()

    def _change(self, **facts: Any) -> None:
        self._state = replace(self._state, **facts)
        self._said = self.chip
        self.chip_changed.emit(self._said)

    @property
    def chip(self) -> Chip:
        """What the chip says now."""
        went_well = self._state.level_at is not None and not self._fails
        soon = went_well and self._waiting is not None and self._soon.isActive()
        now = self._context.clock.now()
        return chip(replace(self._state, now=now, soon=soon and self._rules.has_line))


def _may_run(session: Session) -> bool:
    return not (session.practice or session.read_only) and bool(session.register_name)


def take_in_words(context: Context, jobs: Jobs, owner: object) -> None:
    """Search takes in the words of what came, in steps between which screens are served.

    What could not be taken in waits for the next round; search finds the newest where it lies.
    """
    vault, passes = context.session.vault, partial(jobs.through, Lane.VAULT)

    def failed(error: Exception) -> None:
        if in_words(error).ours:
            context.tell.failed(error)

    jobs.run(
        lambda: exchange.take_in_words(vault, passes),
        owner=owner,
        on_done=lambda _steps: None,
        on_failed=failed,
        lane=Lane.NETWORK,
    )
