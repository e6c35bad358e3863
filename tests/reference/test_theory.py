"""What the studies compute, a second time in NumPy from the same random streams: no decomposition is shared with the program."""
import json
import os
import pathlib
import subprocess
import sys
import unittest

try:
    import numpy as np
except ImportError:
    system = "/usr/bin/python3"  # Debian's python3-numpy belongs to Debian's Python, which need not be the first in PATH
    if os.path.exists(system) and "REFERENCE_SECOND_TRY" not in os.environ:
        os.execve(system, [system, *sys.argv], {**os.environ, "REFERENCE_SECOND_TRY": "1"})
    print("skipped: NumPy is not here (apt-get install python3-numpy): nothing was computed a second time")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from streams import Stream  # noqa: E402

PROGRAM = os.environ["GROKSCOPE"]


def theory(study, **parameters):
    sets = [word for name, value in parameters.items() for word in ("--set", f"{name}={value}")]
    return json.loads(subprocess.run([PROGRAM, "theory", study, *sets, "--json"], check=True, capture_output=True, timeout=300).stdout)


def curves(document, plot):
    [found] = [one for one in document["plots"] if one["name"] == plot]
    return {one["name"]: (np.array(one["x"], float), np.array(one["y"], float)) for one in found["series"]}


class RandomFeatures(unittest.TestCase):
    def test_every_number_of_the_sweep(self):
        n, tested, seed, sigma = 60, 150, 4, 5.0
        document = theory("random_features", data="mixture", n=n, test=tested, seed=seed, sigma=sigma, noise=0.2)
        centres = Stream(seed, "random_features centres").normals(30, 20)
        clouds, rows, classes = Stream(seed, "random_features clouds"), [], []
        for _ in range(n + tested):
            cloud = clouds.below(30)
            rows.append(centres[cloud] + clouds.normals(20))
            classes.append(cloud // 3)
        X, T, noise = np.array(rows[:n]), np.array(rows[n:]), Stream(seed, "random_features noise")
        for i in range(n):
            if (noise.next() >> 11) * 2.0 ** -53 < 0.2:
                other = noise.below(9)
                classes[i] = other + (other >= classes[i])
        Y, truth = np.eye(10)[classes[:n]], np.array(classes[n:])
        counts = [int(x) for x in curves(document, "error")["test"][0]]
        features, V, b = Stream(seed, "random_features features"), [], []
        for _ in range(max(counts)):
            V.append(features.normals(20) / sigma)
            b.append(2 * np.pi * (features.next() >> 11) * 2.0 ** -53)
        V, b = np.array(V).T, np.array(b)
        self.assertEqual(len(counts), 19)
        self.assertIn(n, counts)
        for place, N in enumerate(counts):
            phi = lambda rows: np.sqrt(2 / N) * np.cos(rows @ V[:, :N] + b[:N])  # noqa: E731
            W = np.linalg.pinv(phi(X), rcond=1e-5) @ Y  # of singular values: 1e-10 of their squares
            answers = phi(T) @ W
            what = f"N = {N}"
            loose = 1e-4 if N == n else 1e-7  # the condition at the threshold is some 1e8
            np.testing.assert_allclose(curves(document, "mse")["test"][1][place], ((answers - np.eye(10)[truth]) ** 2).mean(), rtol=loose, err_msg=what)
            np.testing.assert_allclose(curves(document, "norm")["norm"][1][place], np.linalg.norm(W), rtol=loose, err_msg=what)
            self.assertAlmostEqual(curves(document, "error")["test"][1][place], (answers.argmax(1) != truth).mean(), delta=1.01 / tested, msg=what)
            self.assertAlmostEqual(curves(document, "error")["train"][1][place], ((phi(X) @ W).argmax(1) != np.array(classes[:n])).mean(), delta=1e-9, msg=what)


class LinearRegression(unittest.TestCase):
    def test_drawn_training_sets_and_the_formula(self):
        n, D, sigma, norm, decay, trials, seed = 20, 40, 0.5, 3.0, 1.0, 5, 6
        document = theory("linear_regression", n=n, D=D, sigma=sigma, norm=norm, decay=decay, trials=trials, seed=seed)
        series = curves(document, "risk")
        beta = np.arange(1, D + 1.0) ** (-decay / 2)
        beta *= norm / np.linalg.norm(beta)
        miss = norm ** 2 - np.cumsum(beta ** 2)
        for d, risk in zip(*series["formula"]):
            d = int(d)
            s2, found = sigma ** 2 + miss[d - 1], norm ** 2 - miss[d - 1]
            if abs(d - n) <= 1:
                self.assertTrue(np.isnan(risk), d)
            else:
                expected = miss[d - 1] + (s2 * d / (n - d - 1) if d < n else found * (1 - n / d) + s2 * n / (d - n - 1))
                self.assertAlmostEqual(risk, expected, delta=1e-9)
        places, means = series[f"mean of {trials} training sets"]
        drawn = {int(d): [] for d in places if d != n}
        for trial in range(trials):
            stream = Stream(seed, f"linear_regression {trial}")
            X = stream.normals(D, n).T  # column after column
            y = X @ beta + sigma * stream.normals(n)
            for d in drawn:
                w = np.zeros(D)
                w[:d] = np.linalg.lstsq(X[:, :d], y, rcond=None)[0]
                drawn[d].append(((w - beta) ** 2).sum())
        for d, mean in zip(places, means):
            if int(d) in drawn:
                np.testing.assert_allclose(mean, np.mean(drawn[int(d)]), rtol=1e-8, err_msg=str(d))


class TwoScale(unittest.TestCase):
    def test_risk_after_descent(self):
        n, fast, slow, seed, rate = 50, 12, 6, 3, 0.1
        series = curves(theory("two_scale", n=n, fast=fast, slow=slow, seed=seed, rate=rate, steps=1000), "risk")
        truth = Stream(seed, "two_scale truth")
        theta = np.concatenate([direction * size / np.linalg.norm(direction) for direction, size in
                                ((truth.normals(fast), 2.0), (truth.normals(slow), 30.0))])
        scale = np.repeat([1.0, 0.05], [fast, slow])
        X = Stream(seed, "two_scale data").normals(fast + slow, n).T * scale
        y = X @ theta + 1.5 * Stream(seed, "two_scale noise").normals(n)
        steps, w, made = [int(x) for x in series["excess risk"][0]], np.zeros(fast + slow), {}
        for step in range(1, max(steps) + 1):
            w = w - rate * X.T @ (X @ w - y) / n
            made[step] = scale ** 2 * (w - theta) ** 2
        for place, step in enumerate(steps):
            np.testing.assert_allclose(series["excess risk"][1][place], made[step].sum(), rtol=1e-9)
            np.testing.assert_allclose(series["fast features"][1][place], made[step][:fast].sum(), rtol=1e-8)
            np.testing.assert_allclose(series["slow features"][1][place], made[step][fast:].sum(), rtol=1e-8)


if __name__ == "__main__":
    unittest.main()
