"""Commands of `dalel-tally`, one module a command or group."""
