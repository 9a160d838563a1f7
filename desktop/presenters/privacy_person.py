"""One person: what they agreed to, by purpose; their own copy in one action; the wish to be erased.

Refuses to guess consent: a purpose nobody wrote down is not agreed to.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from desktop.operations import consents, privacy
from desktop.operations.consents import PURPOSES
from desktop.presenters import words
from desktop.presenters.claims import who_of
from desktop.presenters.saving import Seen, unread, when_seen
from desktop.presenters.tries import Tries
from forms.facts.people import Consent, Enterprise, Leader
from forms.rules.gate import live_consent

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from desktop.broadcast import News
    from desktop.context import Context
    from storage.export import Exported

CONSENT = "consent"
WISH = "wish"
COPY = "copy"
PAGE = "page"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """One purpose, and how it stands."""

    purpose: str
    title: str
    about: str
    holds: bool
    words: str  # "Agreed by Mary Thorne on 3 Oct 2022, by phone, wording 1"
    consent_id: str  # of the one that holds
    story: tuple[str, ...]  # earlier ones


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonPicture:
    """Everything on the page."""

    who: str
    leader: str
    purposes: tuple[Agreed, ...]
    wish: str  # an open wish to be forgotten, in words; "" when there is none
    erased: str  # when the person was erased; "" when they were not


def person_picture(reader: Any, enterprise_id: str, today: date) -> PersonPicture:
    """What one person agreed to."""
    held = reader.all(Consent, enterprise_id=enterprise_id)
    enterprise = reader.get(Enterprise, enterprise_id)
    leaders = [one.name for one in reader.all(Leader, enterprise_id=enterprise_id) if one.name]
    gone = enterprise.anonymised_on if enterprise is not None else None
    return PersonPicture(
        who=who_of(reader, enterprise_id),
        leader=leaders[0] if leaders else "",
        purposes=tuple(_agreed(held, purpose, today) for purpose in PURPOSES),
        wish=_wish(reader, enterprise, enterprise_id),
        erased=f"Erased on {words.day(gone)}. Counts stay, nothing names them." if gone else "",
    )


def _wish(reader: Any, enterprise: Enterprise | None, enterprise_id: str) -> str:
    """How an erasure that was asked for stands, "" when nobody asked."""
    if enterprise is not None and enterprise.anonymised_on is not None:
        return ""
    if enterprise is not None and enterprise.erasure_asked_by_id:
        on = words.day(enterprise.erasure_asked_on, "a day not written")
        return f"Asked for on {on}. A lead or QA, another person, has to carry it out."
    asked = [
        d for d in reader.decisions() if d.name == consents.ERASE and d.subject_id == enterprise_id
    ]
    if not asked or asked[-1].state == "granted":
        return ""
    if asked[-1].state == "waiting":
        return "Asked for. It goes out with the next exchange."
    return f"Not agreed: {words.say_days(asked[-1].words)}"


def _agreed(held: list[Consent], purpose: tuple[str, str, str], today: date) -> Agreed:
    code, title, about = purpose
    of_it = sorted((c for c in held if c.purpose == code), key=lambda c: (str(c.given_on), c.id))
    now = live_consent(held, code, today)
    said = _said(now) if now is not None else "Not agreed."
    return Agreed(
        purpose=code,
        title=title,
        about=about,
        holds=now is not None,
        words=said,
        consent_id=now.id if now is not None else "",
        story=tuple(_said(c) for c in of_it if c is not now),
    )


def _said(consent: Consent) -> str:
    said = f"Agreed by {consent.given_by or 'somebody'} on {words.day(consent.given_on, 'no day')}"
    if consent.channel:
        said += f", by {consent.channel.replace('_', ' ')}"
    if consent.wording_version:
        said += f", wording {consent.wording_version}"
    if consent.withdrawn_on is not None:
        said += f"; taken back on {words.day(consent.withdrawn_on)}"
    return f"{said}."


class PersonView(Seen, Protocol):
    """What the presenter asks of the page."""

    def show_person(self, picture: PersonPicture) -> None:
        """Show it all."""
        ...

    def show_done(self, words: str) -> None:
        """Something is done; stays."""
        ...

    def given(self, what: str) -> None:
        """`CONSENT` or `WISH` is on disk: what was typed with it is no longer half typed."""
        ...

    def stays(self, what: str) -> None:
        """Not all that `CONSENT` was typed for is on disk: it is half typed still."""
        ...

    def show_problem(self, words: str) -> None:
        """Say all that is wrong, "" for nothing."""
        ...


class PersonPresenter:
    """Consent, own copy, wish."""

    def __init__(self, context: Context, view: PersonView, enterprise_id: str) -> None:
        self._context, self._view, self._id = context, view, enterprise_id
        self._tries = Tries(context, view)  # by what they are for
        self._wrong: dict[str, str] = {}  # by the same, and `COPY` and `PAGE`: why not
        context.broadcast.listen(view, self._hear, "consent", "action", "enterprise", "leader")

    @property
    def channels(self) -> tuple[tuple[str, str], ...]:
        """How somebody may have agreed."""
        return (
            ("spoken", "Spoken, face to face"),
            ("phone", "On the phone"),
            ("written", "In writing"),
        )

    def load(self) -> None:
        """Read it again."""
        one, today = self._id, self._context.today
        self._context.read(
            lambda reader: person_picture(reader, one, today),
            owner=self._view,
            on_done=self._arrived,
            on_failed=unread(self._context, partial(self._tell_wrong, PAGE), self.load),
        )

    def is_giving(self, agreed: Agreed) -> bool:
        """Whether their agreeing to this purpose is being written: a second press is none."""
        return _giving(agreed) in self._tries.under_way

    @property
    def is_wishing(self) -> bool:
        """Whether their wish to be forgotten is being written."""
        return WISH in self._tries.under_way

    def give(
        self, agreed: Agreed, given_by: str, channel: str, drops: tuple[str, ...] = ()
    ) -> None:
        """They agree from today; `drops` are the drafts of it."""
        self._write(
            _giving(agreed),
            partial(
                consents.give,
                enterprise_id=self._id,
                purpose=agreed.purpose,
                given_by=given_by,
                channel=channel,
            ),
            f"Agreed: {agreed.title.lower()}",
            drops,
        )

    def take_back(self, agreed: Agreed) -> None:
        """They do not agree any more."""
        self._write(
            f"take back {agreed.consent_id}",
            partial(consents.take_back, consent_id=agreed.consent_id),
            f"Taken back: {agreed.title.lower()}",
        )

    def own_copy(self, target: Path) -> None:
        """Everything held about them, to a new folder."""
        session, clock, one = self._context.session, self._context.clock, self._id
        self._tell_wrong(COPY, "")
        self._view.show_done("Writing their own copy...")
        self._context.with_vault(
            lambda _vault: privacy.own_copy(session, one, target, clock),
            owner=self._view,
            on_done=self._copied,
            on_failed=partial(self._not_copied, target),
        )

    def wish(self, why: str, drops: tuple[str, ...] = ()) -> None:
        """They ask to be forgotten."""
        self._write(
            WISH,
            partial(consents.ask_erasure, subject_id=self._id, why=why),
            "Erasure asked for",
            drops,
        )

    def open_record(self) -> None:
        """Back to the record."""
        self._context.open_route("enterprise", id=self._id)

    def _write(self, what: str, operation: Any, name: str, drops: tuple[str, ...] = ()) -> None:
        if what in self._tries.under_way:
            return
        self._tell_wrong(what, "")
        self._tries.write(
            what,
            operation,
            on_done=partial(self._written, what),
            says=partial(self._not_written, what),
            name=name,
            drops=drops,
        )

    def _arrived(self, picture: PersonPicture) -> None:
        for agreed in picture.purposes:
            if agreed.holds:
                self._wrong.pop(_giving(agreed), None)  # written since, here or elsewhere
                self._tries.settled(_giving(agreed))
        self._tell_wrong(PAGE, "")
        self._view.show_person(picture)

    def _not_written(self, what: str, said: str) -> None:
        self._tell_wrong(what, said)
        if said and _is_giving(what):
            self._view.stays(CONSENT)  # one of those before may have dropped the draft

    def _written(self, what: str, _written: object) -> None:
        if what == WISH:
            self._view.given(WISH)
        elif _is_giving(what):
            # one name serves several purposes: it stays until the last of them is on disk
            if any(map(_is_giving, {*self._tries.under_way, *self._wrong})):
                self._view.stays(CONSENT)
            else:
                self._view.given(CONSENT)
        self.load()

    def _tell_wrong(self, what: str, said: str) -> None:
        """What is wrong with one of them, "" for nothing; what is with the others stays said."""
        self._wrong.pop(what, None)
        if said:
            self._wrong[what] = said
        self._view.show_problem(" ".join(dict.fromkeys(self._wrong.values())))

    def _copied(self, done: Exported) -> None:
        self._tries.settled(COPY)
        records = words.counted(sum(done.counts.values()), "record")
        files = words.counted(done.files, "file")
        self._view.show_done(
            f"Their copy is in {done.path.name}: {privacy.PAGE} to read, {privacy.PRINT} to print, "
            f"{records}, {files}. Look it through first: a note may name somebody else."
        )

    def _not_copied(self, target: Path, error: Exception) -> None:
        self._view.show_done("")
        again = partial(self.own_copy, target)
        self._tell_wrong(COPY, self._tries.failed(COPY, error, again))

    def _hear(self, _news: News) -> None:
        when_seen(self._view, self.load)


def _giving(agreed: Agreed) -> str:
    return f"{CONSENT} {agreed.purpose}"


def _is_giving(what: str) -> bool:
    return what.startswith(CONSENT)
