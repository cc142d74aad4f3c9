"""A warning of regkit's own is one line on stderr; anybody else's looks as Python shows it.

Covers: regkit/cli/__init__.py
"""

import json
import sys

PLUGIN = """
    import warnings
    import regkit

    warnings.warn("an old plugin", UserWarning)

    class Huber(regkit.L2):
        pass
"""


def test_a_warning_of_regkits_own_is_one_line_and_changes_nothing_else(site, regkit):
    site.install("regkit-huber", {"huber": "nowhere:Huber"})
    (entry_points,) = site.folder.glob("*.dist-info/entry_points.txt")
    entry_points.write_text("[regkit]\nhuber\n")
    outcome = regkit("plugins", "list", "--json")
    assert outcome.code == 0
    (line,) = outcome.err.splitlines()
    assert line.startswith("Warning: the metadata of a distribution cannot be read")
    assert "l2" in [one["name"] for one in json.loads(outcome.out)]


def test_a_strength_that_is_left_out_is_named(train):
    outcome = train("--reg", "l2@dense1", "--reg", "l1=1e-4")
    assert outcome.code == 0
    (line,) = (line for line in outcome.err.splitlines() if line.startswith("Warning: "))
    assert line == (
        "Warning: 'l2@dense1' has strength 1, the default: write for example 'l2=0.001@dense1', "
        "or l2=1 if it is meant"
    )


def test_anybody_elses_warning_names_its_file_and_kind(site, train):
    site.install("regkit-huber", {"huber": "huber_module:Huber"}, huber_module=PLUGIN)
    outcome = train("--reg", "huber=0.1", "--json")
    assert list(outcome.penalties) == ["huber"]
    assert "huber_module.py" in outcome.err
    assert "UserWarning: an old plugin" in outcome.err
    assert not outcome.err.startswith("Warning: ")


def test_a_line_does_not_run_into_the_progress_bar(capsys, monkeypatch):
    """tqdm clears its bar, prints, and draws it again."""
    from tqdm import tqdm

    from regkit.cli import say

    monkeypatch.setattr(tqdm, "monitor_interval", 0)
    with tqdm(total=3, file=sys.stderr, leave=False) as bar:
        bar.update()
        say("Note: mind the bar")
    assert "\rNote: mind the bar\n" in capsys.readouterr().err
