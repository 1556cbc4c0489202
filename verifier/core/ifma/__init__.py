"""Eight products modulo the standard p side by side, by AVX-512 IFMA (specs/26)."""
