"""Screens: claims."""
