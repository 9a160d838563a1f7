"""`./dev shots`: a picture of every screen, none of them blank."""

import pytest
from PySide6.QtGui import QImage

from desktop.devtools import shots
from desktop.views.screens import SCREENS


def test_it_says_how_to_be_called(capsys):
    with pytest.raises(SystemExit) as ended:
        shots.main([])
    assert ended.value.code == 2
    assert "folder" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(["--help"], 0), (["pictures", "--look", "blue-100"], 2), (["pictures", "--size", "wide"], 2)],
)
def test_a_word_it_does_not_know_makes_no_folder(arguments, code, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SystemExit) as ended:
        shots.main(arguments)
    assert ended.value.code == code
    assert list(tmp_path.iterdir()) == []
    assert "--size" in "".join(capsys.readouterr())


@pytest.mark.long
def test_every_screen_has_a_picture_with_something_on_it(
    tmp_path, qtbot, monkeypatch, restore_theme
):
    monkeypatch.setattr(shots, "LOOKS", (("light", 100),))
    assert shots.main([str(tmp_path)]) == 0
    taken = {file.stem.removesuffix("-light-100"): file for file in tmp_path.glob("*.png")}
    assert set(SCREENS) <= set(taken)
    assert "unlock" in taken
    for name, file in taken.items():
        picture = QImage(str(file))
        assert (picture.width(), picture.height()) == (1093, 614), name
        colours = {
            picture.pixel(x, y)
            for x in range(0, picture.width(), 7)
            for y in range(0, picture.height(), 7)
        }
        assert len(colours) > 8, name
