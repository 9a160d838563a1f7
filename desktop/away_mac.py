"""What macOS says when a person leaves: screen locked, user switched, going to sleep.

The workspace and the distributed centre tell one observer, a class of this program's own made
through the Objective-C runtime. What a notification means is a pure function. Refuses to need a
bridge library, and to keep the observer when nobody listens any more.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

WORKSPACE, DISTRIBUTED = "workspace", "distributed"
# Which centre tells it, and its name: for the workspace also that of its constant in AppKit.
WATCHED = (
    (DISTRIBUTED, "com.apple.screenIsLocked"),
    (WORKSPACE, "NSWorkspaceWillSleepNotification"),
    (WORKSPACE, "NSWorkspaceSessionDidResignActiveNotification"),
)
_FRAMEWORK = "/System/Library/Frameworks/AppKit.framework/AppKit"
_RUNTIME = "/usr/lib/libobjc.A.dylib"
_CLASS = b"HedgerowAwayObserver"
_AT_ONCE = 4  # NSNotificationSuspensionBehaviorDeliverImmediately: also while it is not in front
_ID, _TEXT = ctypes.c_void_p, ctypes.c_char_p
_TOLD = ctypes.CFUNCTYPE(None, _ID, _ID, _ID)  # - (void)told:(NSNotification *)it


def is_leaving(name: str) -> bool:
    """Whether a notification of this name says that the person has left."""
    return any(name == watched for _, watched in WATCHED)


class Listening:
    """One observer at both centres, until `stop`."""

    def __init__(self, on_left: Callable[[], None], centres: Any) -> None:
        self._centres, self._on_left = centres, on_left
        for centre, name in WATCHED:
            centres.observe(centre, name, self._told)

    @property
    def heard_from(self) -> tuple[str, ...]:
        """What it listens to."""
        return tuple(name for _, name in WATCHED)

    def _told(self, name: str) -> None:
        if is_leaving(name):
            self._on_left()

    def stop(self) -> None:
        """Listen no longer."""
        self._centres.forget()


class Centres:
    """The two notification centres, through the Objective-C runtime."""

    def __init__(self) -> None:
        self._objc = _runtime(ctypes.CDLL(_RUNTIME))
        self._appkit = ctypes.CDLL(_FRAMEWORK)
        workspace = self._send(self._class(b"NSWorkspace"), b"sharedWorkspace")
        self._centres = {
            WORKSPACE: self._send(workspace, b"notificationCenter"),
            DISTRIBUTED: self._send(
                self._class(b"NSDistributedNotificationCenter"), b"defaultCenter"
            ),
        }
        self._tell: Callable[[str], None] | None = None
        self._called = _TOLD(self._heard)  # kept: the runtime holds its bare address
        self._observer = self._send(self._send(self._made(), b"alloc"), b"init")

    def observe(self, centre: str, name: str, tell: Callable[[str], None]) -> None:
        """Have `tell` called with the name each time the centre says it."""
        self._tell = tell
        shape: list[Any] = [_ID, _ID, _ID, _ID]
        values: list[Any] = [
            self._observer,
            self._selector(b"told:"),
            self._named(centre, name),
            None,
        ]
        selector = b"addObserver:selector:name:object:"
        if centre == DISTRIBUTED:
            selector += b"suspensionBehavior:"
            shape.append(ctypes.c_ulong)
            values.append(_AT_ONCE)
        self._call(None, shape)(self._centres[centre], self._selector(selector), *values)

    def forget(self) -> None:
        """Take the observer off both centres."""
        self._tell = None
        for centre in self._centres.values():
            self._call(None, [_ID])(centre, self._selector(b"removeObserver:"), self._observer)

    def _heard(self, _self: int, _command: int, notification: int) -> None:
        text = self._call(_TEXT, [])(
            self._send(notification, b"name"), self._selector(b"UTF8String")
        )
        if self._tell is not None and text:
            self._tell(text.decode())

    def _made(self) -> Any:
        """The observer's class; each listening has its own, so that each is told."""
        number = 0
        while self._objc.objc_getClass(_CLASS + b"%d" % number):
            number += 1
        root = self._class(b"NSObject")
        made = self._objc.objc_allocateClassPair(root, _CLASS + b"%d" % number, 0)
        told = ctypes.cast(self._called, _ID)
        self._objc.class_addMethod(made, self._selector(b"told:"), told, b"v@:@")
        self._objc.objc_registerClassPair(made)
        return made

    def _named(self, centre: str, name: str) -> Any:
        """An NSString: AppKit's own constant, or made from the name."""
        if centre == WORKSPACE:
            return ctypes.c_void_p.in_dll(self._appkit, name)
        make = self._call(_ID, [_TEXT])
        return make(
            self._class(b"NSString"), self._selector(b"stringWithUTF8String:"), name.encode()
        )

    def _send(self, target: Any, selector: bytes) -> Any:
        return self._call(_ID, [])(target, self._selector(selector))

    def _call(self, result: Any, shape: list[Any]) -> Any:
        """objc_msgSend as a function of exactly this shape, as the processor's rules ask."""
        kind = ctypes.CFUNCTYPE(result, _ID, _ID, *shape)
        return ctypes.cast(self._objc.objc_msgSend, kind)

    def _class(self, name: bytes) -> Any:
        return self._objc.objc_getClass(name)

    def _selector(self, name: bytes) -> Any:
        return self._objc.sel_registerName(name)


def _runtime(objc: Any) -> Any:
    """The shapes of its functions: without them addresses would be cut to 32 bits."""
    objc.objc_getClass.restype, objc.objc_getClass.argtypes = _ID, [_TEXT]
    objc.sel_registerName.restype, objc.sel_registerName.argtypes = _ID, [_TEXT]
    objc.objc_allocateClassPair.restype = _ID
    objc.objc_allocateClassPair.argtypes = [_ID, _TEXT, ctypes.c_size_t]
    objc.class_addMethod.restype, objc.class_addMethod.argtypes = (
        ctypes.c_bool,
        [_ID, _ID, _ID, _TEXT],
    )
    objc.objc_registerClassPair.restype, objc.objc_registerClassPair.argtypes = None, [_ID]
    return objc


def listen(on_left: Callable[[], None]) -> Listening:
    """Start listening. Raises OSError where there is no such runtime."""
    return Listening(on_left, Centres())
