"""Protections of sync, each with a way to switch it off, to prove that the suite would notice."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace

from sqlalchemy import delete, func, select

from forms.change import Verb
from sync import carried
from sync.client import carry, exchange, files, recovery, sums, wire
from sync.merge import Meeting, clashes
from sync.protocol import SumsReply
from sync.register import along, applying, feed, push, service, sql_behind
from sync.register import carry as council_carry
from sync.register import files as register_files
from sync.register import sums as register_sums
from sync.register.batch import Batch
from sync.register.sql_blobs import BlobTable
from sync.register.sql_decisions import DecisionTable
from sync.register.sql_people import PeopleTable
from sync.register.sql_records import RecordTable
from sync.register.sql_store import Tx
from sync.register.tables import decision, incarnation


@contextmanager
def instead(place, name, made):
    """`place.name` is `made` for a while."""
    kept = getattr(place, name)
    setattr(place, name, made)
    try:
        yield
    finally:
        setattr(place, name, kept)


def last_one_wins():
    """The newer edit takes the field, the other value is gone."""
    return instead(applying, "meet", lambda _heads, new, _base, **_: Meeting((new,), False, False))


def equal_heads_collapse():
    """Two equal values count as one: the first edit's name is forgotten."""
    real = applying.meet

    def meet(heads, new, base, **more):
        found = real(heads, new, base, **more)
        if len(found.heads) > 1 and not clashes(found.heads):
            return Meeting(found.heads[-1:], False, found.settled)
        return found

    return instead(applying, "meet", meet)


def superseded_ops_count():
    """An op that a later one has replaced already comes back as a value."""
    return instead(Batch, "_superseded", lambda _self, _op: lambda _name: False)


def seen_counts_as_replaced():
    """What a delete saw, or a refused edit was made over, is taken for replaced."""
    real = Batch._await_unknown
    return instead(
        Batch,
        "_await_unknown",
        lambda self, op, _values: real(self, replace(op, verb=Verb.SET), op.base),
    )


def deletes_beat_edits():
    """A delete takes away edits that its author had not seen."""
    return instead(applying, "_unseen_heads", lambda *_: ())


def numbers_are_not_compared():
    """A number used twice is taken for the same op."""
    return instead(push, "_same", lambda *_: True)


def gaps_are_taken():
    """Ops may be missing in between."""
    real = push._split

    def split(tx, mine, ops, now):
        new = [one for one in ops if one.wire.seq > mine.last]
        if new and new[0].wire.seq != mine.last + 1:
            return [], new
        return real(tx, mine, ops, now)

    return instead(push, "_split", split)


def no_fence():
    """Any bookmark is followed, whatever history it is of."""
    return instead(feed, "fence", lambda *_: None)


def no_chain():
    """A bookmark is fenced by its number alone."""
    real = feed.fence

    def fence(tx, person, ask, epoch, now):
        mark = tx.log.link_at(ask.seq)
        ask.chain = mark if mark is not None else ask.chain
        real(tx, person, ask, epoch, now)

    return instead(feed, "fence", fence)


def laptops_do_not_say_what_they_have():
    """A disk from an old image is not noticed by a pull."""
    return instead(recovery, "newest_written", lambda _this: -1)


@contextmanager
def laptops_do_not_say_what_was_receipted():
    """A register from an old copy is not noticed by a pull, nor by a page that comes along."""
    with (
        instead(recovery, "newest_receipted", lambda _this: -1),
        instead(exchange, "along", lambda *_: None),
    ):
        yield


def an_answer_on_a_stick_is_to_any_op():
    """A carried receipt counts for whatever has the numbers that it names."""
    return instead(carry, "_of_these_ops", lambda _side, receipt: receipt)


def a_copy_is_not_told_apart():
    """Which ops the register holds is taken for what this laptop wrote under the same numbers."""
    return instead(recovery, "_rename_others", lambda *_: None)


def a_stick_believes_a_number():
    """The same, where the register's answer comes on a stick."""
    return instead(recovery, "others", lambda *_: [])


def what_fits_of_a_refused_batch_is_not_signed():
    """The laptop believes it all the same, and keeps nothing that shows it."""
    return instead(along, "sign_acks", lambda *_: None)


def what_came_before_a_trouble_has_no_receipt():
    """A laptop that goes on under another number by a stick gives one to what is there already."""
    return instead(council_carry, "_receipt", lambda *_: carried.Frame(b"?", b""))


def nothing_is_said_again():
    """After a register was put back, only the bookmark is reset."""
    return instead(recovery, "_say_again", lambda _this: None)


def only_the_newest_incarnation_is_said_again():
    """What a laptop wrote before it was renumbered is forgotten."""
    real = recovery._say_again

    def say(this):
        kept = this.vault.incarnations
        mine = this.line.identity.incarnation
        with instead(this.vault, "incarnations", lambda: {mine: kept().get(mine, 0)}):
            real(this)
        del this.vault.incarnations

    return instead(recovery, "_say_again", say)


def incarnations_are_counted():
    """A register that was put back gives numbers that it gave already."""

    def counted(self, device_id, person_id):
        known = self._c.execute(select(func.max(incarnation.c.inc))).scalar()
        self._add_incarnation(known + 1, device_id, person_id)
        return known + 1

    return instead(PeopleTable, "new_incarnation", counted)


def the_register_counts_on():
    """A register that was put back gives names of its own ops again."""
    return instead(Tx, "own", lambda tx: (0, tx.people.incarnation(0, lock=True).last))


def a_name_is_enough():
    """An edit replaces whatever bears a name that it saw, also when it saw another value."""
    return instead(applying, "seen_by", lambda _row, op, name: op.base.get(name, ()))


def a_name_that_is_awaited_is_enough():
    """The same for an op that comes after the edit that replaced its namesake."""

    def awaited(self, record_id, field, dot, _value=""):
        return self._seen_at(record_id, field, dot) is not None

    return instead(RecordTable, "awaited", awaited)


def sent_before_the_receipt():
    """Ops count as sent when they are sent."""
    real = exchange.Round.ask_push

    def ask(this, inc, ops, epoch, *more):
        from forms.change import Ack

        acks = [Ack(seq=op.seq, feed_seq=0, result="ok") for op in ops]
        this.vault.exchange.acknowledge(acks, this.now())
        return real(this, inc, ops, epoch, *more)

    return instead(exchange.Round, "ask_push", ask)


def things_to_check_do_not_travel():
    """Laptops hear the value in use and nothing of the other."""
    real = feed._state

    def state(row, person, wanted, mine):
        found = real(row, person, wanted, mine)
        return replace(found, heads={}, before={})

    return instead(feed, "_state", state)


def a_whole_page_is_only_a_page():
    """After a reset, records that the register does not have stay on the laptop."""
    real = exchange._absorb
    return instead(exchange, "_absorb", lambda this, page: real(this, replace(page, whole=False)))


def own_ops_are_not_echoed_at_all():
    """A laptop is never told again of fields that it wrote itself."""
    real = feed._ops

    def ops(tx, seen, after, top, page):
        found, upto = real(tx, seen, after, top, page)
        return [op for op in found if op.verb != "set" or op.inc == 0], upto

    return instead(feed, "_ops", ops)


def others_make_no_difference_to_an_echo():
    """What a laptop wrote itself is not told again, whoever else has touched the record."""

    def echoes(ops, ask):
        mine = [op for op in ops if op.inc == ask.inc and op.result == "ok"]
        return set() if ask.own_too else {op.record_id for op in mine}

    return instead(feed, "_echoes", echoes)


def a_former_coach_is_shut_out():
    """Work that was not sent before the case went is refused."""
    return instead(Batch, "_left_on", lambda *_: None)


def decisions_are_made_as_often_as_they_are_asked():
    """A decision's number is not looked up."""
    kept = DecisionTable.add

    def add(table, decided):
        table._c.execute(delete(decision).where(decision.c.id == decided.id))
        kept(table, decided)

    @contextmanager
    def both():
        with instead(DecisionTable, "get", lambda *_: None), instead(DecisionTable, "add", add):
            yield

    return both()


def revocation_is_not_read():
    """A closed laptop is served like any other."""
    real = PeopleTable.device
    return instead(
        PeopleTable,
        "device",
        lambda self, one: (found := real(self, one)) and replace(found, revoked_at=""),
    )


def last_work_counts_at_once():
    """What a closed laptop sends is taken like any other."""
    real = push.push
    return instead(service, "push", lambda *args, **_: real(*args))


def a_wrong_clock_is_refused():
    """The register's time is not learnt."""
    return instead(wire.Line, "raw", wire.Line._once)


def anybody_is_believed():
    """The signature of an answer is not checked."""
    return instead(wire, "_is_of", lambda *_: True)


def sums_are_not_mended():
    """Laptop and register are compared, and nothing follows."""
    return instead(sums, "_mend", lambda *_: True)


def any_sum_will_do():
    """The register says of every laptop that it holds the same."""

    def answer(tx, person, ask, *_):
        return SumsReply(same=feed.level(tx, person, ask.seq))

    return instead(register_sums, "answer", answer)


def what_left_stays():
    """A laptop keeps a case that is another coach's now."""
    real = exchange.put_page

    def put(this, reply, seen=""):
        reply.left = []
        real(this, reply, seen)

    return instead(exchange, "put_page", put)


def a_case_that_came_is_not_sent():
    """The new coach hears only of what changes later."""
    real = feed._moves

    def moves(tx, person, seen, after, upto, wanted, rows):
        whole = set(wanted.whole)
        real(tx, person, seen, after, upto, wanted, rows)
        for record_id in wanted.whole - whole:
            rows.pop(record_id, None)
            wanted.fields.pop(record_id, None)

    return instead(feed, "_moves", moves)


def a_page_that_is_begun_is_done():
    """A laptop puts the beginning of a page away and goes on from behind it."""

    def put(this, page, _seen=""):
        this.vault.exchange.absorb_some(page, this.now())
        this.vault.mark = page.bookmark

    return instead(exchange, "put_away", put)


def a_part_is_enough():
    """A file counts as sent when its first part is."""
    real = files._status

    def status(body):
        found = real(body)
        found.complete = True
        return found

    return instead(files, "_status", status)


def files_are_not_looked_for():
    """A register that was put back does not say which files it lacks."""
    return instead(register_files, "lacking", lambda *_: [])


def files_of_a_case_that_went_are_not_taken():
    """Whoever has the case sends its files; what the coach before had not sent yet is lost."""
    return instead(register_files, "_was_theirs", lambda *_: False)


def erasing_takes_the_bytes_from_everybody():
    """What another case names too goes with the person who is erased."""
    return instead(BlobTable, "naming", lambda *_: [])


def an_upload_is_ended_whatever_became_of_its_record():
    """The next part is taken although the record was erased after the one before."""

    def to_send(tx, _person, sha256, record_id):
        return register_files._size(register_files._record(tx, record_id), sha256)

    return instead(register_files, "_to_send", to_send)


def records_are_believed_behind():
    """Records are read, and met, as they stand on the disk, whatever the log has of them."""
    return instead(sql_behind, "count", lambda _connection: 0)


def who_joins_again_asks_nothing():
    """A laptop that joins once more believes every receipt that it has."""
    return instead(recovery, "look_back", lambda _vault, _line: None)


MUTANTS = [
    records_are_believed_behind,
    who_joins_again_asks_nothing,
    an_answer_on_a_stick_is_to_any_op,
    a_copy_is_not_told_apart,
    a_stick_believes_a_number,
    what_fits_of_a_refused_batch_is_not_signed,
    what_came_before_a_trouble_has_no_receipt,
    last_one_wins,
    equal_heads_collapse,
    superseded_ops_count,
    seen_counts_as_replaced,
    deletes_beat_edits,
    numbers_are_not_compared,
    gaps_are_taken,
    no_fence,
    no_chain,
    laptops_do_not_say_what_they_have,
    laptops_do_not_say_what_was_receipted,
    nothing_is_said_again,
    only_the_newest_incarnation_is_said_again,
    incarnations_are_counted,
    the_register_counts_on,
    a_name_is_enough,
    a_name_that_is_awaited_is_enough,
    sent_before_the_receipt,
    things_to_check_do_not_travel,
    a_whole_page_is_only_a_page,
    own_ops_are_not_echoed_at_all,
    others_make_no_difference_to_an_echo,
    a_former_coach_is_shut_out,
    decisions_are_made_as_often_as_they_are_asked,
    revocation_is_not_read,
    last_work_counts_at_once,
    a_wrong_clock_is_refused,
    anybody_is_believed,
    sums_are_not_mended,
    any_sum_will_do,
    what_left_stays,
    a_case_that_came_is_not_sent,
    a_page_that_is_begun_is_done,
    a_part_is_enough,
    files_are_not_looked_for,
    files_of_a_case_that_went_are_not_taken,
    erasing_takes_the_bytes_from_everybody,
    an_upload_is_ended_whatever_became_of_its_record,
]
