"""Writes tests/data/mnist1d_reference.h: what MNIST-1D looks like on the average, from the published recipe in NumPy (random numbers: NumPy's).

    /usr/bin/python3 tests/data/mnist1d_reference.py > tests/data/mnist1d_reference.h
"""
import numpy as np

TEMPLATES = """5 6 6.5 6.75 7 7 7 7 6.75 6.5 6 5
5 3 3 3.4 3.8 4.2 4.6 5 5.4 5.8 5 5
5 6 6.5 6.5 6 5.25 4.75 4 3.5 3.5 4 5
5 6 6.5 6.5 6 5 5 6 6.5 6.5 6 5
5 4.4 3.8 3.2 2.6 2.6 5 5 5 5 5 5
5 3 3 3 3 5 6 6.5 6.5 6 4.5 5
5 4 3.5 3.25 3 3 3 3 3.25 3.5 4 5
5 7 7 6.6 6.2 5.8 5.4 5 4.6 4.2 5 5
5 4 3.5 3.5 4 5 5 4 3.5 3.5 4 5
5 4 3.5 3.5 4 5 5 5 5 4.7 4.3 5"""
DRAWS = 40_000  # of each digit
rng = np.random.default_rng(20201129)


def gaussian_rows(rows, sigma):
    """Each row smoothed; the kernel is cut after four deviations, the edge mirrored with its last point twice."""
    reach = int(4 * sigma + 0.5)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    kernel /= kernel.sum()
    wide = np.pad(rows, [(0, 0), (reach, reach)], mode="symmetric")
    return sum(weight * wide[:, i : i + rows.shape[1]] for i, weight in enumerate(kernel))


def signals(template):
    length = 12 + 60
    grid = np.linspace(0, 1, length)
    rows = np.empty((DRAWS, length))
    for row in rows:
        padded = np.concatenate([template + 1e-8, np.zeros(36 + int(rng.random() * 25))])
        stretched = np.interp(grid, np.linspace(0, 1, len(padded)), padded) * (1 + 0.4 * (rng.random() - 0.5))
        row[:] = np.roll(stretched, rng.integers(48))
    background = gaussian_rows(0.25 * rng.standard_normal(rows.shape), 2)
    rows = np.where(rows != 0, rows, background) + 0.02 * rng.standard_normal(rows.shape)
    rows -= 0.75 * (rng.random((DRAWS, 1)) - 0.5) * np.linspace(-0.5, 0.5, length)
    return np.stack([np.interp(np.linspace(0, 1, 40), grid, row) for row in rows])


x = np.array([[float(word) for word in line.split()] for line in TEMPLATES.splitlines()])
x = (x - x.mean(1, keepdims=True)) / x.std(1, keepdims=True)
x = (x - x[:, :1]) / 6
digits = np.stack([signals(template) for template in x])  # (digit, draw, place)
digits = (digits - digits.mean()) / digits.std()
rest = digits - digits.mean(1, keepdims=True)


def table(values):
    return ",\n".join("    {" + ", ".join(f"{value:.4f}" for value in row) + "}" for row in values)


print("// Written by tests/data/mnist1d_reference.py: MNIST-1D on the average over many draws, computed in NumPy.")
print("#pragma once\n\nnamespace grokscope::mnist1d_reference {\n")
print("// (digit, place): mean and deviation of the draws of a digit")
print("inline constexpr double kMean[10][40] = {\n" + table(digits.mean(1)) + "};")
print("inline constexpr double kDeviation[10][40] = {\n" + table(digits.std(1)) + "};")
print("// (digit, lag - 1): mean product of what lies so many places apart, the digit's mean taken off")
lags = [[(rest[d, :, lag:] * rest[d, :, :-lag]).mean() for lag in range(1, 9)] for d in range(10)]
print("inline constexpr double kProduct[10][8] = {\n" + table(lags) + "};")
print("\n}  // namespace grokscope::mnist1d_reference")
