"""After a round both ends are compared, and what differs is put right record by record."""

from __future__ import annotations

from datetime import UTC, date, datetime

from forms.facts.casework import ChecklistItem, CoachingSession
from forms.facts.kinds import fields_of
from forms.facts.people import Enterprise
from forms.sums import PLACES, added, place_of, sum_of, total_of
from forms.values import new_id
from sync import envelope
from sync.client import sums
from sync.protocol import PLACES_AT_ONCE
from tests.sync.test_photos import Counted
from tests.sync.world import claim, enterprise, leader, line_of, notice


def session(case):
    return CoachingSession(
        id=new_id(),
        enterprise_id=case.id,
        on=date(2022, 2, 20),
        at=datetime(2022, 2, 20, 9, 30, tzinfo=UTC),
        note="Rang about the DBS.",
        private_note="Sounded tired.",
    )


def full(ann):
    """A case with something of many kinds, private words among it."""
    case = ann.add(
        enterprise(
            established_on=date(2022, 2, 1),
            strand="home_support",
            employee_count=0,
            entity_form="SOLE",
        )
    )
    for record in (leader(case, private_note="Rings after six."), notice(case), session(case)):
        ann.add(record)
    ann.add(ChecklistItem(id=new_id(), enterprise_id=case.id, code="C07"))
    one = ann.add(claim(case))
    ann.add(line_of(one))
    return case, one


def compared(world, laptop):
    """A round on the next day, when laptop and register are compared."""
    world.later(days=1, minutes=1)
    return world.round(laptop)


def broken(laptop, sql, *values):
    """Something writes in the vault behind everybody's back."""
    db = laptop.vault.exchange._db
    with db.transaction():
        assert db.do(sql, values) == 1


def test_every_role_has_the_sums_that_the_register_has_for_it(vaults):
    people = {who: vaults.laptop(who) for who in ("ann", "ben", "lee", "quin", "fay", "abe")}
    _, one = full(people["ann"])
    full(people["ben"])
    vaults.settle_down()
    vaults.ask(people["ann"], "claim.submit", one.id)
    vaults.settle_down()
    for who, laptop in people.items():
        report = compared(vaults, laptop)
        assert (report.requests, report.mended, report.uneven) == (2, 0, ""), who
        assert laptop.exchange.compared_at() == vaults.clock.now()


def test_a_quiet_round_is_one_small_request_and_the_comparing_another_once_a_day(vaults):
    ann = vaults.laptop("ann")
    full(ann)
    vaults.settle_down()
    line = Counted(vaults)
    assert vaults.round(ann, line).requests == 1
    vaults.later(hours=23)
    assert vaults.round(ann, line).requests == 1
    assert [path for _, path, _ in line.sent] == ["/v1/pull"] * 2
    assert compared(vaults, ann).requests == 2
    assert vaults.round(ann).requests == 1


def test_a_value_that_went_wrong_is_read_again_and_the_story_says_so(vaults):
    ann = vaults.laptop("ann")
    case, _ = full(ann)
    vaults.settle_down()
    broken(ann, "UPDATE enterprise SET phone = '0' WHERE id = ?", case.id)
    assert ann.get(Enterprise, case.id).phone == "0"
    report = compared(vaults, ann)
    assert (report.mended, report.uneven) == (1, "")
    assert ann.get(Enterprise, case.id).phone == case.phone
    told = ann.reader.history(case.id)[-1]
    assert (told.before["phone"], told.after["phone"]) == ("0", case.phone)
    assert compared(vaults, ann).requests == 2


def test_a_record_that_is_gone_comes_back_and_one_that_nobody_has_leaves(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case, _ = full(ann)
    vaults.settle_down()
    (item,) = lee.all(ChecklistItem)
    broken(lee, "DELETE FROM checklist_item WHERE id = ?", item.id)
    broken(lee, "UPDATE leader SET id = 'ghost' WHERE enterprise_id = ?", case.id)
    report = compared(vaults, lee)
    assert (report.mended, report.uneven) == (3, "")
    assert lee.all(ChecklistItem) == [item]
    assert [one.name for one in lee.reader.under(_leader(), [case.id])[case.id]] == ["Mary Fenn"]


def _leader():
    from forms.facts.people import Leader

    return Leader


def test_what_is_typed_and_not_sent_is_not_compared_and_not_touched(vaults):
    ann = vaults.laptop("ann")
    case, _ = full(ann)
    vaults.settle_down()
    broken(ann, "UPDATE enterprise SET place = 'Nowhere' WHERE id = ?", case.id)

    class Typing(Counted):
        def send(self, method, path, headers, body):
            answer = super().send(method, path, headers, body)
            if path == "/v1/sums" and not ann.reader.unsent_count():
                ann.set(case.id, phone="01303 777777")
            return answer

    vaults.later(days=1, minutes=1)
    report = vaults.round(ann, Typing(vaults))
    assert report.mended == 0  # it cannot be counted while she types, and is not guessed
    assert ann.get(Enterprise, case.id).phone == "01303 777777"
    assert ann.reader.unsent_count() == 1
    vaults.settle_down()
    compared(vaults, ann)
    mine, row = ann.get(Enterprise, case.id), vaults.row(case.id)
    assert fields_of(mine) == row.fields
    assert (mine.phone, mine.place) == ("01303 777777", case.place)


def test_when_very_much_differs_everything_is_read_again(vaults):
    ann = vaults.laptop("ann")
    cases = [ann.add(enterprise()) for _ in range(120)]
    vaults.settle_down()
    db = ann.vault.exchange._db
    with db.transaction():
        assert db.do("UPDATE enterprise SET phone = '0'") == len(cases)
    report = compared(vaults, ann)
    assert (report.mended, report.uneven) == (len(cases), "")
    assert {ann.get(Enterprise, one.id).phone for one in cases} == {cases[0].phone}


def test_what_is_mended_in_more_than_one_go_counts_once(vaults):
    ann = vaults.laptop("ann")
    cases = [ann.add(enterprise()) for _ in range(30)]
    vaults.settle_down()
    for case in cases[:20]:
        broken(ann, "UPDATE enterprise SET phone = '0' WHERE id = ?", case.id)
    assert len({place_of(case.id) for case in cases[:20]}) > PLACES_AT_ONCE
    report = compared(vaults, ann)
    assert (report.mended, report.uneven) == (20, "")
    assert {ann.get(Enterprise, one.id).phone for one in cases} == {cases[0].phone}


def test_what_cannot_be_put_right_is_said_and_the_round_goes_on(vaults, monkeypatch):
    ann = vaults.laptop("ann")
    case, _ = full(ann)
    vaults.settle_down()
    broken(ann, "UPDATE enterprise SET phone = '0' WHERE id = ?", case.id)
    monkeypatch.setattr(sums, "_mend", lambda *_: True)
    report = compared(vaults, ann)
    assert report.uneven == sums.UNEVEN
    assert vaults.round(ann).requests == 1  # not again and again: tomorrow


def test_what_is_on_its_way_is_no_difference(vaults):
    ann, lee = vaults.laptop("ann"), vaults.laptop("lee")
    case, _ = full(ann)
    vaults.settle_down()
    last = ann.exchange.compared_at()

    class Meanwhile(Counted):
        def send(self, method, path, headers, body):
            if path == "/v1/sums":
                lee.set(case.id, phone="01303 888888")
                self.world.round(lee)
            return super().send(method, path, headers, body)

    vaults.later(days=1, minutes=1)
    report = vaults.round(ann, Meanwhile(vaults))
    assert (report.requests, report.mended, ann.exchange.compared_at()) == (2, 0, last)
    assert vaults.round(ann).requests == 2  # level now, and compared
    assert ann.exchange.compared_at() == vaults.clock.now()


def test_the_question_is_small_whatever_is_held(vaults):
    ann = vaults.laptop("ann")
    for _ in range(150):
        ann.add(enterprise())
    vaults.settle_down()
    line = Counted(vaults)
    vaults.later(days=1, minutes=1)
    vaults.round(ann, line)
    assert [path for _, path, _ in line.sent] == ["/v1/pull", "/v1/sums"]
    assert line.sent[1][2] < 400
    assert len(envelope.pack(sums.SumsReply(same=True))) < 60


def test_a_sum_does_not_know_an_order_and_a_default_says_nothing():
    case = enterprise(phone="1")
    fields = fields_of(case)
    number = sum_of("enterprise", case.id, fields, lambda _: ("5.1",))
    plain = {n: v for n, v in fields.items() if v}
    assert number == sum_of("enterprise", case.id, plain, lambda _: ("5.1",))
    assert number != sum_of("enterprise", case.id, fields | {"phone": "2"}, lambda _: ("5.1",))
    assert number != sum_of("enterprise", case.id, fields, lambda _: ("5.2",))
    assert number != sum_of("enterprise", case.id, fields, lambda _: ("5.1",), deleted=True)
    one, two = [0] * PLACES, [0] * PLACES
    ids = [new_id() for _ in range(50)]
    for place, record_id in enumerate(ids):
        added(one, record_id, place)
    for place, record_id in reversed(list(enumerate(ids))):
        added(two, record_id, place)
    assert total_of(one) == total_of(two)
