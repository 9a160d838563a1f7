"""Signing in by a council's own accounts, against a real issuer on loopback; and logins."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager

import httpx2
import pytest
from joserfc.jwk import RSAKey

from forms.facts.people import Enterprise
from sync import envelope, errors, signing
from sync.client import sign_in
from sync.client.loopback import Loopback
from sync.client.transport import in_process
from sync.office import (
    AuditEntriesAsk,
    AuditEntriesReply,
    DevicesAsk,
    DevicesReply,
    SignInAsk,
    SignInBeginAsk,
    SignInBeginReply,
    SignInReply,
    TokenAsk,
    TokenReply,
)
from sync.register import admin, oidc
from sync.register.errors import NotAllowed
from sync.register.oidc import IssuerFault
from tests.support import issuer as issuing
from tests.sync.laptop import Laptop
from tests.sync.test_audit import entries
from tests.sync.world import enterprise


@contextmanager
def with_accounts(world):
    """A register whose council has accounts: Ann's and Abe's."""
    with issuing.running(world.clock) as made:
        admin.sign_in_with(world.store, made.url, made.client_id, clock=world.clock)
        admin.link_account(world.store, "ann", "account-1", clock=world.clock)
        admin.link_account(world.store, "abe", "account-2", clock=world.clock)
        world.issuer = made
        yield world


@pytest.fixture
def council(quick):
    """On SQLite, for what a database cannot change."""
    with with_accounts(quick) as made:
        yield made


@pytest.fixture
def councils(world):
    """On each database."""
    with with_accounts(world) as made:
        yield made


def signed_in(world, person="ann"):
    laptop = Laptop(world.clock)
    world.issuer.claims = {"sub": "account-1" if person == "ann" else "account-2"}
    sign_in.sign_in_vault(laptop, world.line, world.issuer.browser, world.clock, label="new")
    return laptop


def test_a_laptop_is_made_known_by_the_councils_sign_in_and_works(councils):
    laptop = signed_in(councils)
    assert laptop.identity().actor_id == "ann"
    case = laptop.add(enterprise())
    assert councils.round(laptop).pushed == 1
    assert councils.row(case.id).fields["name"] == laptop.get(Enterprise, case.id).name
    (device,) = admin.devices(councils.store, "ann")
    assert device.public_key == signing.public_of(laptop.identity().signing_key)


def test_an_account_is_known_by_tenant_and_object_never_by_mail(council):
    admin.link_account(council.store, "ben", "tenant-1:object-1", clock=council.clock)
    laptop = Laptop(council.clock)
    council.issuer.claims = {
        "sub": "pairwise", "tid": "tenant-1", "oid": "object-1", "email": "ann@example.org",
    }  # fmt: skip
    sign_in.sign_in_vault(laptop, council.line, council.issuer.browser, council.clock)
    assert laptop.identity().actor_id == "ben"
    council.issuer.claims = {"sub": "stranger", "email": "ann@example.org"}
    with pytest.raises(errors.SignInFailed):
        sign_in.sign_in_vault(
            Laptop(council.clock), council.line, council.issuer.browser, council.clock
        )


SPOILS = {
    "for another program": lambda c, _: c.update(aud="somebody-else"),
    "for two programs, meant for the other": lambda c, _: c.update(
        aud=["hedgerow-test", "other"], azp="other"
    ),
    "from another issuer": lambda c, _: c.update(iss="https://login.example.org"),
    "run out": lambda c, _: c.update(exp=c["iat"] - 3600),
    "without an end": lambda c, _: c.pop("exp"),
    "of another try": lambda c, _: c.update(nonce="another"),
    "without a nonce": lambda c, _: c.pop("nonce"),
    "of nobody": lambda c, _: c.pop("sub"),
    "not valid yet": lambda c, _: c.update(nbf=c["iat"] + 3600),
}


@pytest.mark.parametrize("spoil", sorted(SPOILS))
def test_a_token_that_is_not_right_opens_nothing(council, spoil):
    council.issuer.spoil = SPOILS[spoil]
    with pytest.raises(errors.SignInFailed, match="did not work"):
        signed_in(council)
    assert admin.devices(council.store) == []


def test_sign_ins_that_did_not_work_are_counted_in_the_audit_log(councils):
    def told():
        return [one for one in entries(councils) if one["act"] == "sign-in refused"]

    right, councils.issuer.spoil = councils.issuer.spoil, SPOILS["run out"]
    for tries in range(1, 12):
        with pytest.raises(errors.SignInFailed):
            signed_in(councils)
        assert [one["in_hour"] for one in told()] == ([1] if tries < 10 else [1, 10])
    councils.issuer.spoil = right
    signed_in(councils)
    assert [one["by"] for one in told()] == ["", ""]


def test_a_token_signed_by_another_key_opens_nothing(council):
    signed_in(council)  # the right key is kept now
    real = council.issuer.key

    def spoil(_claims, _header):
        council.issuer.key = RSAKey.generate_key(2048, {"kid": real.kid})

    council.issuer.spoil = spoil
    with pytest.raises(errors.SignInFailed):
        signed_in(council)


def begun(world):
    return call(world, "/v1/sign-in/begin", SignInBeginAsk(), SignInBeginReply)


def call(world, path, message, reply, **headers):
    headers = {"content-type": envelope.CONTENT_TYPE} | headers
    answer = world.line.send("POST", path, headers, envelope.pack(message))
    if answer.status != 200:
        return answer.status
    return envelope.unpack(answer.body, reply)


@pytest.mark.parametrize("alg", ["none", "HS256"])
def test_an_unsigned_token_opens_nothing(council, alg):
    start = begun(council)
    good = council.issuer.token(start.nonce)
    head = base64.urlsafe_b64encode(json.dumps({"alg": alg, "kid": "k1"}).encode()).rstrip(b"=")
    forged = f"{head.decode()}.{good.split('.')[1]}."
    ask = SignInAsk(ticket=start.ticket, token=forged)
    assert call(council, "/v1/sign-in", ask, SignInReply) == 401


def test_a_try_works_once_and_runs_out(councils):
    start = begun(councils)
    ask = SignInAsk(ticket=start.ticket, token=councils.issuer.token(start.nonce))
    assert call(councils, "/v1/sign-in", ask, SignInReply).login.person == "ann"
    assert call(councils, "/v1/sign-in", ask, SignInReply) == 401
    start = begun(councils)
    ask = SignInAsk(ticket=start.ticket, token=councils.issuer.token(start.nonce))
    councils.later(minutes=11)
    assert call(councils, "/v1/sign-in", ask, SignInReply) == 401


def test_a_key_is_taken_in_only_by_whoever_holds_it(council):
    start = begun(council)
    ask = SignInAsk(
        ticket=start.ticket, token=council.issuer.token(start.nonce), proof=b"x" * 64,
        public_key=signing.public_of(signing.new_key()),
    )  # fmt: skip
    assert call(council, "/v1/sign-in", ask, SignInReply) == 401


def test_keys_are_fetched_once_and_again_when_the_issuer_changes_them(council):
    signed_in(council)
    signed_in(council)
    assert council.issuer.asked == ["keys"]
    council.later(minutes=2)
    council.issuer.key = RSAKey.generate_key(2048, {"kid": "k2"})
    signed_in(council)
    assert council.issuer.asked == ["keys", "keys"]


def logged_in(world):
    world.issuer.claims = {"sub": "account-2"}
    return sign_in.log_in(world.line, world.issuer.browser)


def test_an_auditor_without_a_laptop_reads_the_log(council):
    session = logged_in(council)
    reply = session.ask("/v1/audit/entries", AuditEntriesAsk(), AuditEntriesReply)
    assert '"act":"sign-in"' in "".join(reply.entries)
    assert session.keys.seconds <= 15 * 60
    session.end()
    with pytest.raises(errors.SignInNeeded):
        session.ask("/v1/devices", DevicesAsk(), DevicesReply)


def test_a_short_key_runs_out_and_the_next_one_is_got(council):
    session = logged_in(council)
    first = session.keys
    council.later(minutes=11)
    headers = {"authorization": f"Bearer {first.access}"}
    assert call(council, "/v1/devices", DevicesAsk(), DevicesReply, **headers) == 401
    session.ask("/v1/devices", DevicesAsk(), DevicesReply)
    assert session.keys.refresh != first.refresh


def test_a_refresh_key_that_comes_twice_ends_the_login(councils):
    session = logged_in(councils)
    stolen = session.keys.refresh
    councils.later(minutes=11)
    session.ask("/v1/devices", DevicesAsk(), DevicesReply)  # the person uses it
    assert call(councils, "/v1/token", TokenAsk(refresh=stolen), TokenReply) == 401  # the thief
    with pytest.raises(errors.SignInNeeded):
        session.ask("/v1/devices", DevicesAsk(), DevicesReply)
    entries = councils.store.read(lambda tx: [text for _, text, _ in tx.audit.entries(0, 999)])
    assert any("came twice" in text for text in entries)


def test_a_login_ends_after_a_day_whatever_is_done(council):
    session = logged_in(council)
    for _ in range(3):
        council.later(hours=5)
        try:
            session.ask("/v1/devices", DevicesAsk(), DevicesReply)
        except errors.SignInNeeded:
            break
    else:
        raise AssertionError("the login has no end")


def test_somebody_who_left_is_out_of_their_login_too(council):
    session = logged_in(council)
    admin.add_person(council.store, "abe", "Abe", "auditor", clock=council.clock, active=False)
    with pytest.raises(errors.DeviceRevoked):
        session.ask("/v1/devices", DevicesAsk(), DevicesReply)


def test_a_login_does_not_push_or_pull(council):
    session = logged_in(council)
    headers = {"authorization": f"Bearer {session.keys.access}"}
    assert call(council, "/v1/pull", DevicesAsk(), DevicesReply, **headers) == 401


def test_no_key_is_kept_that_could_be_used(council):
    session = logged_in(council)

    def everything(tx):
        rows = tx.connection.exec_driver_sql("SELECT * FROM login").all()
        return repr(rows + list(tx.connection.exec_driver_sql("SELECT * FROM login_refresh").all()))

    text = council.store.read(everything)
    assert session.keys.access not in text
    assert session.keys.refresh not in text


def test_a_register_without_accounts_says_so(quick):
    with pytest.raises(errors.SignInFailed, match="Ask the council for a code"):
        sign_in.log_in(quick.line, lambda _url: None)


def test_an_issuer_that_is_not_safe_is_not_set_up(quick):
    with pytest.raises(IssuerFault, match="https"):
        admin.sign_in_with(quick.store, "http://login.example.org", "x", clock=quick.clock)


def test_an_issuer_that_calls_itself_otherwise_is_not_believed():
    with pytest.raises(IssuerFault, match="another name"):
        oidc.published("https://one.example", lambda _url: {"issuer": "https://two.example"})


@pytest.mark.parametrize(
    "published",
    [{}, {"keys": 5}, {"keys": []}, {"keys": [{}]}, {"keys": [{"kty": "RSA", "n": "x"}]}],
)
def test_keys_that_cannot_be_read_are_said_and_not_kept(quick, published):
    one = oidc.Issuer(issuer="https://council.example", client_id="us")
    about = {"issuer": one.issuer, "jwks_uri": "https://council.example/keys"}
    with pytest.raises(oidc.IssuerFault, match="cannot be read"):
        oidc.keys(
            quick.store, one, "", quick.clock.now(),
            lambda url: about if "well-known" in url else published,
        )  # fmt: skip
    assert quick.store.read(lambda tx: tx.people.setting(oidc.KEYS)) == ""


def test_only_our_own_state_is_listened_to():
    with Loopback("right") as back:
        assert not back.take("/signed-in?code=1&state=wrong")
        assert not back.take("/elsewhere?code=1&state=right")
        assert back.answer == {}
        assert back.address.startswith("http://127.0.0.1:")
        assert back.take("/signed-in?code=1&state=right")


def test_nobody_coming_back_ends_the_wait():
    with Loopback("s") as back, pytest.raises(errors.SignInFailed):
        back.wait(0.05, tries=1)


def test_the_page_in_the_browser_speaks_to_a_person():
    import threading

    with Loopback("s") as back:
        seen = []
        thread = threading.Thread(
            target=lambda: seen.append(httpx2.get(back.address, params={"state": "s", "code": "c"}))
        )
        thread.start()
        assert back.wait(10)["code"] == "c"
        thread.join(10)
    assert "go back to Hedgerow" in seen[0].text


def test_an_auditor_at_the_command_line_keeps_heads_and_sees_a_change(
    council, tmp_path, monkeypatch, capsys
):
    from sqlalchemy import update

    from desktop.command_line import main
    from sync.client import transport
    from sync.register.tables import audit as audit_table

    council.issuer.claims = {"sub": "account-2"}
    monkeypatch.setattr("webbrowser.open", council.issuer.browser)
    monkeypatch.setattr(transport, "open_transport", lambda _url: in_process(council.app))
    heads = str(tmp_path / "heads.txt")
    words = ("sign-in", "https://register.example", "--heads", heads)
    for _ in range(2):
        assert main(words) == 0
        assert "fit each other and all heads" in capsys.readouterr().out

    def rewrite(tx):
        tx.connection.execute(
            update(audit_table).where(audit_table.c.n == 2).values(entry='{"act":"nothing"}')
        )

    council.store.write(rewrite)
    assert main(words) == 1
    assert "history was changed" in capsys.readouterr().out
    assert len((tmp_path / "heads.txt").read_text().splitlines()) == 2


def test_without_the_check_of_claims_a_strangers_token_would_open(council, monkeypatch):
    """The tests above can fail."""
    monkeypatch.setattr(oidc.jwt.JWTClaimsRegistry, "validate", lambda *_: None)
    council.issuer.spoil = SPOILS["of another try"]
    assert signed_in(council).identity().actor_id == "ann"


def test_without_the_check_of_reuse_a_thief_would_stay(council, monkeypatch):
    from sync.register.sql_logins import LoginTable

    real = LoginTable.by_refresh
    monkeypatch.setattr(LoginTable, "by_refresh", lambda self, key: (real(self, key)[0], False))
    session = logged_in(council)
    stolen = session.keys.refresh
    council.later(minutes=11)
    session.ask("/v1/devices", DevicesAsk(), DevicesReply)
    assert call(council, "/v1/token", TokenAsk(refresh=stolen), TokenReply).person == "abe"


def test_accounts_are_listed_and_unlinked_and_the_login_ends(councils):
    session = logged_in(councils)
    issuer, linked = admin.accounts(councils.store)
    assert issuer == councils.issuer.url
    assert [who for who, _, _ in linked] == ["abe", "ann"]
    assert admin.unlink_account(councils.store, "abe", clock=councils.clock) == 1
    with pytest.raises(errors.SignInNeeded):
        session.ask("/v1/devices", DevicesAsk(), DevicesReply)
    assert [who for who, _, _ in admin.accounts(councils.store)[1]] == ["ann"]
    with pytest.raises(errors.SignInFailed):
        logged_in(councils)
    with pytest.raises(NotAllowed, match="Nothing was changed"):
        admin.unlink_account(councils.store, "abe", clock=councils.clock)


def test_an_account_that_is_given_to_somebody_else_lets_whose_it_was_in_no_longer(councils):
    session = logged_in(councils)
    admin.link_account(councils.store, "abe", "account-2", clock=councils.clock)  # as it was
    session.ask("/v1/devices", DevicesAsk(), DevicesReply)
    admin.link_account(councils.store, "lee", "account-2", clock=councils.clock)
    with pytest.raises(errors.SignInNeeded):
        session.ask("/v1/devices", DevicesAsk(), DevicesReply)
    entries = councils.store.read(lambda tx: [text for _, text, _ in tx.audit.entries(0, 999)])
    assert [text for text in entries if '"was":"abe"' in text and '"person":"lee"' in text]


def test_another_sign_in_ends_what_was_begun_by_the_one_before(council):
    session, ann = logged_in(council), council.laptop("ann")
    issuer = council.issuer
    admin.sign_in_with(council.store, issuer.url, "another name", clock=council.clock)
    session.ask("/v1/devices", DevicesAsk(), DevicesReply)  # of the same issuer
    with issuing.running(council.clock) as other:
        admin.sign_in_with(council.store, other.url, other.client_id, clock=council.clock)
    with pytest.raises(errors.SignInNeeded):
        session.ask("/v1/devices", DevicesAsk(), DevicesReply)
    assert council.round(ann).requests >= 1


def test_a_sign_in_that_is_not_to_be_trusted_is_stopped_and_laptops_go_on(council):
    session, ann = logged_in(council), council.laptop("ann")
    assert admin.stop_sign_in(council.store, clock=council.clock) == 1
    with pytest.raises(errors.SignInNeeded):
        session.ask("/v1/devices", DevicesAsk(), DevicesReply)
    with pytest.raises(errors.SignInFailed):
        logged_in(council)
    assert council.round(ann).requests >= 1
    entries = council.store.read(lambda tx: [text for _, text, _ in tx.audit.entries(0, 999)])
    assert any("sign-in stopped" in text for text in entries)
    with pytest.raises(NotAllowed):
        admin.stop_sign_in(council.store, clock=council.clock)
    issuer = council.issuer
    admin.sign_in_with(council.store, issuer.url, issuer.client_id, clock=council.clock)
    logged_in(council)


def test_a_sign_in_under_way_ends_when_the_councils_is_stopped(council, monkeypatch):
    begin, real = begun(council), oidc.keys

    def stopped(*asked):
        admin.stop_sign_in(council.store, clock=council.clock)
        return real(*asked)

    monkeypatch.setattr(oidc, "keys", stopped)
    ask = SignInAsk(ticket=begin.ticket, token=council.issuer.token(begin.nonce))
    assert call(council, "/v1/sign-in", ask, SignInReply) == 404
    assert council.store.read(lambda tx: tx.logins.of("ann")) == []


def test_without_ending_logins_an_unlinked_account_would_stay_in(council, monkeypatch):
    """The test above can fail."""
    session = logged_in(council)
    monkeypatch.setattr(admin, "_end_logins", lambda *_: 0)
    admin.unlink_account(council.store, "abe", clock=council.clock)
    session.ask("/v1/devices", DevicesAsk(), DevicesReply)
