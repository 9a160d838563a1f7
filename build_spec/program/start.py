"""Where the built program starts: the window, a word of the command line, or a process beside them.

Beside the window run processes that read figures, reports and imported files. From a checkout they
are `python -m MODULE`; in the built program the same words reach this file. Refuses every module
but those of `WORKERS`: the program is no way to run any code there is.
"""

from __future__ import annotations

import runpy
import sys

WORKERS = frozenset(
    {"desktop.figures_worker", "evidence.render_worker", "desktop.operations.table_worker"}
)


def main() -> int:
    """Run what was asked for. Gives back the exit code."""
    words = [word for word in sys.argv[1:] if word not in ("-X", "utf8", "-I", "-u")]
    if len(words) == 2 and words[0] == "-m" and words[1] in WORKERS:
        sys.argv = [words[1]]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        return 0
    from desktop.__main__ import main as program

    return program()


if __name__ == "__main__":
    raise SystemExit(main())
