"""The hooks of one run: calling them, checking what they return, naming the plugin at fault.

Nothing here knows a network: whoever has named parameter arrays can build a `LayerView` of them
and call `RunHooks`.
"""

from regkit.hooks.layer_view import LayerView
from regkit.hooks.run_hooks import RunHooks

__all__ = ["LayerView", "RunHooks"]
