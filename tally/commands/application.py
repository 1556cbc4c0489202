"""The commands of `dalel-tally`, in the order in which an election needs them."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from tally.commands import collect, decryption, new, register, results, seal, status

_ORDER = (
    *("registrar-key", "new", "status", "register", "collect", "loss", "seal", "plan", "combine"),
    *("results", "lot", "serve", "rehearse"),
)
# Modules with a function of the same name that are loaded when their command is named, or listed:
# a web server is slow to load, and the other commands are run many times.
_LATE = ("serve", "rehearse")


class _InOrder(TyperGroup):
    """Lists the commands in the order of an election; typer puts groups last."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ANN401 - typer's own
        """Return the names for the help; a command that is not named above comes last."""
        names = {*super().list_commands(ctx), *_LATE}
        return sorted(names, key=lambda name: ((*_ORDER, name).index(name), name))

    def get_command(self, ctx: Any, cmd_name: str) -> Any:  # noqa: ANN401 - typer's own
        """Return a command by its name, None for a name that there is not."""
        if cmd_name not in _LATE:
            return super().get_command(ctx, cmd_name)
        alone = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
        alone.command(cmd_name)(getattr(import_module(f"tally.commands.{cmd_name}"), cmd_name))
        return typer.main.get_command(alone)


app = typer.Typer(
    cls=_InOrder,
    name="dalel-tally",
    help="Central staff: define an election, register devices, collect, seal, plan, combine, "
    "publish and show the results. The record holds public data only.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("registrar-key")(new.registrar_key)
app.command("new")(new.new)
app.command("status")(status.status)
app.add_typer(register.app, name="register")
app.add_typer(collect.app, name="collect")
app.command("loss")(collect.loss)
app.command("seal")(seal.seal)
app.command("plan")(decryption.plan)
app.command("combine")(decryption.combine)
app.command("results")(results.results)
app.command("lot")(results.lot)
