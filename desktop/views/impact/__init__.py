"""Screens: impact."""
