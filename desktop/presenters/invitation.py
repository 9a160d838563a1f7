"""What a council gives a coach, as it is typed: looked at before the passphrase and the sheet.

A slip in the letter's address or code is said on the page where it was made, not five minutes
later. Refuses to ask anybody: whether the code works, only the register knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from desktop.trouble import in_words

_NO_PATH = "There is no register at this address. Look at the letter with your code: {why}"
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST = 253  # letters of a name on the internet
_BY_ITSELF = "We will try again"  # said by sync of its rounds; joining waits for the person


@dataclass(frozen=True, slots=True)
class Invitation:
    """Where the register is, and a code for this laptop."""

    address: str
    code: str


def whole_address(typed: str) -> str:
    """As the line wants it: with https:// unless another way was typed."""
    way, _, rest = typed.strip().rpartition("://")
    return f"{way or 'https'}://{rest.rstrip('/')}"


def problem_of(address: str, code: str) -> str:
    """What is to mend in what was typed, or ""."""
    if not address.strip():
        return "Type the address of the register. Your council gave it to you with the code."
    if unlike := _unlike_an_address(whole_address(address)):
        return unlike
    if not code.strip():
        return "Type the code that your council gave you for this laptop."
    letters = sum(each.isalnum() for each in code)
    if letters != 16:
        had = "1 is" if letters == 1 else f"{letters} are"
        return f"A code has four groups of four letters and numbers. Here {had} typed."
    return ""


def _unlike_an_address(address: str) -> str:
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return _NO_PATH.format(why="a mark in it is not as it stands there.")
    if parts.scheme not in ("http", "https"):
        return _NO_PATH.format(why="it begins with https://")
    if not host or any(each.isspace() for each in address) or not host.isprintable():
        return _NO_PATH.format(why="it is one word, like register.example.org")
    if len(host) > _LONGEST or any(not 0 < len(part) < 64 for part in host.split(".")):
        return _NO_PATH.format(why="it is shorter, or a dot is too many.")
    if parts.scheme == "http" and host not in _HERE:
        return "Others could read along at this address. Type it with https:// in front."
    return ""


def not_joined(error: Exception) -> str:
    """Why joining did not work. Nothing goes on by itself: the person presses Continue."""
    kinds = {each.__name__ for each in type(error).__mro__}
    if "TooOften" in kinds:
        return "The council's register asks for a pause. Wait a minute, then press Continue."
    if type(error).__name__ == "Unreachable":
        return (
            "Nothing answered at this address. Your passphrase and your sheet are kept. "
            "Look at the address and at this laptop's line, then press Continue."
        )
    return in_words(error).words.replace(_BY_ITSELF, "Press Continue to try again")
