#!/usr/bin/env python3
"""One step of our networks with BatchNorm beside the same networks written plainly in PyTorch: equal?

    python3 bench/peers/one_step.py [resnet18] [cnn] [cnn1d] [--grokscope PATH]

The program trains two steps of plain SGD on a full batch (k = 4; pictures of noise, for cnn1d bits), the PyTorch network starts
from the weights and running statistics of step 1, does the same step in float64, and every tensor of step 2 is compared, relative
to its norm: 1e-5 is allowed a run in float32 (for cnn1d by the fused engine), 1e-12 one in float64 (autograd). Prints a table; exit
code 1 when a tensor differs by more. Needs PyTorch (Debian: python3-torch).
"""
import argparse
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import torch
from torch import nn

import convolution

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/reference"))
from streams import Stream  # noqa: E402

K, CLASSES, EXAMPLES, BITS, SEED, RATE = 4, 10, 20, 40, 3, 0.1
ALLOWED = {"float32": 1e-5, "float64": 1e-12}
LEAST_MOVE = 1e-4
TYPES = {"F32": torch.float32, "F64": torch.float64}


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.norm1, self.convolution1 = nn.BatchNorm2d(inputs), nn.Conv2d(inputs, outputs, 3, stride, 1, bias=False)
        self.norm2, self.convolution2 = nn.BatchNorm2d(outputs), nn.Conv2d(outputs, outputs, 3, 1, 1, bias=False)
        self.shortcut = nn.Conv2d(inputs, outputs, 1, stride, bias=False) if stride != 1 or inputs != outputs else None

    def forward(self, x):
        active = torch.relu(self.norm1(x))
        beside = x if self.shortcut is None else self.shortcut(active)
        return self.convolution2(torch.relu(self.norm2(self.convolution1(active)))) + beside


class Resnet18(nn.Module):
    def __init__(self, k):
        super().__init__()
        self.convolution = nn.Conv2d(3, k, 3, 1, 1, bias=False)
        widths, strides = [k, k, 2 * k, 2 * k, 4 * k, 4 * k, 8 * k, 8 * k], [1, 1, 2, 1, 2, 1, 2, 1]
        self.blocks = nn.ModuleList(map(Block, [k, *widths], widths, strides))
        self.output = nn.Linear(8 * k, CLASSES)

    def forward(self, x):
        x = self.convolution(x)
        for block in self.blocks:
            x = block(x)
        return self.output(x.mean((2, 3)))


class Chain(nn.Module):
    """A chain of modules whose weights have the names of the files: `convolution.N`, `norm.N`, `output`."""

    def __init__(self, chain):
        super().__init__()
        self.layers = [chain]  # a list, so that every weight has one name
        for name, kinds in (("convolution", (nn.Conv1d, nn.Conv2d)), ("norm", (nn.BatchNorm1d, nn.BatchNorm2d))):
            found = [module for module in chain if isinstance(module, kinds)]
            setattr(self, name, nn.ModuleDict({str(i + 1): module for i, module in enumerate(found)}))
        self.output = chain[-1]

    def forward(self, x):
        return self.layers[0](x)


def cnn(k):
    def block(inputs, outputs, *pool):
        return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(), *pool]

    return nn.Sequential(*block(3, k), *block(k, 2 * k, nn.MaxPool2d(2)), *block(2 * k, 4 * k, nn.MaxPool2d(2)),
                         *block(4 * k, 8 * k, nn.AdaptiveMaxPool2d(1)), nn.Flatten(), nn.Linear(8 * k, CLASSES))


NETWORKS = {"resnet18": lambda: Resnet18(K), "cnn": lambda: Chain(cnn(K)), "cnn1d": lambda: Chain(convolution.cnn1d(K, classes=2))}


def pictures(folder, kind):
    """Writes CIFAR-10 of noise; its settings, inputs (example, channel, row, column) and labels. A pixel is byte / 255 in type `kind`."""
    folder.mkdir()
    numbers = random.Random(1)
    records = [bytes([(3 * i) % CLASSES]) + numbers.randbytes(3072) for i in range(EXAMPLES)]
    for part in range(5):
        (folder / f"data_batch_{part + 1}.bin").write_bytes(b"".join(records[part::5]))
    (folder / "test_batch.bin").write_bytes(b"".join(records[:5]))
    (folder / "batches.meta.txt").write_text("".join(f"class {label}\n" for label in range(CLASSES)))
    rows = torch.tensor([list(record) for record in records])
    settings = [f"task.path={folder}", f"task.train_size={EXAMPLES}"]
    return settings, rows[:, 1:].reshape(-1, 3, 32, 32).to(kind) / 255, rows[:, 0]


def bits():
    """Sparse parity as the program draws it; its settings, the training set (example, channel, position) and labels."""
    count, parity = 2 * EXAMPLES, 3
    inputs, choice = Stream(SEED, "parity_inputs"), Stream(SEED, "parity_bits")
    rows = torch.tensor([[1.0 if inputs.below(2) else -1.0 for _ in range(BITS)] for _ in range(count)])
    labels = (rows[:, choice.permutation(BITS)[:parity]] < 0).sum(1) % 2
    train = Stream(SEED, "split").permutation(count)[:EXAMPLES]
    settings = ["task.kind=sparse_parity", f"task.bits={BITS}", f"task.parity={parity}", f"task.examples={count}",
                f"task.train_size={EXAMPLES}"]
    return settings, rows[train].unsqueeze(1), labels[train]


def tensors_of(path):
    """By name, in float64, without the state of optimizer and data."""
    data = path.read_bytes()
    start = 8 + int.from_bytes(data[:8], "little")
    tensors = {}
    for name, entry in json.loads(data[8:start]).items():
        if name == "__metadata__" or name.startswith(("optimizer.", "batches.")):
            continue
        begin, end = (start + at for at in entry["data_offsets"])
        flat = torch.frombuffer(bytearray(data[begin:end]), dtype=TYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"]).double()
    return tensors


def our_step(options, kind, precision, task, out):
    """Weights and statistics before and after the second step, and the engine that did it."""
    settings = [f"model.kind={kind}", f"model.width={K}", f"train.precision={precision}", "task.label_noise=0", "optimizer.kind=sgd",
                f"optimizer.learning_rate={RATE}", "optimizer.momentum=0", "optimizer.weight_decay=0", "optimizer.warmup_steps=0",
                "optimizer.schedule=constant", "train.batch_size=0", "train.checkpoint_every=1", f"seed={SEED}", *task]
    preset = "double-descent-epochwise" if kind == "cnn1d" else "nakkiran-cnn"
    command = [options.grokscope, "run", preset, "--steps", "2", "--quiet", "--no-probes", "--out", str(out)]
    for setting in settings:
        command += ["--set", setting]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"one_step: {kind}: {done.stderr.strip()}")
    before, after = (tensors_of(out / f"checkpoints/step_{step:08}.safetensors") for step in (1, 2))
    return before, after, json.loads((out / "facts.json").read_text())["engine"]


def load(model, tensors):
    """Every weight by name, and mean and variance of every BatchNorm one after another, as the file's `buffers` has them."""
    named, statistics = dict(model.named_parameters()), statistics_of(model)
    unequal = sorted((set(named) | {"buffers"}) ^ set(tensors))
    if unequal:
        sys.exit(f"one_step: only the file or only the network has {', '.join(unequal)}")
    values = tensors["buffers"].split([buffer.numel() for buffer in statistics])
    with torch.no_grad():
        for name, parameter in named.items():
            parameter.copy_(tensors[name])
        for buffer, value in zip(statistics, values):
            buffer.copy_(value)


def statistics_of(model):
    return [buffer for name, buffer in model.named_buffers() if name.endswith(("running_mean", "running_var"))]


def their_step(kind, before, inputs, labels):
    model = NETWORKS[kind]().double()
    load(model, before)
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    nn.functional.cross_entropy(model(inputs.double()), labels).backward()
    optimizer.step()
    statistics = torch.cat([buffer.flatten() for buffer in statistics_of(model)])
    return {name: parameter.detach() for name, parameter in model.named_parameters()} | {"buffers": statistics}


def differences(kind, before, after, theirs):
    """Relative to the norm of each tensor. A step that moves nothing would compare nothing."""
    apart = {}
    for name, tensor in theirs.items():
        moved = float((tensor - before[name]).norm() / tensor.norm())
        shifts_a_norm = kind == "cnn" and name.startswith("convolution.") and name.endswith(".bias")  # its gradient is 0
        if not shifts_a_norm and moved < LEAST_MOVE:
            sys.exit(f"one_step: {kind}: {name} moves by {moved:.0e} of its norm: too little to compare")
        apart[name] = float((after[name] - tensor).norm() / tensor.norm())
    return apart


def compare(kind, options):
    """Prints the table of a network; whether all of it is equal."""
    columns, engines = {}, {}
    for precision in ALLOWED:
        with tempfile.TemporaryDirectory() as folder:
            work = pathlib.Path(folder)
            task, inputs, labels = bits() if kind == "cnn1d" else pictures(work / "pictures", getattr(torch, precision))
            before, after, engines[precision] = our_step(options, kind, precision, task, work / "run")
        columns[precision] = differences(kind, before, after, their_step(kind, before, inputs, labels))
    print(f"{kind:32}" + "".join(f"{f'{name}, {engine}':>20}" for name, engine in engines.items()))
    wrong = 0
    for name in columns["float32"]:
        values = {precision: column[name] for precision, column in columns.items()}
        bad = [precision for precision, value in values.items() if not value <= ALLOWED[precision]]  # a NaN is bad
        wrong += len(bad)
        print(f"  {name:30}" + "".join(f"{value:20.1e}" for value in values.values()) + ("   DIFFERS" if bad else ""))
    largest = ", ".join(f"{max(column.values()):.1e} of {ALLOWED[precision]:.0e} allowed" for precision, column in columns.items())
    print(f"  {len(columns['float32'])} tensors, largest: {largest}\n")
    return wrong == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("networks", nargs="*", metavar="NETWORK", help="resnet18, cnn, cnn1d (all)")
    parser.add_argument("--grokscope", default=str(ROOT / "build/release/src/app/grokscope"))
    options = parser.parse_args()
    for kind in options.networks:
        if kind not in NETWORKS:
            parser.error(f"there is no network {kind}: {', '.join(NETWORKS)}")
    equal = [compare(kind, options) for kind in options.networks or NETWORKS]
    return 0 if all(equal) else 1


if __name__ == "__main__":
    sys.exit(main())
