"""Inputs drawn from whole ones: bits, bytes, lengths, cuts, pieces twice and pieces of others."""

from __future__ import annotations

import random
from collections.abc import Sequence

LENGTHS = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
MAX_CHANGES = 6


def mutant(seeds: Sequence[bytes], chance: random.Random) -> bytes:
    """One of `seeds`, changed in a few places."""
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, MAX_CHANGES)):
        if not data:
            break
        _change(data, seeds, chance)
    return bytes(data)


def _change(data: bytearray, seeds: Sequence[bytes], chance: random.Random) -> None:
    at = chance.randrange(len(data))
    size = min(1 << chance.randrange(8), len(data) - at)
    match chance.randrange(9):
        case 0:
            data[at] ^= 1 << chance.randrange(8)
        case 1:
            data[at] = chance.randrange(256)
        case 2:  # a length, or a number
            width = chance.choice((1, 2, 4, 8))
            value = chance.choice(LENGTHS) & ((1 << 8 * width) - 1)
            data[at : at + width] = value.to_bytes(width, chance.choice(("big", "little")))
        case 3:
            del data[at : at + size]
        case 4:
            data[at:at] = data[at : at + size]
        case 5:  # a piece from somewhere else in it
            other = chance.randrange(len(data))
            data[at : at + size] = data[other : other + size]
        case 6:  # a piece of another one
            donor = chance.choice(seeds)
            other = chance.randrange(len(donor)) if donor else 0
            data[at:at] = donor[other : other + size]
        case 7:
            data[at : at + size] = chance.randbytes(size)
        case _:
            if chance.randrange(4) == 0:
                del data[at:]
            else:
                data[at : at + size] = bytes(size)
