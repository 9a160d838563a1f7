"""The log is not kept in the order of its records as well: see docs/decisions/0040.

A push of a hundred edits touched a hundred pages of that index, and only an erasure, which goes
through the log anyway, asked for it. Ops that wait have an index of their own.
"""

STATEMENTS = ("DROP INDEX op_record",)
