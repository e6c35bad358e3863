#!/usr/bin/env python3
"""MLPs on 28 x 28 images in eager PyTorch: the peers of the workloads `mnist-mlp` (784-200-200-10, squared error) and `deep-mlp12`
(12 hidden layers of 400, cross-entropy), and of the latter with train.precision=float64.

    python3 bench/peers/mlp.py mnist-mlp --threads 1 --seconds 5 --json

Batch 200 of 1000 random images (only the speed of a step counts), AdamW. The images lie in memory; batches are slices of a
shuffled order, without a DataLoader, which would only be slower.
"""
import torch
from torch import nn

import timer

IMAGES, PIXELS, CLASSES, BATCH = 1000, 784, 10, 200
SHAPES = {"mnist-mlp": (2, 200, "mse", torch.float32), "deep-mlp12": (12, 400, "cross_entropy", torch.float32),
          "deep-mlp12-float64": (12, 400, "cross_entropy", torch.float64)}


def make_model(depth, width):
    layers, inputs = [], PIXELS
    for _ in range(depth):
        layers += [nn.Linear(inputs, width), nn.ReLU()]
        inputs = width
    return nn.Sequential(*layers, nn.Linear(inputs, CLASSES))


def main():
    options = timer.arguments(__doc__.splitlines()[0], list(SHAPES))
    depth, width, loss_kind, precision = SHAPES[options.workload]
    torch.set_default_dtype(precision)
    images, labels = torch.rand(IMAGES, PIXELS), torch.arange(IMAGES) % CLASSES
    onehot = nn.functional.one_hot(labels, CLASSES).to(precision)
    model = make_model(depth, width)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    order, used = torch.randperm(IMAGES), 0

    def step():
        nonlocal order, used
        if used == IMAGES:
            order, used = torch.randperm(IMAGES), 0
        batch = order[used:used + BATCH]
        used += BATCH
        logits = model(images[batch])
        if loss_kind == "mse":
            loss = nn.functional.mse_loss(logits, onehot[batch])
        else:
            loss = nn.functional.cross_entropy(logits.double(), labels[batch])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach()

    timer.run(options, step, BATCH)


if __name__ == "__main__":
    main()
