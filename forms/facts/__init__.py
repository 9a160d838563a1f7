"""Records as frozen facts: the one vocabulary that vault, register, rules and reports share.

A fact holds values, never behaviour. Rows of a database never leave storage; these do.
Refuses to judge: what a fact means is said in forms.rules.
"""
