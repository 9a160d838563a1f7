"""Settings for the whole suite: no screen, no personal profile, no wall-clock locale."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("QT_LOGGING_RULES", "default.warning=false")
os.environ.setdefault("LANG", "C.UTF-8")
