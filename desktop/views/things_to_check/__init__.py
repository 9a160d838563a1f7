"""Screens: things to check."""
