"""The window as the system and a hurried user meet it: asked to end, started again at once."""
import signal
import unittest

from program import events_of, metrics_of, strict_json
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
