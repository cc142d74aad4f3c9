"""What the benchmark compares computes the same thing; here for what the tests install."""

from dataclasses import replace
from functools import partial

import pytest
from benchmarks.contender import loss_after_some_steps
from benchmarks.peers.chapter_program import ChapterProgram
from benchmarks.peers.regkit_train import RegkitTrain
from benchmarks.peers.sklearn_mlp import SklearnMLP
from benchmarks.problem import chapter, chapter_variant, wide

AGREEMENT = 1e-4

CHAPTER = chapter(samples=50)
VARIANT = chapter_variant(samples=50)
NARROW = replace(wide(l1=1e-3, l2=1e-3, rows=256), sizes=(784, 16, 16, 10))


@pytest.mark.parametrize("kernels", ["numpy", "compiled"])
@pytest.mark.parametrize("problem", [CHAPTER, NARROW], ids=["chapter", "narrow"])
def test_the_plain_program_ends_where_regkit_does(problem, kernels):
    # Both in float64: from a small start, Adam magnifies float32's rounding to 1e-4 in 20 steps.
    in_float64 = partial(RegkitTrain, kernels=kernels, dtype="float64")
    ours, theirs = (loss_after_some_steps(make, problem) for make in (in_float64, ChapterProgram))
    assert ours == pytest.approx(theirs, abs=AGREEMENT)


def test_scikit_learn_ends_where_regkit_does_on_its_variant():
    ours, theirs = (loss_after_some_steps(make, VARIANT) for make in (RegkitTrain, SklearnMLP))
    assert ours == pytest.approx(theirs, abs=AGREEMENT)


@pytest.mark.parametrize("make", [RegkitTrain, ChapterProgram])
@pytest.mark.parametrize("change", [{"l2": 0.0}, {"lr": 0.04}, {"penalized": ((True, False),) * 2}])
def test_the_loss_tells_another_problem_apart(make, change):
    strong = replace(CHAPTER, l2=0.05)
    changed = loss_after_some_steps(make, replace(strong, **change))
    assert abs(strong_loss(make) - changed) > AGREEMENT


def strong_loss(make):
    return loss_after_some_steps(make, replace(CHAPTER, l2=0.05))


@pytest.mark.parametrize("make", [RegkitTrain, ChapterProgram, SklearnMLP])
def test_restarting_goes_back_to_the_start(make):
    contender = make(VARIANT)
    ends = []
    for _ in range(2):
        contender.restart()
        contender.train(3)
        ends.append(VARIANT.loss(contender.parameters()))
    assert ends[0] == ends[1] != VARIANT.loss(VARIANT.start())


@pytest.mark.parametrize("make", [RegkitTrain, ChapterProgram])
def test_mini_batches_take_the_steps_that_are_asked_for(make):
    contender = make(NARROW)
    contender.restart()
    contender.train(4)
    assert contender.optimizer.iterations == 4
