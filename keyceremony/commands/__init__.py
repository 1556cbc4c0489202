"""The commands of `dalel-guardian`, one module for each part of an election."""

import typer

from keyceremony.commands import ceremony, decryption, election, opening, status

app = typer.Typer(
    name="dalel-guardian",
    help="A guardian's part of an election: key ceremony, sign-off, seal, opening, decryption.",
    epilog=(
        "In this order: enrol, fingerprints, next, sign-off, seal, vouch, open, decrypt. "
        "status says at any time what is due. A command that was cut short is given again."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("enrol")(ceremony.enrol)
app.command("fingerprints")(ceremony.fingerprints)
app.command("next")(ceremony.next_step)
app.command("complain")(ceremony.complain)
app.command("restart")(ceremony.restart)
app.command("status")(status.status)
app.command("sign-off")(election.sign_off)
app.command("seal")(election.seal)
app.command("vouch")(election.vouch)
app.command("decrypt")(decryption.decrypt)
app.add_typer(opening.app, name="open")
