"""Screens: checklist."""
