"""Prints the draws that tests/bootstrap.rs expects, from the published algorithms alone:
SplitMix64 (Steele, Lea and Flood 2014), xoshiro256++ (Blackman and Vigna 2021) seeded by it, and
Lemire's bounded draw (2019). Clusters a, b, c, d; rows c, a, b, a, d; seed 42; replicates 0, 1."""
MASK = 2**64 - 1


def splitmix(state):
    while True:
        state = (state + 0x9E3779B97F4A7C15) & MASK
        z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        yield z ^ (z >> 31)


def xoshiro(seed):
    mix = splitmix(seed)
    s = [next(mix) for _ in range(4)]
    rotate = lambda x, k: ((x << k) | (x >> (64 - k))) & MASK
    while True:
        yield (rotate((s[0] + s[3]) & MASK, 23) + s[0]) & MASK
        t = (s[1] << 17) & MASK
        s[2] ^= s[0]
        s[3] ^= s[1]
        s[1] ^= s[2]
        s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotate(s[3], 45)


def below(random, bound):
    while True:
        product = next(random) * bound
        if product & MASK >= 2**64 % bound:
            return product >> 64


if __name__ == "__main__":
    for replicate in (0, 1):
        random = xoshiro((next(splitmix(42)) + replicate) & MASK)
        drawn = [0] * 4
        for _ in range(4):
            drawn[below(random, 4)] += 1
        print([drawn["abcd".index(row)] for row in "cabad"])
