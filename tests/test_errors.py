"""What can go wrong, and the exit code that the command gives for it."""

from __future__ import annotations

import inspect
import pickle

import pytest

from regkit import errors
from regkit.errors import DivergenceError, InputError, PluginError, RegkitError, RegularizerError

DEFINED = [cls for cls in vars(errors).values() if inspect.isclass(cls)]
ALL = [cls for cls in DEFINED if issubclass(cls, RegkitError)]


def test_everything_that_is_raised_on_purpose_has_one_root():
    raised = {cls for cls in DEFINED if issubclass(cls, Exception) and cls not in ALL}
    assert raised == {errors.RegkitWarning}


@pytest.mark.parametrize("cls", ALL)
def test_the_exit_code_says_whose_fault_it_is(cls):
    if issubclass(cls, InputError | PluginError):
        assert cls.exit_code == 2
    elif issubclass(cls, DivergenceError):
        assert cls.exit_code == 3
    else:
        assert cls.exit_code == 1


def test_bad_input_is_also_a_value_error():
    assert issubclass(InputError, ValueError)


def regularizer_error(**changes):
    return RegularizerError(
        "raised ValueError: boom",
        **{
            "plugin": "huber@dense1",
            "distribution": "regkit-huber 2.1",
            "hook": "penalty_grad",
            "layer": "dense1",
            "parameter": "weights",
            **changes,
        },
    )


def test_a_regularizer_error_says_who_where_and_what():
    assert str(regularizer_error()) == (
        "regularizer 'huber@dense1' (from regkit-huber 2.1): penalty_grad raised ValueError: boom "
        "at layer dense1, parameter weights"
    )
    assert str(regularizer_error(distribution=None, parameter=None)) == (
        "regularizer 'huber@dense1': penalty_grad raised ValueError: boom at layer dense1"
    )


@pytest.mark.parametrize(
    "error", [regularizer_error(), DivergenceError("it diverged", epoch=3, term="l2")]
)
def test_errors_with_attributes_survive_a_process_boundary(error):
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert str(again) == str(error)
    assert vars(again) == vars(error)
