"""The table goes between the page's markers, with musts and goals beside the figures."""

import json

import pytest
from benchmarks.figure import Figure
from benchmarks.report import table, write
from benchmarks.rounds import Ratio

BEGIN = "<!-- written by python -m tests.benchmarks, 256-bit vectors: begin -->"
END = "<!-- written by python -m tests.benchmarks, 256-bit vectors: end -->"

RAN_ON = {
    "processor": "a processor",
    "cores": 2,
    "vector_bits": 256,
    "system": "a system",
    "python": "3.11",
    "versions": {"numpy": "2.0"},
    "pools": [{"library": "openblas", "version": "0.3", "threads": 2}],
    "load": 0.1,
    "others": 0.034,
}


def pair(median):
    return Ratio(median, median - 0.1, median + 0.1, median)


@pytest.mark.parametrize(
    ("measured", "must", "goal", "verdict"),
    [
        (pair(0.9), 1.1, 1.0, "goal met"),
        (pair(1.05), 1.1, 1.0, "must met, goal missed"),
        (pair(1.2), 1.1, 1.0, "missed"),
        (0.7, 1.0, None, "must met"),
        (pair(3.0), None, None, ""),
        (pair(0.2), None, 0.1, "goal missed"),
        (pair(0.05), None, 0.1, "goal met"),
    ],
)
def test_a_figure_is_held_against_its_must_and_its_goal(measured, must, goal, verdict):
    assert Figure("P1", "a ÷ b", measured, must, goal).verdict == verdict


def test_the_table_shows_figures_machine_versions_and_threads():
    run = {"jobs": ["P1", "P1w"], "machine": RAN_ON, "rounds": 5}
    shown = table([Figure("P1", "a ÷ b", pair(0.9), 1.1, 1.0)], [run])
    assert "| P1 | a ÷ b | 0.90 | 0.80 – 1.00 | 0.90 | ≤ 1.10 | ≤ 1.00 | goal met |" in shown
    assert "P1, P1w: measured in 5 interleaved rounds on a processor, 2 cores, vectors" in shown
    assert "other processes used 3.4% of the cores' time meanwhile" in shown
    assert "numpy 2.0" in shown
    assert "openblas 0.3 (2)" in shown


def test_only_what_lies_between_the_markers_is_replaced(tmp_path):
    page, data = tmp_path / "page.md", tmp_path / "data.json"
    page.write_text(f"before\n{BEGIN}\nold\n{END}\nafter\n")
    figures = [Figure("P4", "a call", 0.7, 1.0, 0.6, "µs")]
    for _ in range(2):
        write(page, data, figures, RAN_ON, 5, {"P4": {"a": 1.0}}, {"P1, a": 1e-6})
    text = page.read_text()
    assert text.startswith(f"before\n{BEGIN}\n\n| job |")
    assert text.endswith(f".\n\n{END}\nafter\n")
    assert text.count("| P4 | a call | 0.70 µs |") == 1
    assert json.loads(data.read_text())["256-bit vectors"]["figures"][0]["verdict"] == (
        "must met, goal missed"
    )


def test_what_was_measured_with_other_vectors_stays(tmp_path):
    page, data = tmp_path / "page.md", tmp_path / "data.json"
    other = f"{BEGIN}{END}\n".replace("256", "512")
    page.write_text(f"{BEGIN}{END}\n{other}")
    figures = [Figure("P4", "a call", 0.7, 1.0, 0.6, "µs")]
    for bits in (256, 512):
        write(page, data, figures, RAN_ON | {"vector_bits": bits}, 5, {}, {})
    assert page.read_text().count("| P4 | a call |") == 2
    write(page, data, figures, RAN_ON, 5, {}, {}, "512-bit vectors")
    assert page.read_text().count("| P4 | a call |") == 2
    assert set(json.loads(data.read_text())) == {"256-bit vectors", "512-bit vectors"}


def test_a_page_without_a_place_for_the_table_is_refused(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("nothing\n")
    with pytest.raises(ValueError, match="has no place for the text"):
        write(page, tmp_path / "data.json", [], RAN_ON, 5, {}, {})
    assert page.read_text() == "nothing\n"


def test_a_job_that_runs_anew_replaces_its_own_figures_alone(tmp_path):
    page, data = tmp_path / "page.md", tmp_path / "data.json"
    page.write_text(f"{BEGIN}{END}\n")
    first = [Figure("P2", "a", pair(1.0)), Figure("P10", "b", 2.0), Figure("P1w", "c", 3.0)]
    write(page, data, first, RAN_ON, 5, {"P10": {"b": 1.0}}, {})
    write(page, data, [Figure("P10", "b", 4.0)], RAN_ON | {"load": 2.0}, 7, {}, {})
    found = json.loads(data.read_text())["256-bit vectors"]
    assert [(one["job"], one["measured"]) for one in found["figures"]][::2] == [
        ("P1w", 3.0),
        ("P10", 4.0),
    ]
    assert [(run["jobs"], run["rounds"]) for run in found["runs"]] == [
        (["P1w", "P2"], 5),
        (["P10"], 7),
    ]
    text = page.read_text()
    assert text.index("| P1w |") < text.index("| P2 |") < text.index("| P10 |")
    assert "P10: measured in 7 interleaved rounds" in text
