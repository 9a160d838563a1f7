"""Pictures opened by several threads at once: nobody waits for ever."""

import subprocess
import sys

import pytest

AT_ONCE = """
import threading
from PySide6.QtGui import QColor, QGuiApplication, QImage
from desktop.views.documents import pictures
from desktop.views.documents.pictures import _smaller, as_png
from desktop.views.kit import decoding, icons

app = QGuiApplication([])
ABOUT_IT
image = QImage(60, 60, QImage.Format.Format_RGB32)
image.fill(QColor("red"))
data = as_png(image)

def photos():
    for _ in range(400):
        assert not _smaller(data, 1600).isNull()
        assert _smaller(b"no picture", 1600).isNull()

threads = [threading.Thread(target=photos, daemon=True) for _ in range(2)]
for each in threads:
    each.start()
for number in range(400):
    icons._painted("paper", 16, 1.0, f"#{number:06x}", "#ffffff")
    assert not decoding.picture(data).isNull()
for each in threads:
    each.join()
print("all opened")
"""


def run(about_it, seconds):
    return subprocess.run(
        [sys.executable, "-c", AT_ONCE.replace("ABOUT_IT", about_it)],
        capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip


def test_photos_and_drawings_opened_at_once_are_all_opened():
    done = run("", 120)
    assert done.stdout == "all opened\n", done.stderr


@pytest.mark.long
def test_without_a_first_look_they_wait_for_each_other():
    with pytest.raises(subprocess.TimeoutExpired):
        run("icons.first_look = pictures.first_look = lambda _: True", 30)
