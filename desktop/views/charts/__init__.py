"""Screens: charts."""
