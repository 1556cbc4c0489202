"""Records of ElectionGuard 1.x, as the package `electionguard` 1.4.0 exports them (specs/23)."""
