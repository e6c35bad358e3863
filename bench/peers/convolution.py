#!/usr/bin/env python3
"""Networks on MNIST-1D in eager PyTorch: the peers of the workloads `cnn1d` (four blocks of convolution, BatchNorm, ReLU and maximum,
k = 16, batch 128, SGD) and `mlp-mnist1d` (40-64-64-10, batch 100, SGD with momentum).

    python3 bench/peers/convolution.py cnn1d --threads 1 --seconds 5 --json

Random rows of 40 numbers (only the speed of a step counts), in memory; batches are slices of a shuffled order, the last of an
epoch what is left, as the program has them. That `cnn1d` is our network is checked by one_step.py.
"""
import torch
from torch import nn

import timer

LENGTH, CLASSES = 40, 10


def cnn1d(k, classes=CLASSES):
    def block(inputs, outputs, *pool):
        return [nn.Conv1d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm1d(outputs), nn.ReLU(), *pool]

    return nn.Sequential(*block(1, k), *block(k, 2 * k, nn.MaxPool1d(2)), *block(2 * k, 4 * k, nn.MaxPool1d(2)),
                         *block(4 * k, 8 * k, nn.AdaptiveMaxPool1d(1)), nn.Flatten(), nn.Linear(8 * k, classes))


def mlp(width):
    return nn.Sequential(nn.Linear(LENGTH, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, CLASSES))


def main():
    options = timer.arguments(__doc__.splitlines()[0], ["cnn1d", "mlp-mnist1d"])
    convolutional = options.workload == "cnn1d"
    count, batch_size = (2000, 128) if convolutional else (4000, 100)
    rows, labels = torch.randn(count, LENGTH), torch.arange(count) % CLASSES
    if convolutional:
        rows = rows.unsqueeze(1)  # (example, channel, position)
    model = cnn1d(16) if convolutional else mlp(64)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05 if convolutional else 0.01, momentum=0.0 if convolutional else 0.9)
    order, used = torch.randperm(count), 0

    def step():
        nonlocal order, used
        if used >= count:
            order, used = torch.randperm(count), 0
        batch = order[used:used + batch_size]
        used += batch_size
        loss = nn.functional.cross_entropy(model(rows[batch]), labels[batch])
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach()

    timer.run(options, step, batch_size)


if __name__ == "__main__":
    main()
