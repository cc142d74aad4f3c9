"""The laws, in the order in which they are checked: prerequisites first."""

from regkit.testing.law import Law
from regkit.testing.laws import (
    arrays,
    contract,
    declared,
    form,
    gradient,
    in_place_accumulation,
    not_a_number,
    prox,
    prox_minimum,
    purity,
    strength,
    training,
)

LAWS: tuple[Law, ...] = (
    form.hooks,
    contract.declarations,
    form.result_form,
    form.quiet,
    contract.fields,
    contract.spec_round_trip,
    contract.pickle_round_trip,
    form.shape_and_dtype,
    strength.finite,
    gradient.gradient,
    strength.linear_in_strength,
    declared.convex,
    declared.subgradient,
    declared.even,
    declared.homogeneous,
    declared.minimum,
    declared.elementwise,
    arrays.float64_accumulation,
    arrays.memory_layout,
    arrays.input_untouched,
    purity.random_state_untouched,
    purity.memoryless,
    not_a_number.nan,
    in_place_accumulation.grad_into,
    prox.prox_largest_step,
    prox_minimum.prox_minimizes,
    prox.prox_optimality,
    prox.prox_nonexpansive,
    prox.prox_array_step,
    training.training,
)

__all__ = ["LAWS"]
