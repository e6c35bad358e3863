"""The program's named random streams (src/base/random.h) a second time: with the same draws, averages can be compared digit by digit."""
import math

import numpy as np

MASK = (1 << 64) - 1


class Stream:
    """xoshiro256** seeded by splitmix64 of (seed, FNV-1a of the name)."""

    def __init__(self, seed, name):
        hashed = 0xcbf29ce484222325
        for byte in name.encode():
            hashed = (hashed ^ byte) * 0x100000001b3 & MASK
        state = self.mixed(seed)[0] ^ hashed
        self.words = []
        for _ in range(4):
            word, state = self.mixed(state)
            self.words.append(word)

    @staticmethod
    def mixed(state):
        state = (state + 0x9e3779b97f4a7c15) & MASK
        z = (state ^ state >> 30) * 0xbf58476d1ce4e5b9 & MASK
        z = (z ^ z >> 27) * 0x94d049bb133111eb & MASK
        return z ^ z >> 31, state

    def next(self):
        s = self.words
        result = self.rotated(s[1] * 5 & MASK, 7) * 9 & MASK
        shifted = s[1] << 17 & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= shifted
        s[3] = self.rotated(s[3], 45)
        return result

    @staticmethod
    def rotated(value, by):
        return (value << by | value >> 64 - by) & MASK

    def below(self, bound):
        value = self.next()
        while value < (1 << 64) % bound:
            value = self.next()
        return value % bound

    def normal(self):
        radius = math.sqrt(-2 * math.log(1 - (self.next() >> 11) * 2.0 ** -53))
        return radius * math.cos(2 * math.pi * (self.next() >> 11) * 2.0 ** -53)

    def normals(self, *shape):
        return np.array([self.normal() for _ in range(math.prod(shape))]).reshape(shape)

    def permutation(self, size):
        order = list(range(size))
        for last in range(size - 1, 0, -1):
            other = self.below(last + 1)
            order[last], order[other] = order[other], order[last]
        return order
