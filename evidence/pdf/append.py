"""Objects appended to a finished PDF: text in, compressed by the hundred, none held as an object.

The structure of a county's report has 200,000 elements. As objects of the PDF library they take 300
MB; as text they pass through here and are gone. It is the format's own way of adding to a file
(ISO 32000-1, 7.5.6 to 7.5.8). Refuses encrypted files, and to look at what it is given.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from array import array

import pikepdf

_AT_ONCE = 200  # objects in one compressed stream
_LARGEST = 0xFFFF_FFFF  # bytes of a file: a place in it is four
_PLACE = struct.Struct(">BIH")  # an entry of the list of objects
_WHOLE, _INSIDE = 1, 2  # an object by itself at a place, or inside a stream


class Appended:
    """What is added to a file. Numbers are given out first: an object may be named before it is."""

    def __init__(self, file: bytes) -> None:
        self._out = io.BytesIO()
        self._out.write(file)
        with pikepdf.open(io.BytesIO(file)) as pdf:
            self._first = self._next = int(pdf.trailer.Size)
            self._root = pdf.Root.objgen[0]
            self._info = pdf.docinfo.objgen[0]
            self._id = bytes(pdf.trailer.ID[0])
        self._before = int(file[file.rindex(b"startxref") :].split()[1])
        self._waiting: list[tuple[int, bytes]] = []
        self._streams: list[tuple[int, int]] = []  # number and place of each stream
        self._inside: dict[int, tuple[int, int]] = {}  # replaced objects: their stream, where in it
        self._holders = array("L")  # of the added objects: their stream, 0 for a stream itself
        self._at = array("L")

    def number(self) -> int:
        """A number for one more object."""
        self._next += 1
        self._holders.append(0)
        self._at.append(0)
        return self._next - 1

    def put(self, number: int, text: str) -> None:
        """An object by its number: a new one, or one of the file in place of what it was."""
        self._waiting.append((number, text.encode("ascii")))
        if len(self._waiting) == _AT_ONCE:
            self._write_stream()

    def finish(self) -> bytes:
        """The file with all of it."""
        if self._waiting:
            self._write_stream()
        at, number = self._out.tell(), self.number()
        self._streams.append((number, at))
        entries, index = self._entries()
        ends = hashlib.md5(entries, usedforsecurity=False).hexdigest()
        about = (
            f"/Type/XRef/Size {self._next}/W[1 4 2]/Index[{index}]/Prev {self._before}"
            f"/Root {self._root} 0 R/Info {self._info} 0 R/ID[<{self._id.hex()}><{ends}>]"
        )
        self._stream(number, about, entries)
        self._out.write(b"startxref\n%d\n%%%%EOF\n" % at)
        return self._out.getvalue()

    def _write_stream(self) -> None:
        number, waiting, self._waiting = self.number(), self._waiting, []
        heads, place = [], 0
        for at, (each, text) in enumerate(waiting):
            heads.append(f"{each} {place}")
            place += len(text) + 1
            if each < self._first:
                self._inside[each] = (number, at)
            else:
                self._holders[each - self._first], self._at[each - self._first] = number, at
        head = " ".join(heads).encode() + b"\n"
        body = b"\n".join(text for _, text in waiting) + b"\n"
        self._streams.append((number, self._out.tell()))
        about = f"/Type/ObjStm/N {len(waiting)}/First {len(head)}"
        self._stream(number, about, head + body)

    def _stream(self, number: int, about: str, body: bytes) -> None:
        packed = zlib.compress(body)
        head = f"{number} 0 obj\n<<{about}/Filter/FlateDecode/Length {len(packed)}>>\nstream\n"
        self._out.write(head.encode("ascii"))
        self._out.write(packed)
        self._out.write(b"\nendstream\nendobj\n")

    def _entries(self) -> tuple[bytes, str]:
        """Where every object is, and the numbers that this speaks of: first and count, in turn."""
        if self._out.tell() > _LARGEST:
            raise OverflowError("a file of more than four gigabytes")
        places, made = dict(self._streams), bytearray()
        index = []
        for number, (holder, at) in sorted(self._inside.items()):
            index.append(f"{number} 1")
            made += _PLACE.pack(_INSIDE, holder, at)
        index.append(f"{self._first} {self._next - self._first}")
        for number, holder, at in zip(
            range(self._first, self._next), self._holders, self._at, strict=True
        ):
            if number in places:
                made += _PLACE.pack(_WHOLE, places[number], 0)
            else:
                made += _PLACE.pack(_INSIDE, holder, at)
        return bytes(made), " ".join(index)
