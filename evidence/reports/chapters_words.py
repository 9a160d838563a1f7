"""Chapters of words: stories, what would have happened anyway, and what comes after.

Each says what is missing and what would fill it. Refuses to fill a chapter with other people's
results.
"""

from __future__ import annotations

from evidence.blocks import Block, Bullets, Caveat, Heading, Para
from evidence.reports.chapters_told import deadweight
from evidence.reports.view import View
from forms.facts.people import Consent
from forms.rules.gate import live_consent


def stories(view: View) -> list[Block]:
    """Chapter 13."""
    theirs: dict[str, list[Consent]] = {}
    for each in view.dossier.consents:
        theirs.setdefault(each.enterprise_id, []).append(each)
    live = [
        purpose
        for held in theirs.values()
        for purpose in ("case_study", "photo")
        if live_consent(held, purpose, view.dossier.as_of) is not None
    ]
    consent = (
        "No consent to a story is recorded."
        if not live
        else "Consents to a story are recorded, but no story has been written down yet."
    )
    return [
        Heading(1, "13. Stories"),
        Para(
            f"{consent} A story is printed only with consent for that purpose, given in writing "
            "or recorded, not withdrawn and not older than 24 months. This report has none."
        ),
    ]


def counterfactual(view: View) -> list[Block]:
    """Chapter 14: what would have happened anyway, and what these records cannot say."""
    words = "Published version" if view.published else "This report"
    return [
        Heading(1, "14. What would have happened anyway, and limits"),
        Caveat(
            "No cause is claimed",
            (
                f"{words}: figures describe what happened in the programme. There is no group to "
                "compare with, so nothing here shows that the programme caused it.",
                "On a ladder of evidence from 1 to 5 this is level 2 at most: change is described, "
                "its cause is not shown.",
            ),
        ),
        Bullets(
            (
                "Gross: everything that enterprises in the programme did.",
                deadweight(view),
                "Displacement: some leaders left homecare agencies, and hours moved with them. "
                "Not measured.",
                "Substitution: work that changed its form to be supported. Not measured.",
                "Leakage: work done outside the area. Not measured.",
                "Net: gross less all of these. It is not shown, because not all of them are known.",
            )
        ),
        Para(
            "What happened is shared with others: community navigators, other funders, and the "
            "people themselves."
        ),
    ]


def sustainability(view: View) -> list[Block]:
    """Chapter 15."""
    pack = view.dossier.pack
    return [
        Heading(1, "15. Sustainability plan"),
        Para(
            "No plan actions are recorded yet. A plan would name, for each piece of work that must "
            "outlive the programme, an owner, a date and what it depends on."
        ),
        Bullets(
            (
                "Who keeps the register and its checks in date after "
                f"{pack.programme_ends.day} {pack.programme_ends:%B %Y}.",
                "Who answers new enquiries, and who coaches enterprises that are not ready yet.",
                "Who keeps these records, for how long, and who may read them.",
                "Who collects the next quarter's returns, without which no figure can be renewed.",
            )
        ),
    ]
