"""What can go wrong between laptop and register, in words for people. Nothing is lost by any.

    SyncError                     str() says what happened, what is safe, what to do
    ├── Unreachable               no line, or it broke on the way; try later
    │   └── Slow                  it took too long; a smaller batch may get through
    ├── CaptivePortal             a Wi-Fi's own log-in page answered
    ├── NotTheRegister            something answered that is not our register
    │   ├── KeyForked             two keys follow the one that this laptop knew: somebody's is false
    │   ├── KeyBehind             the register was put back to before its key was changed
    │   └── CertificateNotTrusted  this computer does not trust the certificate it showed
    ├── RegisterDown              500, 503, 429: there, but not working; `retry_after`
    │   └── TooOften              429: a lot at once; nothing is shown, it waits and goes on
    ├── SignInNeeded              this laptop is not known (any more); enrol it again
    │   └── TakenForAnother       its work would count as another person's; enrol it again
    ├── DeviceRevoked             the council closed this laptop's access, and signed that
    ├── RegisterBehind            the register has to be updated first
    ├── ClientTooOld              update this program; sending still works
    ├── CodeRefused               an enrolment code did not work
    ├── OtherRegister             a code of another register than these records belong to
    ├── SignInFailed              the council's own sign-in did not end well
    ├── OnlineOnly                a decision that exists only while the register answers
    ├── Refused                   the register understood and said no
    ├── CarriedRefused            a carried file that is not whole, or not for this laptop
    ├── StickTrouble              the stick is full, was taken out, or cannot be written or read
    ├── CarriedAgain              the register was put back: make another file, it holds everything
    └── OutOfStep                 laptop and register differ on what was said; recovery did not end

Anything else that comes out of sync is a bug.
"""

from __future__ import annotations

SAFE = "Your work is saved here."
CLOSED_MEANS = "Ring the council. Unsent changes are being kept safe."


class SyncError(Exception):
    """A known fault. `trouble` is its short name for the program."""

    trouble = "trouble"
    words = f"The council register is not answering. {SAFE} We will try again."

    def __init__(self, words: str = "", *, detail: str = "", retry_after: float = 0) -> None:
        super().__init__(words or self.words)
        self.detail = detail  # for support, folded away; never data
        self.retry_after = retry_after


class Unreachable(SyncError):
    """No line to the register."""

    trouble = "unreachable"
    words = f"There is no line to the council register just now. {SAFE} We will try again."


class Slow(Unreachable):
    """The line is there but too slow for what was asked."""

    trouble = "slow"
    words = f"The line to the council register is very slow. {SAFE} We will try again."


class ProxyInTheWay(Unreachable):
    """The proxy that this computer is set to use did not let us through, or is not there."""

    trouble = "proxy"
    words = (
        "This computer is set to go through a proxy, and the proxy does not let it reach the "
        f"council register. {SAFE} We will try again. If it stays so, ask whoever looks after "
        "this computer or this network."
    )


class CaptivePortal(SyncError):
    """A Wi-Fi's own page answered."""

    trouble = "captive_portal"
    words = f"This Wi-Fi wants you to log in on its own page first. {SAFE}"


class NotTheRegister(SyncError):
    """Whatever answered is not our register; nothing of the answer was used."""

    trouble = "not_the_register"
    words = (
        "Something other than the council register answered. "
        f"{SAFE} Nothing of its answer was used, and nothing counts as sent. "
        "Try another network, or ring the council."
    )


class KeyForked(NotTheRegister):
    """Two keys follow the same one: one of them is not the council's."""

    trouble = "key_forked"
    words = (
        "What answered as the council register signs with another key than the one that this "
        "laptop knows, and both follow the same earlier key: somebody else may be using that one. "
        f"{SAFE} Nothing of its answer was used, and nothing counts as sent. "
        "Ring the council, and ask for its auditor."
    )


class KeyBehind(NotTheRegister):
    """A register with a key that was replaced: a copy from before, or somebody who has that key."""

    trouble = "key_behind"
    words = (
        "The council register signs with a key that it had replaced. It may have been put back "
        f"from a copy that was made before. {SAFE} Nothing of its answer was used, and nothing "
        "counts as sent. Ring the council: the register needs its newer key again."
    )


class CertificateNotTrusted(NotTheRegister):
    """A certificate that this computer's trust store does not vouch for; not a byte was sent."""

    trouble = "certificate"
    words = (
        "This computer does not trust the certificate that was shown for the council register. "
        f"{SAFE} Nothing was sent. If it stays so, ask whoever looks after this computer or this "
        "network: a network that looks into secure lines has to be made known to the computer."
    )


class RegisterDown(SyncError):
    """The register is there but cannot answer."""

    trouble = "register_down"
    words = f"The council register is not answering. {SAFE} We will try again in a few minutes."


class TooOften(RegisterDown):
    """The register asks for a pause. Nobody has to do anything."""

    trouble = "too_often"
    words = f"Sending pauses for a minute and then goes on by itself. {SAFE}"


class SignInNeeded(SyncError):
    """The register does not know this laptop."""

    trouble = "sign_in"
    words = "Sign in again to send your changes. You can keep working."


class TakenForAnother(SignInNeeded):
    """The register has given the number that this laptop writes under to another person."""

    words = (
        "The council register takes what this laptop would send for another person's work: it was "
        "put back to an older copy, or these records were copied from another laptop. "
        f"{SAFE} None of what waits was sent. Ask the council for a new code and sign in again "
        "with it, which needs a line once: then everything goes, and as yours."
    )


class DeviceRevoked(SyncError):
    """The council has closed this laptop's access."""

    trouble = "revoked"
    words = f"The council has closed this laptop's access. {CLOSED_MEANS}"


class ClientTooOld(SyncError):
    """The register speaks a newer language."""

    trouble = "too_old"
    words = f"The council register needs a newer version. {SAFE} Update this program."


class RegisterBehind(SyncError):
    """The program speaks a newer language than the register."""

    trouble = "register_behind"
    words = (
        f"The council register does not know this newer program yet. {SAFE} It goes by itself when "
        "the council has updated the register."
    )


class CodeRefused(SyncError):
    """An enrolment code did not work."""

    trouble = "code"
    words = (
        "That code did not work. It may have been used already or run out. "
        "Ask the council for a new one."
    )


class OtherRegister(SyncError):
    """An enrolment code of another register than the one that these records belong to."""

    trouble = "other_register"
    words = (
        "That code is of another council's register than these records belong to. Nothing was sent "
        f"there and nothing was changed. {SAFE} Ask your council for a code of its own register."
    )


class SignInFailed(SyncError):
    """The council's own sign-in did not end well."""

    trouble = "sign_in_failed"
    words = "That sign-in did not work. Try again, or ask the council whether you are set up."


class OnlineOnly(SyncError):
    """Asked for offline, a decision that only exists online."""

    trouble = "online_only"
    words = (
        "This needs the council register, which is not answering. "
        "Nothing was decided. Try again when there is a signal."
    )


class Refused(SyncError):
    """The register understood and said no."""

    trouble = "refused"
    words = f"The council register said no to this. {SAFE}"


class OutOfStep(SyncError):
    """The register and this laptop hold different histories."""

    trouble = "out_of_step"
    words = (
        f"This laptop and the council register do not agree on what was sent. {SAFE} "
        "Ring the council before you carry on sending."
    )


class CarriedRefused(SyncError):
    """A file that was carried by hand cannot be used."""

    trouble = "carried_refused"
    words = (
        "That file is damaged or was made for somebody else. Nothing was changed. "
        "Copy it to the stick once more, or make a new one."
    )


class StickTrouble(SyncError):
    """A stick, or wherever a carried file goes: full, taken out, locked."""

    trouble = "stick"
    words = (
        "The stick could not be used. Nothing was changed here and nothing counts as sent. "
        "Put it in again, or use another one."
    )


class CarriedAgain(SyncError):
    """The register came back from an older copy; what it forgot waits to be sent again."""

    trouble = "carried_again"
    words = (
        "The council register was put back to an older copy, so it needs some of your work again. "
        f"{SAFE} Make a new file for the council and carry it: it holds everything."
    )
