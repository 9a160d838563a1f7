"""The gate in front of every personal record: DPIA signed, privacy notice given, consent live.

Before a DPIA is signed only anonymous tallies may be kept (S0 7.1). Refuses to look at roles.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from forms.facts.people import Consent, Dpia, Enquiry
from forms.rules.finding import Finding, Verdict, Weight

# what may be kept before sign-off: counts, the assessment itself, the people of the programme, and
# the questions of a form (an answer to them is a form_response, which waits)
OPEN_KINDS = frozenset(
    {"tally", "dpia", "colleague", "handover", "published_form", "published_pack"}
)
_SOURCE = "S0 7.1"


def dpia_in_force(dpias: Iterable[Dpia], on: date) -> Dpia | None:
    """The latest version signed on or before that day, or None."""
    signed = [d for d in dpias if d.signed_on is not None and d.signed_on <= on and d.signed_by]
    return max(signed, key=lambda d: (d.signed_on or date.min, d.version), default=None)


def may_record(dpias: Iterable[Dpia], kind: str, on: date) -> Finding:
    """Whether a record of this kind may be kept on that day."""
    if kind in OPEN_KINDS:
        return Finding(
            rule="DPIA",
            code="",
            verdict=Verdict.MET,
            because="This holds no personal data of people who ask for help.",
            source=_SOURCE,
            as_of=on,
        )
    signed = dpia_in_force(dpias, on)
    if signed is None:
        return Finding(
            rule="DPIA",
            code="DPIA_NOT_SIGNED",
            verdict=Verdict.UNMET,
            because="The data protection assessment was not signed by this day. "
            "Until somebody in charge has signed it, people may only be counted, "
            "without their names.",
            source=_SOURCE,
            as_of=on,
        )
    return Finding(
        rule="DPIA",
        code="",
        verdict=Verdict.MET,
        because=f"Version {signed.version} was signed off by {signed.signed_by} "
        f"on {signed.signed_on}.",
        source=_SOURCE,
        as_of=on,
    )


def personal_record_allowed(dpias: Iterable[Dpia], on: date) -> list[Finding]:
    """The gate as a list: empty when personal records may be kept on that day."""
    finding = may_record(dpias, "enquiry", on)
    return [finding] if finding.blocks else []


def notice_given(
    consents: Iterable[Consent], on: date, *, enquiry: Enquiry | None = None
) -> Finding:
    """Whether the privacy notice was given to the person on or before that day."""
    days = [
        c.given_on
        for c in consents
        if c.purpose == "privacy_notice" and c.given_on is not None and c.given_on <= on
    ]
    if enquiry is not None and enquiry.privacy_notice_on and enquiry.privacy_notice_on <= on:
        days.append(enquiry.privacy_notice_on)
    if not days:
        return Finding(
            rule="NOTICE",
            code="NO_PRIVACY_NOTICE",
            verdict=Verdict.UNMET,
            because="There is no note that the person was given the privacy notice. "
            "Give it, and write down the day.",
            as_of=on,
        )
    return Finding(
        rule="NOTICE",
        code="",
        verdict=Verdict.MET,
        because=f"The privacy notice was given on {max(days)}.",
        as_of=on,
    )


def live_consent(consents: Iterable[Consent], purpose: str, on: date) -> Consent | None:
    """The latest consent for this purpose that holds on that day, or None.

    Who takes it back ends all that they gave for it on the days before, also what another laptop
    noted and sends later.
    """
    given = [c for c in consents if c.purpose == purpose and c.given_on is not None]
    ends = [c.withdrawn_on for c in given if c.withdrawn_on is not None and c.withdrawn_on <= on]
    since = max(ends, default=date.min)
    live = [
        c
        for c in given
        if since <= (c.given_on or date.min) <= on
        and (c.withdrawn_on is None or c.withdrawn_on > on)
    ]
    return max(live, key=lambda c: (c.given_on or date.min, c.id), default=None)


def notice_is_current(consents: Iterable[Consent], dpias: Iterable[Dpia], on: date) -> Finding:
    """Whether the notice given was given under the version of the assessment now in force."""
    signed = dpia_in_force(dpias, on)
    consent = live_consent(consents, "privacy_notice", on)
    if signed is None or consent is None:
        return Finding(
            rule="NOTICE",
            code="NO_PRIVACY_NOTICE",
            verdict=Verdict.UNKNOWN,
            because="There is no assessment in force, or no notice was given.",
            as_of=on,
        )
    if (consent.given_on or on) < (signed.signed_on or on):
        return Finding(
            rule="NOTICE",
            code="NEW_NOTICE_DUE",
            verdict=Verdict.UNMET,
            weight=Weight.WARNS,
            because=f"The assessment changed on {signed.signed_on} (version {signed.version}), "
            f"after this notice of {consent.given_on}. Show the new notice.",
            as_of=on,
            subject=consent.id,
        )
    return Finding(
        rule="NOTICE",
        code="",
        verdict=Verdict.MET,
        because=f"The notice of {consent.given_on} is the present one.",
        as_of=on,
        subject=consent.id,
    )
