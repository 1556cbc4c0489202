"""The commands of `dalel-tally`, in the order in which an election needs them."""

import typer

from tally.commands import collect, decryption, new, register, results, seal, serve, status

app = typer.Typer(
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
app.command("serve")(serve.serve)
