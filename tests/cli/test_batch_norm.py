"""Networks with BatchNorm from outside: the same numbers with any number of threads, after a kill, a pause, a replay; with noise and
crops, too."""
import json
import signal
import struct
import subprocess
import unittest

from program import PROGRAM, ProgramTest, metrics_of

ROWS = ("double-descent-epochwise", "--no-probes", "--set", "model.width=4", "--set", "task.train_size=300", "--set", "task.test_size=100")
PICTURES = ("nakkiran-cnn", "--no-probes", "--set", "model.width=2", "--set", "train.batch_size=16", "--set", "train.augmentation=crop_flip",
            "--set", "train.eval_every=5", "--set", "task.path=pictures")


def without_time(rows):
    return [{key: value for key, value in row.items() if key != "elapsed_s"} for row in rows]


class BatchNorm(ProgramTest):
    def pictures(self):
        """A folder of CIFAR-10's format: 40 pictures to train on, 10 for the test, two classes of noise."""
        folder = self.work / "pictures"
        folder.mkdir()
        state = 1
        for name, count in [(f"data_batch_{i}.bin", 8) for i in range(1, 6)] + [("test_batch.bin", 10)]:
            records = bytearray()
            for record in range(count):
                records.append(record % 2)
                for _ in range(3072):
                    state = (1103515245 * state + 12345 + 7 * (record % 2)) % 2**31
                    records.append(state >> 23)
            (folder / name).write_bytes(records)

    def test_threads_change_no_number(self):
        self.pictures()
        for name, run in (("rows", ROWS), ("pictures", PICTURES)):
            for threads in ("1", "2"):
                self.succeed("run", *run, "--steps", "40", "--threads", threads, "--out", f"{name}{threads}")
            self.assertEqual(without_time(metrics_of(self.work / f"{name}1")), without_time(metrics_of(self.work / f"{name}2")), name)

    def test_a_run_that_goes_on_is_the_one_that_never_stopped(self):
        self.pictures()
        for name, run in (("rows", ROWS), ("pictures", PICTURES)):
            self.succeed("run", *run, "--steps", "40", "--out", f"{name}-whole")
            self.succeed("run", *run, "--steps", "23", "--out", f"{name}-halves")
            self.succeed("run", f"{name}-halves", "--resume", "--steps", "40")
            self.assertEqual(without_time(metrics_of(self.work / f"{name}-whole")), without_time(metrics_of(self.work / f"{name}-halves")), name)
            self.assertIn("identical", self.succeed("replay", f"{name}-halves"))

    def test_a_killed_run_goes_on_from_its_checkpoint(self):
        options = (*ROWS, "--set", "train.checkpoint_every=50")
        self.succeed("run", *options, "--steps", "400", "--out", "whole")
        process = subprocess.Popen([str(PROGRAM), "run", *options, "--steps", "1000000", "--out", str(self.work / "killed"), "--quiet"])
        self.wait_until(lambda: len(list((self.work / "killed/checkpoints").glob("*.safetensors"))) >= 2, process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        reached = max(int(path.stem.split("_")[-1]) for path in (self.work / "killed/checkpoints").glob("*.safetensors"))
        if reached < 400:
            self.succeed("run", "killed", "--resume", "--steps", "400")
        whole, killed = (without_time(metrics_of(self.work / name)) for name in ("whole", "killed"))
        self.assertEqual(whole[:len(killed)], killed[:len(whole)])

    def test_a_fork_is_the_run_up_to_its_step(self):
        self.pictures()
        for name, run in (("rows", ROWS), ("pictures", PICTURES)):
            for threads in ("1", "2"):
                whole, fork = f"{name}{threads}", f"{name}{threads}-fork"
                self.succeed("run", *run, "--steps", "40", "--threads", threads, "--set", "train.checkpoint_every=10", "--out", whole)
                self.succeed("fork", whole, "--at", "23", "--out", fork, "--quiet")
                self.assertEqual(without_time(metrics_of(self.work / whole)), without_time(metrics_of(self.work / fork)), fork)

    def test_noise_that_changes_in_mid_run_replays_identically(self):
        script = self.write("script.jsonl", '{"step":11,"kind":"set","field":"task.label_noise","value":0.5}\n'
                                            '{"step":30,"kind":"set","field":"task.label_noise","value":0}\n')
        self.succeed("run", *ROWS, "--steps", "60", "--events", script, "--out", "run")
        self.assertIn("identical", self.succeed("replay", "run"))

    def test_checkpoints_hold_the_running_statistics(self):
        self.succeed("run", *ROWS, "--steps", "5", "--out", "run")
        newest = sorted((self.work / "run/checkpoints").glob("*.safetensors"))[-1].read_bytes()
        header = json.loads(newest[8:8 + struct.unpack("<Q", newest[:8])[0]])
        self.assertEqual(header["convolution.2.weight"]["shape"], [8, 4, 3])
        self.assertEqual(header["buffers"]["shape"], [2 * 15 * 4])


if __name__ == "__main__":
    unittest.main()
