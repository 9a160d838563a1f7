"""A small programme: a register, its people, and laptops. All people are invented."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime, timedelta

from forms.facts.decisions import DecisionRequest
from forms.facts.money import ClaimLine, SeedClaim
from forms.facts.people import Consent, Enterprise, Leader
from forms.rules.pack import load_pack
from forms.values import Role, SetClock, new_id
from sync.client.decide import ask_now
from sync.client.enrol import enrol
from sync.client.exchange import run_round
from sync.client.transport import in_process
from sync.register import admin, quarantine
from sync.register.app import create_app
from sync.register.batch import Batch
from sync.register.limits import Limits
from sync.register.rows import Person
from sync.register.store import open_store
from sync.register.system import Pen
from tests.sync.laptop import Laptop

START = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)
PEOPLE = {
    "ann": ("Ann Marsh", Role.COACH),
    "ben": ("Ben Hurst", Role.COACH),
    "lee": ("Lee Down", Role.LEAD),
    "kay": ("Kay Weald", Role.LEAD),
    "quin": ("Quin Oast", Role.QA),
    "fay": ("Fay Purse", Role.FINANCE),
    "abe": ("Abe Ledger", Role.AUDITOR),
}
REGISTER_LOG = logging.getLogger("hedgerow.register")
# a story's clock stands still, so a minute can hold all of its requests
PATIENT = Limits(requests=1_000_000, sign_ins=1_000_000, fresh=1_000_000)
_PACKS = {}


def kent():
    if not _PACKS:
        _PACKS["kent"] = load_pack("kent")
    return _PACKS["kent"]


class Faults(logging.Handler):
    """Bugs that the register answered with 500: a test that did not ask for one fails."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.seen = []

    def emit(self, record):
        if record.msg == "bug":
            self.seen.append(record.fault)


class World:
    def __init__(self, url, *, dpia=True, rules=None, laptop=Laptop, limits=PATIENT):
        self.url, self.clock = url, SetClock(START)
        self.make = laptop
        self.rules, self.limits = rules, limits
        self.laptops = {}
        self.faults, self.expected_faults = Faults(), []
        REGISTER_LOG.addHandler(self.faults)
        self.store = open_store(url)
        try:
            self._people(dpia=dpia)
            self.app = self.new_app()
        except BaseException:
            self.store.close()
            raise
        self.line = in_process(self.app)

    def _people(self, *, dpia):
        admin.init(self.store, "kent", clock=self.clock)
        for who, (name, role) in PEOPLE.items():
            admin.add_person(self.store, who, name, role, clock=self.clock)
        if dpia:
            self.sign_dpia()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        REGISTER_LOG.removeHandler(self.faults)
        self.line.close()
        self.store.close()
        assert self.faults.seen == self.expected_faults

    def new_app(self, store=None):
        store = store or self.store
        pack = {"kent": kent() if self.rules is None else None}
        return create_app(
            store, self.clock, pack, admin.signing_key(store), self.rules, self.limits
        )

    def sign_dpia(self, on="2022-01-14"):
        values = {"version": "1", "signed_by": "Corporate Director", "signed_on": on}
        self.system("dpia", "dpia-1", values, new=True)

    def system(self, kind, record_id, values, *, new=False, by="lee"):
        """What a decision would write, without the decision."""

        def work(tx):
            person = Person(id=by, name="", role=Role.LEAD)
            pen = Pen(batch=Batch(tx=tx, person=person, now=self.clock.now()), actor_id=by)
            pen.write(kind, record_id, values, new=new)
            return pen.finish()

        return self.store.write(work)

    def later(self, **span):
        self.clock.moment += timedelta(**(span or {"minutes": 1}))

    def code(self, who):
        return admin.enrol_code(self.store, who, self.clock)

    def laptop(self, who, name=None):
        name = name or who
        if name not in self.laptops:
            made = self.make(self.clock)
            enrol(made, self.line, self.code(who), self.clock, label=name)
            self.laptops[name] = made
        return self.laptops[name]

    def round(self, laptop, line=None, **more):
        return run_round(laptop, line or self.line, self.clock, **more)

    def settle_down(self, *laptops, rounds=6):
        """Rounds until nothing moves."""
        for _ in range(rounds):
            reports = [self.round(one) for one in laptops or self.laptops.values()]
            if all(report.quiet for report in reports):
                return
        raise AssertionError("rounds do not come to rest")

    def ask(self, laptop, name, subject, _id=None, **payload):
        request = DecisionRequest(
            id=_id or new_id(),
            name=name,
            subject_id=subject,
            asked_by_id=laptop.exchange.identity().actor_id,
            asked_at=self.clock.now(),
            payload=payload,
        )
        return ask_now(laptop, self.line, request, self.clock)

    def rows(self, *ids):
        return self.store.read(lambda tx: tx.records.load(ids))

    def row(self, record_id):
        return self.rows(record_id).get(record_id)

    def directory(self):
        import msgspec

        from sync.protocol import Directory

        answer = self.line.send("GET", "/v1/directory", {}, b"")
        return msgspec.json.decode(answer.body, type=Directory)

    def log(self):
        return self.store.read(lambda tx: tx.log.between(0, 1_000_000))


def take_in(world, *places):
    """A lead has looked at what closed laptops sent last, or at some of it. Place -> result."""
    places = places or [one.feed_seq for one in quarantine.kept(world.store)]
    done = quarantine.take_in(world.store, places, by="lee", clock=world.clock)
    return {place: one.result for place, one in done.items()}


def enterprise(coach="ann", **fields):
    fields = {"name": "Weald Companions", "phone": "01303 000001", "district": "E07000105"} | fields
    return Enterprise(id=new_id(), coach_id=coach, **fields)


def leader(case, **fields):
    return Leader(id=new_id(), enterprise_id=case.id, **({"name": "Mary Fenn"} | fields))


def notice(case, on=date(2022, 1, 20)):
    return Consent(
        id=new_id(), enterprise_id=case.id, purpose="privacy_notice", given_on=on, given_by="Mary"
    )


def claim(case, coach="ann"):
    return SeedClaim(
        id=new_id(),
        enterprise_id=case.id,
        policy_version="",
        drafted_by_id=coach,
        drafted_on=date(2022, 3, 1),
        barrier="Needed before the first visit can be made.",
        applicant="Mary Fenn",
    )


def line_of(one, pence=2300, **fields):
    fields = {
        "what": "Basic DBS",
        "category": "LICENCE_REG",
        "cost_kind": "dbs_basic",
        "cost_on": date(2022, 2, 14),
        "supplier": "DBS",
        "invoice_no": new_id()[:8],
    } | fields
    return ClaimLine(
        id=new_id(), claim_id=one.id, enterprise_id=one.enterprise_id, pence=pence, **fields
    )
