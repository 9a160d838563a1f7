"""Versions of a form: fixed once published, each answer sheet on its own one for ever.

Refuses another content under a version that is taken, and an answer sheet whose version is not
there. Keeps nothing itself: storage hands in what it knows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date

from lxml import etree

from forms.engine.markup import safe_parser
from forms.engine.model import FormDef
from forms.engine.problems import refused
from forms.engine.session import FormSession
from forms.values import Clock


def fingerprint(xform: str | bytes) -> str:
    """What tells one content from another: spaces between elements and attribute order do not."""
    raw = xform.encode() if isinstance(xform, str) else xform
    canonical = etree.tostring(etree.fromstring(raw, safe_parser()), method="c14n")
    return hashlib.sha256(canonical).hexdigest()


def next_version(today: date, taken: Iterable[str]) -> str:
    """The version for a form that is published today: the date and a number."""
    known = set(taken)
    number = 1
    while f"{today.isoformat()}.{number}" in known:
        number += 1
    return f"{today.isoformat()}.{number}"


def check_publishable(form: FormDef, xform: str | bytes, published: Mapping[str, str]) -> None:
    """Refuse another content under a version that is taken. `published`: version -> fingerprint."""
    if not form.version:
        raise refused(
            "version-missing", "This form has no version.", "Write one on the settings sheet."
        )
    known = published.get(form.version)
    if known is not None and known != fingerprint(xform):
        raise refused(
            "version-taken",
            f"Version {form.version} of {form.form_id} is published already and says other things.",
            "Write a new version on the settings sheet; the published one stays as it is.",
        )


def version_of(instance_xml: str | bytes) -> tuple[str, str]:
    """The form and the version an answer sheet was given on. Raises FormRefused."""
    raw = instance_xml.encode() if isinstance(instance_xml, str) else instance_xml
    try:
        root = etree.fromstring(raw, safe_parser())
    except etree.XMLSyntaxError as fault:
        raise refused(
            "draft-unreadable", f"The kept answers cannot be read: {fault.msg}."
        ) from fault
    version = root.get("version") or root.get("{http://openrosa.org/xforms}version") or ""
    return root.get("id") or etree.QName(root).localname, version


def reopened(
    instance_xml: str | bytes,
    find: Callable[[str, str], FormDef | None],
    *,
    clock: Clock,
    revising: bool = False,
) -> FormSession:
    """An answer sheet on the very version it was given on; `revising` makes a new revision of it.

    What a form does when it is first opened is not done again.
    """
    form_id, version = version_of(instance_xml)
    form = find(form_id, version)
    if form is None or (form.form_id, form.version) != (form_id, version):
        raise refused(
            "version-not-here",
            f"These answers were given on version {version or '(none)'} of {form_id}, "
            "which is not on this laptop.",
            "Fetch it and try again; the answers are kept as they are.",
        )
    return FormSession(form, clock=clock, instance_xml=instance_xml, revising=revising)
