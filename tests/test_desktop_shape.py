"""How the desktop is joined, held: an action is a module-level function over a `Writing`, one
broadcast tells of changes, and no module keeps an application in a global."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "desktop").rglob("*.py"))
ASKS_FOR_A_WRITE = {"write": 1, "_write": 0, "commit": 1, "close": 1}  # call: where the action is
WRITES = {"add", "set", "remove", "settle", "ask"}  # what a unit can do
# The one door, and what puts a failed write into words on the way to it.
DOOR = {"desktop/context.py", "desktop/operations/writing.py"}
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def name_of(path):
    return path.relative_to(ROOT).as_posix()


def called(node):
    """The last name of what is called: "write" of `writing.write(...)`."""
    func = node.func
    return func.attr if isinstance(func, ast.Attribute) else getattr(func, "id", "")


def receiver(node):
    """The last name before the call: "_context" of `self._context.change(...)`."""
    value = getattr(node.func, "value", None)
    return getattr(value, "attr", getattr(value, "id", ""))


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def action_faults(tree):
    """Where an action is no module-level function: a lambda, a method, a closure."""
    found = []
    inner = {
        each.name
        for outer in ast.walk(tree)
        if isinstance(outer, FUNCTIONS)
        for each in ast.walk(outer)
        if isinstance(each, FUNCTIONS) and each is not outer
    }
    for node in calls(tree):
        if called(node) == "change" and receiver(node).endswith("context"):
            found.append(f"line {node.lineno}: a change that is no operation")
        at = ASKS_FOR_A_WRITE.get(called(node))
        if at is None or len(node.args) <= at:
            continue
        if called(node) in {"commit", "close"} and "saver" not in receiver(node):
            continue
        action = node.args[at]
        if isinstance(action, ast.Call) and called(action) == "partial":
            action = action.args[0]
        bound = isinstance(action, ast.Attribute) and getattr(action.value, "id", "") == "self"
        closure = isinstance(action, ast.Name) and action.id in inner
        if isinstance(action, ast.Lambda) or bound or closure:
            found.append(f"line {node.lineno}: {ast.unparse(action)}")
    return found


def writing_faults(tree):
    """Where a record is written outside a module-level function that was given a `Writing`."""
    at_home = {
        id(inside)
        for each in tree.body
        if isinstance(each, FUNCTIONS) and each.args.args
        if "Writing" in ast.unparse(each.args.args[0].annotation or ast.Constant(""))
        for inside in ast.walk(each)
    }
    return [
        f"line {node.lineno}: {ast.unparse(node.func)}"
        for node in calls(tree)
        if called(node) in WRITES and receiver(node) == "unit" and id(node) not in at_home
    ]


# Each news has one teller: a commit, a step taken back, and what comes in without a commit here.
TELLERS = {
    "desktop/context.py",  # a commit
    "desktop/presenters/undo.py",  # a step taken back or done again
    "desktop/exchanger.py",  # what a round brought
    "desktop/operations/decisions.py",  # an answer that was asked for on the line
    "desktop/presenters/carry.py",  # what a stick brought
    "desktop/presenters/sent_and_safe.py",  # records that were let go
}
# Where Qt's own object is asked for: to make it, and to listen to what it hears.
QT_APP = {
    "desktop/bootstrap.py",
    "desktop/away.py",
    "desktop/away_windows.py",
    "desktop/views/main_window_frame.py",
    "desktop/views/together/window.py",
}
QT_APPS = {"QApplication", "QGuiApplication", "QCoreApplication"}
# What makes and joins the program, and the pictures, which are taken of a whole one.
JOINS = {
    *("desktop/bootstrap.py", "desktop/program.py", "desktop/open_desk.py"),
    *("desktop/devtools/shots.py", "desktop/devtools/shots_together.py"),
}
JOINED = {"desktop.program", "desktop.open_desk"}
# The look of the screen in use is one for the whole program, as the screen is; so is the lock that
# goes before the one which Qt has for the whole process.
KEPT_IN_A_MODULE = {
    ("desktop/theme.py", "CURRENT"),
    ("desktop/views/kit/decoding.py", "_one_at_a_time"),
}


def broadcast_faults(tree, where):
    """A second broadcast, or news told by somebody who has none."""
    made = [node for node in calls(tree) if called(node) == "Broadcast"]
    told = [
        node
        for node in calls(tree)
        if called(node) == "announce" and receiver(node).endswith("broadcast")
    ]
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in (*made, *(told if where not in TELLERS else ()))
    ]


def is_qt_app(node):
    return called(node) == "instance" and receiver(node) in QT_APPS


def global_faults(tree, where, frozen):
    """An application that anybody could reach: a global, an object in a module, Qt's own."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
        elif isinstance(node, ast.Name) and node.id == "qApp":
            found.append(f"line {node.lineno}: qApp")
        elif (
            isinstance(node, ast.ImportFrom) and node.module in JOINED and where not in JOINS
        ) or (isinstance(node, ast.Call) and is_qt_app(node) and where not in QT_APP):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    for node in tree.body:
        value = getattr(node, "value", None)
        if not isinstance(node, (ast.Assign, ast.AnnAssign)) or not isinstance(value, ast.Call):
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        of_ours = called(value)[:1].isupper() and called(value) not in frozen
        if of_ours and (where, ast.unparse(target)) not in KEPT_IN_A_MODULE:
            found.append(f"line {node.lineno}: {ast.unparse(target)}")
    return found


def frozen_classes():
    """Classes that hold nothing that could change: frozen ones of ours, and of the library."""
    found = {"TypeVar", "Path", "Struct", "CFUNCTYPE", "WINFUNCTYPE", "Cost"}
    for path in (*SOURCES, *(ROOT / "forms").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                how = [ast.unparse(each) for each in (*node.decorator_list, *node.bases)]
                if "frozen=True" in " ".join(how) or "NamedTuple" in how:
                    found.add(node.name)
    return found


FROZEN = frozen_classes()
# Drivers of the operations without a window: the journey by hand, sample counties, pictures.
DRIVERS = ("desktop/journey/", "desktop/devtools/")


def faults(text, where):
    """Everything that breaks how the desktop is joined, in one module."""
    tree = ast.parse(text)
    found = [*broadcast_faults(tree, where), *global_faults(tree, where, FROZEN)]
    if where not in DOOR and not where.startswith(DRIVERS):
        found += [*action_faults(tree), *writing_faults(tree)]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_actions_are_functions_news_has_one_way_and_nothing_is_global(path):
    assert faults(path.read_text(encoding="utf-8"), name_of(path)) == []


PLANTED = {
    "a lambda": 'write(context, lambda w: w, owner=self, on_done=done, name="x")',
    "a method": 'class P:\n def go(self):\n  self._saver.commit("key", self._work)',
    "a bound partial": "class P:\n def go(self):\n  self._write(partial(self._work, 1), 'x')",
    "a closure": "def go(c):\n def work(w): pass\n write(c, work, owner=c, on_done=None)",
    "a change past the operations": "self._context.change(work, owner=self)",
    "a write in a method": "class P:\n def go(self, writing: Writing):\n  writing.unit.add(1)",
    "a write without a writing": "def go(unit):\n unit.set(Leader, 'x', name='y')",
    "a second broadcast": "news = Broadcast()",
    "news from anybody": "self._context.broadcast.announce(changes, self)",
    "a global": "def go():\n global APP\n APP = 1",
    "an object in a module": "class Desk: pass\nDESK = Desk()",
    "Qt's own": "app = QApplication.instance()",
    "Qt's shorthand": "qApp.quit()",
    "the whole program": "from desktop.program import Program",
}


@pytest.mark.parametrize("line", PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_seen(line):
    assert faults(line, "desktop/views/planted.py")


def test_every_exemption_is_still_needed():
    there = {name_of(path): path.read_text(encoding="utf-8") for path in SOURCES}
    assert all("broadcast.announce(" in there[each] for each in TELLERS)
    assert all(".instance()" in there[each] for each in QT_APP)
    assert all(f"{name} = " in there[where] for where, name in KEPT_IN_A_MODULE)
