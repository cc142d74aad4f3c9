"""Creating the folder of a new plugin."""

from regkit.scaffold.plugin_folder import write_plugin

__all__ = ["write_plugin"]
