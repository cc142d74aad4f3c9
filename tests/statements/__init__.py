"""Whether what a page of documentation says of commands, names, files and defaults is so.

Each check takes a page (`PageParts`) and yields what is wrong on it. Text in backticks is looked at
by its form: `--flag`, `regkit command`, `rk.name`, `regkit/path.py`, `name=value`, `key = value`.
"""

from .commands import wrong_commands, wrong_exit_codes
from .defaults import wrong_defaults, wrong_settings
from .links import wrong_files, wrong_links, wrong_tables
from .names import wrong_names
from .plugins import wrong_plugins

CHECKS = {
    "commands": wrong_commands,
    "defaults": wrong_defaults,
    "exit codes": wrong_exit_codes,
    "files": wrong_files,
    "links": wrong_links,
    "names": wrong_names,
    "plugins": wrong_plugins,
    "settings": wrong_settings,
    "tables": wrong_tables,
}
