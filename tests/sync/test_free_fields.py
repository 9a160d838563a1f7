"""What `accept` says at once of a plain value is what it says when it looks at everything."""

from __future__ import annotations

from datetime import date

import pytest

from forms.change import Op, Verb
from forms.facts.kinds import KINDS, defaults_of
from forms.values import Role
from sync.register import accept
from sync.register.accept import Around
from sync.register.people import ALL, writes_fields
from sync.register.rows import Person, Row

VALUES = ["", "words", "2026-02-03", 7, -1, True, False, None, [], {}, 1.5]


def around(role, row):
    return Around(
        person=Person(id="ann", name="Ann", role=role),
        row=row,
        enterprise=None,
        claim=None,
        gate=None,
        today=date(2026, 3, 2),
    )


@pytest.mark.parametrize("kind", [k for k in KINDS.values() if not k.local], ids=lambda k: k.name)
def test_a_value_that_stands_at_once_stands_after_a_look_at_everything(kind):
    free = accept._free(kind.name)
    looked = 0
    for role in Role:
        if writes_fields(role, kind.name) != ALL:
            continue
        for row in (None, Row(id="r", kind=kind.name, fields=dict(defaults_of(kind.name)))):
            for spec in kind.specs:
                for value in VALUES:
                    op = Op(
                        inc=1, seq=1, hlc=0, actor_id="ann", kind=kind.name, record_id="r", base={},
                        verb=Verb.NEW if row is None else Verb.SET, fields={spec.name: value},
                    )  # fmt: skip
                    if type(value) in free.get(spec.name, ()):
                        looked += 1
                        here = around(role, row)
                        assert accept._may_stand(op, spec, value, here, defaults_of(kind.name))
    assert (
        looked
        or not any(writes_fields(role, kind.name) == ALL for role in Role)
        or not any(free.values())
    )


def test_what_only_some_may_say_is_never_free():
    names = {name for kind in KINDS for name in accept._free(kind)}
    assert not names & {"enterprise_id", "claim_id", "coach_id", "checked_by_id", "anonymised_on"}
