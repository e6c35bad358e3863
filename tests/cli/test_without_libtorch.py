"""A fused training needs none of LibTorch: a machine on which it cannot be loaded says so where it matters, and nowhere else."""
import unittest

from program import DOUBLE_ROWS, SMALL, ProgramTest, events_of


class WithoutLibTorch(ProgramTest):
    def setUp(self):
        super().setUp()
        self.sound = dict(self.env)
        broken = self.write("libraries/libgrokscope_torch.so", "not a library\n")
        self.env["LD_LIBRARY_PATH"] = ":".join(filter(None, [str(broken.parent), self.env.get("LD_LIBRARY_PATH", "")]))

    def test_a_fused_run_is_the_same(self):
        result = self.run_json(*SMALL, "--steps", "30", "--no-probes", "--out", "run")
        self.assertEqual((result["step"], result["stopped"]), (30, "steps"))
        self.env = self.sound
        whole = self.run_json(*SMALL, "--steps", "30", "--no-probes", "--out", "whole")
        self.assertEqual(result["train_loss"], whole["train_loss"])

    def test_nor_does_one_in_float64(self):
        result = self.run_json(*DOUBLE_ROWS, "--steps", "30", "--no-probes", "--out", "run")
        self.assertEqual((result["step"], result["stopped"]), (30, "steps"))

    def test_probes_say_why_there_is_nothing_to_see(self):
        result = self.run_json(*SMALL, "--steps", "30", "--out", "run")
        self.assertEqual(result["stopped"], "steps")
        self.assertEqual(events_of(self.work / "run")[-1]["kind"], "stopped")
        frames = list((self.work / "run" / "frames" / "fourier").iterdir())
        self.assertTrue(frames)
        for frame in frames:
            self.assertIn(b"cannot load LibTorch", frame.read_bytes(), frame)

    def test_autograd_cannot_run(self):
        done = self.call("run", *SMALL, "--steps", "5", "--set", "train.engine=autograd", "--out", "run")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("cannot load LibTorch", done.stderr)
        self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)


if __name__ == "__main__":
    unittest.main()
