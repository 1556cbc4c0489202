"""The commands of `dalel-box`, in the order in which a precinct needs them."""

import typer

from terminal_bridge.commands import box, card, device, permits, terminal

app = typer.Typer(
    name="dalel-box",
    help="A precinct's devices: permits at the registration table, a simulated terminal, and the "
    "ballot box that encrypts. Each device has a folder of its own.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("init")(device.init)
app.command("open")(device.open_box)
app.add_typer(permits.app, name="permits")
app.command("terminal")(terminal.terminal)
app.command("box")(box.box)
app.command("close")(box.close)
app.command("status")(device.status)
app.add_typer(card.app, name="card")
