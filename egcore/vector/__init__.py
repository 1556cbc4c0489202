"""Powers of fixed bases modulo the standard p, eight at a time, where the processor can.

For the producing side alone; the verifier has a kernel of its own. Needs the extra `fast` and a
processor with AVX-512 IFMA. `open_powers` of `egcore.vector.powers` says why when it cannot.
"""
