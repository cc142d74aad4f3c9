"""The list of regularizers that a caller gives."""

import pytest

import regkit as rk
from regkit.errors import InputError
from regkit.hooks.given import as_regularizers, configured


def test_a_list_is_kept_and_its_specs_and_tables_are_configured():
    own = rk.L1(0.5)
    given = as_regularizers(iter(["l2=0.1", own, {"name": "l1", "strength": 2.0}]))
    l2, same, l1 = configured(given)
    assert same is own
    assert (str(l2), str(l1)) == ("l2=0.1", "l1=2.0")


@pytest.mark.parametrize("given", ["l2=0.1", rk.L2(0.1), {"name": "l2"}, 3])
def test_what_is_no_list_is_refused_with_an_example(given):
    with pytest.raises(InputError, match="regularizers must be a list, such as"):
        as_regularizers(given)


@pytest.mark.parametrize("slip", [["l2=0.1"], None, 5, b"l2=0.1"])
def test_what_is_neither_a_spec_nor_an_object_with_hooks_is_shown(slip):
    with pytest.raises(InputError, match="regularizers must hold specs such as") as found:
        as_regularizers([slip])
    assert str(found.value).endswith(f"got {slip!r}")


def test_a_class_is_refused():
    with pytest.raises(InputError, match="must be instances, such as L2"):
        as_regularizers([rk.L2])
