"""Random faults: the arithmetic of correct penalties, edited in one place.

`python -m tests.testing.random_faults` checks them and writes `docs/random-faults.md`.
"""

from __future__ import annotations

import ast
import copy
import dataclasses
import inspect
import itertools
import random
import sys

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from testing.correct import correct_penalties

from regkit import Regularizer
from regkit.testing.check import verdicts

_NUMBERS = itertools.count()
METHODS = ("value", "grad", "prox", "height", "slope", "shrunk")
POINTS = 10_000
CLOSE = 1e-9
SHAPES = ((1, 1), (1, 3), (3, 1), (2, 3), (3, 3), (4, 2))
TOLERANCES = {"float64": CLOSE, "float32": 1e-6}

BINARY = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Div,),
    ast.Div: (ast.Mult,),
    ast.Pow: (ast.Mult,),
}
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
}
FUNCTIONS = {
    "maximum": "minimum",
    "minimum": "maximum",
    "sum": "mean",
    "max": "min",
    "abs": "negative",
    "sign": "positive",
    "argmax": "argmin",
    "log1p": "log",
}


@dataclass(frozen=True)
class Fault:
    """One edit of one method of a correct penalty's class.

    Attributes:
        original: the correct penalty.
        kind: sign, factor, axis, index, comparison, dtype or function.
        where: class and method.
        before: the edited expression.
        after: what it became.
        penalty: the faulty one; None where its class cannot be made or used any more.
    """

    original: Regularizer
    kind: str
    where: str
    before: str
    after: str
    penalty: Regularizer | None

    def __str__(self) -> str:
        return f"{self.where}, {self.kind}: `{self.before}` became `{self.after}`"


def penalties() -> list[Regularizer]:
    """The correct penalties of arrays, one a class, whose value is an expression of their own."""
    found: dict[type, Regularizer] = {}
    for one in correct_penalties().values():
        if isinstance(one, Regularizer) and not one.constraint:
            found.setdefault(type(one), one)
    return list(found.values())


def faults(original: Regularizer) -> Iterator[Fault]:
    """Every edit of its class."""
    cls = type(original)
    tree = ast.parse(textwrap.dedent(inspect.getsource(cls)))
    for number, (kind, _, _) in enumerate(_edits(tree)):
        edited = copy.deepcopy(tree)
        edits = list(_edits(edited))
        _, node, apply = edits[number]
        before = ast.unparse(node)
        method = next(
            one.name
            for one in ast.walk(edited)
            if isinstance(one, ast.FunctionDef) and any(part is node for part in ast.walk(one))
        )
        apply()
        after = ast.unparse(node)
        yield Fault(
            original, kind, f"{cls.__name__}.{method}", before, after, _instance(original, edited)
        )


def _instance(original: Regularizer, edited: ast.Module) -> Regularizer | None:
    """The penalty with its class made anew from edited source, in a module of its own."""
    cls = type(original)
    beside = vars(sys.modules[cls.__module__])
    module = ModuleType(f"edited_{next(_NUMBERS)}")
    vars(module).update({**beside, "__name__": module.__name__})
    sys.modules[module.__name__] = module  # By which pickle finds the class.
    ast.fix_missing_locations(edited)
    flags = getattr(beside.get("annotations"), "compiler_flag", 0)
    code = compile(edited, module.__name__, "exec", flags=flags, dont_inherit=True)
    fields = {one.name: getattr(original, one.name) for one in dataclasses.fields(original)}
    try:
        exec(code, vars(module))
        return vars(module)[cls.__name__](**fields)
    except Exception:  # What cannot be made is refused by regkit itself.
        return None


def _edits(tree: ast.Module):
    """(kind, node, a function that edits it in place) for every place, in the order of the text."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in METHODS:
            for node in ast.walk(function):
                yield from _edits_of(node)


def _edits_of(node: ast.AST):
    def setting(name, value):
        return lambda: setattr(node, name, value)

    if isinstance(node, ast.BinOp):
        for other in BINARY.get(type(node.op), ()):
            signs = isinstance(node.op, ast.Add | ast.Sub)
            yield "sign" if signs else "factor", node, setting("op", other())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "sign", node, setting("op", ast.UAdd())
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        for other in (node.value * 2 or 1, node.value + 1):
            yield "factor", node, setting("value", other)
    elif isinstance(node, ast.Compare):
        for other in COMPARISONS.get(type(node.ops[0]), ()):
            yield "comparison", node, setting("ops", [other(), *node.ops[1:]])
    elif isinstance(node, ast.keyword) and node.arg == "axis":
        if isinstance(node.value, ast.Constant):
            yield "axis", node, setting("value", ast.Constant(1 - node.value.value))
    elif isinstance(node, ast.Slice):
        if node.lower is not None and node.upper is None:
            yield (
                "index",
                node,
                lambda: (setattr(node, "upper", None), setattr(node, "lower", None)),
            )
        elif node.upper is not None and node.lower is None:
            yield "index", node, setting("upper", None)
    elif isinstance(node, ast.Attribute) and node.attr == "float64":
        yield "dtype", node, setting("attr", "float32")
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield "axis", node, setting("attr", "real")
    elif isinstance(node, ast.Call):
        yield from _edits_of_call(node, setting)


def _edits_of_call(node: ast.Call, setting):
    function = node.func
    if isinstance(function, ast.Attribute):
        if function.attr == "astype" and ast.unparse(node.args[0]) == "float":
            yield "dtype", node, setting("args", [ast.parse("np.float32", mode="eval").body])
        other = FUNCTIONS.get(function.attr)
        if other is not None:
            renamed = ast.Attribute(function.value, other, ast.Load())
            yield "function", node, setting("func", renamed)
    elif isinstance(function, ast.Name) and function.id == "in_float64":
        yield "dtype", node, setting("func", ast.Name("abs", ast.Load()))
    elif isinstance(function, ast.Name) and function.id == "abs":
        yield "function", node, setting("func", ast.Name("float64_sum", ast.Load()))


def is_equivalent(fault: Fault) -> bool:
    """Whether value, gradient and proximal point agree with the original's on random points.

    In float64 to 1e-9, and to 1e-6 in float32, where a right penalty may round, too.
    """
    original, faulty = fault.original, fault.penalty
    if faulty is None:
        return False
    random_numbers = np.random.default_rng(0)
    for number in range(POINTS):
        shape = SHAPES[number % len(SHAPES)]
        dtype = "float32" if number % 4 == 3 else "float64"
        scale = 10.0 ** random_numbers.uniform(-3, 2)
        w = (scale * random_numbers.standard_normal(shape)).astype(dtype)
        if number % 5 == 4:
            w = np.where(random_numbers.random(shape) < 0.4, 0, w).astype(dtype)
        if not _takes(original, w):
            continue
        step = float(10.0 ** random_numbers.uniform(-3, 1))
        if not _agree(original, faulty, w, step, TOLERANCES[dtype]):
            return False
    return True


def _takes(original: Regularizer, w: np.ndarray) -> bool:
    shapes, only = getattr(original, "shapes", "any"), getattr(original, "only_shape", None)
    fits = shapes == "any" or w.shape[0] == w.shape[1]
    within = getattr(original, "domain", lambda _: True)
    return fits and (only is None or w.shape == tuple(only)) and bool(within(w))


def _agree(
    original: Regularizer, faulty: Regularizer, w: np.ndarray, step: float, close: float
) -> bool:
    asked = [("value", (w,)), ("grad", (w,))]
    most = getattr(original, "max_step", np.inf)
    if hasattr(original, "prox"):
        asked.append(("prox", (w, min(step, 0.9 * most))))
    with np.errstate(all="ignore"):
        for method, arguments in asked:
            ours = np.asarray(getattr(original, method)(*arguments), dtype=float)
            try:
                theirs = np.asarray(getattr(faulty, method)(*arguments), dtype=float)
            except Exception:
                return False
            if theirs.shape != ours.shape:
                return False
            size = np.max(np.abs(ours[np.isfinite(ours)]), initial=0.0)
            if not np.allclose(ours, theirs, rtol=0, atol=close * (1 + size), equal_nan=True):
                return False
    return True


def caught_by(fault: Fault, seed: int = 0) -> str | None:
    """The first law that fails; None if none does."""
    if fault.penalty is None:
        return "it cannot be made"
    for verdict in verdicts(fault.penalty, seed=seed):
        if verdict.outcome == "failed":
            return verdict.law
    return None


def drawn(count: int, seed: int) -> list[Fault]:
    """So many faults, every penalty as often as any other."""
    chosen = random.Random(seed)
    every = {type(one).__name__: list(faults(one)) for one in penalties()}
    names = sorted(name for name, found in every.items() if found)
    left = {name: chosen.sample(every[name], len(every[name])) for name in names}
    picked: list[Fault] = []
    while len(picked) < count and any(left.values()):
        picked += [left[name].pop() for name in names if left[name]]
    return picked[:count]


if __name__ == "__main__":
    import time

    count, seed = int(sys.argv[1]), int(sys.argv[2])
    found = drawn(count, seed)
    tally = {}
    for fault in found:
        begun = time.time()
        law = caught_by(fault)
        state = law or ("equivalent" if is_equivalent(fault) else "SURVIVED")
        tally[state] = tally.get(state, 0) + 1
        if law is None or time.time() - begun > 20:
            print(state, fault, f"{time.time() - begun:.1f} s", flush=True)
    print(len(found), tally)
