"""The matrix of roles.toml, every cell of it: role x route, role x kind x owner x state, decisions.

The expectations are worked out here from the file itself, by another way than the register's.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest
from starlette.routing import Route

import sync.register
from forms.facts.casework import CoachingSession
from forms.facts.field import Policy
from forms.facts.kinds import KINDS
from forms.rules.decisions import DECISIONS
from forms.values import Role, new_id
from sync import envelope
from sync.client.wire import Line, Told
from sync.office import DevicesAsk, DevicesReply
from sync.protocol import PullAsk, PullReply, PushAsk, PushReply, WireOp
from sync.register import app as app_module
from sync.register.matrix import MatrixFault, matrix, read_matrix
from tests.sync.world import enterprise, kent

TEXT = Path(sync.register.__file__).with_name("roles.toml").read_text("utf-8")
SAID = tomllib.loads(TEXT)
WHO = {"coach": "ann", "lead": "lee", "qa": "quin", "finance": "fay", "auditor": "abe"}
OWNERS = ("own", "other", "nobody", "claimed", "listed")
SHARED = tuple(k for k, row in SAID["kind"].items() if row.get("in_no_case"))
REQUIRED = {
    "about": "visit",
    "purpose": "listing",
    "stage": "NEW",
    "code": "C01",
    "form_id": "enquiry",
    "form_version": "1",
    "sha256": "0" * 64,
    "size": 1,
    "mime": "image/jpeg",
    "kind": "identity",
}


def values_of(kind, case, claim):
    """A record of a kind in a case, with what it must have."""
    out = {}
    for spec in KINDS[kind].specs:
        if spec.name == "enterprise_id":
            out[spec.name] = case
        elif spec.name == "claim_id":
            out[spec.name] = claim
        elif spec.required:
            out[spec.name] = REQUIRED.get(spec.name, "2022-02-01")
    return out


@pytest.fixture
def peopled(quick):
    """A record of every kind under every owner: {(owner, kind): id}."""
    ids = {}
    laptops = {role: quick.laptop(who) for role, who in WHO.items()}
    ben = quick.laptop("ben")
    cases = {
        "own": laptops["coach"].add(enterprise()).id,
        "other": ben.add(enterprise("ben")).id,
        "claimed": ben.add(enterprise("ben")).id,
        "listed": ben.add(enterprise("ben")).id,
        "nobody": laptops["lead"].add(enterprise("")).id,
    }
    for laptop in (laptops["coach"], ben, laptops["lead"]):
        quick.round(laptop)
    kinds = [k for k in SAID["kind"] if k not in ("enterprise", *SHARED)]
    kinds.sort(key=lambda k: k != "seed_claim")  # lines and events name their claim
    for owner, case in cases.items():
        ids[owner, "enterprise"] = case
        for kind in kinds:
            ids[owner, kind] = new_id()
            values = values_of(kind, case, ids[owner, "seed_claim"])
            quick.system(kind, ids[owner, kind], values, new=True)
            if kind == "enquiry":  # an enquiry is owned as its enterprise is, once there is one
                quick.store.write(lambda tx, i=ids[owner, kind], c=case: own_as(tx, i, c))
    quick.system("seed_claim", ids["claimed", "seed_claim"], {"state": "SUBMITTED"})
    quick.system("register_entry", ids["listed", "register_entry"], {"status": "ready_for_review"})
    quick.cases, quick.ids, quick.by_role = cases, ids, laptops
    return quick


def own_as(tx, record_id, case):
    rows = tx.records.load([record_id, case])
    rows[record_id].owner_id, rows[record_id].touched = rows[case].owner_id, True
    tx.records.save([rows[record_id]])


def in_reach(role, owner):
    row = SAID["role"][role]
    if row["reach"] == "programme":
        return True
    if row["reach"] == "own cases":
        return owner == "own"
    return {"claimed": "claims", "listed": "listings"}.get(owner) in row["brought_by"]


def cell(what, role, kind):
    """The fields named in a cell, or None for all of them."""
    said = SAID["kind"][kind].get(what, {}).get(role, [])
    return None if said == "all" else set(said)


def line_of(world, role):
    return Line(world.line, world.by_role[role].identity(), world.clock)


def pulled(world, role):
    """{record: fields} of everything that a role is sent."""
    line, out, ask = (
        line_of(world, role),
        {},
        PullAsk(inc=world.by_role[role].identity().incarnation),
    )
    while True:
        reply = line.ask("/v1/pull", ask, PullReply)
        for state in reply.states:
            out.setdefault(state.record, set()).update(state.fields)
        ask = PullAsk(inc=ask.inc, epoch=reply.epoch, seq=reply.seq, chain=reply.chain)
        if not reply.more:
            return out


@pytest.mark.parametrize("role", sorted(WHO))
def test_reading_is_as_the_matrix_says(peopled, role):
    seen, cells = pulled(peopled, role), 0
    for (owner, kind), record_id in peopled.ids.items():
        allowed = cell("sees", role, kind)
        expected = {s.name for s in KINDS[kind].specs} - set(
            SAID["kind"][kind].get("only_author", ())
        )
        if not in_reach(role, owner):
            expected = set()
        elif allowed is not None:
            expected &= allowed
        assert (owner, kind, seen.get(record_id, set())) == (owner, kind, expected)
        cells += 1
    assert cells == len(OWNERS) * (len(SAID["kind"]) - len(SHARED))


def test_a_private_note_goes_to_its_author_only(peopled):
    ann = peopled.by_role["coach"]
    note = CoachingSession(
        id=new_id(),
        enterprise_id=peopled.cases["own"],
        on=date(2022, 2, 1),
        private_note="Her sister is ill.",
    )
    ann.add(note)
    peopled.round(ann)
    for role in WHO:
        told = pulled(peopled, role)[note.id] if role in ("coach", "lead", "auditor") else set()
        assert ("private_note" in told) == (role == "coach")
    peopled.system("enterprise", peopled.cases["own"], {"coach_id": "ben"})
    ben = peopled.laptop("ben")
    peopled.round(ben)
    assert "private_note" not in ben.records[note.id].fields


def some_field(kind, role):
    """A field of a kind that somebody may write: one that this role may, if there is one."""
    allowed = cell("writes", role, kind)
    names = [
        s.name
        for s in KINDS[kind].specs
        if s.policy is not Policy.REGISTER
        and not s.required
        and s.name not in ("coach_id", "checked_by_id", "enterprise_id", "checked_on")
        and s.type is str
    ]
    good = [n for n in names if allowed is None or n in allowed]
    return (good or names or ["x_newer"])[0]


def expected_result(role, owner, kind, field, state):
    allowed = cell("writes", role, kind)
    if state == "erased":
        return "refused:ERASED"
    if allowed == set():
        return "refused:ROLE"
    if not in_reach(role, owner):
        return "refused:NOT_YOUR_CASE"
    if KINDS[kind].append_only:
        return "refused:WRITTEN_ONCE"
    if kind in ("seed_claim", "claim_line") and owner == "claimed":
        return "refused:CLAIM_SENT"
    if allowed is not None and field not in allowed and field != "x_newer":
        return f"partly:{field}"
    return "ok"


@pytest.mark.parametrize("state", ["live", "erased"])
@pytest.mark.parametrize("role", sorted(WHO))
def test_writing_is_as_the_matrix_says(peopled, role, state):
    who = peopled.by_role[role].identity()
    if state == "erased":
        for case in peopled.cases.values():
            peopled.system("enterprise", case, {"anonymised_on": "2022-03-01"})
        for owner in OWNERS:
            peopled.system(
                "enquiry", peopled.ids[owner, "enquiry"], {"anonymised_on": "2022-03-01"}
            )
    ops, wanted = [], []
    done = peopled.store.read(lambda tx: tx.people.incarnation(who.incarnation).last)
    for (owner, kind), record_id in peopled.ids.items():
        field = some_field(kind, role)
        op = WireOp(
            seq=done + len(ops) + 1, hlc=1, actor=who.actor_id, verb="set", kind=kind,
            record=record_id, fields={field: "words"},
            base={field: peopled.row(record_id).versions.get(field, ())},
        )  # fmt: skip
        ops.append(op)
        wanted.append((owner, kind, field, expected_result(role, owner, kind, field, state)))
    line = line_of(peopled, role)
    reply = line.ask("/v1/push", PushAsk(inc=who.incarnation, ops=ops), PushReply)
    got = [(*w[:3], a.result) for w, a in zip(wanted, reply.acks, strict=True)]
    assert got == wanted


def test_every_route_has_a_row_and_every_row_a_route(quick):
    there = {
        (method, route.path)
        for route in quick.app.routes
        if isinstance(route, Route)
        for method in route.methods - {"HEAD", "OPTIONS"}
    }
    assert there == set(matrix().routes)
    assert there == {(row["method"], row["path"]) for row in SAID["route"]}


def test_a_route_without_a_row_stops_the_register(quick, monkeypatch):
    real = app_module._routes

    def one_more(register):
        return [*real(register), Route("/v1/everything", lambda _: None, methods=["GET"])]

    monkeypatch.setattr(app_module, "_routes", one_more)
    with pytest.raises(MatrixFault, match="/v1/everything has no row"):
        quick.new_app()


DEVICE_ROUTES = [row for row in SAID["route"] if row["proof"].startswith("device")]


@pytest.mark.parametrize("row", DEVICE_ROUTES, ids=lambda r: f"{r['method']} {r['path']}")
def test_routes_are_for_the_roles_named_and_nobody_else(quick, row):
    path = row["path"].replace("{sha256}", "0" * 64)
    quick.by_role = {role: quick.laptop(who) for role, who in WHO.items()}
    for role in WHO:
        line = line_of(quick, role)
        try:
            line.raw(row["method"], path, envelope.pack(DevicesAsk()))
            trouble = ""
        except Told as told:
            trouble = told.trouble.trouble
        assert (role, trouble == "not_for_role") == (role, role not in row["who"])
    headers = {"content-type": envelope.CONTENT_TYPE}
    assert quick.line.send(row["method"], path, headers, b"").status == 401


def test_routes_for_everybody_answer_without_a_key(quick):
    for row in SAID["route"]:
        if row["proof"] == "none" and row["method"] == "GET":
            path = row["path"].replace("{id}", "nothing")
            expected = {"/": {307}}.get(path, {404} if path != row["path"] else {200})
            assert (path, quick.line.send("GET", path, {}, b"").status in expected) == (path, True)


def test_the_matrix_and_the_rules_name_the_same_people():
    assert {name: {r.value for r in d.roles} for name, d in DECISIONS.items()} == {
        name: set(who) for name, who in SAID["decision"].items()
    }


@pytest.mark.parametrize("role", sorted(WHO))
def test_a_decision_is_refused_to_a_role_that_is_not_named(quick, role):
    laptop = quick.laptop(WHO[role])
    for name, who in SAID["decision"].items():
        answer = quick.ask(laptop, name, "nothing")
        assert answer.state == "refused"
        assert (name, "NOT_YOUR_ROLE" in answer.codes) == (name, role not in who)


def test_private_fields_and_the_matrix_agree():
    for name, kind in KINDS.items():
        if not kind.local:
            private = {s.name for s in kind.specs if s.policy is Policy.PRIVATE}
            assert set(SAID["kind"][name].get("only_author", ())) == private


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[kind.tally]", "[kind.rally]", "without a row"),
        ('only_author = ["private_note"]', 'only_author = ["private_note"]\nsees = 1', "Cannot"),
        ('qa = ["checked_by_id", ', 'qa = ["chekced_by_id", ', "no such fields"),
        ('writes = { coach = "all"', 'writes = { couch = "all"', "no such roles"),
        ('path = "/v1/pull"', 'path = "/v1/push"', "two rows"),
    ],
)
def test_a_slip_in_the_file_is_found(old, new, words):
    assert old in TEXT
    with pytest.raises((MatrixFault, tomllib.TOMLDecodeError), match=words):
        read_matrix(TEXT.replace(old, new, 1))


def test_a_coach_sees_their_own_devices_and_a_lead_everybodys(quick):
    for who in ("ann", "ben", "lee"):
        quick.laptop(who)
    quick.by_role = {"coach": quick.laptop("ann"), "lead": quick.laptop("lee")}
    for role, expected in (("coach", {"ann"}), ("lead", {"ann", "ben", "lee"})):
        reply = line_of(quick, role).ask("/v1/devices", DevicesAsk(), DevicesReply)
        assert {d.person for d in reply.devices} == expected
    with pytest.raises(Told) as told:
        line_of(quick, "coach").ask("/v1/devices", DevicesAsk(person="ben"), DevicesReply)
    assert told.value.status == 404


def test_the_pack_and_roles_are_all_there():
    assert set(SAID["role"]) == {role.value for role in Role} | {"public"}
    assert kent().id


# --- the tests above can fail: with a protection off, somebody gets what is not theirs


def test_without_the_check_of_routes_a_role_would_get_in(quick, monkeypatch):
    from dataclasses import replace

    from sync.register import service

    open_to_all = {key: replace(row, who=frozenset(WHO)) for key, row in matrix().routes.items()}
    monkeypatch.setattr(service, "matrix", lambda: replace(matrix(), routes=open_to_all))
    quick.by_role = {"coach": quick.laptop("ann")}
    line = line_of(quick, "coach")
    assert line.raw("POST", "/v1/audit/entries", envelope.pack(DevicesAsk()))


def test_without_the_fields_of_the_matrix_finance_would_see_everything(peopled, monkeypatch):
    from sync.register import feed
    from sync.register.matrix import ALL

    monkeypatch.setattr(feed, "sees_fields", lambda *_: ALL)
    seen = pulled(peopled, "finance")
    assert "phone" in seen[peopled.ids["claimed", "enterprise"]]


def test_without_the_check_of_cases_qa_would_write_anywhere(peopled, monkeypatch):
    from sync.register.batch import Batch

    monkeypatch.setattr(Batch, "_brought", lambda *_: True)
    who = peopled.by_role["qa"].identity()
    op = WireOp(
        seq=1, hlc=1, actor="quin", verb="set", kind="qa_check",
        record=peopled.ids["other", "qa_check"], fields={"reference": "words"}, base={},
    )  # fmt: skip
    ask = PushAsk(inc=who.incarnation, ops=[op])
    (ack,) = line_of(peopled, "qa").ask("/v1/push", ask, PushReply).acks
    assert not ack.result.startswith("refused")
