"""The words of Help: promises, limits, accessibility."""

from __future__ import annotations

HOW_TO: tuple[tuple[str, str], ...] = (
    (
        "Write a note fast",
        "Press Ctrl+N and type one line, like: Mary ring about the check tue. You see who it is "
        "for and by when before you press Enter.",
    ),
    (
        "Plan a visit",
        "Open the record and its Timeline. Choose Visit and write when, like tomorrow 10am, "
        "next tue 10am or 12/1/2027 10am. "
        "It stands on Today when the day comes.",
    ),
    (
        "Find anybody or anything",
        "Press Ctrl+K and type part of a name, a place, a phone number, a day or an amount. "
        "Words of the checklist work too, like insurance.",
    ),
    (
        "Take something back",
        "Press Ctrl+Z, or open Recent changes. You can undo the last 200 things for each person.",
    ),
    (
        "See only some people",
        "In Caseload, type in the filter or press a view. Press Keep this view to keep your own.",
    ),
    (
        "Put a list in another order",
        "Press a heading, press again to turn it round, and once more to have the page's own "
        "order. Or press Ctrl+Shift+O. The list stays that way until you change it.",
    ),
    (
        "Take a list with you",
        "Press Ctrl+P to print the page or save it as a PDF. Press Ctrl+Shift+C to copy its list, "
        "or Export this list in Caseload. You get every line, also those further down. "
        "Anybody who has the file can read it.",
    ),
    (
        "Print sheets for your visits",
        "In Today or Caseload, press Visit sheets and tick who you see. Each sheet has what is "
        "promised, what is still to do, and what was said last. Private notes stay out, unless "
        "you tick them.",
    ),
    (
        "A page that could not be read",
        "It says so, and shows nothing else. Press Try again at the top. Your records are not "
        "changed by it. If it goes on, open Sent & safe and press Check my data.",
    ),
    (
        "Make text larger or colours darker",
        "Open Settings. Each choice shows at once.",
    ),
    (
        "Work with no signal",
        "Just go on. Your work is saved here, and it is sent when you are online again.",
    ),
    (
        "When the council does not know this laptop",
        "Nothing is lost: your work waits here. Ask the council for a new code. Then open Sent & "
        "safe, press Join again with a new code, and type it. Your work is sent after that.",
    ),
    (
        "Two people changed the same thing",
        "Both are kept. Open Things to check and choose, or decide later.",
    ),
    (
        "Sit with somebody at one screen",
        "Open the person and press Ctrl+T. Only their own details show. Choose a PIN the first "
        "time: it leads back to your caseload. Tick, take photos, sign, and print a page.",
    ),
    (
        "Add a photo while you sit together",
        "Send it to this computer or plug the camera in, then press Look again. Only what came in "
        "since you sat down is offered. Delete it from the phone or card yourself.",
    ),
    (
        "Lock the screen",
        "Press Ctrl+L when you leave the desk. It also locks by itself after a while.",
    ),
    (
        "Get a lost passphrase back",
        "Your recovery sheet opens the records. Make a new sheet in Settings.",
    ),
)
PROMISES: tuple[tuple[str, str], ...] = (
    ("Saved means saved.", "When you see Saved, a power cut cannot lose it."),
    ("It works with no signal.", "Everything but asking the council works offline, all day."),
    (
        "Your work is never overwritten in silence.",
        "When two people change the same thing, both are kept and you are asked. What was merged "
        "without asking is told beside it.",
    ),
    ("A stolen, locked laptop shows nothing.", "Records are encrypted with your passphrase."),
    (
        "Only the person in front of you.",
        "An enterprise's page shows that enterprise, and nobody else's details.",
    ),
    ("Every number opens its records.", "You can see who is counted, who is not, and why."),
    ("Evidence cannot change without a trace.", "Each change keeps who, when, before and after."),
    (
        "You can take things back.",
        "Undo what you did; what was sent gets a new change beside it. A claim that was sent is "
        "withdrawn, and a choice in Things to check is made anew.",
    ),
    (
        "Your data can always come out.",
        "Reports and lists are in open formats. In Privacy, Take everything out writes all of it.",
    ),
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
    "Hedgerow is built to meet WCAG 2.2 at level AA, read for programs on a computer.",
    "Everything works with the keyboard alone. Press Ctrl+/ to see every key.",
    "Names, states and what was saved are told to screen readers. "
    "No state is shown by colour alone.",
    "Text can be twice as large with nothing lost. There are light, dark and high contrast "
    "colours, and you can keep everything still.",
    "Not yet tested with every screen reader. A sign-off by drawing can also be typed.",
    "Tell your council if something does not work for you. They can get help from the makers.",
)
NUMBERS_HEADING = "Worried about somebody? Ring"
