"""`python -m desktop`: the same as the `hedgerow` command."""

from __future__ import annotations

from desktop.command_line import main

raise SystemExit(main())
