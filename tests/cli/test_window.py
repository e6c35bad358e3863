"""The window as the system and a hurried user meet it: asked to end, started again at once."""
import json
import pathlib
import signal
import subprocess
import unittest

from program import PROGRAM, SMALL, events_of, metrics_of, strict_json
from window import WindowTest


class AskedToEnd(WindowTest):
    def assert_complete(self, run, process):
        _, stderr = process.communicate(timeout=20)  # without news the window sleeps longer than that
        self.assertEqual(process.returncode, 0, stderr)
        last = events_of(run)[-1]
        self.assertEqual((last["kind"], last["reason"]), ("stopped", "interrupted"))
        self.assertEqual(metrics_of(run)[-1]["step"], last["step"])
        names = sorted(path.name for path in (run / "checkpoints").iterdir())
        self.assertEqual(names[-1], f"step_{last['step']:08}.safetensors")

    def test_a_signal_leaves_a_checkpoint_and_the_reason(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            with self.subTest(number):
                process = self.open_window("--full-speed", XDG_DATA_HOME=str(self.root / f"data{int(number)}"))
                runs = self.root / f"data{int(number)}/grokscope/runs"
                run = self.wait_until(lambda: [p.parent for p in runs.glob("*/metrics.jsonl")
                                               if p.stat().st_size > 0], process)[0]
                process.send_signal(number)
                self.assert_complete(run, process)

    def test_a_signal_wakes_a_window_that_is_paused(self):
        process = self.open_window()
        run = self.first_run(process)
        self.focus(process)
        self.xdotool("key", "space")
        self.wait_until(lambda: self.has_event(run, "pause"), process)
        process.send_signal(signal.SIGTERM)
        self.assert_complete(run, process)


class Opened(WindowTest):
    def press(self, *keys):
        """Held long enough to be seen between two frames of a software driver."""
        for key in keys:
            self.xdotool("keydown", key)
            self.xdotool("sleep", "0.2")
        for key in reversed(keys):
            self.xdotool("keyup", key)
            self.xdotool("sleep", "0.2")

    def open_path(self, path):
        self.press("ctrl", "o")
        self.xdotool("sleep", "0.5")
        self.press("ctrl", "a")
        self.xdotool("type", "--delay", "60", str(path))
        self.press("Return")

    def test_what_cannot_start_leaves_the_shown_run_alone(self):
        wrong = self.write("wrong.json", json.dumps({"task": {"kind": "formula", "formula": "a + c", "modulus": 11}}))
        right = self.write("right.json", json.dumps({"task": {"kind": "formula", "formula": "a + 2*b", "modulus": 11}}))
        process = self.open_window("--full-speed")
        first = self.first_run(process)
        self.focus(process)
        self.open_path(wrong)
        before = len(metrics_of(first))
        self.wait_until(lambda: len(metrics_of(first)) > before + 20, process)
        self.assertFalse(self.has_event(first, "stopped"))
        self.assertEqual(self.runs(), [first])
        self.press("Escape")
        self.open_path(right)
        self.wait_until(lambda: len(self.runs()) == 2, process)
        self.wait_until(lambda: self.has_event(first, "stopped"), process)

    def test_a_run_that_reached_its_end_trains_on_in_its_folder(self):
        process = subprocess.Popen([PROGRAM, *SMALL, "--steps", "40", "--full-speed"], cwd=self.work, env=self.env,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        run = self.first_run(process)
        self.focus(process)
        self.wait_until(lambda: self.has_event(run, "stopped"), process)
        self.xdotool("sleep", "1")
        self.xdotool("mousemove", "140", "73", "click", "1")
        self.wait_until(lambda: metrics_of(run)[-1]["step"] == 80 and self.has_event(run, "stopped"), process)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual([e["step"] for e in events_of(run) if e["kind"] == "stopped"], [80])
        self.assertIn("identical", self.succeed("replay", run))
        settings = strict_json((self.home / ".config/grokscope/settings.json").read_text())
        self.assertEqual(settings["recent_runs"], [str(run)])
        self.assertEqual(settings["speed"], 0)


class Sweeping(WindowTest):
    PLAN = {"base": "quickstart", "set": {"task": {"modulus": 11}, "model": {"width": 16, "heads": 2, "mlp_width": 32},
                                          "train": {"steps": 40}},
            "axes": [{"field": "optimizer.weight_decay", "values": [0.1, 1]},
                     {"field": "task.train_fraction", "values": [0.5, 0.6]}], "record": ["test_accuracy"]}

    def open_plan(self, plan):
        process = subprocess.Popen([PROGRAM, self.write("small.json", json.dumps(plan))], cwd=self.work, env=self.env,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        return process

    def sweeps(self, name):
        return list((self.root / "data/grokscope/sweeps").glob("*/" + name))

    def test_a_plan_trains_behind_the_run_and_a_cell_opens_its_run(self):
        process = self.open_plan(self.PLAN)
        first = self.first_run(process)
        table = self.wait_until(lambda: self.sweeps("results.csv"), process)[0]
        self.assertEqual(table.read_text().count("\n"), 5)
        self.focus(process)
        self.xdotool("sleep", "1")
        self.xdotool("mousemove", "450", "250", "sleep", "0.5", "mousedown", "1", "sleep", "0.3", "mouseup", "1")
        runs = self.wait_until(lambda: len(self.runs()) == 2 and self.runs(), process)
        opened = strict_json((next(run for run in runs if run != first) / "config.json").read_text())
        self.assertEqual((opened["optimizer"]["weight_decay"], opened["task"]["train_fraction"]), (1, 0.5))
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertIn("4 runs: 0 trained, 4 known before", self.succeed("sweep", table.parent / "plan.json", "--out", table.parent))

    def test_closed_in_the_middle_it_leaves_no_worker_and_what_was_finished(self):
        small = {name: value for name, value in self.PLAN["set"].items() if name != "train"}
        process = self.open_plan({**self.PLAN, "set": small,
                                  "axes": [{"field": "train.steps", "values": [40, 1000000000]}]})
        self.first_run(process)
        self.wait_until(lambda: any(path.stat().st_size > 0 for path in self.sweeps("shards/*.jsonl")), process)
        children = pathlib.Path(f"/proc/{process.pid}/task").glob("*/children")
        workers = [int(pid) for path in children for pid in path.read_text().split()]
        self.assertTrue(workers)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertFalse([pid for pid in workers if pathlib.Path(f"/proc/{pid}").exists()])
        self.assertEqual(self.sweeps("results.csv")[0].read_text().count("\n"), 2)


class StartedAgain(WindowTest):
    def test_twice_at_once(self):
        process = self.open_window()
        first = self.first_run(process)
        self.focus(process)
        self.xdotool("key", "--delay", "1", "BackSpace", "BackSpace")
        runs = self.wait_until(lambda: len(self.runs()) == 3 and self.runs(), process)
        self.assertIn(first, runs)
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        for run in runs:  # every one of them is whole, and the same from the same seed
            self.assertEqual(events_of(run)[-1]["kind"], "stopped")
            self.assertEqual(metrics_of(run)[0], metrics_of(first)[0])
            strict_json((run / "config.json").read_text())


if __name__ == "__main__":
    unittest.main()
