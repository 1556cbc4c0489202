"""Powers and memberships modulo p, fast: a seam, the gmpy2 back end, a planner (specs/24)."""
