"""The listing tab of an enterprise record: words, consent, checks, what the public sees."""
