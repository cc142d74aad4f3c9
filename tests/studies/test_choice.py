import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import regkit as rk
from regkit.errors import InputError
from regkit.studies.choice import Choice, choose

points = st.lists(
    st.tuples(st.integers(1, 30), st.integers(-20, 20), st.integers(0, 8)),
    min_size=1,
    max_size=15,
    unique_by=lambda point: point[0],
).map(lambda rows: tuple(np.array(rows, float).T / [[1], [10], [10]]))


def glmnets(lambdas, cvm, cvsd, cvname):
    """glmnet's `getOptcv.glmnet` line by line: `lambda.min` and `lambda.1se`."""
    if cvname in ("AUC", "C-index"):
        cvm = -cvm
    cvmin = np.nanmin(cvm)
    idmin = cvm <= cvmin
    lambda_min = np.max(lambdas[idmin])
    position = np.flatnonzero(lambdas == lambda_min)[0]
    semin = (cvm + cvsd)[position]
    id1se = cvm <= semin
    return lambda_min, np.max(lambdas[id1se])


@given(points)
def test_it_is_glmnets_rule(point):
    strengths, means, errors = point
    found = choose(strengths, means, errors)
    assert (found.lambda_min, found.lambda_1se) == glmnets(strengths, means, errors, "MSE")


@given(points)
def test_it_is_glmnets_rule_where_higher_is_better(point):
    strengths, means, errors = point
    found = choose(strengths, means, errors, higher_is_better=True)
    assert (found.lambda_min, found.lambda_1se) == glmnets(strengths, means, errors, "AUC")


@given(points, st.booleans())
def test_one_standard_error_never_goes_the_wrong_way(point, higher_is_better):
    found = choose(*point, higher_is_better)
    assert found.lambda_1se >= found.lambda_min
    strengths, means, errors = point
    assert strengths[found.index_min] == found.lambda_min
    assert strengths[found.index_1se] == found.lambda_1se
    assert abs(means[found.index_1se] - means[found.index_min]) <= errors[found.index_min] + 1e-12


@given(points, st.randoms())
def test_the_order_of_the_strengths_does_not_matter(point, random):
    order = list(range(len(point[0])))
    random.shuffle(order)
    found, shuffled = choose(*point), choose(*(one[order] for one in point))
    assert (shuffled.lambda_min, shuffled.lambda_1se) == (found.lambda_min, found.lambda_1se)


@given(points, st.integers(0, 14), st.sampled_from([math.nan, math.inf, -math.inf]))
def test_a_point_that_failed_is_as_if_it_were_not_there(point, position, failed):
    position %= len(point[0])
    rest = [np.delete(one, position) for one in point]
    strengths, means, errors = point
    means[position] = failed
    if not len(rest[0]):
        with pytest.raises(InputError, match="no mean is finite"):
            choose(strengths, means, errors)
        return
    found, without = choose(strengths, means, errors), choose(*rest)
    assert (found.lambda_min, found.lambda_1se) == (without.lambda_min, without.lambda_1se)


def test_an_example():
    # .30 + .02 admits 4 with .32, and not 8 with .33.
    found = choose([1, 2, 4, 8], [0.31, 0.30, 0.32, 0.33], [0.5, 0.02, 0.5, 0.5])
    assert found == Choice(lambda_min=2.0, lambda_1se=4.0, index_min=1, index_1se=2)


def test_of_equal_means_the_largest_strength_is_the_best():
    assert choose([1, 2, 3], [0.1, 0.1, 0.2], [0.0, 0.0, 0.0]).lambda_min == 2


def test_the_error_is_that_of_the_best_point_alone():
    assert choose([1, 2], [0.1, 0.2], [0.01, 5.0]).lambda_1se == 1


def test_a_strength_beyond_a_hump_may_be_within_one_error():
    assert choose([1, 2, 3], [0.1, 0.9, 0.15], [0.1, 0.1, 0.1]).lambda_1se == 3


@pytest.mark.parametrize("error", [math.nan, math.inf])
def test_without_an_error_both_are_the_best(error):
    found = choose([1, 2], [0.1, 0.11], [error, error])
    assert found.lambda_1se == found.lambda_min == 1


def test_it_is_a_public_name():
    assert rk.studies.choose is choose


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1, 2], [0.1], [0.1]), "must have the same length, got 2, 1 and 1"),
        (([], [], []), "no mean is finite"),
        (([1], [math.nan], [0.1]), "no mean is finite"),
        (([1, math.nan], [0.1, 0.2], [0.1, 0.1]), "every strength must be a finite number"),
        (([1, 2], [0.1, 0.2], [0.1, -0.1]), "a standard error cannot be negative"),
    ],
)
def test_bad_input_is_refused_in_one_line(arguments, message):
    with pytest.raises(InputError, match=message) as caught:
        choose(*arguments)
    assert "\n" not in str(caught.value)
