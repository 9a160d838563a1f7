"""Screens: documents."""
