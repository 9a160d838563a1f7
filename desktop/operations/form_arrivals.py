"""Forms that a project lead published elsewhere: checked, then kept and offered on this laptop too.

What came with the programme is kept first, so that what was published later is offered. Refuses a
form that is not what was published, and other words under a version that is here; answers given
on any version go on opening on it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forms.engine.library import load_form, shipped_xform
from forms.engine.problems import FormRefused
from forms.engine.versions import arrived, fingerprint
from forms.facts.published import PublishedForm

if TYPE_CHECKING:
    from collections.abc import Iterable

CLASH = (
    "Another form called {title}, version {version}, was published elsewhere. The one on this "
    "laptop is kept. Publish it again as a new version."
)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came: "Visit, version 2", and words for what was not taken in."""

    new: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()


def take_in(vault: Any, pack_id: str) -> TakenIn:
    """Keep what was published elsewhere. Vault lane; nothing is written when nothing came."""
    if vault.is_read_only:
        return TakenIn()
    known = _known(vault)
    words: list[str] = []
    new: list[str] = []
    for record in _in_order(vault.reader.all(PublishedForm)):
        here = known.get((record.form_id, record.version))
        if here is None:
            refused = _keep(vault, pack_id, record)
            words += refused
            if not refused and record.state == "published":
                new.append(f"{record.title}, version {record.version}")
            known |= _known(vault, record.form_id)
        elif here.fingerprint != record.fingerprint:
            words += _clash(record)
        elif record.state == "retired" and here.state == "published":
            vault.forms.retire(record.form_id, record.version)
    return TakenIn(tuple(new), tuple(words))


def _known(vault: Any, form_id: str = "") -> dict[tuple[str, str], Any]:
    return {(each.form_id, each.version): each for each in vault.forms.versions(form_id)}


def _clash(record: PublishedForm) -> list[str]:
    """What to say when another form stands under this version; of a withdrawn one, nothing."""
    if record.state != "published":
        return []
    return [CLASH.format(title=record.title, version=record.version)]


def _in_order(records: Iterable[PublishedForm]) -> list[PublishedForm]:
    """As they were published: what came last is what is offered."""
    return sorted(
        records,
        key=lambda each: (each.published_at.isoformat() if each.published_at else "", each.id),
    )


def _keep(vault: Any, pack_id: str, record: PublishedForm) -> list[str]:
    from storage.errors import FormVersionTaken
    from storage.forms import Definition

    try:
        xform, form = arrived(
            record.xform, form_id=record.form_id, version=record.version, told=record.fingerprint
        )
    except FormRefused as refusal:
        return [str(refusal)]
    keep_shipped(vault, pack_id, record.form_id)
    made = Definition(
        form_id=record.form_id, version=record.version, title=form.title or record.title,
        state="published", xform=xform, fingerprint=record.fingerprint, compiler=record.compiler,
        by_id=record.by_id,
    )  # fmt: skip
    try:
        vault.forms.keep(made)
    except FormVersionTaken:
        return _clash(record)  # the programme came with this version, and it says other things
    if record.state == "retired":
        vault.forms.retire(record.form_id, record.version)
    return []


def keep_shipped(vault: Any, pack_id: str, form_id: str) -> None:
    """Keep what the pack ships of this form, if it ships one and it is not here yet."""
    from storage.forms import Definition

    try:
        shipped = load_form(pack_id, form_id)
    except FormRefused:
        return  # a form of its own: nothing was shipped
    if any(each.version == shipped.version for each in vault.forms.versions(form_id)):
        return
    xform = shipped_xform(pack_id, form_id)
    made = Definition(
        form_id=form_id, version=shipped.version, title=shipped.title, state="shipped",
        xform=xform, fingerprint=fingerprint(xform),
    )  # fmt: skip
    vault.forms.keep(made)
