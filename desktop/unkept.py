"""Which half-typed text is not on disk: asked for and not answered yet, or refused by the disk.

Whoever closes asks it before the window goes; whoever locks has it sealed under the key of the
records, and it comes back with them. Refuses to call a text kept before the lane has kept it, to
hold a text that can be read once the records are locked, and to put back words about somebody whom
the register has erased since.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from desktop.presenters.words import NotThat

if TYPE_CHECKING:
    from desktop.operations.writing import Vault


@dataclass(frozen=True, slots=True, eq=False)
class Half:
    """One half-typed text."""

    name: str  # of its draft
    text: str  # "" for what was chosen and not typed
    page: str  # "Quick note": names nobody
    drafts: Any = None  # where it belongs, once the lane has tried
    about: str = ""  # whom a quick note was for: what says so may be gone by then


@dataclass(frozen=True, slots=True)
class Held:
    """What the disk did not take before the records were locked."""

    pages: tuple[str, ...]  # where it was typed
    sealed: bytes  # nobody reads it without the key of the records
    gone: tuple[str, ...] = ()  # pages of which something chosen could not be held


class Unkept:
    """Filled from both sides: asked on the window's side, answered in the vault lane."""

    def __init__(self, page_of: Callable[[object], str] | None = None) -> None:
        """`page_of`: on which page an owner is, in words without personal data."""
        self._page_of = page_of or _nowhere
        self._asked: dict[str, Half] = {}  # by name; a later one takes the place of an earlier
        self._refused: dict[str, Half] = {}  # the same, by the disk; by the whole name on it
        self.is_leaving = False  # what is asked now is not said on a page any more

    @property
    def lost(self) -> tuple[Half, ...]:
        """All that is not known to be on disk."""
        return tuple({**self._refused, **self._asked}.values())

    def read(self, drafts: Any, name: str) -> str:
        """In the lane: the newest text of this name: what the disk refused, or what is on it."""
        return self.text(drafts, name) or drafts.read(name) or ""

    def text(self, drafts: Any, name: str) -> str:
        """In the lane: what the disk refused under this name; "" for nothing."""
        half = self._refused.get(drafts.prefix + name)
        if half is not None and half.text and half.drafts.is_about_erased(half.name, half.about):
            self.forget(drafts, name)
            return ""
        return half.text if half is not None else ""

    def keeper(
        self, name: str, text: str, owner: object, left: Callable[[], str] | None = None
    ) -> Callable[[Vault], None]:
        """The job that keeps this text as a draft; `left` says in the lane what of it."""
        half = self._asked[name] = Half(name, text, self._page_of(owner))

        def keep(vault: Vault) -> None:
            whole = vault.drafts.prefix + name
            before = self._refused.get(whole, half).about
            kept = left() if left is not None else text
            now = replace(half, text=kept, drafts=vault.drafts, about=before)
            try:
                _put(now)
            except Exception:  # whatever it is: the text is remembered, and the fault goes on
                self._refused[whole] = replace(now, about=self._whom(now))
                raise
            else:
                self._refused.pop(whole, None)
            finally:
                self._answered(half)

        return keep

    def writes(self, names: Iterable[str], owner: object) -> Half | None:
        """While everything is left: a commit that says nothing any more; its drafts."""
        name = next(iter(names), "")
        if not (self.is_leaving and name):
            return None
        half = Half(name, "", self._page_of(owner))
        self._asked.setdefault(name, half)
        return half

    def was_written(self, took: dict[str, str], half: Half | None, vault: Vault) -> None:
        """In the lane: these texts are on disk, in records."""
        for name, text in took.items():
            if self.text(vault.drafts, name) == text:
                self.forget(vault.drafts, name)
        self._answered(half)

    def was_not_written(
        self, names: Iterable[str], half: Half | None, vault: Vault, error: Exception
    ) -> None:
        """In the lane: they are not. A draft of one of them is as good."""
        if half is None:
            return
        try:
            is_safe = any(self.read(vault.drafts, name) for name in names)
        except Exception:  # noqa: BLE001 -- a disk that cannot even be read
            is_safe = False
        if not is_safe and not isinstance(error, NotThat):
            self._refused[vault.drafts.prefix + half.name] = half
        self._answered(half)

    def forget(self, drafts: Any, *names: str) -> None:
        """In the lane: these texts are finished, or thrown away."""
        for name in names:
            self._refused.pop(drafts.prefix + name, None)

    def try_again(self) -> None:
        """In the lane: keep what was refused. Raises what the disk says to the last of them."""
        failed: Exception | None = None
        for name, half in tuple(self._refused.items()):
            try:
                if half.text:
                    _put(half)
                    self._refused.pop(name, None)
            except Exception as error:  # noqa: BLE001 -- raised below: the others are tried first
                failed = error
        if failed is not None:
            raise failed

    def held(self, vault: Any) -> Held | None:
        """In the lane, before the records close: what was refused, sealed. None for nothing."""
        typed = [half for half in self._refused.values() if half.text]
        gone = {half.page: None for half in self._refused.values() if not half.text}
        self._refused.clear()
        if not typed and not gone:
            return None
        texts = {
            half.drafts.prefix + half.name: (half.text, half.page, half.about) for half in typed
        }
        pages = tuple({half.page: None for half in typed})
        return Held(pages, vault.drafts.sealed(json.dumps(texts)), tuple(gone))

    def take_back(self, vault: Any, held: Held) -> None:
        """In the lane, once they are open: the same. Raises what the disk says."""
        texts = json.loads(vault.drafts.unsealed(held.sealed))
        for name, (text, page, about) in texts.items():
            self._refused[name] = Half(name, text, page, vault.drafts, about)
        self.try_again()

    def _whom(self, half: Half) -> str:
        """In the lane: whom a quick note is for, as said beside it."""
        if not half.name.endswith("/note"):
            return ""
        beside = half.name.removesuffix("/note") + "/chosen"
        try:
            return self.read(half.drafts, beside) or half.about
        except Exception:  # noqa: BLE001 -- a disk that cannot even be read
            return half.about

    def _answered(self, half: Half | None) -> None:
        if half is not None and self._asked.get(half.name) is half:
            self._asked.pop(half.name)


def _put(half: Half) -> None:
    if half.text and half.about:
        half.drafts.keep(half.name, half.text, half.about)
    elif half.text:
        half.drafts.keep(half.name, half.text)
    else:
        half.drafts.drop(half.name)


def _nowhere(owner: object) -> str:
    del owner
    return ""
