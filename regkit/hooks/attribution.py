"""Whose answer is whose: pluggy drops each None, and with it the order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from regkit.errors import PluginError
from regkit.hooks.hook_call import HookCall
from regkit.hooks.modes import OUTPUTS
from regkit.hooks.run_plugin import RunPlugin


def attributed(
    call: HookCall,
    plugins: Sequence[RunPlugin],
    ask_all: Callable[[HookCall], Sequence[Any]],
    ask: Callable[[HookCall, RunPlugin], Any],
) -> Sequence[tuple[RunPlugin, Any]]:
    """Call a hook on all plugins, and tell the plugin of each penalty.

    It is one call, unless more than one plugin leaves open whether it answers: then each is called
    on its own, so that none is called twice.

    Args:
        call: the call of `penalty`, `penalty_model` or `penalty_outputs`.
        plugins: those of the run.
        ask_all: calls all implementations: the answers that are not None, in the plugins' order.
        ask: calls one plugin's implementation.

    Raises:
        PluginError: a plugin answers where it says that it does not.
    """
    said = [(plugin, _answers(plugin, call)) for plugin in plugins if plugin.has(call.hook)]
    may_answer = [plugin for plugin, answers in said if answers is not False]
    sure = [plugin for plugin, answers in said if answers]
    if len(may_answer) - len(sure) <= 1:
        results = ask_all(call)
        for expected in (may_answer, sure):
            if len(expected) == len(results):
                return list(zip(expected, results, strict=True))
    found = [(plugin, ask(call, plugin)) for plugin, _ in said]
    answered = [(plugin, value) for plugin, value in found if value is not None]
    for plugin, _ in answered:
        if plugin not in may_answer:
            raise PluginError(
                f"regularizer {plugin.label!r}: it says that it does not apply to {call.scope}, "
                f"but {call.hook} returned a number"
            )
    return answered


def _answers(plugin: RunPlugin, call: HookCall) -> bool | None:
    if call.layer is None:
        return None
    return plugin.selects(call.layer) if call.hook == OUTPUTS.value else plugin.answers(call.layer)
