"""What the peers share: the command line, the clock, one line of JSON. Not a framework: a peer is a plain PyTorch script.

A peer builds everything, then calls run(name, step, examples). `step()` does one update; it is called in blocks, and the
median block counts, exactly as `grokscope bench` does it (src/train/loop/bench_training.cpp).
"""
import argparse
import ctypes
import json
import statistics
import time

import torch


def arguments(description, workloads):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("workload", nargs="?", default=workloads[0], choices=workloads)
    parser.add_argument("--threads", type=int, default=1, help="torch.set_num_threads")
    parser.add_argument("--seconds", type=float, default=5.0, help="measuring time")
    parser.add_argument("--repeats", type=int, default=7, help="blocks in which it is cut")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    torch.manual_seed(0)
    return options


def blas_kernel():
    """The kernel that OpenBLAS chose in this process: "SkylakeX", "Haswell", ...; "unknown" for another BLAS."""
    for library in ("libblas.so.3", "libopenblas.so.0"):
        try:
            name = ctypes.CDLL(library).openblas_get_corename
        except (OSError, AttributeError):
            continue
        name.restype = ctypes.c_char_p
        return name().decode()
    return "unknown"


def run(options, step, examples):
    """Warms up, times `repeats` blocks of steps, prints what was measured."""
    for _ in range(3):
        step()
    begin = time.perf_counter()
    warm = 0
    while warm < 3 or time.perf_counter() - begin < 0.15 * options.seconds:
        step()
        warm += 1
    step_s = (time.perf_counter() - begin) / warm
    steps = max(1, round(options.seconds / options.repeats / step_s))
    milliseconds = []
    for _ in range(options.repeats):
        begin = time.perf_counter()
        for _ in range(steps):
            loss = step()
        milliseconds.append(1e3 * (time.perf_counter() - begin) / steps)
    if not torch.isfinite(loss):
        raise SystemExit(f"{options.workload}: the loss is not a number")
    median = statistics.median(milliseconds)
    result = {"name": options.workload, "steps_per_second": 1e3 / median, "median_ms": median, "min_ms": min(milliseconds),
              "max_ms": max(milliseconds), "threads": torch.get_num_threads(), "examples_per_step": examples,
              "steps_per_repeat": steps, "torch_version": torch.__version__, "blas_kernel": blas_kernel()}
    if options.json:
        print(json.dumps(result))
    else:
        print(f"{options.workload}: {median:.3f} ms a step ({min(milliseconds):.3f} to {max(milliseconds):.3f}), "
              f"{options.threads} threads, PyTorch {torch.__version__}, {result['blas_kernel']}")
