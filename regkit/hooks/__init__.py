"""The hooks of one run: calling them, checking what they return, naming the plugin at fault.

Nothing here depends on a network: any named parameter arrays make a `LayerView`, on which
`RunHooks` can be called.
"""

from regkit.hooks.layer_view import LayerView
from regkit.hooks.run_hooks import RunHooks

__all__ = ["LayerView", "RunHooks"]
