"""Two at one moment on PostgreSQL, where nobody is alone: the later one sees the other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
import sqlalchemy

from forms.facts.casework import Attachment
from sync import errors
from sync.client.enrol import enrol
from sync.client.files import _path, _status
from sync.client.transport import in_process
from sync.client.wire import Line, Told
from sync.office import CloseDeviceAsk, CloseDeviceReply, SignInAsk
from sync.protocol import HelloAsk, HelloReply, KeysReply
from sync.register import admin, files, limits, logins, oidc, refused, sql_postgres
from sync.register.batch import Batch
from sync.register.sql_logins import LoginTable
from sync.register.sql_people import PeopleTable
from sync.register.system import Pen
from tests.sync.laptop import Laptop
from tests.sync.test_file_sight import named
from tests.sync.test_photos import photo
from tests.sync.world import World, enterprise

pytestmark = pytest.mark.postgres
TEXT = b"a passport"


@pytest.fixture
def world(postgres_url):
    with World(postgres_url) as made:
        yield made


class Beside:
    """Work in a thread of its own, as of another worker; it has ended, or waits for a lock."""

    def __init__(self, world):
        self.pool, self.done, self.begun = ThreadPoolExecutor(1), None, threading.Lock()
        url = sqlalchemy.make_url(world.url).set(drivername="postgresql+psycopg")
        self.engine = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")

    def starts(self, work):
        """Once, however often the work at hand begins again."""
        if not self.begun.acquire(blocking=False):
            return
        self.done = self.pool.submit(work)
        with self.engine.connect() as line:
            waits = "SELECT count(*) FROM pg_locks WHERE NOT granted"
            while not self.done.done() and not line.exec_driver_sql(waits).scalar():
                pass

    def ends(self):
        self.pool.shutdown()
        self.engine.dispose()
        return self.done.result()


@pytest.fixture
def beside(world):
    return Beside(world)


def before(monkeypatch, cls, name, work):
    """Do something first, whenever this is called."""
    real = getattr(cls, name)

    def first(*args, **kwargs):
        work()
        return real(*args, **kwargs)

    monkeypatch.setattr(cls, name, first)


def sends(world, laptop, sha256, record, part=TEXT):
    line = in_process(world.app)
    try:
        one = Line(line, laptop.exchange.identity(), world.clock)
        return _status(one.raw("PATCH", _path(sha256, record.id, 0), part))
    finally:
        line.close()


def erases(world, record):
    def work(tx):
        lee = tx.people.person("lee")  # a decision begins by who asks: its snapshot is of here
        pen = Pen(batch=Batch(tx=tx, person=lee, now=world.clock.now()), actor_id="lee")
        pen.drop(record.id)
        return pen.finish()

    return world.store.decide(work)


def paper(world):
    ann = world.laptop("ann")
    stored = photo(ann, ann.add(enterprise()), TEXT)
    world.round(ann, with_files=False)
    return ann, stored.sha256, ann.all(Attachment)[0]


def test_an_erasure_while_its_photo_arrives_leaves_no_bytes(world, beside, monkeypatch):
    ann, sha256, record = paper(world)
    before(monkeypatch, files, "_size", lambda: beside.starts(lambda: erases(world, record)))
    sends(world, ann, sha256, record)
    beside.ends()
    assert world.store.read(lambda tx: tx.blobs.status(sha256)) is None


def test_a_photo_that_arrives_while_an_erasure_has_begun_leaves_no_bytes(
    world, beside, monkeypatch
):
    ann, sha256, record = paper(world)
    work = lambda: sends(world, ann, sha256, record)  # noqa: E731
    before(monkeypatch, Pen, "drop", lambda: beside.starts(work))
    erases(world, record)
    assert beside.ends().complete
    assert world.store.read(lambda tx: tx.blobs.status(sha256)) is None


def test_the_same_photo_begun_by_two_laptops_is_a_fault_of_nobody(world, beside, monkeypatch):
    ann, sha256, record = paper(world)
    ben = world.laptop("ben")
    other = named(ben, ben.add(enterprise("ben")), ann.files.unsent()[0])
    world.round(ben)
    real = files.add

    def add(*args):
        reply = real(*args)
        beside.starts(lambda: sends(world, ben, sha256, other))
        return reply

    monkeypatch.setattr(files, "add", add)
    assert sends(world, ann, sha256, record).complete
    assert beside.ends().complete


@pytest.mark.parametrize("was", ["", "retired"])
def test_a_push_that_meets_the_closing_of_its_laptop_is_not_taken(world, beside, monkeypatch, was):
    ann = world.laptop("ann")
    device = ann.exchange.identity().device_id
    if was:
        admin.revoke(world.store, device, world.clock, retired=True)
    ann.add(enterprise())
    close = lambda: admin.revoke(world.store, device, world.clock)  # noqa: E731
    before(monkeypatch, PeopleTable, "seen", lambda: beside.starts(close))
    top = len(world.log())
    with pytest.raises(Exception, match=r"closed|revoked"):
        world.round(ann)
    assert beside.ends()
    assert len(world.log()) == top


@pytest.mark.parametrize("ends", ["unlink", "stop"])
def test_a_sign_in_that_meets_the_end_of_its_account_does_not_outlive_it(
    world, beside, monkeypatch, ends
):
    monkeypatch.setattr(oidc, "published", lambda _: {})
    admin.sign_in_with(world.store, "https://council.example", "us", clock=world.clock)
    admin.link_account(world.store, "ann", "1", clock=world.clock)
    now = world.clock.now()
    ticket = world.store.write(lambda tx: logins.begin(tx, now)).ticket

    def work():
        if ends == "stop":
            return admin.stop_sign_in(world.store, clock=world.clock)
        return admin.unlink_account(world.store, "ann", clock=world.clock)

    before(monkeypatch, LoginTable, "use", lambda: beside.starts(work))
    account = oidc.Account("https://council.example", "1")
    ask = SignInAsk(ticket=ticket, token="")
    told = KeysReply(key=b"", links=[])
    world.store.write(lambda tx: logins.finish(tx, ask, account, (told, ""), now))
    assert beside.ends() == 1
    assert world.store.read(lambda tx: tx.logins.of("ann")) == []


def lets_in(world, code):
    """Whether somebody who comes with this code, by a line of their own, is let in."""
    line = in_process(world.app)
    try:
        enrol(Laptop(world.clock), line, code, world.clock)
    except errors.CodeRefused:
        return False
    finally:
        line.close()
    return True


def laptops_of(world, who):
    return len(world.store.read(lambda tx: tx.people.devices(who)))


@pytest.mark.parametrize("place", ["use_code", "add_device"])
def test_one_code_lets_one_laptop_in_when_two_come_with_it(world, beside, monkeypatch, place):
    code = world.code("ann")
    before(monkeypatch, PeopleTable, place, lambda: beside.starts(lambda: lets_in(world, code)))
    assert sorted([lets_in(world, code), beside.ends()]) == [False, True]
    assert laptops_of(world, "ann") == 1


def test_a_guess_counts_beside_another_guess(world, beside, monkeypatch):
    code = world.code("ann")
    wrong = code[:5] + "2222-2222-2222"
    for _ in range(3):
        assert not lets_in(world, wrong)
    before(monkeypatch, refused, "note", lambda: beside.starts(lambda: lets_in(world, wrong)))
    assert not lets_in(world, wrong)
    assert not beside.ends()
    assert not lets_in(world, code)  # the sixth try, though it would be right


@pytest.mark.parametrize("place", ["person", "use_code", "add_device"])
def test_a_code_that_meets_the_end_of_its_person_leaves_no_open_laptop(
    world, beside, monkeypatch, place
):
    code, left = world.code("ann"), []

    def lets_go():
        admin.disable_person(world.store, "ann", world.clock)
        left.append(laptops_of(world, "ann"))

    before(monkeypatch, PeopleTable, place, lambda: beside.starts(lets_go))
    came = lets_in(world, code)
    beside.ends()
    assert [laptops_of(world, "ann")] == left == [int(came)]


KEPT = (  # what anybody's request may have changed
    "SELECT coalesce(max(feed_seq), 0) FROM op",
    "SELECT count(*) FROM audit",
    "SELECT count(*) FROM incarnation",
    "SELECT count(*) FROM device",
    "SELECT coalesce(sum(held), 0) FROM upload",
    "SELECT count(*) FROM login_refresh",
)


def kept(world):
    say = lambda tx, query: tx.connection.exec_driver_sql(query).scalar()  # noqa: E731
    return world.store.read(lambda tx: [say(tx, query) for query in KEPT])


def push(world, ann):
    ann.add(enterprise())
    return lambda: world.round(ann)


def decision(world, ann):
    """Refused or not, that it was asked is kept."""
    case = ann.add(enterprise())
    world.round(ann)
    return lambda: world.ask(ann, "listing.submit", case.id)


def part_of_a_file(world, ann):
    stored = photo(ann, ann.add(enterprise()), TEXT)
    world.round(ann, with_files=False)
    (record,) = ann.all(Attachment)
    return lambda: sends(world, ann, stored.sha256, record, part=TEXT[:4])


def fresh_number(world, ann):
    one = Line(world.line, ann.exchange.identity(), world.clock)
    return lambda: one.ask(
        "/v1/hello", HelloAsk(inc=one.identity.incarnation, fresh=True), HelloReply
    )


def closing(world, ann):
    second = world.laptop("ann", "second").exchange.identity().device_id
    one = Line(world.line, ann.exchange.identity(), world.clock)
    return lambda: one.ask("/v1/devices/close", CloseDeviceAsk(device=second), CloseDeviceReply)


ASKED = (push, decision, part_of_a_file, fresh_number, closing)
PLACES = {  # where in its request somebody is caught
    "who asks is known": (limits, "check_person"),
    "it is about to be kept": (sql_postgres, "commit"),
}


@pytest.mark.parametrize("end", ["device", "person"])
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("asked", ASKED)
def test_nothing_is_kept_of_anybody_after_the_answer_that_they_are_closed(
    world, beside, monkeypatch, asked, place, end
):
    ann = world.laptop("ann")
    ask, seen = asked(world, ann), []

    def close():
        if end == "person":
            admin.disable_person(world.store, "ann", world.clock)
        else:
            admin.revoke(world.store, ann.exchange.identity().device_id, world.clock)
        seen.append(kept(world))

    before(monkeypatch, *PLACES[place], lambda: beside.starts(close))
    with suppress(Told, errors.SyncError):  # it may have been in time
        ask()
    beside.ends()
    assert [kept(world)] == seen
