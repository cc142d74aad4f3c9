"""Faults: the arithmetic of a correct penalty's class, edited in one place of its source."""

from __future__ import annotations

import ast
import copy
import dataclasses
import inspect
import itertools
import sys
import textwrap
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from regkit import Regularizer

METHODS = ("value", "grad", "prox", "height", "slope", "shrunk")
_NUMBERS = itertools.count()

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


def source_of(original: Regularizer) -> ast.Module:
    """The source of its class, parsed."""
    return ast.parse(textwrap.dedent(inspect.getsource(type(original))))


def faults(original: Regularizer) -> Iterator[Fault]:
    """Every edit of its class."""
    cls, tree = type(original), source_of(original)
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
            original, kind, f"{cls.__name__}.{method}", before, after, made_anew(original, edited)
        )


def made_anew(original: Regularizer, edited: ast.Module) -> Regularizer | None:
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
    except Exception:  # noqa: BLE001 - what cannot be made is refused by regkit itself
        return None


Edit = tuple[str, ast.AST, Callable[[], object]]


def _edits(tree: ast.Module) -> Iterator[Edit]:
    """(kind, node, a function that edits it in place) for every place, in the order of the text."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in METHODS:
            for node in ast.walk(function):
                yield from _edits_of(node)


def _edits_of(node: ast.AST) -> Iterator[Edit]:
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


def _edits_of_call(node: ast.Call, setting) -> Iterator[Edit]:
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
