"""Estimates of memory are refused with both numbers."""

import pytest

from regkit import Dense, MeanSquaredError, Model, datasets, memory
from regkit.errors import InputError
from regkit.memory import physical_memory, require_memory


def test_what_exceeds_the_machine_is_refused_with_both_numbers():
    there = physical_memory()
    assert there is not None
    with pytest.raises(InputError, match=r"a network would need 1e\+03 GB .* this machine has"):
        require_memory("a network", 10**12)
    require_memory("a network", there)


@pytest.mark.parametrize(
    ("content", "limited"), [("1000000\n", True), ("max\n", False), ("", False), (None, False)]
)
def test_a_containers_limit_counts(tmp_path, monkeypatch, content, limited):
    path = tmp_path / "memory.max"
    if content is not None:
        path.write_text(content)
    monkeypatch.setattr(memory, "CONTROL_GROUP_LIMITS", ())
    machine = physical_memory()
    monkeypatch.setattr(memory, "CONTROL_GROUP_LIMITS", (path,))
    assert physical_memory() == (1_000_000 if limited else machine)


def test_a_number_too_large_for_a_float_is_still_told():
    with pytest.raises(InputError, match=r"more than 10\^\d+ GB of memory"):
        require_memory("a network", 10**400)


@pytest.mark.parametrize(
    "ask",
    [
        lambda: Dense(10**6, 10**6),
        lambda: datasets.spiral(10**12, 3),
        lambda: datasets.vertical(10**12, 3),
        lambda: datasets.sine(10**12),
    ],
    ids=["layer", "spiral", "vertical", "sine"],
)
def test_what_cannot_fit_is_refused_before_it_is_allocated(ask):
    with pytest.raises(InputError, match=r"would need .* GB of memory, and this machine has"):
        ask()


def test_layers_that_fit_alone_may_not_fit_together(monkeypatch):
    layers = [Dense(100, 100), Dense(100, 100)]
    monkeypatch.setattr("regkit.memory.physical_memory", lambda: 100_000)
    with pytest.raises(InputError, match="20200 parameters would need"):
        Model(layers, MeanSquaredError())
