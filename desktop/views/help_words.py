"""The words of Help: promises, limits, accessibility."""

from __future__ import annotations

PROMISES: tuple[tuple[str, str], ...] = (
    ("Saved means saved.", "When you see Saved, a power cut cannot lose it."),
    ("It works with no signal.", "Everything but asking the council works offline, all day."),
    (
        "Your work is never overwritten in silence.",
        "When two people change the same thing, both are kept and you are asked.",
    ),
    ("A stolen, locked laptop shows nothing.", "Records are encrypted with your passphrase."),
    (
        "Only the person in front of you.",
        "An enterprise's page shows that enterprise, and nobody else's details.",
    ),
    ("Every number opens its records.", "You can see who is counted, who is not, and why."),
    ("Evidence cannot change without a trace.", "Each change keeps who, when, before and after."),
    ("You can take things back.", "Undo what you did; what was sent gets a new change beside it."),
    ("Your data can always come out.", "Reports and tables are kept in open formats."),
    (
        "Damage is noticed, and there is a way back.",
        "Copies are made by themselves, and Check my data looks at every record.",
    ),
)
LIMITS: tuple[str, ...] = (
    "A harmful program that runs on this laptop while your records are open can see what you see.",
    "If you lose both your passphrase and your recovery sheet, nobody can open the records here. "
    "What was sent is safe at the council.",
)
STATEMENT: tuple[str, ...] = (
    "Everything works with the keyboard. Names and states are told to screen readers. "
    "Text can be twice as large, and there are dark and high contrast colours in Settings.",
    "Hedgerow aims to meet WCAG 2.2 AA. Tell your council if something does not work for you.",
)
NUMBERS_HEADING = "Worried about somebody? Ring"
