"""`hedgerow`, or `python -m desktop`: without a word the window, else `desktop.command_line`.

The window does not wait for the words: reading and arranging them costs a tenth of its start.
"""

from __future__ import annotations

import sys

from desktop import pauses


def main() -> int:
    """Run what was asked for. Gives back the exit code."""
    if len(sys.argv) == 1:
        pauses.begin()
        try:
            from desktop.bootstrap import run_app

            return run_app()
        except BaseException as error:  # noqa: BLE001 - what is not known is raised again
            from desktop.command_line import ended_by

            return ended_by(error)
    from desktop.command_line import main as command

    return command()


if __name__ == "__main__":
    raise SystemExit(main())
