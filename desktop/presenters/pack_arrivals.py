"""A programme pack that came from the council: said once, and used from the next start.

What stands on the screens now was worked out by the pack that was opened with the records, and
stays as it is until they are opened again. Says too what came and is not used. Shows no screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from desktop.operations.packs import InUse, in_use
from desktop.operations.vault import usual_programme
from desktop.presenters import words
from desktop.presenters.saving import unread
from forms.values import london_day

if TYPE_CHECKING:
    from desktop.broadcast import News
    from desktop.context import Context
    from forms.rules.pack import Pack


class PackArrivals:
    """Listens for published packs as long as its owner lives."""

    def __init__(self, context: Context, owner: object) -> None:
        self._context, self._owner = context, owner
        self._said: set[str] = set()
        context.broadcast.listen(owner, self._heard, "published_pack")

    def look(self) -> None:
        """Say what came while the records were shut, and is not used."""
        usual = usual_programme()
        self._context.with_vault(
            lambda vault: in_use(vault, usual), owner=self._owner, on_done=self._looked
        )

    def _heard(self, _news: News) -> None:
        self.look()

    def _looked(self, found: InUse) -> None:
        now = self._context.session.pack
        if (found.pack.id, found.pack.version) != (now.id, now.version) or found.pack != now:
            self._once(new_pack_words(found), problem=False)
        for said in found.refused:
            self._once(said, problem=True)

    def _once(self, said: str, *, problem: bool) -> None:
        if said in self._said:
            return
        self._said.add(said)
        (self._context.tell.problem if problem else self._context.tell.say)(said)


def new_pack_words(found: InUse) -> str:
    """What to say of a pack that is used from the next start."""
    return (
        f"The council has published new rules: {pack_words(found)} "
        "They are used from the next time you open your records."
    )


def rules_words(found: InUse, now: Pack) -> str:
    """The pack in use, and another one that waits for the next start."""
    if found.pack == now:
        return pack_words(found)
    return f"In use now: {now.title}, version {now.version}. {new_pack_words(found)}"


class RulesView(Protocol):
    """Where the rules in force are shown."""

    def show_rules(self, words: str, *, signed: bool | None, amiss: tuple[str, ...]) -> None:
        """Which they are, whether the council signed them, and which came and are not used.

        `signed` is None while newer ones wait for the next start.
        """
        ...

    def show_rules_problem(self, words: str) -> None:
        """Nobody could see which they are."""
        ...


class RulesShown:
    """Tells a card which rules this laptop works by."""

    def __init__(self, context: Context, view: RulesView) -> None:
        self._context, self._view = context, view

    def load(self) -> None:
        """Read them."""
        usual = usual_programme()
        self._context.with_vault(
            lambda vault: in_use(vault, usual),
            owner=self._view,
            on_done=self._read,
            on_failed=unread(self._context, self._view.show_rules_problem, self.load),
        )

    def _read(self, found: InUse) -> None:
        now = self._context.session.pack
        self._view.show_rules(
            rules_words(found, now),
            signed=found.published_at is not None if found.pack == now else None,
            amiss=tuple(found.refused),
        )


def pack_words(found: InUse) -> str:
    """Name, version, day and who agreed it, in one sentence."""
    pack = found.pack
    said = f"{pack.title}, version {pack.version}"
    if found.published_at is not None:
        said += f", published by the council on {words.day(london_day(found.published_at))}"
    else:
        said += ", as it came with the program"
    if pack.definitions_agreed_by:
        on = f" on {words.day(pack.definitions_agreed_on)}" if pack.definitions_agreed_on else ""
        return f"{said}. What its figures mean was agreed by {pack.definitions_agreed_by}{on}."
    return f"{said}. Nobody's agreement to what its figures mean is noted in it."
