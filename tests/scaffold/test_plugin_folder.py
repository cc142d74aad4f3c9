"""The folder that `regkit new` writes: names, and nothing overwritten.

That the folder installs, passes its own tests, is checked and trains is shown by the page
`docs/ten-minutes.md`, whose steps `tests/docs` runs.
"""

import tomllib

import pytest

from regkit.errors import InputError
from regkit.scaffold import write_plugin


def test_the_folder_offers_its_penalty_under_the_name(tmp_path):
    folder = write_plugin("soft_clip", tmp_path)
    assert folder == tmp_path / "regkit-soft-clip"
    project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
    assert project["name"] == "regkit-soft-clip"
    assert project["entry-points"]["regkit"] == {"soft_clip": "regkit_soft_clip:SoftClip"}
    assert "class SoftClip(Regularizer):" in (folder / "regkit_soft_clip.py").read_text()
    assert (folder / "tests" / "test_soft_clip.py").is_file()
    assert (folder / "README.md").read_text().startswith("# regkit-soft-clip\n")


def test_nothing_of_a_template_is_left_over(tmp_path):
    folder = write_plugin("huber", tmp_path)
    for path in folder.rglob("*.*"):
        assert "$" not in path.name
        assert "$" not in path.read_text()


def test_nothing_is_overwritten(tmp_path):
    folder = write_plugin("huber", tmp_path)
    (folder / "README.md").write_text("mine")
    with pytest.raises(InputError, match="already exists, and nothing is overwritten"):
        write_plugin("huber", tmp_path)
    assert (folder / "README.md").read_text() == "mine"


def test_a_file_in_the_way_is_left_alone(tmp_path):
    (tmp_path / "regkit-huber").write_text("mine")
    with pytest.raises(InputError, match="nothing is overwritten"):
        write_plugin("huber", tmp_path)
    assert (tmp_path / "regkit-huber").read_text() == "mine"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Huber",
        "huber-norm",
        "2fast",
        "_x",
        "x_",
        "a__b",
        "a b",
        "../x",
        "class",
        "ü",
        "x" * 41,
    ],
)
def test_a_name_that_cannot_be_used_is_refused_and_nothing_written(name, tmp_path):
    with pytest.raises(InputError, match="cannot be a regularizer's name"):
        write_plugin(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_name_close_to_one_that_can_be_used_is_suggested(tmp_path):
    with pytest.raises(InputError, match="try 'huber_norm'"):
        write_plugin("HuberNorm", tmp_path)


@pytest.mark.parametrize(
    ("name", "message"), [("l2", "already offered by regkit-nn"), ("none", "reserved")]
)
def test_a_taken_name_is_refused(name, message, tmp_path):
    with pytest.raises(InputError, match=message):
        write_plugin(name, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_a_clear_error(tmp_path):
    with pytest.raises(InputError, match="cannot be created: No such file or directory"):
        write_plugin("huber", tmp_path / "absent")
