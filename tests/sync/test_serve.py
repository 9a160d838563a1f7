"""The register over a real loopback socket, as `register serve` runs it."""

from __future__ import annotations

import json
import logging

from forms.facts.people import Enterprise
from sync.client.enrol import enrol
from sync.client.transport import HttpTransport, open_transport
from sync.register import admin
from sync.register.log import OneLine
from tests.sync.laptop import Laptop
from tests.sync.world import enterprise


def test_enrol_push_and_pull_over_http(quick, served):
    line = HttpTransport(served)
    ann = Laptop(quick.clock)
    identity = enrol(ann, line, admin.enrol_code(quick.store, "ann", quick.clock), quick.clock)
    assert identity.register_url == served
    case = ann.add(enterprise())
    assert quick.round(ann, line).pushed == 1
    line.close()
    again = open_transport(identity)
    assert quick.round(ann, again).requests == 1
    again.close()
    assert quick.row(case.id).fields["name"] == ann.get(Enterprise, case.id).name


def test_a_log_line_has_known_fields_only():
    record = logging.makeLogRecord({"msg": "answered", "status": 200, "name_of_person": "Mary"})
    line = json.loads(OneLine().format(record))
    assert line["status"] == 200
    assert "Mary" not in json.dumps(line)
