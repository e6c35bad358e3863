"""Runs the built program in a world of its own: empty home, empty working folder. Standard library only."""
import json
import os
import pathlib
import resource
import select
import shutil
import subprocess
import tempfile
import time
import unittest

PROGRAM = os.environ["GROKSCOPE"]

# A run that takes a fraction of a second.
SMALL = ["quickstart", "--set", "task.modulus=11", "--set", "model.width=16", "--set", "model.heads=2",
         "--set", "model.mlp_width=32", "--threads", "1"]
# What the fused engine computes in float64: an MLP on rows of numbers.
DOUBLE_ROWS = ["quickstart", "--set", "train.precision=float64", "--set", "train.engine=fused", "--set", "task.kind=sparse_parity",
               "--set", "task.examples=300", "--set", "task.train_size=200", "--set", "task.bits=12", "--set", "task.parity=2",
               "--set", "model.kind=mlp", "--set", "init.kind=default", "--threads", "1"]


class ProgramTest(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="grokscope-cli-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.home = self.root / "home"
        self.work = self.root / "work"
        self.home.mkdir()
        self.work.mkdir()
        self.env = {"PATH": "/usr/bin:/bin", "HOME": str(self.home)}
        for name in ("LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]

    def call(self, *arguments, **options):
        return subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.work, env=self.env, text=True,
                              capture_output=True, **{"timeout": 300, **options})

    def call_with_addresses(self, megabytes, *arguments, **options):
        """Under ulimit -v. A program built with a sanitizer takes terabytes of addresses before it begins: skipped there."""
        if "GROKSCOPE_SANITIZED" in os.environ:
            self.skipTest("sanitizers need all the addresses that there are")
        limit = megabytes << 20
        return self.call(*arguments, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)), **options)

    def succeed(self, *arguments):
        done = self.call(*arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def run_json(self, *arguments, code=0):
        done = self.call("run", *arguments, "--json")
        self.assertEqual(done.returncode, code, done.stderr)
        return strict_json(done.stdout)

    def wait_until(self, holds, process=None):
        """Until it holds. A minute is for what never will; a program that has ended is not waited for."""
        end = time.monotonic() + 60
        while not (value := holds()):
            if process is not None and process.poll() is not None:
                self.fail(f"the program ended with {process.returncode} before that")
            self.assertLess(time.monotonic(), end, "it never came")
            select.select([], [], [], 0.02)  # only so as not to take the processor from the program
        return value

    def write(self, name, content):
        path = self.work / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def tree(self):
        return sorted(str(path.relative_to(self.root)) for path in self.root.rglob("*"))

    def assert_refused(self, *arguments, says=(), codes=(2,)):
        """One clear sentence on stderr, nothing on stdout, nothing left behind."""
        before = self.tree()
        done = self.call(*arguments)
        self.assertIn(done.returncode, codes, done.stderr)
        self.assertEqual(done.stdout, "")
        lines = done.stderr.splitlines()
        self.assertEqual(len(lines), 1, done.stderr)
        self.assertTrue(lines[0].startswith("grokscope: "), lines[0])
        for word in [says] if isinstance(says, str) else says:
            self.assertIn(word, lines[0])
        self.assertEqual(self.tree(), before)


def strict_json(text):
    def refuse(constant):
        raise ValueError(f"{constant} is not JSON")
    return json.loads(text, parse_constant=refuse)


def metrics_of(run):
    """Every line of metrics.jsonl but its time."""
    lines = [strict_json(line) for line in (pathlib.Path(run) / "metrics.jsonl").read_text().splitlines()]
    for line in lines:
        del line["elapsed_s"]
    return lines


def events_of(run):
    return [strict_json(line) for line in (pathlib.Path(run) / "events.jsonl").read_text().splitlines()]
