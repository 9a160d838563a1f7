"""Measured figures: medians, percentiles and ratios against a bare baseline in the same run.

Run by `./dev bench [NAME]`; never part of the tests, because a time is not a pass or a fail.
"""
