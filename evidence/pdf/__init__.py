"""Reports as tagged PDF: the only place that knows the PDF library.

Refuses markup from records, system fonts, clocks and network.
"""

from __future__ import annotations

from evidence.pdf.build import Progress
from evidence.pdf.build import render as render_pdf

__all__ = ["Progress", "render_pdf"]
