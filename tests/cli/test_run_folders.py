"""The run folder from outside: starts at the same moment, disks and limits that give out."""
import os
import pathlib
import resource
import subprocess
import unittest

from program import PROGRAM, SMALL, ProgramTest, metrics_of, strict_json

STARTS = 6


class Starts(ProgramTest):
    def start_together(self, *arguments):
        commands = [[PROGRAM, "run", *SMALL, "--steps", "5", "--json", *arguments] for _ in range(STARTS)]
        running = [subprocess.Popen(command, cwd=self.work, env=self.env, stdout=subprocess.PIPE,
                                    stderr=subprocess.PIPE, text=True) for command in commands]
        return [(*process.communicate(timeout=300), process.returncode) for process in running]

    def test_many_of_one_second_lose_none(self):
        ends = self.start_together()
        self.assertEqual([code for _, _, code in ends], [0] * STARTS, ends)
        folders = {strict_json(out)["run"] for out, _, _ in ends}
        self.assertEqual(len(folders), STARTS)
        for folder in folders:
            self.assertEqual(metrics_of(folder)[-1]["step"], 5)

    def test_of_many_with_one_name_one_gets_it(self):
        (self.work / "there").mkdir()
        for name in ("new", "there"):
            ends = self.start_together("--out", name)
            self.assertEqual(sorted(code for _, _, code in ends), [0] + [2] * (STARTS - 1), ends)
            for _, errors, code in ends:
                if code == 2:
                    self.assertEqual(len(errors.splitlines()), 1, errors)
                    self.assertIn("cannot make the run folder: it ", errors)
            self.assertEqual(metrics_of(self.work / name)[-1]["step"], 5)


class Limits(ProgramTest):
    def test_a_file_that_may_not_grow_is_a_sentence_and_the_object_is_printed(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))
        done = self.call("run", *SMALL, "--steps", "400", "--set", "train.eval_every=1", "--no-probes", "--out", "run",
                         "--json", preexec_fn=limit)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stderr.splitlines(), [
            f"grokscope: cannot append to the file: File too large: {self.work / 'run' / 'metrics.jsonl'}"])
        result = strict_json(done.stdout)
        self.assertGreater(result["lost"]["lines"], 0)
        whole = metrics_of(self.work / "run")
        self.assertEqual([line["step"] for line in whole], list(range(len(whole))))


@unittest.skipIf(os.geteuid() != 0, "mounting a small disk needs root")
class FullDisk(ProgramTest):
    def setUp(self):
        super().setUp()
        self.disk = self.root / "disk"
        self.disk.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(self.disk)],
                          capture_output=True).returncode != 0:
            self.skipTest("no small disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", str(self.disk)], check=True)

    def test_the_run_waits_for_room_and_loses_no_number(self):
        filler = self.disk / "filler"
        run = self.disk / "run"
        process = subprocess.Popen(
            [PROGRAM, "run", *SMALL, "--steps", "4000", "--set", "train.eval_every=1", "--set", "task.train_size=20",
             "--no-probes", "--quiet", "--out", str(run), "--json"],
            cwd=self.work, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        while not (run / "events.jsonl").exists():
            self.assertIsNone(process.poll())
        with open(filler, "wb", buffering=0) as file:  # until nothing more goes in
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
        self.assertEqual(process.stderr.readline(),
                         f"grokscope: disk full, waiting for room: {run}\n")
        filler.unlink()
        out, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(strict_json(out)["lost"], {"lines": 0, "frames": 0, "checkpoints": 0})
        self.assertEqual([line["step"] for line in metrics_of(run)], list(range(4001)))
        self.assertEqual([path.name for path in (run / "checkpoints").iterdir()], ["step_00004000.safetensors"])


if __name__ == "__main__":
    unittest.main()
