"""A number is nought or more and not beyond reason, a moment says its time zone: in every field.

What is not so is refused in words, and the register keeps the value it had: laptops can hold it.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from forms.change import Verb
from forms.facts.casework import Attachment, CoachingSession
from forms.facts.kinds import KINDS, MOST_NUMBER, fields_of, fits, to_json
from forms.facts.people import ActivityReturn
from sync.protocol import PushAsk, WireOp
from sync.register.push import Arrivals, push
from tests.sync.world import START, claim, enterprise, line_of

NUMBERS = [-1, MOST_NUMBER + 1, 2**63, 10**400, True, 1.5, "7"]
HOURS = ["-0.5", "1e13", "1e999999", "0e999999", "NaN", "-Infinity", "seven", 7]
MOMENTS = ["2022-02-03T10:00:00", "2022-02-03", "0001-01-01T00:00:00+14:00", "soon", 7]
WRONG = {int: NUMBERS, Decimal: HOURS, datetime: MOMENTS}
RIGHT = {
    int: [0, 1, MOST_NUMBER],
    Decimal: ["0", "0.25", "37.5", to_json(Decimal(168))],
    datetime: ["2022-02-03T10:00:00+00:00", "2022-02-03T10:00:00Z", "2022-07-03T10:00+01:00"],
}
FIELDS = [(kind, spec) for kind in KINDS for spec in KINDS[kind].specs if spec.type in WRONG]


@pytest.mark.parametrize(("kind", "spec"), FIELDS, ids=[f"{k}.{s.name}" for k, s in FIELDS])
def test_every_number_and_moment_of_a_record_is_one_that_can_be(kind, spec):
    assert not [value for value in WRONG[spec.type] if fits(spec, value)]
    assert all(fits(spec, value) for value in RIGHT[spec.type])
    assert fits(spec, None) == spec.optional


def sent(world, made, values, verb=Verb.SET):
    """What the register says to an edit, or a new record, of a program that is not ours."""
    number = world.laptop("lee").identity().incarnation

    def work(tx):
        row = tx.records.load([made.id]).get(made.id)
        wire = WireOp(
            seq=tx.people.incarnation(number).last + 1, hlc=int(START.timestamp() * 1000) << 16,
            actor="lee", verb=verb, kind=KIND_OF[type(made)], record=made.id, fields=values,
            base={n: row.versions[n] for n in values} if row is not None else {},
        )  # fmt: skip
        told = push(tx, tx.people.person("lee"), PushAsk(inc=number), Arrivals([wire]), START)
        return told.acks()[0]

    return world.store.write(work)


KIND_OF = {kind.cls: name for name, kind in KINDS.items()}
EDITS = [
    ("enterprise", "price_pence", -1),
    ("enterprise", "employee_count", 2**63),
    ("line", "pence", -2300),
    ("line", "months", 2**70),
    ("session", "minutes", -30),
    ("session", "at", "2022-02-03T10:00:00"),
    ("figures", "hours_week", "NaN"),
    ("figures", "hours_week", "1e999999"),
]


@pytest.mark.parametrize(("what", "field", "value"), EDITS)
def test_what_cannot_be_is_refused_in_words_and_the_old_value_stays(quick, what, field, value):
    lee = quick.laptop("lee")
    case = lee.add(enterprise(coach="ann"))
    one = lee.add(claim(case, "lee"))
    made = {
        "enterprise": case,
        "line": lee.add(line_of(one)),
        "session": lee.add(CoachingSession(id="s", enterprise_id=case.id, on=START.date())),
        "figures": lee.add(
            ActivityReturn(
                id="f", enterprise_id=case.id, period_from=START.date(), period_to=START.date()
            )
        ),
    }[what]
    quick.round(lee)
    before = quick.row(made.id).fields[field]
    ack = sent(quick, made, {field: value})
    assert ack.result == f"partly:{field}"
    assert field.replace("_", " ") in ack.words
    assert "nought or more" in ack.words
    assert quick.row(made.id).fields[field] == before


def test_a_new_record_without_a_size_that_can_be_is_not_made(quick):
    lee = quick.laptop("lee")
    case = lee.add(enterprise(coach="ann"))
    quick.round(lee)
    photo = Attachment(
        id="p", enterprise_id=case.id, name="a.png", mime="image/png", sha256="0" * 64, size=1
    )
    ack = sent(quick, photo, fields_of(photo) | {"size": -1}, Verb.NEW)
    assert ack.result == "refused:INCOMPLETE"
    assert "Not complete: size. An amount or a number is nought or more" in ack.words
