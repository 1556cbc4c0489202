"""`dalel-tally rehearse`: a whole election by the programs of all roles, each its own process.

It plays the people: whoever types a passphrase, carries a card, or decides. It imports no code of
guardians, devices or verifier; what it knows beyond them is what its simulated voters chose.
"""
