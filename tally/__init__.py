"""Public data only: registry, seal, combination of shares, results."""
