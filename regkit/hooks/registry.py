"""The plugins of one run in a manager of their own, and the calls of their hooks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pluggy

from regkit import hookspecs
from regkit.catalogue.contract import require_hooks
from regkit.errors import PluginError, RegularizerError
from regkit.hooks.blame import blame
from regkit.hooks.hook_call import HookCall
from regkit.hooks.modes import Mode
from regkit.hooks.run_plugin import RunPlugin


class Registry:
    """The plugins, registered in the user's order, and called through pluggy.

    Nothing is registered globally. What goes wrong in a call is blamed on the plugin at fault.

    Raises:
        PluginError: a plugin's hooks are invalid.
    """

    def __init__(self, plugins: Sequence[RunPlugin]) -> None:
        self.plugins = list(plugins)
        self.manager = pluggy.PluginManager(hookspecs.PROJECT)
        _look_at_hooks_alone(self.manager)
        self.manager.add_hookspecs(hookspecs)
        # pluggy calls the last registered first; sums follow the user's order.
        for plugin in reversed(self.plugins):
            self._register(plugin)
        # Declarations are slow to read, and a step asks for them.
        self._asked: dict[tuple[str | None, tuple[Mode, ...]], list[RunPlugin]] = {}
        self._callers: dict[tuple[str, tuple[Mode, ...]], pluggy.HookCaller] = {}

    def asked(self, hook: str | None, *modes: Mode) -> list[RunPlugin]:
        """The plugins of these modes (of any, if none is given) that implement a hook."""
        asked = self._asked.get((hook, modes))
        if asked is None:
            having = [one for one in self.plugins if hook is not None and one.has(hook)]
            asked = [one for one in having if not modes or one.mode in modes]
            self._asked[hook, modes] = asked
        return asked

    def caller(self, hook: str, *modes: Mode) -> pluggy.HookCaller:
        """The caller of a hook for the plugins of these modes; of any, if none is given."""
        caller = self._callers.get((hook, modes))
        if caller is None:
            others = [one.registered for one in self.plugins if modes and one.mode not in modes]
            caller = self._callers[hook, modes] = self.manager.subset_hook_caller(hook, others)
        return caller

    def called(self, call: HookCall, *modes: Mode) -> list[Any]:
        """What the plugins of these modes answer, without each None.

        Raises:
            RegularizerError: a hook failed.
        """
        try:
            results: list[Any] = self.caller(call.hook, *modes)(**call.arguments)
        except (Exception, SystemExit) as error:
            raise self.blamed(call, error, *modes) from error
        return results

    def answers(self, call: HookCall, *modes: Mode, finite: bool = False) -> list[Any]:
        """What they answer, checked.

        Raises:
            RegularizerError: a hook failed, or an answer is invalid; with `finite`, also if it is
                not finite though nothing that it was given is too large.
        """
        results = self.called(call, *modes)
        for result in results:
            # What is too large to handle is looked for only where something is not finite.
            if call.fault(result, finite=finite) and call.fault(result, finite=call.is_sane):
                raise self.blamed(call, None, *modes)
        return results

    def one_by_one(self, call: HookCall, plugin: RunPlugin) -> Any:
        """What one plugin's hook returns, called through pluggy, or None."""
        others = [one.registered for one in self.plugins if one is not plugin]
        caller = self.manager.subset_hook_caller(call.hook, others)
        return next(iter(caller(**call.arguments)), None)

    def alone(self, call: HookCall, plugin: RunPlugin) -> Any:
        """As `one_by_one`.

        Raises:
            RegularizerError: the hook failed.
        """
        try:
            return self.one_by_one(call, plugin)
        except (Exception, SystemExit) as error:
            raise self.blamed(call, error) from error

    def blamed(
        self, call: HookCall, error: BaseException | None = None, *modes: Mode
    ) -> RegularizerError:
        """The error that names the plugin at fault in a call."""
        return blame(self.asked(call.hook, *modes), self.one_by_one, call, error)

    def _register(self, plugin: RunPlugin) -> None:
        require_hooks(plugin.plugin, plugin.label)
        try:
            self.manager.register(plugin.registered, name=plugin.label)
        except Exception as error:
            raise PluginError(
                f"regularizer {plugin.label!r} cannot be registered: "
                f"{type(error).__name__}: {error}"
            ) from error


def _look_at_hooks_alone(manager: pluggy.PluginManager) -> None:
    """Keep pluggy from examining every attribute of a plugin: a run makes several managers.

    `require_hooks` has refused whatever else is marked.
    """
    examine = manager.parse_hookimpl_opts

    def options(plugin: object, name: str) -> pluggy.HookimplOpts | None:
        return examine(plugin, name) if name in hookspecs.HOOKS else None

    manager.parse_hookimpl_opts = options  # type: ignore[method-assign]
