"""Commands of `dalel-box`, one module a device or a noun."""
