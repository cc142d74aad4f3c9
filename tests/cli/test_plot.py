"""`regkit plot`."""

from pathlib import Path
from shutil import copytree
from xml.etree import ElementTree

import pytest
from conftest import Regkit, Site
from made_runs import made_run

WEIGHTS = "the best weights (lowest validation loss), after 6 epochs"
NAMES = ("losses", "scores", "boundary", "weights", "gradient-norms")


@pytest.fixture
def run(workplace: Path) -> Path:
    made_run(workplace / "runs" / "a", epochs=6)
    return workplace / "runs" / "a"


def texts(svg: Path) -> set[str]:
    return {text.strip() for text in ElementTree.parse(svg).getroot().itertext()}


def test_pictures_go_into_the_runs_folder(regkit: Regkit, run: Path) -> None:
    done = regkit("plot", "runs/a")
    assert done.code == 0
    assert done.err.splitlines() == [f"Note: runs/a is drawn with {WEIGHTS}"]
    assert done.out.splitlines() == [f"runs/a/plots/{name}.png" for name in NAMES]
    for name in NAMES:
        assert (run / "plots" / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_several_runs_need_a_folder_for_their_pictures(
    regkit: Regkit, run: Path, workplace: Path
) -> None:
    made_run(workplace / "runs" / "b", data="sine", epochs=6)
    refused = regkit("plot", "runs/a", "runs/b")
    assert refused.code == 2
    assert refused.error == "several runs have no common folder: choose one with --out DIR"
    done = regkit("plot", "runs/a", "runs/b", "--out", "both", "--format", "svg")
    assert done.code == 0
    assert done.out.splitlines() == [f"both/{name}.svg" for name in (*NAMES[:3], "fit", *NAMES[3:])]
    assert done.err.splitlines() == [
        f"Note: runs/a is drawn with {WEIGHTS}",
        f"Note: runs/b is drawn with {WEIGHTS}",
    ]
    assert {"a", "b", "validation data loss", "l2@dense1"} <= texts(workplace / "both/losses.svg")
    assert not (run / "plots").exists()


def test_seeds_are_overlaid_as_one_line(regkit: Regkit, run: Path, workplace: Path) -> None:
    made_run(workplace / "runs" / "b", epochs=6, seed=4)
    done = regkit("plot", "runs/a", "runs/b", "--overlay", "--out", "x", "--format", "svg")
    assert done.code == 0
    assert "a … b (2 seeds)" in texts(workplace / "x/losses.svg")
    assert {"a (best, epoch 6)", "b (best, epoch 6)"} <= texts(workplace / "x/weights.svg")


def test_more_runs_than_fit_side_by_side_are_overlaid(
    regkit: Regkit, run: Path, workplace: Path
) -> None:
    for number in range(13):
        copytree(run, workplace / f"{number}")
    done = regkit("plot", *map(str, range(13)), "--out", "x")
    assert done.code == 0
    assert done.out.splitlines() == [f"x/{name}.png" for name in NAMES]
    assert done.err.splitlines()[12:] == [
        "Note: 13 runs do not fit side by side: overlaid in losses, scores, zeros, gradient-norms",
        "Note: boundary shows the first 12 of 13 runs",
        "Note: weights shows the first 12 of 13 runs",
    ]


def test_weights_can_be_chosen(regkit: Regkit, run: Path) -> None:
    assert regkit("plot", "runs/a", "--weights", "last", "--format", "svg").code == 0
    assert "a (last, epoch 6)" in texts(run / "plots" / "weights.svg")


def test_no_plugin_is_imported(regkit: Regkit, site: Site, workplace: Path) -> None:
    quiet = "import regkit\nclass Loud(regkit.L2): pass"
    site.install("regkit-loud", {"loud": "loud:Loud"}, loud=quiet)
    flags = ("--samples", 5, "--epochs", 2, "--reg", "loud=1", "--out", "runs/a", "--quiet")
    assert regkit("train", *flags).code == 0
    loud = "open('imported', 'w').close()\nraise ImportError"
    (site.folder / "loud.py").write_text(loud)
    assert regkit("plot", "runs/a").code == 0
    assert not (workplace / "imported").exists()


def test_without_matplotlib_it_says_what_to_install(regkit: Regkit, run: Path, site: Site) -> None:
    (site.folder / "sitecustomize.py").write_text("import sys; sys.modules['matplotlib'] = None")
    done = regkit("plot", "runs/a")
    assert done.code == 2
    assert done.error == (
        "pictures need matplotlib, which is not installed: pip install 'regkit-nn[plot]'"
    )
    assert not (run / "plots").exists()


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["nowhere"], "nowhere is not the folder of a run: it does not exist"),
        (["."], "is not the folder of a run: it has no config.toml"),
        ([], "Missing argument 'RUN...'"),
        (["runs/a", "--format", "gif"], "'gif' is not one of 'png', 'svg'"),
        (["runs/a", "runs/../runs/a", "--out", "x"], "runs/a is given twice"),
        (
            ["runs/a", "--weights", "zeroed"],
            "has no zeroed weights: it was trained without --zero-small",
        ),
    ],
)
def test_bad_input_is_one_line(
    regkit: Regkit, run: Path, workplace: Path, arguments: list[str], complaint: str
) -> None:
    done = regkit("plot", *arguments)
    assert done.code == 2
    assert complaint in done.error
    assert [path.name for path in workplace.iterdir()] == ["runs"]


def test_the_advice_for_a_run_without_records_brings_them_back(
    regkit: Regkit, run: Path, workplace: Path
) -> None:
    records = run / "metrics.jsonl"
    lost = records.read_bytes()
    records.unlink()
    done = regkit("plot", "runs/a")
    assert done.code == 2
    assert done.error == (
        "the records of runs/a are missing: put runs/a/metrics.jsonl back, or make them again with "
        "`regkit train runs/a/config.toml --out DIR`"
    )
    assert regkit("train", "runs/a/config.toml", "--out", "again", "--quiet").code == 0
    assert (workplace / "again" / "metrics.jsonl").read_bytes() == lost
