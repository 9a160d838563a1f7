"""A workbook that asks every kind of question once, as text."""

from __future__ import annotations

VILLAGES = (
    *("Ashwick", "Mells", "Holcombe", "Nunney", "Coleford", "Vobster", "Oakhill", "Whatley"),
    *("Chantry", "Cranmore", "Doulting", "Café Corner", "Great Elm", "Little Elm"),
)
ASKED = """
| survey | | | | | | | |
| | type | name | label | constraint | constraint_message | appearance | parameters |
| | begin_group | one | Who and where | | | | |
| | text | name | What is your name? | | | | |
| | select_one village | village | Which village? | | | | |
| | select_multiple village | round | Your round | | | | |
| | date | begun | When did you start? | . <= today() and . > '2020-01-01' | Up to today. | | |
| | time | at | At what time? | | | | |
| | datetime | seen | When were you seen? | | | | |
| | end_group | | | | | | |
| | begin_group | two | The rest | | | | |
| | integer | hours | How many hours? | . > 0 | Give a number over 0. | | |
| | decimal | price | What do you charge? | | | | |
| | range | sure | How sure are you? | | | | start=0 end=10 step=1 |
| | range | share | What share is it? | | | | start=0 end=100 step=5 |
| | rank need | needs | What matters most? | | | | |
| | select_one need | main | Which one first? | | | | |
| | select_multiple need | some | Which ones? | | | | |
| | select_one need | short | A short list | | | minimal | |
| | image | photo | The kitchen | | | | |
| | image | sign | Your signature | | | signature | |
| | audio | sound | Tell us | | | | |
| | file | paper | The policy | | | | |
| | geopoint | place | Where is it? | | | | |
| | geotrace | way | The way there | | | | |
| | acknowledge | ok | I have read this | | | | |
| | text | long | What else? | | | multiline | |
| | end_group | | | | | | |
| choices | | | |
| | list_name | name | label |
| | need | food | Food |
| | need | ride | A ride |
| | need | talk | Company |
"""
SETTINGS = """
| settings | | | |
| | form_title | form_id | version |
| | Every kind | kinds | 1 |
"""
QUESTIONS = 22


def kinds_book():
    """The workbook; every question but the first must be answered."""
    rows = [f"| | village | v{n} | {name} |" for n, name in enumerate(VILLAGES)]
    survey, _, choices = ASKED.partition("\n| choices")
    lines = []
    for number, line in enumerate(survey.splitlines()):
        needed = {1: "", 2: "required |"}.get(number, " |" if "_group" in line else " yes |")
        lines.append(f"{line} {needed}" if line else line)
    lines[1] += " |"
    return "\n".join([*lines, f"| choices{choices}".rstrip(), *rows]) + SETTINGS
