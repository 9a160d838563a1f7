"""Where the development cases are, and how the three suites are read (formats: their README)."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

_DEFAULT = Path(__file__).resolve().parents[2].parent / "shared" / "conformance"


def folder() -> Path:
    """The folder of development cases; skips with a reason when there is none."""
    found = Path(os.environ.get("HEDGEROW_CONFORMANCE", str(_DEFAULT)))
    if not (found / "README.md").is_file():
        pytest.skip("no development cases here: set HEDGEROW_CONFORMANCE to their folder")
    return found


def lines(path: Path) -> list[dict[str, Any]]:
    """The records of a .jsonl file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def report(suite: str, passed: int, total: int) -> float:
    """Print cases passed of a suite; the share in per cent."""
    share = 100.0 * passed / total if total else 0.0
    print(f"{suite}: {passed} of {total} cases ({share:.2f} %)")
    return share
