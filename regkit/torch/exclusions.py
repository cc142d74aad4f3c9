"""What `regularize` leaves alone: norms, biases, and what selectors name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from regkit.errors import FieldError, InputError
from regkit.regularizers.selectors import as_selectors, require_matches, selects
from regkit.torch.places import Place

NORM, BIAS = "norm", "bias"


class Exclusions:
    """The parameters that no penalty applies to.

    Args:
        exclude: `"norm"` for the parameters of modules whose class name holds Norm, `"bias"` for
            all biases, and selectors.

    Raises:
        InputError: `exclude` holds something else.
    """

    def __init__(self, exclude: str | Iterable[str]) -> None:
        if not isinstance(exclude, Iterable):
            raise InputError(
                f"exclude must be a selector or several, such as ('norm', 'bias'), got {exclude!r}"
            )
        given = (exclude,) if isinstance(exclude, str) else tuple(exclude)
        try:
            self._selectors = as_selectors(
                [one for one in given if one not in (NORM, BIAS)] or ("*",)
            )
        except FieldError as error:
            raise InputError(f"exclude: {str(error).removeprefix('on: ')}") from None
        if all(one in (NORM, BIAS) for one in given):
            self._selectors = ()
        self._norms, self._biases = NORM in given, BIAS in given

    def leave_out(self, place: Place) -> bool:
        """Whether a parameter is left alone."""
        return (
            (self._norms and "norm" in type(place.module).__name__.lower())
            or (self._biases and place.name.startswith(BIAS))
            or any(selects(self._selectors, *pair) for pair in place.names)
        )

    def require_matches(self, places: Sequence[Place]) -> None:
        """Check that each selector matches a parameter; `"norm"` and `"bias"` need not.

        Raises:
            SelectorError: one matches nothing.
        """
        require_matches(self._selectors, [place.names for place in places], [], owner="exclude")
