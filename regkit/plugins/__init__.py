"""From a name to a regularizer, and from regularizers to the hooks of one run."""

from regkit.plugins.files import classes_in
from regkit.plugins.resolve import describe, regularizer
from regkit.plugins.run_hooks import RunHooks

__all__ = ["RunHooks", "classes_in", "describe", "regularizer"]
