"""What a newcomer sees of the scripts' long steps: a line, on a terminal a progress that fits, the end of the log if one
fails; never the whole output of a package manager."""
import os
import pathlib
import pty
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
NOISE = "Reading package lists from a mirror far away"
STEP = f"""set -euo pipefail
source {ROOT}/scripts/logged
step() {{
  for i in $(seq 500); do echo "{NOISE} $i"; done
  echo "dlstatus:1:12.5:Retrieving file 1 of 3, whose name is longer than any terminal that anybody has ever had is wide"
  echo "pmstatus:libtorch:50.0:Unpacking libtorch"
  echo "[3/260] Building"
  echo "the reason"
  return $1
}}
logged "Installing 3 packages" "$2" step "$1"
echo after
"""


class Logged(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="grokscope-scripts-")
        self.addCleanup(folder.cleanup)
        self.log = pathlib.Path(folder.name) / "deep/step.log"

    def command(self, code):
        return ["bash", "-c", STEP.replace("return $1", f"return {code}"), "step", str(code), str(self.log)]

    def on_a_terminal(self, code, columns=80):
        ours, theirs = pty.openpty()
        os.set_inheritable(theirs, True)
        subprocess.run(["stty", "cols", str(columns)], stdin=theirs, check=True)
        process = subprocess.Popen(self.command(code), stdin=theirs, stdout=theirs, stderr=theirs,
                                   env=os.environ | {"TERM": "xterm"})
        os.close(theirs)
        text = b""
        while True:
            try:
                more = os.read(ours, 65536)
            except OSError:  # how a terminal says that nobody is there any more
                break
            if not more:
                break
            text += more
        os.close(ours)
        return process.wait(), text.decode()

    def test_is_one_line_where_nobody_watches(self):
        done = subprocess.run(self.command(0), text=True, capture_output=True)
        self.assertEqual((done.returncode, done.stdout), (0, "after\n"), done.stderr)
        self.assertEqual(done.stderr, f"Installing 3 packages (log: {self.log})\n")
        self.assertEqual(self.log.read_text().count(NOISE), 500)

    def test_a_failure_shows_the_end_of_the_log_and_where_it_is(self):
        for code, text in [(3, subprocess.run(self.command(3), text=True, capture_output=True).stderr),
                           self.on_a_terminal(4)]:
            self.assertEqual(code, 3 if "failed with 3" in text else 4, text)
            self.assertIn("the reason", text)
            self.assertIn(f"The whole log is in {self.log}", text)
            self.assertLess(text.count(NOISE), 40)
            self.assertNotIn("after", text)

    def test_the_progress_stays_on_one_line(self):
        for columns in (20, 80, 200):
            code, text = self.on_a_terminal(0, columns)
            self.assertEqual(code, 0, text)
            shown = text.split("\r\033[K")[1:-1]
            self.assertEqual(len(shown), 3, text)
            for line in shown:
                self.assertLess(len(line), columns)
            self.assertTrue(shown[2].startswith("Installing 3"), shown)
            self.assertNotIn(NOISE, text)


if __name__ == "__main__":
    unittest.main()
