"""scikit-learn's own checks of estimators pass, every one of them.

Covers: regkit/sklearn/__init__.py, regkit/sklearn/estimator.py
"""

import os
import subprocess
import sys

import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from regkit.sklearn import RegularizedMLPClassifier, RegularizedMLPRegressor

ARRAY_API = "check_array_api_input"
"""scikit-learn skips it unless a variable is set before SciPy is imported."""

SETTINGS = {
    "default": {},
    "linear": {"hidden": ()},
    "early_stopping": {"early_stopping": True},
    "mini_batches": {"batch_size": 50, "epochs": 50},
    "linear_prox": {"hidden": (), "regularizers": ["elastic_net=1e-3,mode=prox"]},
    "penalties": {
        "hidden": (16,),
        "epochs": 100,
        "regularizers": ["l2=1e-4", "l1=1e-4,mode=prox@dense2.weights"],
    },
}

IN_A_PROCESS = f"""
import sys
from sklearn.utils.estimator_checks import check_estimator
from regkit.sklearn import RegularizedMLPClassifier, RegularizedMLPRegressor

for estimator in (RegularizedMLPClassifier(epochs=20), RegularizedMLPRegressor(epochs=20)):
    results = check_estimator(estimator, on_skip=None, on_fail=None)
    (ours,) = [one for one in results if one["check_name"] == {ARRAY_API!r}]
    assert ours["status"] == "passed", ours
"""


def name_of(check):
    return getattr(check, "func", check).__name__


def checks():
    """Each check of each estimator with each of the settings."""
    found = []
    for cls in (RegularizedMLPClassifier, RegularizedMLPRegressor):
        for key, settings in SETTINGS.items():
            for number, (estimator, check) in enumerate(
                estimator_checks_generator(cls(**settings), legacy=True)
            ):
                if name_of(check) != ARRAY_API:
                    label = f"{cls.__name__}-{key}-{number}-{name_of(check)}"
                    # A network that is trained on one class alone ends with no weights under L1.
                    marks = (
                        [pytest.mark.filterwarnings("ignore::regkit.errors.RegkitWarning")]
                        if "regularizers" in settings
                        else []
                    )
                    found.append(pytest.param(estimator, check, id=label, marks=marks))
    return found


@pytest.mark.parametrize(("estimator", "check"), checks())
def test_a_check_of_scikit_learn_passes(estimator, check):
    check(estimator)


@pytest.mark.slow
def test_the_check_with_array_dispatch_passes():
    environment = os.environ | {"SCIPY_ARRAY_API": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", IN_A_PROCESS],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_nothing_is_claimed_that_would_leave_out_a_check():
    for estimator in (RegularizedMLPClassifier(), RegularizedMLPRegressor()):
        tags = estimator.__sklearn_tags__()
        assert not tags.no_validation
        assert not tags.non_deterministic
        assert not tags._skip_test
        assert not (tags.classifier_tags or tags.regressor_tags).poor_score


def in_a_process(code):
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_regkit_alone_does_not_import_scikit_learn():
    imported = in_a_process("import regkit, regkit.nn.model, sys; print('sklearn' in sys.modules)")
    assert imported.strip() == "False"


def test_without_scikit_learn_the_error_says_what_to_install():
    said = in_a_process(
        "import sys; sys.modules['sklearn'] = None\n"
        "import regkit\n"
        "try:\n"
        "    import regkit.sklearn\n"
        "except regkit.errors.MissingPackageError as error:\n"
        "    print(error)\n"
    )
    assert said.startswith("regkit.sklearn needs scikit-learn")
    assert "pip install 'regkit-nn[sklearn]'" in said
