"""Screens: the directory of listings, market gaps."""
