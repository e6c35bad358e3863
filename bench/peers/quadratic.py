#!/usr/bin/env python3
"""The quadratic network of Gromov 2023 in eager PyTorch: the peer of the workload `quadratic-p97` (preset gromov-2023).

    python3 bench/peers/quadratic.py --threads 2 --seconds 5 --json

f(a, b) = W_2 (W_1 [onehot(a); onehot(b)])^2 / (2 p N), p = 97, N = 500, 49 % of the pairs, full batch, plain gradient descent,
mean squared error. The first layer is written as two embeddings, which is faster than multiplying one-hot rows.
"""
import torch
from torch import nn

import timer

P, WIDTH, FRACTION, LEARNING_RATE = 97, 500, 0.49, 1e6


class Quadratic(nn.Module):
    def __init__(self):
        super().__init__()
        self.left = nn.Embedding(P, WIDTH)
        self.right = nn.Embedding(P, WIDTH)
        self.out = nn.Linear(WIDTH, P, bias=False)
        for layer in (self.left, self.right, self.out):
            nn.init.normal_(layer.weight)

    def forward(self, a, b):
        return self.out((self.left(a) + self.right(b)).square()) / (2 * P * WIDTH)


def main():
    options = timer.arguments(__doc__.splitlines()[0], ["quadratic-p97"])
    a, b = torch.meshgrid(torch.arange(P), torch.arange(P), indexing="ij")
    chosen = torch.randperm(P * P)[: int(FRACTION * P * P)]
    a, b = a.flatten()[chosen], b.flatten()[chosen]
    targets = nn.functional.one_hot((a + b) % P, P).float()
    model = Quadratic()
    optimizer = torch.optim.SGD(model.parameters(), lr=LEARNING_RATE)

    def step():
        loss = nn.functional.mse_loss(model(a, b), targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        return loss.detach()

    timer.run(options, step, len(a))


if __name__ == "__main__":
    main()
