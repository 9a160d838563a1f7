"""What the register would refuse later is refused at the desk, in words: by one rule and number."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from forms.facts.kinds import KINDS, MOST_NUMBER, fits, kind_of, to_json
from forms.facts.money import ClaimLine
from storage import rows
from storage.errors import ValueRefused
from tests.storage.samples import COACH, NOON, bare_record

TOO_BIG = "Pence is too big a number"
FAR = timezone(timedelta(hours=14))
ODD = {
    int: [MOST_NUMBER + 1, 2**63 - 1, 2**63, -1],
    Decimal: [Decimal(MOST_NUMBER + 1), Decimal("1e-30"), Decimal(-1), Decimal("NaN")],
    str: ["a\x00b"],
    tuple: [("a", "b\x00")],
    dict: [{"a": ["b\x00"]}, {"a\x00": 1}],
    datetime: [datetime(1, 1, 1, tzinfo=FAR)],
}
GOOD = {
    int: [0, MOST_NUMBER],
    Decimal: [Decimal(0), Decimal(MOST_NUMBER), Decimal("37.5")],
    str: ["", "née"],
    tuple: [(), ("a",)],
    dict: [{}, {"a": 1}],
    datetime: [datetime(2022, 3, 1, tzinfo=UTC)],
}
FIELDS = [(kind, spec) for kind in KINDS.values() for spec in kind.specs if spec.type in ODD]


@pytest.mark.parametrize(("kind", "spec"), FIELDS, ids=lambda one: one.name)
def test_both_ways_of_writing_say_what_the_register_says(kind, spec):
    record = bare_record(kind)
    for value in (*ODD[spec.type], *GOOD[spec.type]):
        odd = replace(record, **{spec.name: value})
        if fits(spec, to_json(value)):
            assert rows.checked_record(odd, kind) == odd
            assert rows.changed(kind, record, {spec.name: value}) == odd
            continue
        with pytest.raises(ValueRefused, match="Nothing was changed"):
            rows.checked_record(odd, kind)
        with pytest.raises(ValueRefused, match="Nothing was changed"):
            rows.changed(kind, record, {spec.name: value})


def test_a_cost_beyond_reason_is_said_while_it_can_be_mended(vault):
    line = ClaimLine(id="line", claim_id="claim", enterprise_id="case", pence=MOST_NUMBER)
    with vault.change(by=COACH, at=NOON) as unit:
        unit.add(line)
    for pence in (MOST_NUMBER + 1, 2**63 - 1):
        with pytest.raises(ValueRefused, match=TOO_BIG), vault.change(by=COACH, at=NOON) as unit:
            unit.set(ClaimLine, "line", pence=pence)
        with pytest.raises(ValueRefused, match=TOO_BIG), vault.change(by=COACH, at=NOON) as unit:
            unit.add(replace(line, id="other", pence=pence))
    assert vault.reader.get(ClaimLine, "line").pence == MOST_NUMBER


def test_what_stands_already_is_read_and_the_rest_of_it_edited():
    """From before there was such a rule, or from a register that has another."""
    kind = kind_of(ClaimLine)
    line = rows.checked(
        kind, "line", {"claim_id": "claim", "enterprise_id": "case", "pence": 2**62}
    )
    assert line.pence == 2**62
    assert rows.changed(kind, line, {"what": "A check"}).pence == 2**62
