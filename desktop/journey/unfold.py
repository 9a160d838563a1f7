"""The tables of a case, unfolded into steps: who does what, on which laptop, when.

An enterprise's pathway dates become stage moves, a claim's dates become drafting, checking,
approving and paying by four different people. Refuses to invent a date: a step without one
does not happen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, time
from typing import Any

from desktop.journey.plan import Case, Step, Table

# when in the day each kind of step happens, so that a day reads in a sensible order
_HOURS: dict[str, time] = {
    "enquiry": time(9, 30),
    "establish": time(9, 40),
    "deliver": time(9, 45),
    "case": time(10, 30),
    "session": time(11, 0),
    "conversation": time(11, 30),
    "idea-check": time(12, 0),
    "entity": time(12, 30),
    "set-up": time(13, 0),
    "show": time(13, 30),
    "listing": time(14, 0),
    "check-evidence": time(14, 15),
    "ready": time(14, 30),
    "publish": time(15, 30),
    "draft": time(15, 40),
    "submit": time(15, 50),
    "check": time(16, 0),
    "recommend": time(16, 10),
    "approve": time(16, 20),
    "agree": time(16, 30),
    "commit": time(16, 40),
    "pay": time(16, 50),
    "spent": time(17, 0),
    "finish": time(17, 10),
    "return": time(17, 20),
    "sustain": time(17, 40),
}
# pathway date in a case file -> (step, laptop)
_PATHWAY = {
    "case_opened": ("case", "coach"),
    "conversation": ("conversation", "coach"),
    "idea_check": ("idea-check", "coach"),
    "set_up": ("set-up", "coach"),
    "shown": ("show", "coach"),
    "checked": ("check-evidence", "qa"),
    "ready": ("ready", "coach"),
    "listing": ("listing", "coach"),
    "published": ("publish", "qa"),
    "sustained": ("sustain", "coach"),
}
# claim date in a case file -> steps that day, each with its laptop: four different people
_CLAIM = {
    "drafted": (("draft", "coach"),),
    "submitted": (("submit", "coach"),),
    "checked": (("check", "qa"), ("recommend", "qa")),
    "approved": (("approve", "lead"),),
    "agreed": (("agree", "coach"),),
    "committed": (("commit", "lead"),),
    "evidenced": (("spent", "qa"), ("finish", "lead")),
}


def unfold(case: Case, report_on: date) -> list[Step]:
    """Every step of one case, in no particular order."""
    steps = [*_beginning(case), *_said(case)]
    for enterprise in case.many("enterprise"):
        steps.extend(_pathway(case, enterprise))
    for claim in case.many("claim"):
        steps.extend(_claim(case, claim))
    for told in case.many("return"):
        day = told.get("received_on", report_on)
        steps.append(_step(case, day, "coach", "return", told))
    return steps


def _beginning(case: Case) -> Iterator[Step]:
    enquiry = case.tables["enquiry"]
    yield _step(case, enquiry["on"], "coach", "enquiry", enquiry)
    if "entity" in case.tables:
        answers = case.tables["entity"]
        yield _step(case, answers["decided_on"], "coach", "entity", answers)
    for number, told in enumerate(case.many("session")):
        data = {"key": f"session {number}", **told}
        yield _step(case, told["on"], "coach", "session", data)


def _said(case: Case) -> Iterator[Step]:
    for told in case.many("step"):
        hour = time.fromisoformat(told["at"])
        yield Step(
            on=told["on"],
            at=hour,
            case=case,
            device=told["by"],
            do=told["do"],
            tell=told.get("tell", ""),
            data=told,
        )


def _pathway(case: Case, enterprise: Table) -> Iterator[Step]:
    data = {"enterprise": enterprise["key"]}
    dates: Mapping[str, date] = enterprise["pathway"]
    for name, (do, device) in _PATHWAY.items():
        if name in dates:
            yield _step(case, dates[name], device, do, data)
    if "established_on" in enterprise:
        yield _step(case, enterprise["established_on"], "coach", "establish", data)
    if "first_delivery_on" in enterprise:
        yield _step(case, enterprise["first_delivery_on"], "coach", "deliver", data)


def _claim(case: Case, claim: Table) -> Iterator[Step]:
    data = {"claim": claim["key"], "enterprise": claim["enterprise"]}
    paid = [line for line in claim["line"] if "paid_on" in line]
    for name, doings in _CLAIM.items():
        for do, device in doings:
            if name in claim and not (do == "recommend" and not paid):
                yield _step(case, claim[name], device, do, data)
    for line in paid:
        yield _step(case, line["paid_on"], "finance", "pay", {**data, "line": line["key"]})


def _step(case: Case, on: date, device: str, do: str, data: Mapping[str, Any]) -> Step:
    return Step(on=on, at=_HOURS[do], case=case, device=device, do=do, data=data)
