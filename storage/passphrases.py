"""Whether a passphrase is good enough to stand between a thief and these records.

Fifteen characters or three words, nothing that everybody tries first; no rules about signs and
capitals. Refuses to keep or log what it is shown.
"""

from __future__ import annotations

import re

LEAST_LETTERS = 15
LEAST_WORDS = 3
_TRIED_FIRST = frozenset(
    [
        "password",
        "passphrase",
        "passw0rd",
        "letmein",
        "welcome",
        "qwerty",
        "qwertyuiop",
        "asdfgh",
        "zxcvbn",
        "iloveyou",
        "monkey",
        "dragon",
        "football",
        "baseball",
        "sunshine",
        "princess",
        "admin",
        "administrator",
        "login",
        "secret",
        "master",
        "shadow",
        "summer",
        "winter",
        "spring",
        "autumn",
        "hedgerow",
        "council",
        "kent",
        "cambridgeshire",
        "enterprise",
        "coach",
        "micro",
        "correct",
        "horse",
        "battery",
        "staple",
        "123",
        "1234",
        "12345",
        "123456",
        "1234567",
        "12345678",
        "123456789",
        "1234567890",
        "abc123",
        "111111",
        "000000",
    ]
)


def weakness(passphrase: str) -> str:
    """What is wrong with it, in one sentence; '' when it will do."""
    words = re.findall(r"[^\W_]+", passphrase.casefold())
    if len(passphrase) < LEAST_LETTERS and len(words) < LEAST_WORDS:
        return (
            f"Use at least {LEAST_LETTERS} characters, or {LEAST_WORDS} or more words "
            "that have nothing to do with one another."
        )
    own = [word for word in words if word.strip("0123456789") not in _TRIED_FIRST]
    if len(set("".join(own))) < 6:
        return "That is one of the first things a thief would try. Choose other words."
    if len(words) >= LEAST_WORDS and len(set(words)) < LEAST_WORDS:
        return "The same word again adds nothing. Use three different words."
    return ""
