#!/usr/bin/env python3
"""One step of our networks with BatchNorm beside the same networks written plainly in PyTorch: equal to 1e-5?

    python3 bench/peers/one_step.py [--grokscope PATH]

For resnet18 and cnn (k = 4) on pictures of noise (cnn1d by hand is held to autograd by tests/train/fused_conv_test.cpp): trains two steps of plain SGD on a full batch, starts the PyTorch network from the
weights and running statistics of step 1, does the same step and compares every tensor of step 2, relative to its norm. Prints a
table; exit code 1 if one differs by more than 1e-5. Needs PyTorch (Debian: python3-torch).
"""
import argparse
import json
import pathlib
import random
import struct
import subprocess
import sys
import tempfile

import torch
from torch import nn

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
K, CLASSES, RATE, ALLOWED = 4, 10, 0.1, 1e-5


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
        self.blocks = nn.ModuleList(Block(inputs, outputs, stride) for inputs, outputs, stride in zip([k, *widths], widths, strides))
        self.output = nn.Linear(8 * k, CLASSES)

    def forward(self, x):
        x = self.convolution(x)
        for block in self.blocks:
            x = block(x)
        return self.output(x.mean((2, 3)))


class Numbered(nn.Module):
    """`convolution.N`, `norm.N` and `output`, as the files name them, around a chain of modules."""

    def __init__(self, chain, kind):
        super().__init__()
        self.layers = [chain]  # a list, so that every weight has one name
        convolutions = [module for module in chain if isinstance(module, kind)]
        norms = [module for module in chain if isinstance(module, (nn.BatchNorm1d, nn.BatchNorm2d))]
        self.convolution = nn.ModuleDict({str(i + 1): module for i, module in enumerate(convolutions)})
        self.norm = nn.ModuleDict({str(i + 1): module for i, module in enumerate(norms)})
        self.output = chain[-1]

    def forward(self, x):
        return self.layers[0](x)


def cnn(k):
    def block(inputs, outputs, *pool):
        return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.BatchNorm2d(outputs), nn.ReLU(), *pool]

    return nn.Sequential(*block(3, k), *block(k, 2 * k, nn.MaxPool2d(2)), *block(2 * k, 4 * k, nn.MaxPool2d(2)),
                         *block(4 * k, 8 * k, nn.MaxPool2d(2)), nn.MaxPool2d(4), nn.Flatten(), nn.Linear(8 * k, CLASSES))


def tensors_of(path):
    data = path.read_bytes()
    size = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + size])
    tensors = {}
    for name, entry in header.items():
        if name == "__metadata__" or entry["dtype"] not in ("F32", "F64"):
            continue
        begin, end = (8 + size + at for at in entry["data_offsets"])
        kind = torch.float32 if entry["dtype"] == "F32" else torch.float64
        tensors[name] = torch.frombuffer(bytearray(data[begin:end]), dtype=kind).reshape(entry["shape"])
    return tensors


def statistics_of(model):
    """Mean and variance of every BatchNorm, in the order of the file's `buffers`."""
    return [buffer for name, buffer in model.named_buffers() if name.endswith(("running_mean", "running_var"))]


def write_pictures(folder):
    folder.mkdir()
    numbers = random.Random(1)
    for name, count in [(f"data_batch_{i}.bin", 4) for i in range(1, 6)] + [("test_batch.bin", 5)]:
        records = b"".join(bytes([(3 * record + count) % CLASSES]) + numbers.randbytes(3072) for record in range(count))
        (folder / name).write_bytes(records)
    (folder / "batches.meta.txt").write_text("".join(f"class {label}\n" for label in range(CLASSES)))
    return folder


def read_pictures(folder):
    records = b"".join((folder / f"data_batch_{i}.bin").read_bytes() for i in range(1, 6))
    rows = torch.tensor(list(records), dtype=torch.uint8).reshape(-1, 3073)
    return rows[:, 1:].reshape(-1, 3, 32, 32).float() / 255.0, rows[:, 0].long()


def compare(kind, options, work):
    pictures = write_pictures(work / "pictures")
    settings = ["task.label_noise=0", f"model.kind={kind}", f"model.width={K}", "optimizer.kind=sgd", f"optimizer.learning_rate={RATE}", "optimizer.warmup_steps=0",
                "optimizer.schedule=constant", "train.batch_size=0", "train.checkpoint_every=1", "train.engine=auto", "optimizer.weight_decay=0"]
    preset, settings = "nakkiran-cnn", [*settings, f"task.path={pictures}", "task.train_size=20"]
    command = [options.grokscope, "run", preset, "--steps", "2", "--quiet", "--no-probes", "--out", str(work / "run")]
    for setting in settings:
        command += ["--set", setting]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"one_step: {kind}: {done.stderr.strip()}")
    before, after = (tensors_of(path) for path in sorted((work / "run/checkpoints").glob("*.safetensors")))
    model = Resnet18(K) if kind == "resnet18" else Numbered(cnn(K), nn.Conv2d)
    inputs, labels = read_pictures(pictures)
    model.double()
    named = dict(model.named_parameters())
    with torch.no_grad():
        for name, parameter in named.items():
            parameter.copy_(before[name].double())
        kept, at = before["buffers"].double(), 0
        for buffer in statistics_of(model):
            buffer.copy_(kept[at:at + buffer.numel()])
            at += buffer.numel()
    optimizer = torch.optim.SGD(model.parameters(), lr=RATE)
    loss = nn.functional.cross_entropy(model(inputs.double()), labels)
    loss.backward()
    optimizer.step()
    rows, unmoved = [], 0
    for name, parameter in named.items():
        apart = (after[name].double() - parameter.detach()).norm()
        rows.append((name, float(apart / parameter.detach().norm().clamp_min(1e-30))))
        unmoved += int(torch.equal(parameter.detach(), before[name].double()))
    kept = torch.cat([buffer.flatten() for buffer in statistics_of(model)])
    rows.append(("running statistics", float((after["buffers"].double() - kept).norm() / kept.norm())))
    if unmoved:
        sys.exit(f"one_step: {kind}: {unmoved} tensors did not move: nothing was compared")
    return rows


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--grokscope", default=str(ROOT / "build/release/src/app/grokscope"))
    options = parser.parse_args()
    worst = 0.0
    for kind in ("resnet18", "cnn"):
        with tempfile.TemporaryDirectory() as folder:
            rows = compare(kind, options, pathlib.Path(folder))
        largest = max(rows, key=lambda row: row[1])
        worst = max(worst, largest[1])
        print(f"{kind}: {len(rows)} tensors, largest relative difference {largest[1]:.1e} ({largest[0]})")
    return 0 if worst <= ALLOWED else 1


if __name__ == "__main__":
    sys.exit(main())
