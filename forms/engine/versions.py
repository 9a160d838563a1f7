"""Versions of a form: fixed once published, each answer sheet on its own one for ever.

Refuses another content under a version that is taken, and an answer sheet whose version is not
there. Keeps nothing itself: storage hands in what it knows.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from datetime import date

from lxml import etree

from forms.engine.markup import safe_parser
from forms.engine.model import FormDef
from forms.engine.problems import refused
from forms.engine.session import FormSession
from forms.engine.xform_reader import read_form
from forms.values import Clock

MOST = 8_000_000  # characters of a compiled form
MOST_PACKED = 400_000  # what travels as one value


def packed(xform: str) -> str:
    """A compiled form as it travels. Raises FormRefused when it is too large to."""
    made = base64.b85encode(zlib.compress(xform.encode(), 9)).decode()
    if len(made) > MOST_PACKED or len(xform) > MOST:
        raise refused(
            "form-too-large",
            "This form is too large to reach the other laptops.",
            "Split it into two forms, or keep long lists of choices in a file of their own.",
        )
    return made


def unpacked(text: str) -> str:
    """A form that travelled, never larger than a form may be. Raises FormRefused."""
    reader = zlib.decompressobj()
    whole, raw = False, b""
    if len(text) <= MOST_PACKED:
        with suppress(ValueError, zlib.error, binascii.Error):  # refused below, in words
            raw = reader.decompress(base64.b85decode(text), MOST)
            whole = reader.eof and bool(raw.decode())
    if not whole:
        raise refused(
            "form-unreadable",
            "A form that was published did not arrive whole.",
            "Ask whoever published it to publish it again as a new version.",
        )
    return raw.decode()


def arrived(text: str, *, form_id: str, version: str, told: str) -> tuple[str, FormDef]:
    """A form that travelled, checked: readable, the one it says it is, unchanged on the way.

    `told` is the fingerprint it was published with. Raises FormRefused.
    """
    xform = unpacked(text)
    form = read_form(xform)
    if (form.form_id, form.version) != (form_id, version) or fingerprint(xform) != told:
        raise refused(
            "form-not-as-published",
            f"Version {version} of the form {form_id} is not what was published.",
            "It was not taken in. Tell whoever looks after the register.",
        )
    return xform, form


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
