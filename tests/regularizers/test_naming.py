"""The name under which a spec string reaches a class."""

import pytest

import regkit as rk
from regkit.regularizers.naming import name_in_specs, snake_case, stamp


@pytest.mark.parametrize(
    ("class_name", "name"),
    [
        ("Huber", "huber"),
        ("HuberNorm", "huber_norm"),
        ("L1", "l1"),
        ("LHalf", "lhalf"),
        ("GroupL2Norm", "group_l2_norm"),
        ("MCP", "mcp"),
        ("already_snake", "already_snake"),
    ],
)
def test_snake_case(class_name, name):
    assert snake_case(class_name) == name


def test_a_class_is_written_with_the_name_that_was_stamped_on_first():
    class OddName(rk.L2):
        pass

    assert str(OddName(0.5)) == "odd_name=0.5"
    stamp(OddName, "ridge")
    stamp(OddName, "later")
    assert str(OddName(0.5)) == "ridge=0.5"


def test_a_subclass_has_a_name_of_its_own():
    class Wider(rk.L2):
        pass

    assert name_in_specs(rk.L2) == "l2"
    assert name_in_specs(Wider) == "wider"
