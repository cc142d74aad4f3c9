"""The modules of a PyTorch model by their paths, without the wrappers around them."""

from __future__ import annotations

from collections.abc import Iterator

from torch import nn
from torch.nn.parallel import DataParallel, DistributedDataParallel
from torch.nn.utils import parametrize


def modules_of(model: nn.Module, *, repeated: bool = False) -> Iterator[tuple[str, nn.Module]]:
    """The modules with their paths, as `model.named_modules()` without wrappers.

    What `torch.compile` and data parallelism wrap around a module leaves no trace in a path:
    `_orig_mod.` and `module.` are gone. Modules that belong to a parametrization are left out.

    Args:
        model: the outermost module.
        repeated: whether a module that stands in several places is told for each.
    """
    seen: set[nn.Module] = set()

    def walk(path: str, module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
        module = unwrapped(module)
        if module in seen and not repeated:
            return
        seen.add(module)
        yield path, module
        for name, child in module.named_children():
            if name == "parametrizations" and parametrize.is_parametrized(module):
                continue
            yield from walk(joined(path, name), child)

    yield from walk("", model)


def joined(path: str, name: str) -> str:
    """A name below a path; the root's path is empty."""
    return f"{path}.{name}" if path and name else path or name


def unwrapped(module: nn.Module) -> nn.Module:
    """The module itself, without wrappers around it."""
    while True:
        inner = getattr(module, "_orig_mod", None)
        if inner is None and isinstance(module, DataParallel | DistributedDataParallel):
            inner = module.module
        if not isinstance(inner, nn.Module):
            return module
        module = inner
