"""The value that an op saw under a name not heard of yet: a name alone may be another op's."""

STATEMENTS = ("ALTER TABLE dangling ADD COLUMN seen TEXT NOT NULL DEFAULT ''",)
