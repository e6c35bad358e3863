"""A projected dashboard is read by a machine from a poor JPEG: scripts/check-legibility on a short run."""
import pathlib
import re
import subprocess
import unittest

from program import PROGRAM, ProgramTest, SMALL

SCRIPT = pathlib.Path(__file__).resolve().parents[2] / "scripts/check-legibility"


class Legibility(ProgramTest):
    def test_names_and_labels_are_read_from_the_back_of_the_room(self):
        self.succeed("run", *SMALL, "--set", "train.steps=400", "--out", "run", "--quiet")
        done = subprocess.run([SCRIPT, "run"], cwd=self.work, env=self.env | {"GROKSCOPE": PROGRAM}, text=True,
                              capture_output=True, timeout=300)
        if done.returncode == 77:
            self.skipTest(f"this needs a reader of pictures; {done.stderr.strip()}")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        read, of = map(int, re.search(r"(\d+) of (\d+) axis names", done.stdout).groups())
        self.assertEqual(read, of)
        self.assertGreaterEqual(of, 8, "the labels were not found in the picture")


if __name__ == "__main__":
    unittest.main()
