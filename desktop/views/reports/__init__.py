"""Screens: reports."""
