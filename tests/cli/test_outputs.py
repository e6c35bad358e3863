"""What -o, --plot and --out name: streams are written to, files stay what they were, and what cannot be written is known before the
work begins."""
import os
import pathlib
import signal
import stat
import subprocess
import threading
import unittest

from program import PROGRAM, SMALL, ProgramTest, strict_json

LANDSCAPE = ["--alphas", "3", "--steps", "20", "--jobs", "1"]


class NamedOutput(ProgramTest):
    def record(self):
        self.run_json(*SMALL, "--steps", "20", "--no-probes", "--out", "run")
        return self.work / "run"

    def capture(self, *arguments, code=0):
        """Standard output as bytes."""
        done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=self.work, env=self.env, capture_output=True, timeout=300)
        self.assertEqual(done.returncode, code, done.stderr)
        return done.stdout

    def device(self, name, minor):
        """/dev/NAME, as root one of the test's own: a program that replaces it must not do so with the machine's."""
        if os.geteuid() != 0:
            return pathlib.Path("/dev") / name
        path = self.work / name
        try:
            os.mknod(path, 0o666 | stat.S_IFCHR, os.makedev(1, minor))
        except PermissionError:
            self.skipTest("devices cannot be made here")
        return path

    def contents(self, folder):
        return {path: path.read_bytes() for path in pathlib.Path(folder).rglob("*") if path.is_file()}


class LargePictures(NamedOutput):
    def test_what_does_not_fit_into_memory_is_refused_before_it_is_drawn(self):
        done = self.call_with_addresses(3 << 10, "render", self.record(), "--size", "16384x16384", "-o", "big.png")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("a picture of this size needs 8.6 GB of memory, but only ", done.stderr)
        self.assertFalse((self.work / "big.png").exists())


class Streams(NamedOutput):
    def test_a_hyphen_is_standard_output(self):
        self.record()
        file = self.work / "weights.safetensors"
        self.succeed("export", "run", "--format", "safetensors", "-o", file)
        before = self.tree()
        for name in ("-", "/proc/self/fd/1"):  # what /dev/stdout leads to; root could replace that
            with self.subTest(name):
                self.assertTrue(self.capture("export", "run", "--format", "csv", "-o", name).startswith(b"elapsed_s,step,"))
                snapshot = strict_json(self.capture("export", "run", "--format", "json", "-o", name))
                self.assertEqual(snapshot["schema"], "grokscope.snapshot/1")
                weights = self.capture("export", "run", "--format", "safetensors", "-o", name)
                self.assertEqual(weights, file.read_bytes())
                self.assertIn(b'"grokscope.weights/1"', weights)
                svg = self.capture("render", "run", "--format", "svg", "-o", name)
                self.assertTrue(svg.startswith(b"<") and svg.rstrip().endswith(b"</svg>"))
        self.assertEqual(self.tree(), before)

    def test_a_picture_without_an_ending_is_a_png(self):
        self.record()
        done = subprocess.run([PROGRAM, "render", "run", "-o", "-"], cwd=self.work, env=self.env, capture_output=True, timeout=300)
        if b"OpenGL" in done.stderr or b"EGL" in done.stderr:
            self.skipTest("no OpenGL here")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith(b"\x89PNG") and done.stdout.endswith(b"IEND\xaeB`\x82"))
        self.assert_refused("render", "run", "-o", "picture", says=".png or .svg")

    def test_landscape(self):
        document = strict_json(self.capture("landscape", *SMALL[:-2], *LANDSCAPE, "--quiet", "-o", "-"))
        self.assertEqual(len(document["cells"]), 3)
        self.assert_refused("landscape", *SMALL[:-2], *LANDSCAPE, "-o", "-", "--json", says="standard output")
        self.assertEqual(list(self.work.iterdir()), [])

    def test_bench_plot(self):
        self.assert_refused("bench", "quickstart", "--plot", "x.svg", says="cost")
        self.assert_refused("bench", "cost", "--plot", "-", "--json", says="standard output")
        self.assert_refused("bench", "cost", "--plot", "/proc/nowhere/x.svg", says="/proc/nowhere", codes=(1,))

    def test_a_folder_cannot_be_a_stream(self):
        self.record()
        self.assert_refused("run", *SMALL, "--out", "-", says="./-")
        self.assert_refused("reproduce", "gromov-gd", "--quick", "--out", "-", says="./-")
        self.assert_refused("export", "run", "--format", "tensorboard", "-o", "-", says="./-")

    def test_a_pipe_stays_a_pipe(self):
        self.record()
        pipe, read = self.work / "pipe", []
        os.mkfifo(pipe)
        reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
        reader.start()
        self.succeed("export", "run", "--format", "csv", "-o", pipe)
        self.assertTrue(stat.S_ISFIFO(pipe.lstat().st_mode))
        reader.join()
        self.assertTrue(read[0].startswith(b"elapsed_s,step,"))

    def test_a_device_stays_a_device(self):
        self.record()
        null, full = self.device("null", 3), self.device("full", 7)
        self.succeed("export", "run", "--format", "csv", "-o", null)
        self.assertTrue(stat.S_ISCHR(null.lstat().st_mode))
        self.assert_refused("export", "run", "--format", "csv", "-o", full, says="No space left", codes=(1,))
        self.assertTrue(stat.S_ISCHR(full.lstat().st_mode))

    def test_appending_to_a_file_appends(self):
        self.record()
        log = self.write("log", "kept\n")
        with open(log, "ab") as stream:
            subprocess.run([PROGRAM, "export", "run", "--format", "csv", "-o", "/proc/self/fd/1"], cwd=self.work, env=self.env,
                           stdout=stream, check=True, timeout=60)
        self.assertTrue(log.read_text().startswith("kept\nelapsed_s,step,"))

    def test_a_closed_standard_output_takes_nothing(self):
        run = self.record()
        before = self.contents(run)
        done = subprocess.run(["sh", "-c", '"$0" "$@" >&-', PROGRAM, "export", "run", "--format", "csv", "-o", "-"],
                              cwd=self.work, env=self.env, capture_output=True, text=True, timeout=60)
        self.assertEqual((done.returncode, done.stderr),
                         (1, "grokscope: cannot write to standard output: it is closed or full\n"))
        self.assertEqual(self.contents(run), before)


class Files(NamedOutput):
    def test_mode_and_links_survive(self):
        self.record()
        target = self.write("deep/real.csv", "old")
        target.chmod(0o604)
        (self.work / "link.csv").symlink_to("deep/real.csv")
        os.link(target, self.work / "second.csv")
        self.succeed("export", "run", "--format", "csv", "-o", "link.csv")
        self.assertTrue((self.work / "link.csv").is_symlink())
        self.assertEqual(stat.S_IMODE(target.stat().st_mode), 0o604)
        self.assertTrue(target.read_text().startswith("elapsed_s,step,"))
        self.assertTrue(target.samefile(self.work / "second.csv"))

    def test_the_record_of_a_run_is_not_overwritten(self):
        run = self.record()
        (self.work / "link.csv").symlink_to("run/metrics.jsonl")
        before = self.contents(run)
        for output in ("run/metrics.jsonl", "run/config.json", "run/frames/x.csv", "run/../run/events.jsonl", "link.csv"):
            with self.subTest(output):
                self.assert_refused("export", "run", "--format", "csv", "-o", output, says="record of a run")
                self.assert_refused("landscape", "run", *LANDSCAPE, "-o", output, says="record of a run")
        self.assert_refused("render", "run", "--format", "svg", "-o", "run/metrics.jsonl", says="record of a run")
        self.assert_refused("export", "run", "--format", "tensorboard", "-o", "run/frames", says="record of a run")
        self.assert_refused("run", *SMALL, "--steps", "20", "--out", "run/frames/inside", says="record of a run")
        self.assert_refused("reproduce", "nanda-circuit", "--out", "run/checkpoints", says="record of a run")
        self.assertEqual(self.contents(run), before)

    def test_a_landscape_that_is_known_is_written_all_the_same(self):
        self.record()
        self.succeed("landscape", "run", *LANDSCAPE, "-o", "measured.csv")
        self.succeed("landscape", "run", *LANDSCAPE, "-o", "known.csv")
        measured, known = ((self.work / name).read_text().splitlines() for name in ("measured.csv", "known.csv"))
        self.assertEqual(len(known), 4)
        self.assertEqual([line.split(",")[0] for line in known], [line.split(",")[0] for line in measured])


class BeforeTheWork(NamedOutput):
    """assert_refused wants one line on standard error: no progress, so nothing was trained."""

    def test_outputs_that_cannot_be_written(self):
        self.record()
        for bad in ("/proc/nowhere/x.svg", "missing/x.svg", "."):
            with self.subTest(bad):
                self.assert_refused("landscape", *SMALL[:-2], *LANDSCAPE, "-o", bad, says=bad, codes=(1,))
                self.assert_refused("landscape", "run", *LANDSCAPE, "-o", bad, says=bad, codes=(1,))
                self.assert_refused("render", "run", "--format", "svg", "-o", bad, says=bad, codes=(1,))
        self.assert_refused("reproduce", "nanda-circuit", "--out", "/proc/nowhere", says="/proc/nowhere", codes=(1,))
        self.write("claims/nanda-circuit.json/x", "")
        self.assert_refused("reproduce", "nanda-circuit", "--out", "claims", says="nanda-circuit.json", codes=(1,))

    def test_a_run_that_cannot_keep_its_landscape(self):
        run = self.record()
        (run / "frames" / "landscape").mkdir(parents=True, exist_ok=True)
        (run / "frames" / "landscape").rmdir()
        (run / "frames" / "landscape").write_text("in the way")
        self.assert_refused("landscape", "run", *LANDSCAPE, says="landscape", codes=(1,))

    def test_a_read_only_run(self):
        run = self.record()
        (run / "frames").mkdir(exist_ok=True)
        for path in [self.root, self.work, run, *run.rglob("*")]:
            path.chmod(0o555 if path.is_dir() else 0o444)
        self.addCleanup(lambda: [path.chmod(0o755) for path in (self.root, self.work, run, *run.rglob("*")) if path.is_dir()])
        nobody = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        try:
            done = self.call("landscape", "run", *LANDSCAPE, **nobody)
        except PermissionError:
            self.skipTest("only root can start the program where it is")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertEqual(done.stderr, "grokscope: cannot write into the folder: Permission denied: run/frames/landscape\n")


class LandscapeKeepsItsSpheres(NamedOutput):
    def test_when_it_is_killed(self):
        self.record()
        command = [PROGRAM, "landscape", "run", "--alphas", "200", "--steps", "200", "--jobs", "1", "-o", "map.json"]
        process = subprocess.Popen(command, cwd=self.work, env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(process.stderr.readline(), "0 of 200 spheres\n")
        told = 0
        while told < 3:
            told = int(process.stderr.readline().split()[0])
        process.send_signal(signal.SIGKILL)
        process.communicate()
        cells = strict_json((self.work / "map.json").read_text())["cells"]
        self.assertGreaterEqual(sum(cell["test_loss"] is not None for cell in cells), told)
        again = subprocess.Popen(command, cwd=self.work, env=self.env, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = again.stderr.readline()
        while line.startswith("grokscope: "):  # what was mended: a kill may fall into the writing of a file
            line = again.stderr.readline()
        self.assertGreaterEqual(int(line.split()[0]), told)
        again.send_signal(signal.SIGINT)
        output, errors = again.communicate(timeout=60)
        self.assertEqual(again.returncode, 1)
        self.assertIn("interrupted; what was measured is above", errors)
        self.assertIn("alpha", output)

    def test_and_prints_them_if_keeping_failed(self):
        self.record()
        full = self.device("full", 7)
        done = self.call("landscape", "run", *LANDSCAPE, "--quiet", "-o", full)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(len(done.stdout.splitlines()), 4, done.stdout)
        self.assertEqual(done.stderr, f"grokscope: cannot write the file: No space left on device: {full}\n")


if __name__ == "__main__":
    unittest.main()
