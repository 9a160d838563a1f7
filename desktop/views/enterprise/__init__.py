"""Screens: enterprise."""
