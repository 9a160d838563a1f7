"""The baseline for start-up: the least PySide6 window that paints (ms since START)."""

import os
import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget


class Window(QWidget):
    painted = False

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.painted:
            self.painted = True
            print(f"{(time.time() - float(os.environ['START'])) * 1000:.1f}")
            QTimer.singleShot(0, QApplication.quit)


app = QApplication(sys.argv)
window = Window()
column = QVBoxLayout(window)
for part in (QLabel("Records"), QLineEdit(), QPushButton("Open")):
    column.addWidget(part)
window.resize(1093, 614)
window.show()
app.exec()
