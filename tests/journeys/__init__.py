"""Twelve acceptance cases, their totals, the command line, practice data."""
