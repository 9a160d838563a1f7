"""Tests of the window for two people."""
