"""What is taken as plain is taken as if it had been looked at in every way: the log, the records,
the receipts are the same to the last letter. With a plain way that believes too much, they differ.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from forms.change import DELETED, Verb
from forms.facts.casework import ChecklistItem, CoachingSession
from forms.facts.kinds import KINDS, MOST_NUMBER, fields_of
from forms.facts.people import ActivityReturn, Enquiry, Enterprise
from sync.protocol import PushAsk, WireOp
from sync.register import plain, sql_behind
from sync.register.plain import Plain
from sync.register.push import Arrivals, push
from sync.register.rows import Person
from sync.register.sql_store import Tx
from sync.register.tables import dangling, op, record
from tests.sync.mutants import instead
from tests.sync.world import START, World

CASES = {"mine": "ann", "theirs": "ben", "nobody's": "-"}
NAMES = {
    "enterprise": (
        "name",
        "phone",
        "coach_id",
        "anonymised_on",
        "facts",
        "is_pa",
        "price_pence",
        "odd_newer_field",
    ),
    "enquiry": ("name", "created_on", "enterprise_id", "coach_id", "closed_on"),
    "session": ("note", "minutes", "at", "enterprise_id"),
    "activity_return": ("source", "hours_week", "people", "period_to", "enterprise_id"),
    "checklist_item": ("code", "evidence_on", "files", "checked_by_id", "enterprise_id", DELETED),
}
VALUES = ["", "words", "ann", "ben", "mine", "2022-02-03", 7, True, None, [], ["a"], {}, 1.5]
NUMBERS = [-1, 0, MOST_NUMBER, MOST_NUMBER + 1, 2**63, "-1", "1.5", "NaN", "1e13", "0e999999"]
MOMENTS = ["2022-02-03T10:00", "2022-02-03T10:00+00:00", "0001-01-01T00:00+14:00"]
VALUES += [*NUMBERS, *MOMENTS]
MADE = {
    "enterprise": lambda: fields_of(Enterprise(id="", name="Weald", coach_id="ann")),
    "enquiry": lambda: fields_of(Enquiry(id="", created_on=START.date(), coach_id="ann")),
    "session": lambda: fields_of(CoachingSession(id="", enterprise_id="mine", on=START.date())),
    "activity_return": lambda: fields_of(
        ActivityReturn(
            id="", enterprise_id="mine", period_from=START.date(), period_to=START.date()
        )
    ),
    "checklist_item": lambda: fields_of(ChecklistItem(id="", enterprise_id="mine", code="C01")),
}


class Undone(Exception):
    """What a batch did, on the way out of its transaction."""


@pytest.fixture(scope="module")
def office(tmp_path_factory):
    with World(f"sqlite:///{tmp_path_factory.mktemp('plain') / 'register.db'}") as world:
        numbers = {who: world.laptop(who).identity().incarnation for who in ("ann", "lee")}
        for who, case in (("ann", "mine"), ("lee", "theirs"), ("lee", "nobody's")):
            made = MADE["enterprise"]() | {"coach_id": CASES[case].strip("-")}
            wire = WireOp(
                seq=world.store.read(lambda tx, w=who: tx.people.incarnation(numbers[w]).last) + 1,
                hlc=hlc(0), actor=who, verb=Verb.NEW, kind="enterprise", record=case, fields=made,
            )  # fmt: skip
            world.store.write(lambda tx, w=who, one=wire: taken(tx, w, numbers[w], [one]))
        yield world, numbers


def hlc(minutes):
    return int((START + timedelta(minutes=minutes)).timestamp() * 1000) << 16


def taken(tx, who, inc, wires):
    person = tx.people.person(who)
    assert isinstance(person, Person)
    return push(tx, person, PushAsk(inc=inc), Arrivals(wires), START).acks()


def outcome(office, who, wires):
    """Acks, log and records after a batch that is then undone."""
    world, numbers = office

    def work(tx):
        acks = taken(tx, who, numbers[who], wires)
        tables = [
            tx.connection.execute(table.select().order_by(*table.primary_key)).all()
            for table in (op, record, dangling)
        ]
        raise Undone(acks, tables)

    own = instead(Tx, "own", lambda tx: (0, tx.people.incarnation(0, lock=True).last))
    with own, pytest.raises(Undone) as undone:
        world.store.write(work)
    return undone.value.args


@st.composite
def batches(draw, office):
    """Ops as one laptop might write them, or a program that is not ours."""
    world, numbers = office
    who = draw(st.sampled_from(["ann", "ann", "lee"]))
    seqs = count(world.store.read(lambda tx: tx.people.incarnation(numbers[who]).last) + 1)
    records, dots, wires = dict.fromkeys(CASES, "enterprise"), {}, []
    for _ in range(draw(st.integers(1, 6))):
        seq = next(seqs)
        known = draw(st.booleans())
        one = draw(st.sampled_from(sorted(records))) if known else f"r{seq % 4}"
        kind = records.get(one) or draw(st.sampled_from(sorted(NAMES)))
        verb = draw(st.sampled_from([Verb.SET] * 6 + [Verb.NEW, Verb.DELETE, Verb.SETTLE]))
        verb = Verb.NEW if one not in records and draw(st.integers(0, 9)) else verb
        names = draw(st.sets(st.sampled_from(NAMES[kind]), max_size=2))
        values = {name: draw(st.sampled_from(VALUES)) for name in sorted(names)}
        fields = MADE[kind]() | values if verb is Verb.NEW else values
        seen = {n: dots[one, n] for n in values if (one, n) in dots and draw(st.integers(0, 9))}
        base = {} if verb is Verb.NEW else {n: (d,) for n, (d, _) in seen.items()}
        was = {n: v for n, (_, v) in seen.items() if draw(st.booleans())}
        if draw(st.integers(0, 19)) == 0:
            base[draw(st.sampled_from(NAMES[kind]))] = (f"{numbers[who]}.{seq}",)
        actor = draw(st.sampled_from([who] * 9 + ["ben"]))
        wires.append(
            WireOp(
                seq=seq, hlc=hlc(draw(st.integers(-5, 15))), actor=actor, verb=verb, kind=kind,
                record=one, fields=fields, base=base, was=was if verb is Verb.SET else {},
                note=draw(st.sampled_from([""] * 9 + ["because"])),
                schema=draw(st.sampled_from([1] * 9 + [2])),
            )
        )  # fmt: skip
        records.setdefault(one, kind)
        dots |= {(one, n): (f"{numbers[who]}.{seq}", v) for n, v in fields.items()}
    return who, wires


@st.composite
def afternoons(draw, office):
    """Edits of one shape, one after the other, of which here and there one is not like the rest."""
    world, numbers = office
    first = world.store.read(lambda tx: tx.people.incarnation(numbers["ann"]).last) + 1
    stands = world.store.read(lambda tx: tx.records.load(CASES))
    shapes = [("phone",), ("name", "phone"), ("facts", "phone"), ("price_pence", "phone")]
    most = draw(st.sampled_from(shapes))
    every = ("facts", "name", "phone", "price_pence")
    dots = {(one, n): stands[one].versions[n] for one in CASES for n in every}
    rare = [False] * 9 + [True]
    wires = []
    for seq in range(first, first + draw(st.integers(2, 8))):
        one = (
            "theirs" if draw(st.sampled_from(rare)) else draw(st.sampled_from(["mine", "nobody's"]))
        )
        names = draw(st.sampled_from([most] * 4 + shapes))
        said = {"facts": {"a": 1}, "price_pence": seq}
        values = {n: said.get(n, f"{n} {seq}") for n in names}
        if draw(st.sampled_from(rare)):
            values[draw(st.sampled_from(names))] = draw(st.sampled_from(VALUES))
        base = {n: dots[one, n] for n in names if not draw(st.sampled_from(rare))}
        was = {"phone": draw(st.sampled_from(VALUES))} if draw(st.sampled_from(rare)) else {}
        wires.append(
            WireOp(
                seq=seq, hlc=hlc(seq % 7), actor=draw(st.sampled_from(["ann"] * 9 + ["ben"])),
                verb=Verb.SETTLE if draw(st.sampled_from(rare)) else Verb.SET, kind="enterprise",
                record=one, fields=values, base=base, was=was,
                note="because" if draw(st.sampled_from(rare)) else "",
                schema=2 if draw(st.sampled_from(rare)) else 1,
            )
        )  # fmt: skip
        dots |= {(one, n): (f"{numbers['ann']}.{seq}",) for n in names}
    return "ann", wires


@pytest.fixture
def went():
    """How many ops were plain, and how many had to be looked at."""
    seen = {True: 0, False: 0}
    real, real_edits = Plain.took, Plain.edits

    def took(self, batch, wire, dot):
        found = real(self, batch, wire, dot)
        seen[found] += 1
        return found

    def edits(self, batch, inc, came, first):
        found = real_edits(self, batch, inc, came, first)
        seen[True] += found
        return found

    with instead(Plain, "took", took), instead(Plain, "edits", edits):
        yield seen


@contextmanager
def nothing_plain():
    with instead(Plain, "took", lambda *_: False), instead(Plain, "edits", lambda *_: 0):
        yield


@pytest.fixture(params=["at once", "later"])
def written(request):
    """Records are written with the log, or follow it."""
    with instead(sql_behind, "FEWEST", 1 if request.param == "later" else 1000):
        yield request.param


@pytest.mark.parametrize("drawn", [batches, afternoons])
def test_what_is_plain_is_taken_as_after_a_look_at_everything(office, went, drawn, written):
    @settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.data())
    def each(data):
        who, wires = data.draw(drawn(office))
        short = outcome(office, who, wires)
        with nothing_plain():
            assert outcome(office, who, wires) == short

    each()
    assert min(went.values()) > 50


def believes_every_value():
    return instead(plain, "_free", lambda *_: frozenset(map(type, VALUES)))


def believes_every_number():
    return instead(plain, "fits", lambda *_: True)


def believes_every_base():
    return instead(plain, "_follows", lambda *_: True)


def believes_every_coach():
    return instead(Plain, "_is_anothers", lambda *_: False)


def believes_every_author():
    real = Plain.edits

    def edits(self, batch, inc, came, first):
        mine = [c._replace(wire=structs.replace(c.wire, actor=self._who)) for c in came]
        return real(self, batch, inc, mine, first)

    return instead(Plain, "edits", edits)


def edit(seq, one, values, *, base=None, was=None, actor="ann"):
    return WireOp(
        seq=seq, hlc=hlc(1), actor=actor, verb=Verb.SET, kind="enterprise", record=one,
        fields=values, base=base or {}, was=was or {},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("believes", "wire"),
    [
        (believes_every_value, lambda n: edit(n, "mine", {"phone": 7}, base={"phone": (DOT,)})),
        (
            believes_every_number,
            lambda n: edit(n, "mine", {"price_pence": -1}, base={"price_pence": (DOT,)}),
        ),
        (believes_every_base, lambda n: edit(n, "mine", {"phone": "7"}, base={"phone": ("9.9",)})),
        (believes_every_coach, lambda n: edit(n, "theirs", {"phone": "7"}, base={})),
        (
            believes_every_author,
            lambda n: edit(n, "mine", {"phone": "7"}, base={"phone": (DOT,)}, actor="ben"),
        ),
    ],
)
def test_a_way_that_believes_too_much_is_noticed(office, believes, wire, written):
    world, numbers = office
    last = world.store.read(lambda tx: tx.people.incarnation(numbers["ann"]).last)
    made = world.store.read(lambda tx: tx.records.load([wire(1).record])[wire(1).record])
    one = wire(last + 1)
    if (DOT,) in one.base.values() or not one.base:
        one.base = {name: made.versions[name] for name in one.fields}
    plain._shape.cache_clear()
    with nothing_plain():
        whole = outcome(office, "ann", [one])
    with believes():
        believed = outcome(office, "ann", [one])
    plain._shape.cache_clear()
    assert believed != whole


DOT = "the one that stands"


@pytest.mark.parametrize("kind", [k for k in KINDS if k in MADE])
def test_a_new_record_and_an_edit_of_it_are_plain(office, went, kind):
    world, numbers = office
    last = world.store.read(lambda tx: tx.people.incarnation(numbers["ann"]).last)
    name = NAMES[kind][0] if kind != "enquiry" else "name"
    dot = f"{numbers['ann']}.{last + 1}"
    made = WireOp(
        seq=last + 1, hlc=hlc(0), actor="ann", verb=Verb.NEW, kind=kind, record="new",
        fields=MADE[kind](),
    )  # fmt: skip
    then = WireOp(
        seq=last + 2, hlc=hlc(1), actor="ann", verb=Verb.SET, kind=kind, record="new",
        fields={name: "b"}, base={name: (dot,)},
    )  # fmt: skip
    acks, _ = outcome(office, "ann", [made, then])
    assert [ack.result for ack in acks] == ["ok", "ok"]
    assert went == {True: 2, False: 0}
