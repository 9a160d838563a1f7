"""The survey sheet as questions in their groups: what the linter looks at. Judges nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from forms.engine.sources import Row, Workbook

SURVEY_COLUMNS = frozenset(
    {
        "type", "name", "label", "hint", "guidance_hint", "appearance", "required",
        "required_message", "relevant", "constraint", "constraint_message", "calculation",
        "default", "readonly", "choice_filter", "repeat_count", "trigger", "parameters", "media",
        "image", "audio", "video", "big-image", "note", "was", "save_to", "autoplay", "rows",
        "body", "bind", "instance", "disabled", "intent", "query", "comment", "comments",
        "preload", "preload_params", "xpath",
    }
)  # fmt: skip
CHOICE_COLUMNS = frozenset({"list_name", "name", "label", "media", "image", "audio", "video"})
SETTINGS_COLUMNS = frozenset(
    {
        "form_title", "form_id", "version", "default_language", "instance_name", "style",
        "public_key", "submission_url", "auto_send", "auto_delete", "allow_choice_duplicates",
        "namespaces", "id_string", "title", "instance_xmlns", "sms_keyword", "sms_separator",
        "omit_instanceid", "clean_text_values", "name", "attribute", "entity_version",
        "compact_tag", "prefix", "delimiter", "set form title", "set form id", "form title",
        "form id", "sms_allow_media", "sms_date_format", "sms_datetime_format", "sms_response",
    }
)  # fmt: skip
_REMARKS = frozenset({"note", "comment", "comments", "was", "disabled"})
_ALIASES = {
    "relevance": "relevant", "calculate": "calculation", "caption": "label",
    "read_only": "readonly",
    "read only": "readonly", "list name": "list_name", "constraint message": "constraint_message",
    "constraint_msg": "constraint_message", "required message": "required_message",
    "noapperrorstring": "required_message", "required_msg": "required_message",
    "guidance hint": "guidance_hint", "repeat count": "repeat_count",
    "choice filter": "choice_filter", "tag": "name", "skip_logic": "relevant",
    "calculation ": "calculation", "save to": "save_to", "jr:count": "repeat_count",
}  # fmt: skip

_CHOICE_ALIASES = {"list name": "list_name", "value": "name"}
_TYPES = {
    "text": "text", "string": "text", "integer": "integer", "int": "integer",
    "decimal": "decimal", "date": "date", "time": "time", "datetime": "datetime",
    "note": "note", "calculate": "calculate", "hidden": "calculate", "acknowledge": "acknowledge",
    "trigger": "acknowledge", "range": "range", "file": "file", "image": "file", "photo": "file",
    "audio": "file", "video": "file", "geopoint": "geo", "geotrace": "geo", "geoshape": "geo",
    "barcode": "text", "start": "meta", "end": "meta", "today": "meta", "deviceid": "meta",
    "phonenumber": "meta", "username": "meta", "email": "meta", "simserial": "meta",
    "subscriberid": "meta", "audit": "meta", "start-geopoint": "meta", "xml-external": "external",
    "csv-external": "external", "background-audio": "meta", "background-geopoint": "meta",
    "phone number": "text", "location": "geo", "gps": "geo", "get date": "date",
    "imei": "meta", "uri:deviceid": "meta", "uri:phonenumber": "meta", "uri:simserial": "meta",
    "uri:subscriberid": "meta", "uri:username": "meta", "uri:email": "meta", "sim id": "meta",
    "start time": "meta", "end time": "meta", "get today": "meta", "device id": "meta",
    "subscriber id": "meta", "get device id": "meta", "get phone number": "meta",
    "get start time": "meta", "get end time": "meta", "get sim id": "meta",
    "get subscriber id": "meta", "date time": "datetime", "date_time": "datetime",
    "add date prompt": "date", "add text prompt": "text", "add note prompt": "note",
    "add integer prompt": "integer", "add decimal prompt": "decimal", "osm": "file",
    "max-pixels": "meta", "bearing": "decimal", "url": "text", "today time": "meta", "hxl": "text",
}  # fmt: skip
KNOWN_TYPES = (
    *_TYPES, "select_one", "select_multiple", "rank", "begin_group", "end_group", "begin_repeat",
    "end_repeat", "select_one_from_file", "select_multiple_from_file",
)  # fmt: skip
_SELECT = re.compile(
    r"^(select[ _]?one|select1|select[ _]?multiple|select all that apply|rank|add select one prompt"
    r" using|select_one_external)(?:[ _]from[ _]file)?(?: from)? +(\S+.*)$"
)
_BOUNDARY = re.compile(r"^(begin|end)[ _]*(group|repeat|loop|lgroup)(?: over .*)?$")


@dataclass(slots=True)
class Question:
    """A row of the survey: what it is, where it stands."""

    row: Row
    kind: str  # text ... select_one, group, repeat; "" when the type is unknown
    name: str
    columns: dict[str, str]  # canonical heading -> cell (the first language of a label)
    headings: dict[str, str]  # canonical heading -> heading as written
    groups: tuple[str, ...] = ()
    repeats: tuple[str, ...] = ()
    list_name: str = ""
    or_other: bool = False

    @property
    def path(self) -> tuple[str, ...]:
        """The names from the top group down to it."""
        return (*self.groups, self.name)


@dataclass(slots=True)
class Boundary:
    """A begin or end row, for checking that groups close."""

    row: Row
    begins: bool
    kind: str
    name: str


@dataclass(slots=True)
class Survey:
    """Everything the survey sheet asks."""

    questions: list[Question] = field(default_factory=list)
    boundaries: list[Boundary] = field(default_factory=list)
    by_name: dict[str, list[Question]] = field(default_factory=dict)


def canonical(heading: str, aliases: dict[str, str] = _ALIASES) -> str:
    """A column's plain name, its language left off."""
    plain = re.split(r"::|:(?!.*::)", heading.strip(), maxsplit=1)[0].strip().lower()
    if heading.strip().lower() in aliases:
        return aliases[heading.strip().lower()]
    return aliases.get(plain, plain)


def canonical_choice(heading: str) -> str:
    """A choices column's plain name."""
    return canonical(heading, _CHOICE_ALIASES)


def read_survey(book: Workbook) -> Survey:
    """The questions of the survey sheet, in order."""
    survey = Survey()
    groups: list[tuple[str, str]] = []
    for row in book.sheet("survey").rows:
        columns, headings = _columns(row)
        written = " ".join(columns.get("type", "").split()).lower()
        boundary = _BOUNDARY.match(written)
        name = columns.get("name", "")
        if boundary is not None and boundary.group(1) == "end":
            survey.boundaries.append(Boundary(row, False, _sort(boundary.group(2)), name))
            if groups:
                groups.pop()
            continue
        question = _question(row, columns, headings, written)
        question.groups = tuple(group for _, group in groups)
        question.repeats = tuple(group for kind, group in groups if kind == "repeat")
        if boundary is not None:
            question.kind = _sort(boundary.group(2))
            survey.boundaries.append(Boundary(row, True, question.kind, name))
            groups.append((question.kind, name))
        if written or name or (columns.keys() & SURVEY_COLUMNS) - _REMARKS:
            survey.questions.append(question)
            survey.by_name.setdefault(name, []).append(question)
    return survey


def _sort(word: str) -> str:
    return "repeat" if word in {"repeat", "loop"} else "group"


def _columns(row: Row) -> tuple[dict[str, str], dict[str, str]]:
    columns: dict[str, str] = {}
    headings: dict[str, str] = {}
    for heading, cell in row.cells.items():
        plain = canonical(heading)
        if plain not in columns:
            columns[plain] = cell
            headings[plain] = heading
    return columns, headings


def _question(
    row: Row, columns: dict[str, str], headings: dict[str, str], written: str
) -> Question:
    question = Question(row, _TYPES.get(written, ""), columns.get("name", ""), columns, headings)
    select = _SELECT.match(" ".join(columns.get("type", "").split()))
    if select is None and written:
        select = _SELECT.match(written)
    if select is not None:
        word = select.group(1).lower().replace(" ", "_")
        question.kind = "select_one"
        if "multiple" in word or "all" in word:
            question.kind = "select_multiple"
        elif word == "rank":
            question.kind = "rank"
        listed = select.group(2).strip()
        question.or_other = bool(re.search(r"\s+(or[ _]other|or specify other)$", listed))
        question.list_name = re.sub(r"\s+(or[ _]other|or specify other)$", "", listed)
    return question


def choice_lists(book: Workbook, *sheets: str) -> dict[str, list[tuple[str, Row]]]:
    """The values of each list, with their rows."""
    lists: dict[str, list[tuple[str, Row]]] = {}
    for row in (row for sheet in sheets or ("choices",) for row in book.sheet(sheet).rows):
        cells = {canonical_choice(heading): cell for heading, cell in row.cells.items()}
        if "list_name" in cells:
            lists.setdefault(cells["list_name"], []).append((cells.get("name", ""), row))
    return lists
