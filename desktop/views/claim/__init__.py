"""Screens: claim."""
