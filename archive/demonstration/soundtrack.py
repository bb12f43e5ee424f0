"""Soft sound for the films, made of numbers: plucked strings, drums, water and fire."""

import math
import random
from array import array

RATE = 22050
"""Samples a second, one channel."""
PENTATONIC = (146.8, 164.8, 196.0, 220.0, 246.9, 293.7, 329.6, 392.0)


def silence(seconds: float) -> array:
    return array("f", bytes(4 * int(seconds * RATE)))


def pluck(track: array, at: float, pitch: float, strength: float, dice: random.Random, seconds: float = 2.2) -> None:
    """A string plucked (Karplus and Strong, 1983): noise that runs round a delay and loses its edge."""
    period = max(int(RATE / pitch), 2)
    ring = [dice.uniform(-1, 1) for _sample in range(period)]
    for _soften in range(3):
        ring = [(a + b) / 2 for a, b in zip(ring, ring[1:] + ring[:1], strict=True)]
    first, last = int(at * RATE), min(int((at + seconds) * RATE), len(track))
    index = 0
    for sample in range(first, last):
        value = ring[index]
        following = index + 1 if index + 1 < period else 0
        track[sample] += value * strength
        ring[index] = 0.4985 * (value + ring[following])
        index = following


def drum(track: array, at: float, strength: float, pitch: float = 92.0) -> None:
    """A skin struck: its pitch falls as it dies."""
    first = int(at * RATE)
    phase = 0.0
    for step in range(min(int(0.42 * RATE), len(track) - first)):
        fading = math.exp(-step / RATE * 11)
        phase += math.tau * pitch * (1 + 0.6 * fading * fading) / RATE
        track[first + step] += math.sin(phase) * fading * strength


def rush(track: array, strength: float, slow: float, dice: random.Random) -> None:
    """Water or wind: noise without its edge, that swells every `slow` seconds."""
    low = 0.0
    for index in range(len(track)):
        low += (dice.random() - 0.5 - low) * 0.06
        if index % 64 == 0:
            swell = strength * (0.6 + 0.4 * math.sin(index / RATE * math.tau / slow))
        track[index] += low * swell


def crackle(track: array, strength: float, dice: random.Random) -> None:
    """Fire: short snaps, at random."""
    for _snap in range(int(len(track) / RATE * 16)):
        first, size = dice.randrange(len(track) - 600), dice.uniform(0.2, 1)
        for step in range(dice.randint(40, 260)):
            track[first + step] += dice.uniform(-1, 1) * size * strength * math.exp(-step / 60)


def finished(track: array, fade: float = 1.2) -> bytes:
    """As 16-bit samples in the machine's order, never louder than it may be, fading in and out."""
    loudest = max(max(track), -min(track), 0.001)
    edge = int(fade * RATE)
    whole = len(track)
    samples = array("h", bytes(2 * whole))
    for index, value in enumerate(track):
        near = min(index, whole - 1 - index)
        samples[index] = int(value / loudest * 21000 * (near / edge if near < edge else 1))
    return samples.tobytes()


def river(seconds: float) -> bytes:
    dice, track = random.Random(7), silence(seconds)
    rush(track, 0.5, 3.4, dice)
    for index, note in enumerate((0, 2, 4, 3, 5, 4, 2, 1)):
        pluck(track, 0.7 + index * 1.08, PENTATONIC[note], 0.9, dice)
    return finished(track)


def race(seconds: float) -> bytes:
    """Two strokes of the drum to a stroke of the paddles at a hundred a minute, then quicker."""
    dice, track = random.Random(8), silence(seconds)
    rush(track, 0.35, 1.2, dice)
    at, gap = 0.4, 0.3
    while at < seconds - 0.6:
        drum(track, at, 1.0)
        drum(track, at + gap, 0.55, 120)
        at += gap * 2
        gap = max(gap * 0.982, 0.2)
    return finished(track, 0.6)


def kiln(seconds: float) -> bytes:
    dice, track = random.Random(9), silence(seconds)
    rush(track, 0.6, 5.0, dice)
    crackle(track, 0.3, dice)
    for index, note in enumerate((4, 3, 1, 0, 2)):
        pluck(track, 1.2 + index * 2.1, PENTATONIC[note] / 2, 0.8, dice, 3.0)
    return finished(track)
