"""Repeatable chance: numbers that depend only on their key, cheaper than seeding random.Random."""

import hashlib
import struct
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")
_MASK = (1 << 64) - 1  # 64 bits, as in splitmix64, from which the first and the last multiplier below are


def numbers(key: str, count: int) -> tuple[int, ...]:
    """`count` numbers of 16 bits each (0 to 65535), always the same for the same key."""
    return struct.unpack(f"<{count}H", hashlib.shake_128(key.encode()).digest(2 * count))


def below(limit: int, seed: int, number: int) -> int:
    """One number from 0 to `limit` - 1, always the same for a seed and an article's number."""
    mixed = ((number + 1) * 0x9E3779B97F4A7C15 + seed * 0xD1B54A32D192ED03) & _MASK
    mixed = ((mixed ^ (mixed >> 31)) * 0xBF58476D1CE4E5B9) & _MASK
    return (mixed >> 20) % limit


def pick(choices: Sequence[T], number: int) -> T:
    """`choices[number % len(choices)]`: the choice at an index of any size."""
    return choices[number % len(choices)]
