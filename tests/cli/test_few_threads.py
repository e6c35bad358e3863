"""Where the system allows no more threads (ulimit -u, a container's limit): one sentence and exit code 1, whichever thread it was."""
import os
import resource
import unittest

from program import SMALL, ProgramTest

MOST = 24  # far more than a small run starts


class FewThreads(ProgramTest):
    def call_with(self, allowed, *arguments):
        self.env["LD_PRELOAD"] = os.environ["REFUSE_THREADS"]
        self.env["REFUSE_THREADS_AFTER"] = str(allowed)
        try:
            return self.call(*arguments)
        finally:
            del self.env["LD_PRELOAD"], self.env["REFUSE_THREADS_AFTER"]

    def until_it_works(self, *arguments):
        """Allows 0, 1, 2, ... threads; returns how many it takes."""
        for allowed in range(MOST):
            done = self.call_with(allowed, *(str(a).replace("{n}", str(allowed)) for a in arguments))
            if done.returncode == 0:
                return allowed
            with self.subTest(allowed):
                self.assertEqual(done.returncode, 1, done.stderr)
                lines = [line for line in done.stderr.splitlines() if line.startswith("grokscope: ")]
                self.assertEqual(len(lines), 1, done.stderr)
                self.assertIn("thread", lines[0])
        self.fail("it never worked")

    def test_run(self):
        self.assertGreaterEqual(self.until_it_works("run", *SMALL, "--steps", "20", "--out", "run{n}", "--quiet"), 2)

    def test_shards(self):
        self.assertGreaterEqual(
            self.until_it_works("run", *SMALL[:-1], "3", "--steps", "20", "--out", "run{n}", "--quiet", "--no-probes"), 3)

    def test_replay(self):
        self.run_json(*SMALL, "--steps", "20", "--out", "run")
        self.assertGreaterEqual(self.until_it_works("replay", "run"), 1)


class FewAddresses(ProgramTest):
    """ulimit -v: OpenBLAS waits for ever for a buffer that it cannot have."""
    def limited(self, megabytes, *arguments):
        return self.call_with_addresses(megabytes, *arguments, timeout=60)

    def test_run_and_replay(self):
        self.run_json(*SMALL, "--steps", "20", "--no-probes", "--out", "run")
        for megabytes in (200, 300, 400, 500):
            for arguments in (("run", *SMALL, "--steps", "20", "--no-probes", "--out", f"run{megabytes}", "--quiet"),
                              ("replay", "run")):
                with self.subTest(megabytes=megabytes, command=arguments[0]):
                    done = self.limited(megabytes, *arguments)
                    self.assertIn(done.returncode, (0, 1), done.stderr)
                    if done.returncode == 1:
                        self.assertIn("memory", done.stderr)
        self.assertIn("multiplying matrices needs room for", self.limited(300, "replay", "run").stderr)


class FewFiles(ProgramTest):
    """ulimit -n"""
    def test_run(self):
        for most in range(4, 30):
            with self.subTest(most):
                done = self.call("run", *SMALL, "--steps", "20", "--quiet", "--out", f"run{most}",
                                 preexec_fn=lambda most=most: resource.setrlimit(resource.RLIMIT_NOFILE, (most, most)))
                if done.returncode != 127:  # the loader's own words
                    self.assertIn(done.returncode, (0, 1), done.stderr)
                    self.assertTrue(done.returncode == 0 or "grokscope: " in done.stderr, done.stderr)


if __name__ == "__main__":
    unittest.main()
