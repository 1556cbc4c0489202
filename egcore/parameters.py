"""The standard 4096-bit parameters of ElectionGuard 2.1, the only ones that programs use.

q is the largest prime below 2^256. p has 256 ones at either end and, between them, the first
bits of ln 2, increased until (p - 1) / (2 q) is prime too, so p - 1 = 2 q r' and the only small
subgroup is {1, -1}. g = 2^r mod p with r = (p - 1) / q.
`tests/unit/egcore/test_parameters.py` proves all of it. Source: EG 2.1, section 3.1.1;
specs/01-parameters.md.
"""

from __future__ import annotations

from typing import Final

from egcore.group import Group

VERSION: Final = "2.1.0"

STANDARD: Final = Group(
    name="standard-4096",
    p=int(
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        "b17217f7d1cf79abc9e3b39803f2f6af40f343267298b62d8a0d175b8baafa2b"
        "e7b876206debac98559552fb4afa1b10ed2eae35c138214427573b291169b825"
        "3e96ca16224ae8c51acbda11317c387eb9ea9bc3b136603b256fa0ec7657f74b"
        "72ce87b19d6548caf5dfa6bd38303248655fa1872f20e3a2da2d97c50f3fd5c6"
        "07f4ca11fb5bfb90610d30f88fe551a2ee569d6dfc1efa157d2e23de1400b396"
        "17460775db8990e5c943e732b479cd33cccc4e659393514c4c1a1e0bd1d6095d"
        "25669b333564a3376a9c7f8a5e148e82074db6015cfe7aa30c480a5417350d2c"
        "955d5179b1e17b9dae313cdb6c606cb1078f735d1b2db31b5f50b5185064c18b"
        "4d162db3b365853d7598a1951ae273ee5570b6c68f96983496d4e6d330af889b"
        "44a02554731cdc8ea17293d1228a4ef98d6f5177fbcf0755268a5c1f9538b982"
        "61affd446b1ca3cf5e9222b88c66d3c5422183edc99421090bbb16faf3d949f2"
        "36e02b20cee886b905c128d53d0bd2f9621363196af503020060e49908391a0c"
        "57339ba2beba7d052ac5b61cc4e9207cef2f0ce2d7373958d762265890445744"
        "fb5f2da4b751005892d356890defe9cad9b9d4b713e06162a2d8fdd0df2fd608"
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        16,
    ),
    q=int("ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff43", 16),
    g=int(
        "36036fed214f3b50dc566d3a312fe4131fee1c2bce6d02ea39b477ac05f7f885"
        "f38cfe77a7e45acf4029114c4d7a9bfe058bf2f995d2479d3dda618ffd910d3c"
        "4236ab2cfdd783a5016f7465cf59bbf45d24a22f130f2d04fe93b2d58bb9c1d1"
        "d27fc9a17d2af49a779f3ffbdca22900c14202ee6c99616034be35cbcdd3e7bb"
        "7996adfe534b63cca41e21ff5dc778ebb1b86c53bfbe99987d7aea0756237fb4"
        "0922139f90a62f2aa8d9ad34dff799e33c857a6468d001acf3b681db87dc4242"
        "755e2ac5a5027db81984f033c4d178371f273dbb4fcea1e628c23e52759bc776"
        "5728035cea26b44c49a65666889820a45c33dd37ea4a1d00cb62305cd541be1e"
        "8a92685a07012b1a20a746c3591a2db3815000d2aaccfe43dc49e828c1ed7387"
        "466afd8e4bf1935593b2a442eec271c50ad39f733797a1ea11802a2557916534"
        "662a6b7e9a9e449a24c8cff809e79a4d806eb681119330e6c57985e39b200b48"
        "93639fdfdea49f76ad1acd997eba13657541e79ec57437e504eda9dd01106151"
        "6c643fb30d6d58afccd28b73feda29ec12b01a5eb86399a593a9d5f450de39cb"
        "92962c5ec6925348db54d128fd99c14b457f883ec20112a75a6a0581d3d80a3b"
        "4ef09ec86f9552ffda1653f133aa2534983a6f31b0ee4697935a6b1ea2f75b85"
        "e7eba151ba486094d68722b054633fec51ca3f29b31e77e317b178b6b9d8ae0f",
        16,
    ),
)
