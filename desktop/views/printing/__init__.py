"""Printing: what stands on a screen, on paper or as a PDF."""
