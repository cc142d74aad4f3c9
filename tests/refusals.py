"""Runs that are refused when they are set up."""

import pytest

from regkit.hooks import RunHooks


def refusal(regularizers, layers, error, **more):
    """The one line in which a run of them is refused."""
    with pytest.raises(error) as caught:
        RunHooks(regularizers, layers, **more)
    message = str(caught.value)
    assert "\n" not in message
    assert caught.value.exit_code == 2
    return message
