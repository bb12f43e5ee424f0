"""Files that were made to harm: real ones with bytes turned, cut, repeated, joined and lengths that lie. The same seed
makes the same file."""

import random
from collections.abc import Iterator

_EXTREMES = (b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\x80\x00\x00\x00", b"\x00\x00\xff\xff")


def mutated(data: bytes, seed: int, other: bytes = b"") -> bytes:
    """`data` harmed in one to three ways; `other` is a file to join it with."""
    dice = random.Random(seed)
    for _time in range(dice.randint(1, 3)):
        data = dice.choice(_WAYS)(bytearray(data), dice, other)
    return data


def _turn_bits(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    for _bit in range(dice.choice((1, 8, 64, 512))):
        data[dice.randrange(len(data))] ^= 1 << dice.randrange(8)
    return bytes(data)


def _harm_head(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    for _byte in range(dice.randint(1, 12)):
        data[dice.randrange(min(len(data), 400))] = dice.randrange(256)
    return bytes(data)


def _lie_about_lengths(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    for _number in range(dice.randint(1, 6)):
        place = dice.randrange(max(1, min(len(data) - 4, 2000)))
        data[place : place + 4] = dice.choice(_EXTREMES)
    return bytes(data)


def _cut(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    return bytes(data[: max(16, int(len(data) * dice.random()))])


def _leave_out(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    start = dice.randrange(len(data))
    return bytes(data[:start] + data[start + dice.randint(1, 4000) :]) or bytes(data)


def _repeat(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    start = dice.randrange(len(data))
    return bytes(data[:start] + data[start : start + dice.randint(16, 4000)] * 8 + data[start:])


def _join(data: bytearray, dice: random.Random, other: bytes) -> bytes:
    place = dice.randrange(len(data))
    return bytes(data[:place]) + other[: 1 << 20] + bytes(data[place:])


_WAYS = (_turn_bits, _harm_head, _lie_about_lengths, _cut, _leave_out, _repeat, _join)


def many(files: list[bytes], count: int) -> Iterator[tuple[str, bytes]]:
    """So many mutations of these files, each with a name to find it by."""
    for seed in range(count):
        whole, other = files[seed % len(files)], files[(seed * 7 + 3) % len(files)]
        yield f"mutation {seed} of file {seed % len(files)}", mutated(whole, seed, other)
