"""Records of ElectionGuard 1.x, and what the verifier says of them."""
