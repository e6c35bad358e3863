#!/usr/bin/env python3
"""Reads the weights of a run with NumPy alone and computes the logits: of a transformer without LayerNorm, and of an MLP.
    grokscope export RUN --format safetensors -o weights.safetensors
    python3 docs/examples/load_weights.py weights.safetensors
A checkpoint of a run is read in the same way. Names, shapes, and what multiplies what: docs/files.md, "Weights"."""
import json
import sys

import numpy as np


def load(path):
    """The length of a JSON header, the header, then the numbers: tensors by name, and the metadata."""
    with open(path, "rb") as file:
        data = file.read()
    start = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:start])
    notes = header.pop("__metadata__")
    types = {"F32": "<f4", "F64": "<f8", "I64": "<i8", "U8": "u1"}
    part = {name: data[start + at["data_offsets"][0]:start + at["data_offsets"][1]] for name, at in header.items()}
    return {name: np.frombuffer(part[name], types[at["dtype"]]).reshape(at["shape"]) for name, at in header.items()}, notes


def linear(w, name, x):
    return x @ w[name + ".weight"].T + w.get(name + ".bias", 0)


def transformer(w, model, pairs):
    tokens = np.column_stack([pairs, np.full(len(pairs), len(w["embed.weight"]) - 1)])  # a b =
    x = w["embed.weight"][tokens] + w["embed.positions.weight"]  # (pair, position, feature)
    for block in range(model["depth"]):
        at = f"blocks.{block}."
        heads = [linear(w, f"{at}attention.{part}", x).reshape(*x.shape[:2], model["heads"], -1) for part in ("query", "key", "value")]
        scores = np.einsum("nqhd,nkhd->nhqk", heads[0], heads[1]) / np.sqrt(heads[0].shape[-1])
        scores = np.exp(np.where(np.tri(3), scores - scores.max(-1, keepdims=True), -np.inf))  # nobody looks ahead
        mix = np.einsum("nhqk,nkhd->nqhd", scores / scores.sum(-1, keepdims=True), heads[2]).reshape(x.shape)
        x = x + linear(w, at + "attention.output", mix)
        x = x + linear(w, at + "mlp.down", np.maximum(linear(w, at + "mlp.up", x), 0))
    return linear(w, "unembed", x[:, -1])


def mlp(w, model, inputs):
    x = inputs  # pixels in 0..1, or pairs: [E(a), E(b)], one-hot without an embedding
    if np.issubdtype(inputs.dtype, np.integer):
        tokens = w.get("embed.weight", np.eye(w["hidden.1.weight"].shape[1] // 2))
        x = tokens[inputs].reshape(len(inputs), -1)
    for layer in range(1, model["depth"] + 1):
        x = np.maximum(linear(w, f"hidden.{layer}", x), 0)
    return linear(w, "output", x)


def logits(w, config, inputs):
    return {"transformer": transformer, "mlp": mlp}[config["model"]["kind"]](w, config["model"], inputs)


if __name__ == "__main__":
    weights, notes = load(sys.argv[1])
    config = json.loads(notes["config"])
    p = config["task"]["modulus"]
    pairs = np.array([(a, b) for a in range(p) for b in range(p)])
    print(f"step {notes['step']}: logits of (0, 1):", logits(weights, config, pairs)[1].round(3))
