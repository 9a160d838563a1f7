"""Screens: entity guide."""
