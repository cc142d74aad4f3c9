"""Groups of commands that say which command was meant."""

from __future__ import annotations

import click

from regkit.suggestions import did_you_mean


class SuggestingGroup(click.Group):
    """A group whose error for an unknown command suggests a known one."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first argument names."""
        name = args[0]
        unknown = self.get_command(ctx, name) is None and not name.startswith("-")
        if unknown and not ctx.resilient_parsing:
            hint = did_you_mean(name.lower(), self.list_commands(ctx)) or self.hint(name)
            ctx.fail(f"No such command {name!r}{f': {hint}' if hint else ''}")
        return super().resolve_command(ctx, args)

    def hint(self, name: str) -> str:
        """What else a word may be that is no command; empty if that cannot be told."""
        return ""


class TopGroup(SuggestingGroup):
    """The command itself, whose commands `train` is the first of."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click does; an option of a command that stands before it is told where to go."""
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption as error:
            if error.possibilities:
                raise
            raise click.UsageError(
                f"{error.message} A command comes before its options: "
                f"regkit train {error.option_name} …",
                ctx,
            ) from None

    def hint(self, name: str) -> str:
        """How to train on it, if it is data or a configuration file."""
        import shlex

        from regkit.data.bundled import PREFIX
        from regkit.data.endings import ENDINGS
        from regkit.runs.config import SYNTHETIC
        from regkit.runs.config_file import SUFFIX

        is_data = name in SYNTHETIC or name.startswith(PREFIX)
        if is_data or name.lower().endswith((*ENDINGS, SUFFIX)):
            return f"to train on it, regkit train {shlex.quote(name)}"
        return ""
