#!/usr/bin/env python3
"""The one-layer transformer of Nanda et al. 2023 as an ordinary PyTorch module, in eager mode: the peer of the workloads
`transformer-p113` (preset nanda-2023), `transformer-p53` and `quickstart`.

    python3 bench/peers/transformer.py transformer-p113 --threads 1 --seconds 5 --json

Tokens a b =, no LayerNorm, learned positions, full batch, AdamW, log-softmax in float64 (as the published code has it).
Only what is needed is computed: logits at the last position alone.
"""
import math

import torch
from torch import nn

import timer

SHAPES = {  # p, width, heads, mlp, training pairs, learning rate, weight decay
    "transformer-p113": (113, 128, 4, 512, 3830, 1e-3, 1.0),
    "transformer-p53": (53, 64, 4, 256, 1123, 1e-3, 1.0),
    "quickstart": (67, 128, 4, 128, 2694, 1e-2, 0.3),  # pairs stay with their mirrors: not just 60 % of p²
}


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(width, width, bias=False)
        self.key = nn.Linear(width, width, bias=False)
        self.value = nn.Linear(width, width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.register_buffer("mask", torch.triu(torch.full((3, 3), -math.inf), diagonal=1))

    def forward(self, x):
        batch, length, width = x.shape

        def split(y):
            return y.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

        query, key, value = split(self.query(x)), split(self.key(x)), split(self.value(x))
        scores = query @ key.transpose(-2, -1) / math.sqrt(width // self.heads) + self.mask
        mixed = scores.softmax(dim=-1) @ value
        return self.out(mixed.transpose(1, 2).reshape(batch, length, width))


class Transformer(nn.Module):
    def __init__(self, p, width, heads, mlp):
        super().__init__()
        self.embed = nn.Embedding(p + 1, width)
        self.position = nn.Parameter(torch.randn(3, width) / math.sqrt(width))
        self.attention = Attention(width, heads)
        self.mlp = nn.Sequential(nn.Linear(width, mlp), nn.ReLU(), nn.Linear(mlp, width))
        self.unembed = nn.Linear(width, p, bias=False)
        nn.init.normal_(self.embed.weight, std=1 / math.sqrt(width))

    def forward(self, tokens):
        x = self.embed(tokens) + self.position
        x = x + self.attention(x)
        x = x[:, -1]  # only the answer's position is read
        x = x + self.mlp(x)
        return self.unembed(x)


def main():
    options = timer.arguments(__doc__.splitlines()[0], list(SHAPES))
    p, width, heads, mlp, count, learning_rate, weight_decay = SHAPES[options.workload]
    a, b = torch.meshgrid(torch.arange(p), torch.arange(p), indexing="ij")
    pairs = torch.stack([a.flatten(), b.flatten(), torch.full((p * p,), p)], dim=1)
    chosen = torch.randperm(p * p)[:count]
    tokens = pairs[chosen]
    targets = (tokens[:, 0] + tokens[:, 1]) % p
    model = Transformer(p, width, heads, mlp)
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=weight_decay, betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: min((step + 1) / 10, 1))

    def step():
        loss = nn.functional.cross_entropy(model(tokens).double(), targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        optimizer.step()
        schedule.step()
        return loss.detach()

    timer.run(options, step, len(tokens))


if __name__ == "__main__":
    main()
