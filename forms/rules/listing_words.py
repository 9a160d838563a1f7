"""The words for what a listing can say of itself, one list for the laptop, the page and the feed.

Codes are what records hold; the words are what people read. Refuses to invent words for a code
that it does not know: it shows the code.
"""

from __future__ import annotations

MODES = (("1:1", "One to one"), ("group", "In a group"), ("virtual", "Online or by phone"))
PAYABLE = (
    ("private", "Own money"),
    ("direct payment", "Direct payment"),
    ("ISF", "Individual service fund"),
    ("council", "The council"),
)
CHECKS = (
    ("identity", "Identity and address"),
    ("dbs", "Criminal record check (DBS)"),
    ("insurance", "Insurance"),
    ("safeguarding", "Safeguarding training"),
    ("moving_handling", "Moving and handling training"),
    ("medication", "Medicines training"),
    ("first_aid", "First aid"),
    ("food", "Food hygiene"),
    ("registration", "Other registration"),
    ("references", "Two references"),
    ("declaration", "Declaration"),
    ("agreement", "Standards agreed"),
    ("policies", "Policies"),
    ("size", "Size"),
    ("cqc", "CQC question"),
    ("feedback", "Customer feedback"),
)


def words_for(choices: tuple[tuple[str, str], ...], code: str) -> str:
    """The words of a code; the code itself where none are known."""
    return dict(choices).get(code, code)
