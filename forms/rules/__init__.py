"""Rules: pure functions over frozen facts, a pack and a date. They return findings, never raise.

The desktop and the register run these same functions. Refuses sessions, rows and widgets.
"""
