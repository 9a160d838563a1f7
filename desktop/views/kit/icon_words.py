"""Which drawing a button has by its words; apart from the drawings: the first paint has none.

Refuses a second drawing for the same act.
"""

# One act, one drawing, wherever its button stands.
OF_WORDS = {
    "Back": "back", "Forward": "forward", "Lock": "lock", "Undo": "undo", "Do it again": "again",
    "Try again": "again", "Look again": "again", "Close": "close", "Print it": "print",
    "Print on paper": "print", "Print today's page": "print", "Copy table": "copy",
    "Copy the words": "copy", "Copy text": "copy", "Copy this list": "copy",
    "Export this list": "file",
    "Together": "together", "Share the screen": "together", "Quick note": "note",
    "Add a file": "file", "Choose a file": "file", "Choose a folder": "folder",
    "Show in folder": "folder", "Send and fetch now": "send", "Columns": "columns", "Sort": "sort",
    "New enquiry": "add", "Add a cost": "add", "Keep this view": "keep", "Done": "tick",
    "Move to Monday": "later", "Decide later": "later", "Remove": "remove", "Take it out": "remove",
    "Forget this view": "remove", "Show as a table": "table", "Make a report": "reports",
    "Make the report": "reports", "Chase": "chase", "Save as PDF": "paper", "Paste a picture":
    "picture",
}  # fmt: skip
