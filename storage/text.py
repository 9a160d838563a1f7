"""Text as it is typed, made fit to be kept and sent.

Half of a two-part sign (a lone surrogate) comes from some keyboards and from pasting; neither the
records file nor the wire can carry it, and one such note would hold up everything behind it.
Two halves that belong together become their sign; a half alone becomes the replacement sign.
Refuses to touch anything else.
"""

from __future__ import annotations

from forms.change import Json


def is_whole(text: str) -> bool:
    """Whether every sign of the text can be written down."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def whole(text: str) -> str:
    """The text without halves of signs."""
    if is_whole(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def whole_value(value: Json) -> Json:
    """The same for every text inside a value as it travels."""
    if isinstance(value, str):
        return value if value.isascii() else whole(value)
    if isinstance(value, list | tuple):
        return [whole_value(item) for item in value]
    if isinstance(value, dict):
        return {whole_value(name): whole_value(item) for name, item in value.items()}
    return value
