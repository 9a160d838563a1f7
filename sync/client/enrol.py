"""Make this laptop known to a register with a code that works once.

The key is made here and never leaves the vault. The code is proved, not sent, both ways: the
register's own key is pinned only if the register knew the code too. Refuses a vault that belongs
to another register already.
"""

from __future__ import annotations

from forms.change import Identity
from forms.values import Clock
from sync import envelope, errors, keys, signing
from sync.client import recovery
from sync.client.side import Laptop
from sync.client.transport import Transport
from sync.client.wire import Line, Told, signature_of, stranger, told
from sync.protocol import EnrolAsk, EnrolReply, KeysReply

PATH = "/v1/enrol"


def enrol(
    vault: Laptop,
    transport: Transport,
    code: str,
    clock: Clock,
    *,
    label: str = "",
    url: str = "",
) -> Identity:
    """Enrol this vault and return who it is now. Raises SyncError in plain words."""
    try:
        locator, key = signing.split_code(code)
    except ValueError as error:
        raise errors.CodeRefused(str(error)) from error
    private = signing.new_key()
    public = signing.public_of(private)
    proof = signing.code_proof(key, b"device", public)
    ask = EnrolAsk(locator=locator, public_key=public, proof=proof, label=label)
    reply = _ask(transport, ask, key)
    return be_known(vault, transport, clock, private, reply, url=url)


def be_known(
    vault: Laptop,
    transport: Transport,
    clock: Clock,
    private: bytes,
    reply: EnrolReply,
    *,
    url: str = "",
) -> Identity:
    """Take the identity that a register gave, and the programme it works by. Raises SyncError.

    A register whose keys do not follow from each other is none, and nothing is taken; nor from one
    that shares no key with the register these records belong to: everything would be sent to it.

    What has a receipt and is not there any more waits again first, and gets its numbers.
    """
    identity = Identity(
        register_url=url or transport.url,
        device_id=reply.device_id,
        incarnation=reply.incarnation,
        actor_id=reply.actor_id,
        actor_name=reply.actor_name,
        role=reply.role,
        signing_key=private,
        register_key=reply.register_key,
    )
    told = KeysReply(key=reply.register_key, links=reply.keys)
    identity = keys.begin_with(identity, told)
    before = vault.exchange.identity()
    if before is not None and not {*keys.known_to(before)} & {*keys.known_to(identity)}:
        raise errors.OtherRegister
    try:
        recovery.look_back(vault, Line(transport, identity, clock))
    finally:  # the code is spent: heard to the end or not, this is who it is now
        vault.exchange.adopt(identity)
        if reply.pack:
            vault.exchange.use_pack(reply.pack)
    return identity


def _ask(transport: Transport, ask: EnrolAsk, key: bytes) -> EnrolReply:
    headers = {"content-type": envelope.CONTENT_TYPE}
    answer = transport.send("POST", PATH, headers, envelope.pack(ask))
    if answer.headers.get("content-type") != envelope.CONTENT_TYPE:
        raise stranger(answer)
    if answer.status != 200:
        # nobody is pinned yet, so a refusal is only a refusal: nothing is destroyed by it
        error = told(answer)
        raise errors.Refused(detail=str(error)) if isinstance(error, Told) else error
    try:
        reply = envelope.unpack(answer.body, EnrolReply)
    except envelope.Unreadable as error:
        raise errors.NotTheRegister(detail=str(error)) from error
    expected = signing.code_proof(key, b"register", reply.register_key, reply.device_id.encode())
    signed = signing.answer_bytes(answer.status, "", answer.body)
    if not signing.same(expected, reply.proof) or not signing.signed(
        reply.register_key, signature_of(answer), signed
    ):
        raise errors.NotTheRegister(detail="it does not know the code")
    return reply
