"""Three short runs of the program, and every number of their last step computed again in NumPy from what they left on the disk."""
import json
import os
import pathlib
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest

try:
    import numpy as np
except ImportError:
    system = "/usr/bin/python3"  # Debian's python3-numpy belongs to Debian's Python, which need not be the first in PATH
    if os.path.exists(system) and "REFERENCE_SECOND_TRY" not in os.environ:
        os.execve(system, [system, *sys.argv], {**os.environ, "REFERENCE_SECOND_TRY": "1"})
    print("skipped: NumPy is not here (apt-get install python3-numpy): nothing was computed a second time")
    sys.exit(77)

here = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parents[1] / "docs" / "examples")]
import formulas  # noqa: E402
from streams import Stream  # noqa: E402
from load_weights import linear, load, logits, transformer  # noqa: E402

PROGRAM = os.environ["GROKSCOPE"]
NETWORK = 3e-5  # relative: the program's forward pass is in float32, this one in float64
EXACT = 2e-6  # of numbers of the weights alone: frames are float32


class Reference:
    """One run, trained once for all its tests."""

    settings, preset, steps = [], "quickstart", 0

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="grokscope-reference-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.prepare()
        cls.weights, notes = cls.train("run", f"train.steps={cls.steps}", f"train.probe_every={cls.steps}")
        cls.start, _ = cls.train("start", "train.steps=1", "optimizer.learning_rate=1e-12")  # the weights of step 0, but for 1e-12
        cls.config = json.loads(notes["config"])
        recorded = json.loads((cls.folder / "run/config.json").read_text())
        assert int(notes["step"]) == cls.steps and {key: recorded[key] for key in cls.config} == cls.config
        cls.kind = cls.config["loss"]["kind"]
        cls.last = json.loads((cls.folder / "run/metrics.jsonl").read_text().splitlines()[-1])
        cls.scalars = {}
        for line in map(json.loads, (cls.folder / "run/scalars.jsonl").read_text().splitlines()):
            if line["step"] == cls.steps:
                cls.scalars[line["probe"]] = line["scalars"]
        cls.read_examples()

    @classmethod
    def prepare(cls):
        pass

    @classmethod
    def train(cls, name, *more):
        """A run in the folder of that name: its last weights, and what stands beside them in the file."""
        env, run, file = {**os.environ, "HOME": str(cls.folder)}, str(cls.folder / name), cls.folder / f"{name}.safetensors"
        sets = [word for setting in [*cls.settings, *more] for word in ("--set", setting)]
        subprocess.run([PROGRAM, "run", cls.preset, *sets, "--threads", "1", "--quiet", "--out", run], env=env, check=True, timeout=300)
        subprocess.run([PROGRAM, "export", run, "--format", "safetensors", "-o", file], env=env, check=True, stdout=subprocess.DEVNULL)
        single, notes = load(file)
        return {tensor: values.astype(float) for tensor, values in single.items()}, notes

    @classmethod
    def frame(cls, probe):
        return load(cls.folder / f"run/frames/{probe}/step_{cls.steps:08}.safetensors")[0]

    @classmethod
    def norm(cls):
        return np.sqrt(sum((tensor ** 2).sum() for tensor in cls.weights.values()))

    def near(self, found, expected, tolerance, what=""):
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * max(1e-9, float(np.abs(expected).max())), err_msg=what)

    # Of every run.

    def test_losses_accuracies_and_norm(self):
        self.assertEqual(self.last["step"], self.steps)
        for part, mask in {"train": self.train, "test": self.test}.items():
            self.near(self.last[f"{part}_loss"], formulas.losses(self.logits[mask], self.targets[mask], self.kind).mean(), NETWORK, part)
            self.assertAlmostEqual(self.last[f"{part}_accuracy"], formulas.accuracy(self.logits[mask], self.targets[mask]), delta=1e-12)
            self.assertEqual(self.last[f"{part}_count"], mask.sum())
        self.near(self.last["weight_norm"], self.norm(), 1e-9)
        self.assertGreater(self.last["train_accuracy"], 0.5, "a network that has learned nothing would prove little")

    def test_feature_ranks(self):
        frame, scalars = self.frame("ranks"), self.scalars["ranks"]
        for tap, activation in self.taps().items():
            sigma, ranks = formulas.ranks(activation)
            found = frame[f"{tap}/singular_values"]
            self.near(found[sigma > 1e-3], sigma[sigma > 1e-3], 1e-3, tap)
            self.assertEqual(scalars[f"{tap}.numerical"], ranks["numerical"], tap)
            self.near(scalars[f"{tap}.stable"], ranks["stable"], 1e-4, tap)
            self.near(scalars[f"{tap}.effective"], ranks["effective"], 1e-3, tap)
        self.assertEqual({name.split(".numerical")[0] for name in scalars if name.endswith(".numerical")}, set(self.taps()))

    def test_layers(self):
        frame, scalars = self.frame("layers"), self.scalars["layers"]
        train, test = self.layers(self.train), self.layers(self.test)
        for name, features in test.items():
            values, measures = formulas.feature_measures(features, np.finfo(np.float32).eps)
            large = values > 1e-3
            self.near(frame[f"{name}/eigenvalues"][large], values[large], 1e-3, name)
            self.assertLessEqual(abs(scalars[f"{name}.rank"] - measures.pop("rank")), 1, f"{name}: one may lie at the threshold")
            for measure, value in measures.items():
                self.near(scalars[f"{name}.{measure}"], value, 1e-3, f"{name}.{measure}")
            again = formulas.ridge_accuracies(train[name], self.targets[self.train], features, self.targets[self.test], self.logits.shape[1],
                                              scalars[f"{name}.probe_penalty"])
            # Rounding may turn the answer of an example or two between which the regression hardly decides.
            for part, value, mask in zip(("train", "test"), again, (self.train, self.test)):
                self.assertAlmostEqual(scalars[f"{name}.probe_{part}"], value, delta=2.5 / mask.sum(), msg=f"{name}.{part}")
        self.assertEqual({name.split(".rank")[0] for name in scalars if name.endswith(".rank")}, set(test))

    def class_sample(self, classes, points, stream):
        train, test, sizes = formulas.class_sample(self.targets, self.train, self.test, classes, points, self.config["seed"], stream)
        return {"train": train, "test": test}, sizes

    def test_geometry(self):
        scalars, seed = self.scalars["geometry"], self.config["seed"]
        sample, sizes = self.class_sample(10, 20, "geometry")
        self.assertEqual([scalars["classes"], scalars["samples"], scalars["points_per_class"]], [len(sizes), sum(sizes), max(sizes)])
        self.assertEqual([scalars["draws"], scalars["removed_components"]], [50, 1])
        coin = Stream(seed, "geometry.dichotomies")
        dichotomies = np.array([2.0 * coin.below(2) - 1 for _ in range(50 * len(sizes))]).reshape(50, -1)
        for part, indices in sample.items():
            features = list(self.activations(indices, self.weights).values())[-2]
            directions = Stream(seed, "geometry.directions").normals(50, features.shape[1])
            again = {**formulas.glue(features, sizes, directions, dichotomies),
                     **formulas.mean_field(features, sizes, 1, directions, Stream(seed, "geometry.centres").normals(50))}
            for name, value in again.items():
                unique = name in ("capacity", "critical_dimension", "separable") or name.startswith("mean_field")
                self.near(scalars[f"{name}_{part}"], value, 2e-3 if unique else self.anchors, f"{name}_{part}")
            self.assertEqual(scalars[f"unconverged_{part}"], 0)
            self.assertEqual(f"dimension_{part}" in scalars, "dimension" in again)

    def drawn(self, mask, most, stream):
        """drawn_from() of the program."""
        rank = Stream(self.config["seed"], stream).permutation(len(self.targets))
        return sorted(sorted(np.flatnonzero(mask), key=rank.__getitem__)[:most])

    def test_entropy(self):
        features = list(self.activations(self.drawn(self.train | self.test, 512, "entropy"), self.weights).values())[-2]
        again, scalars = formulas.feature_measures(features, 1e-9)[1], self.scalars["entropy"]
        self.near(scalars["spectral"], again["entropy"], 1e-4)
        self.near(scalars["participation"], again["participation"], 1e-4)
        self.assertEqual(scalars["features"], features.shape[1])

    def test_similarity(self):
        frame, scalars = self.frame("similarity"), self.scalars["similarity"]
        chosen = self.drawn(self.test, 256, "similarity.examples")
        now, start = self.activations(chosen, self.weights), self.activations(chosen, self.start)
        self.assertEqual(scalars["samples"], len(chosen))
        self.near(frame["layers"], np.array([[formulas.linear_cka(x, y) for x in now.values()] for y in now.values()]), 1e-4)
        for name, features in now.items():
            self.near(scalars[f"{name}.from_start"], formulas.linear_cka(features, start[name]), 1e-4, name)
            self.assertEqual(scalars[f"{name}.from_before"], scalars[f"{name}.from_start"], "the look before was at step 0")
        self.assertEqual(scalars["before_step"], 0)

    def test_alignment_of_the_last_layer(self):
        scalars = self.scalars["kernel"]
        sample, _ = self.class_sample(8, 32, "kernel")
        found = {}
        for part, indices in sample.items():
            features = list(self.activations(indices, self.weights).values())[-2]
            found[part] = formulas.label_alignment(features @ features.T, self.targets[indices])
            self.near(scalars[f"last_layer_alignment_{part}"], found[part], 1e-4, part)
        self.assertAlmostEqual(scalars["readout_train_bias"], found["train"] - found["test"], delta=1e-4)

    def test_tangent_kernel(self):
        scalars = self.scalars["kernel"]
        sample, _ = self.class_sample(self.kernel_classes, self.kernel_points, "kernel")
        outputs = formulas.output_directions(self.logits.shape[1], self.kernel_outputs, self.config["seed"])
        self.assertEqual([scalars["samples"], scalars["output_directions"]], [len(sample["train"]), len(outputs)])
        for part, indices in sample.items():
            now, start = self.tangent_kernel(self.weights, indices, outputs), self.tangent_kernel(self.start, indices, outputs)
            self.near(scalars[f"alignment_{part}"], formulas.label_alignment(now, self.targets[indices]), 1e-3, part)
            self.near(scalars[f"trace_{part}"], np.trace(now) / len(now), 1e-3, part)
            self.assertAlmostEqual(scalars[f"distance_from_start_{part}"], 1 - formulas.kernel_cosine(now, start), delta=5e-4, msg=part)
            self.assertEqual(scalars[f"distance_from_before_{part}"], scalars[f"distance_from_start_{part}"], "the look before was at step 0")

    kernel_classes, kernel_points, kernel_outputs = 8, 16, 16
    anchors = 2e-3  # relative

    def test_lu(self):
        frame, scalars = self.frame("lu"), self.scalars["lu"]
        self.near(scalars["norm_now"], self.norm(), 1e-9)
        scales = np.sort(np.append(np.geomspace(0.1, 3.2, 33), 1))
        self.near(frame["scale"], scales, EXACT)
        self.near(frame["norm"], scales * self.norm(), EXACT)
        again = {"train": ([], []), "test": ([], [])}
        for scale in scales:
            scaled = self.forward({name: scale * tensor for name, tensor in self.weights.items()})
            for part, mask in {"train": self.train, "test": self.test}.items():
                again[part][0].append(formulas.losses(scaled[mask], self.targets[mask], self.kind).mean())
                again[part][1].append(formulas.accuracy(scaled[mask], self.targets[mask]))
        for part, mask in {"train": self.train, "test": self.test}.items():
            np.testing.assert_allclose(frame[f"{part}_loss"], again[part][0], rtol=NETWORK, atol=1e-6, err_msg=part)
            # Rounding may turn the answer of an example where two classes are alike.
            np.testing.assert_allclose(frame[f"{part}_accuracy"], again[part][1], atol=1.5 / mask.sum(), err_msg=part)
        valley = formulas.valley(scales * self.norm(), *map(np.array, (again["test"][0], again["train"][1])), formulas.chance(self.kind, self.logits.shape[1]))
        if valley is None:
            self.assertNotIn("valley_low", scalars)
        else:
            self.near([scalars["valley_low"], scalars["valley_high"]], np.array(valley), EXACT)


class Pairs(Reference):
    """a + b mod p: what needs pairs. Who is trained on is read from the frame of `answers`."""

    @classmethod
    def read_examples(cls):
        cls.p = cls.config["task"]["modulus"]
        cls.pairs = np.array([(a, b) for a in range(cls.p) for b in range(cls.p)])
        cls.targets = cls.pairs.sum(1) % cls.p
        cls.answers = cls.frame("answers")
        membership = cls.answers["membership"].ravel()
        cls.train, cls.test = membership == 0, membership == 2
        cls.logits = cls.forward(cls.weights)

    @classmethod
    def forward(cls, weights):
        return logits(weights, cls.config, cls.pairs)

    def activations(self, indices, weights):
        """Of every layer, after the activation function, and the answers."""
        return {**{name: tap[indices] for name, tap in self.taps(weights).items()}, "output": self.forward(weights)[indices]}

    def test_the_logits_are_those_of_the_program(self):
        np.testing.assert_array_equal(self.answers["target"].ravel(), self.targets)
        guess = self.answers["guess"].ravel()
        best = np.sort(self.logits, 1)
        clear = best[:, -1] - best[:, -2] > 1e-4 * np.abs(self.logits).max()
        np.testing.assert_array_equal(guess[clear], np.argmax(self.logits, 1)[clear])
        self.assertGreater(clear.mean(), 0.99)
        if self.kind == "mse":
            probability = np.clip(self.logits, 0, 1)
        else:
            probability = np.exp(-np.stack([formulas.losses(self.logits, np.full(len(self.pairs), c), self.kind) for c in range(self.p)], 1))
        self.near(self.answers["confidence"].ravel(), probability[np.arange(len(self.pairs)), self.targets], NETWORK)
        classes = self.answers["top_classes"].reshape(-1, 3).astype(int)
        self.near(self.answers["top_probabilities"].reshape(-1, 3), np.take_along_axis(probability, classes, 1), NETWORK)

    def test_the_script_of_the_docs_runs_by_itself(self):
        done = subprocess.run([sys.executable, load.__code__.co_filename, self.folder / "run.safetensors"], check=True, text=True,
                              capture_output=True)
        head, numbers = done.stdout.split("[")
        self.assertEqual(head, f"step {self.steps}: logits of (0, 1): ")
        np.testing.assert_allclose(np.array(numbers.rstrip("]\n").split(), float), self.logits[1], atol=6e-4)

    def test_mirrors(self):
        unmirrored = formulas.unmirrored(self.pairs, self.train, self.test)
        if self.config["task"]["split"] == "unordered":
            self.assertIsNone(self.last["unmirrored_test_accuracy"])
            np.testing.assert_array_equal(unmirrored, self.test, "both orders of a pair are on one side")
            return
        self.assertLess(unmirrored.sum(), self.test.sum())
        expected = formulas.accuracy(self.logits[unmirrored], self.targets[unmirrored])
        self.assertAlmostEqual(self.last["unmirrored_test_accuracy"], expected, delta=1e-12)
        self.assertAlmostEqual(self.scalars["answers"]["unmirrored_test_share"], expected, delta=1e-12)

    def test_fourier_power(self):
        frame, scalars = self.frame("fourier"), self.scalars["fourier"]
        tokens = self.weights["embed.weight"][:self.p]
        cosine, sine = formulas.component_norms(tokens)
        power = (cosine ** 2 + sine ** 2) / (cosine ** 2 + sine ** 2).sum()
        keys = formulas.key_frequencies(tokens)
        self.near(frame["cos_norm"], cosine, EXACT)
        self.near(frame["sin_norm"], sine, EXACT)
        self.near(frame["power"], power, EXACT)
        np.testing.assert_array_equal(frame["key_frequencies"], keys)
        self.near(scalars["gini"], formulas.gini_of_components(tokens), EXACT)
        self.near(scalars["key_share"], power[np.array(keys) - 1].sum(), EXACT)
        self.near(scalars["top8_share"], np.sort(power)[-8:].sum(), EXACT)
        self.assertEqual(scalars["strongest"], 1 + np.argmax(power))

    def test_progress_measures(self):
        scalars = self.scalars["progress"]
        neuron_to_logit = self.neuron_to_logit()
        keys = formulas.key_frequencies(neuron_to_logit)
        self.assertEqual(scalars["key_count"], len(keys))
        np.testing.assert_array_equal(self.frame("progress")["key_frequencies"], keys[:8])
        judged = formulas.unmirrored(self.pairs, self.train, self.test)
        for name, value in formulas.progress(self.logits, self.train, self.test, judged, keys[:8], self.kind).items():
            self.near(scalars[name], value, NETWORK, name)
        self.near(scalars["gini_embedding"], formulas.gini_of_components(self.weights["embed.weight"][:self.p]), EXACT)
        self.near(scalars["gini_neuron_to_logit"], formulas.gini_of_components(neuron_to_logit), 1e-5)
        self.near(scalars["sum_of_squares"], self.norm() ** 2, 1e-9)


class Transformer(Pairs, unittest.TestCase):
    settings = ["task.modulus=31", "task.train_fraction=0.5", "task.split=pairs", "model.width=32", "model.mlp_width=64", "optimizer.learning_rate=0.01"]
    steps = 400

    def neuron_to_logit(self):
        return self.weights["unembed.weight"] @ self.weights["blocks.0.mlp.down.weight"]  # (class, neuron)

    def taps(self, weights=None):
        weights = weights or self.weights
        attention = {**weights, **{name: 0 * tensor for name, tensor in weights.items() if ".mlp." in name}}
        identity = {**attention, "unembed.weight": np.eye(32)}
        own = weights["embed.weight"][-1] + weights["embed.positions.weight"][2]  # of '='
        after_attention = transformer(identity, self.config["model"], self.pairs)
        neurons = np.maximum(linear(weights, "blocks.0.mlp.up", after_attention), 0)
        return {"embedding": weights["embed.weight"][self.pairs].reshape(len(self.pairs), -1), "attention": after_attention - own,
                "mlp": neurons, "residual": after_attention + linear(weights, "blocks.0.mlp.down", neurons)}

    def layers(self, mask):
        return self.activations(mask, self.weights)

    kernel_classes, kernel_points, kernel_outputs = 4, 4, 2

    def tangent_kernel(self, weights, indices, outputs):
        """By central differences, along each parameter."""
        kernel = 0
        for name, tensor in weights.items():
            columns = []
            for at in np.ndindex(tensor.shape):
                moved = {**weights, name: tensor.copy()}
                answers = []
                for step in (1e-5, -1e-5):
                    moved[name][at] = tensor[at] + step
                    answers.append(transformer(moved, self.config["model"], self.pairs[indices]) @ outputs.T)
                columns.append((answers[0] - answers[1]) / 2e-5)
            kernel = kernel + np.einsum("pir,pjr->ij", columns, columns)
        return kernel


class MlpByUnorderedPairs(Pairs, unittest.TestCase):
    """Squared error, both orders of a pair on one side, an even modulus."""

    settings = ["task.modulus=30", "task.train_fraction=0.6", "task.split=unordered", "model.kind=mlp", "model.width=96", "model.depth=2",
                "model.embedding_width=24", "model.bias=true", "init.kind=torch", "loss.kind=mse", "optimizer.weight_decay=0.1"]
    steps = 600

    anchors = 0.03  # examples with one active unit lie on one ray: which of them carries a weight is not unique

    def neuron_to_logit(self):
        return self.weights["output.weight"]

    def taps(self, weights=None):
        weights = weights or self.weights
        return mlp_taps(weights, weights["embed.weight"][self.pairs].reshape(len(self.pairs), -1), embedding=True)

    def tangent_kernel(self, weights, indices, outputs):
        inputs = weights["embed.weight"][self.pairs[indices]].reshape(len(indices), -1)
        return formulas.mlp_tangent_kernel(weights, inputs, outputs, self.pairs[indices])

    def layers(self, mask):
        inputs = self.weights["embed.weight"][self.pairs[mask]].reshape(mask.sum(), -1)
        return {"embedding": inputs, **mlp_before(self.weights, inputs), "output": self.logits[mask]}


class MlpOnImages(Reference, unittest.TestCase):
    """Noise with a blot whose place is the label, in IDX files; what is trained on is the whole training file."""

    preset = "fashion-mnist-mlp"
    steps = 200
    counts = {"train": 300, "t10k": 200}

    @classmethod
    def prepare(cls):
        random = np.random.default_rng(1)
        cls.settings = [f"task.path={cls.folder}/images", "task.train_size=300", "model.width=48", "init.scale=2", "train.batch_size=100"]
        (cls.folder / "images").mkdir()
        cls.pixels, labels = [], []
        for name, count in cls.counts.items():
            label = random.integers(0, 10, count)
            image = random.integers(0, 160, (count, 12, 12))
            for i, one in enumerate(label):
                image[i, one // 4 * 4:one // 4 * 4 + 3, one % 4 * 3:one % 4 * 3 + 3] += 90
            for kind, values in (("images-idx3", image), ("labels-idx1", label)):
                head = struct.pack(f">BBBB{values.ndim}I", 0, 0, 8, values.ndim, *values.shape)
                (cls.folder / f"images/{name}-{kind}-ubyte").write_bytes(head + values.astype(np.uint8).tobytes())
            cls.pixels.append(image.reshape(count, -1) / 255)
            labels.append(label)
        cls.pixels, cls.targets = np.concatenate(cls.pixels), np.concatenate(labels)

    @classmethod
    def read_examples(cls):
        cls.train = np.arange(len(cls.targets)) < cls.counts["train"]
        cls.test = ~cls.train
        cls.logits = cls.forward(cls.weights)

    @classmethod
    def forward(cls, weights):
        return logits(weights, cls.config, cls.pixels)

    def taps(self):
        return mlp_taps(self.weights, self.pixels[self.test], embedding=False)

    def layers(self, mask):
        return {**mlp_before(self.weights, self.pixels[mask]), "output": self.logits[mask]}

    def activations(self, indices, weights):
        return {**mlp_taps(weights, self.pixels[indices], embedding=False), "output": self.forward(weights)[indices]}

    def tangent_kernel(self, weights, indices, outputs):
        return formulas.mlp_tangent_kernel(weights, self.pixels[indices], outputs)

    def test_commutator(self):
        scalars, defects = self.scalars["commutator"], []
        batch = self.counts["train"] // 2
        for pair in range(5):
            gradients = []
            for which in "ab":
                chosen = self.drawn(self.train, batch, f"commutator.{self.steps}.{pair}.{which}")
                gradients.append(lambda weights, chosen=chosen: formulas.mlp_gradient(weights, self.pixels[chosen], self.targets[chosen], self.kind))
            defects.append(formulas.commutator_defect(self.weights, *gradients))
        self.assertEqual(scalars["batch"], batch)
        # A step may carry a unit over the kink of its ReLU in one computation and not in the other: pixels are float32 there.
        self.near(scalars["defect"], np.median(defects), 1e-3)
        self.near([scalars["defect_low"], scalars["defect_high"]], np.array([min(defects), max(defects)]), 1e-3)

    def test_filters(self):
        frame, first = self.frame("fourier"), self.weights["hidden.1.weight"]
        units = np.sort(np.argsort(-(first ** 2).sum(1))[:36])
        np.testing.assert_array_equal(frame["filter_units"], units)
        self.near(frame["filters"].reshape(36, -1), first[units] / np.abs(first[units]).max(1, keepdims=True), EXACT)


def mlp_taps(weights, inputs, embedding):
    first = np.maximum(linear(weights, "hidden.1", inputs), 0)
    taps = {"hidden.1": first, "hidden.2": np.maximum(linear(weights, "hidden.2", first), 0)}
    return {"embedding": inputs, **taps} if embedding else taps


def mlp_before(weights, inputs):
    """Pre-activations."""
    first = linear(weights, "hidden.1", inputs)
    return {"hidden.1": first, "hidden.2": linear(weights, "hidden.2", np.maximum(first, 0))}


if __name__ == "__main__":
    unittest.main(verbosity=2)
