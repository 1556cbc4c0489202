"""The museum of attacks: tampered records, each with the items that must refuse it."""
