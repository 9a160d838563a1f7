"""Tests of the working screens."""
