"""Estimates of memory are refused with both numbers."""

import pytest

from regkit.errors import InputError
from regkit.memory import physical_memory, require_memory


def test_what_exceeds_the_machine_is_refused_with_both_numbers():
    there = physical_memory()
    assert there is not None
    with pytest.raises(InputError, match=r"a network would need 1e\+03 GB .* this machine has"):
        require_memory("a network", 10**12)
    require_memory("a network", there)
