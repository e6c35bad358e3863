"""grokscope run: output, exit codes, the run folder."""
import json
import pathlib
import signal
import subprocess
import time
import unittest

from program import PROGRAM, SMALL, ProgramTest, events_of, metrics_of, strict_json
from schema import schema_errors

FACTS_SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2] / "docs/schema/facts.schema.json").read_text())

KEYS = {"preset", "step", "train_accuracy", "test_accuracy", "train_loss", "test_loss", "weight_norm", "first_step",
        "steps_per_second", "seconds", "threads", "device", "run", "stopped", "lost"}


class Resumed(ProgramTest):
    def test_a_run_that_goes_on_is_the_one_that_never_stopped(self):
        self.succeed("run", *SMALL, "--steps", "60", "--out", "whole")
        self.succeed("run", *SMALL, "--steps", "33", "--out", "halves")
        result = self.run_json("halves", "--resume", "--steps", "60")
        self.assertEqual((result["step"], result["stopped"]), (60, "steps"))
        self.assertEqual(metrics_of(self.work / "halves"), metrics_of(self.work / "whole"))
        self.assertEqual([e["step"] for e in events_of(self.work / "halves") if e["kind"] == "stopped"], [60])
        self.assertIn("identical", self.succeed("replay", "halves"))

    def test_what_cannot_go_on_says_why_and_changes_nothing(self):
        self.succeed("run", *SMALL, "--steps", "20", "--out", "run")
        before = (self.work / "run/metrics.jsonl").read_bytes()
        self.assert_refused("run", "run", "--resume", says="choose a later end")
        self.assert_refused("run", "run", "--resume", "--steps", "15", says="choose a later end")
        self.assert_refused("run", "run", "--resume", "--set", "optimizer.weight_decay=0", says="--set")
        self.assert_refused("run", "quickstart", "--resume", says="folder")
        self.assertEqual((self.work / "run/metrics.jsonl").read_bytes(), before)


class Output(ProgramTest):
    def test_json_has_every_key(self):
        result = self.run_json(*SMALL, "--steps", "30", "--seed", "4")
        self.assertLessEqual(KEYS, set(result))
        self.assertEqual(set(result["first_step"]), {"train_90", "train_99", "test_50", "test_90", "test_95", "test_99"})
        self.assertEqual((result["preset"], result["step"], result["stopped"]), ("quickstart", 30, "steps"))
        self.assertEqual((result["threads"], result["seed"]), (1, 4))
        self.assertIsNone(result["first_step"]["test_99"])
        self.assertIsNone(result["process_seconds_to_test_99"])
        self.assertTrue(result["run"].startswith(str(self.home)), result["run"])

    def test_nothing_but_data_on_stdout_and_nothing_on_stderr(self):
        done = self.call("run", *SMALL, "--steps", "5", "--json")
        strict_json(done.stdout)
        self.assertEqual(done.stderr, "")

    def test_text(self):
        text = self.succeed("run", *SMALL, "--steps", "5", "--out", "here")
        self.assertIn("stopped at step 5 (steps)", text)
        self.assertIn(str(self.work / "here"), text)

    def test_nothing_is_written_to_the_current_folder_unasked(self):
        self.succeed("run", *SMALL, "--steps", "5")
        self.assertEqual(list(self.work.iterdir()), [])

    def test_the_folder_is_the_one_asked_for(self):
        result = self.run_json(*SMALL, "--steps", "20", "--out", "deep/run")
        run = self.work / "deep" / "run"
        self.assertEqual(result["run"], str(run))
        config = strict_json((run / "config.json").read_text())
        self.assertEqual(config["task"]["modulus"], 11)
        self.assertEqual(config["made_by"]["threads"], 1)
        facts = strict_json((run / "facts.json").read_text())
        self.assertEqual(schema_errors(facts, FACTS_SCHEMA), [])
        self.assertEqual([facts["title"], facts["class_count"], facts["pool_size"], facts["threads"]],
                         ["a + b mod 11", 11, 121, 1])
        self.assertAlmostEqual(facts["majority_share"], 1 / 11)
        self.assertEqual([path.name for path in (run / "checkpoints").iterdir()], ["step_00000020.safetensors"])
        self.assertEqual(events_of(run)[-1]["kind"], "stopped")
        self.assertEqual(list(self.home.rglob("*")), [])

    def test_a_run_folders_config_is_a_config(self):
        first = self.run_json(*SMALL, "--steps", "20", "--out", "one")
        second = self.run_json("one/config.json", "--threads", "1", "--out", "two")
        self.assertEqual(first["train_loss"], second["train_loss"])
        self.assertEqual(metrics_of(self.work / "one"), metrics_of(self.work / "two"))


class Memory(ProgramTest):
    def test_what_does_not_fit_is_refused_before_it_is_taken(self):
        done = self.call_with_addresses(3 << 10, "run", "quickstart", "--set", "model.width=8192", "--quiet", "--out", "run")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertRegex(done.stderr, r"^grokscope: this training needs 7\.\d GB of memory, but only \d(\.\d)? [GM]B are free; "
                                      r"set model\.width lower$")
        self.assertFalse((self.work / "run").exists())


class Ends(ProgramTest):
    def test_until(self):
        result = self.run_json(*SMALL, "--until", "train_accuracy>=0.5")
        self.assertEqual(result["stopped"], "until")
        self.assertGreaterEqual(result["train_accuracy"], 0.5)

    def test_tells_when_it_had_understood(self):
        before = time.monotonic()
        result = self.run_json("quickstart", "--no-probes", "--threads", "1",
                               "--set", "task.train_fraction=0.9", "--until", "test_accuracy>=0.99")
        self.assertEqual(result["stopped"], "until")
        self.assertLess(result["seconds"], result["process_seconds_to_test_99"])
        self.assertLess(result["process_seconds_to_test_99"], time.monotonic() - before + 0.05)

    def test_until_not_reached(self):
        done = self.call("run", *SMALL, "--steps", "5", "--until", "test_accuracy>=0.99", "--json")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(strict_json(done.stdout)["stopped"], "steps")
        self.assertIn("not reached", done.stderr)

    def test_diverged(self):
        done = self.call("run", "quickstart", "--set", "optimizer.learning_rate=1e6", "--json", "--out", "run")
        self.assertEqual(done.returncode, 1)
        self.assertEqual(strict_json(done.stdout)["stopped"], "diverged")
        self.assertEqual(events_of(self.work / "run")[-1]["reason"], "diverged")
        self.succeed("export", "run", "--format", "json", "-o", "snapshot.json")
        strict_json((self.work / "snapshot.json").read_text())
        self.assertIn("identical", self.succeed("replay", "run"))

    def test_a_signal_ends_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                out = self.work / f"run{int(number)}"
                process = subprocess.Popen([PROGRAM, "run", *SMALL, "--steps", "100000000", "--json", "--out", str(out)],
                                           cwd=self.work, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                self.wait_until(lambda: (out / "metrics.jsonl").exists() and metrics_of(out))
                process.send_signal(number)
                stdout, stderr = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 1, stderr)
                result = strict_json(stdout)
                self.assertEqual(result["stopped"], "interrupted")
                self.assertEqual(metrics_of(out)[-1]["step"], result["step"])
                self.assertEqual(len(list((out / "checkpoints").iterdir())), 1)


class Interventions(ProgramTest):
    def test_counts_add_up_on_every_line(self):
        script = self.write("script.jsonl", "".join(
            f'{{"step":{step},"kind":"set","field":"task.train_fraction","value":{value}}}\n'
            for step, value in ((15, 0.8), (30, 0.2), (45, 0.6))))
        self.run_json(*SMALL, "--steps", "60", "--events", script, "--out", "run")
        lines = metrics_of(self.work / "run")
        for line in lines:
            self.assertEqual(line["train_count"] + line["test_count"] + line["formerly_trained_count"], 121)
        self.assertGreater(max(line["formerly_trained_count"] for line in lines), 0)
        sets = [event for event in events_of(self.work / "run") if event["kind"] == "set"]
        self.assertEqual([(event["step"], event["value"], event["from"]) for event in sets],
                         [(15, 0.8, 0.6), (30, 0.2, 0.8), (45, 0.6, 0.2)])

    def test_a_runs_own_events_are_a_script(self):
        script = self.write("script.jsonl", '{"step":10,"kind":"set","field":"optimizer.weight_decay","value":0.1}\n')
        self.run_json(*SMALL, "--steps", "40", "--events", script, "--out", "one")
        self.run_json(*SMALL, "--steps", "40", "--events", "one/events.jsonl", "--out", "two")
        self.assertEqual(metrics_of(self.work / "one"), metrics_of(self.work / "two"))


class OwnData(ProgramTest):
    """What somebody's files look like, and what the program says about how it read them."""

    TABLE = ["quickstart", "--set", "task.kind=table", "--set", "model.width=16", "--set", "model.heads=2",
             "--set", "model.mlp_width=32", "--threads", "1", "--no-probes", "--steps", "2"]

    def test_a_table_is_told_as_it_was_read(self):
        rows = "".join(f"{5 * a + b},{a},{b},{(a + b) % 5}\n" for a in range(5) for b in range(5))
        path = self.write("frame.csv", ",a,b,answer\n" + rows)
        done = self.call("run", *self.TABLE, "--set", f"task.path={path}", "--out", "run", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        said = ("a list: a is column 2, 'a'; b is column 3, 'b'; the answer is column 4, 'answer'; column 1 is passed "
                "over; 25 pairs, 5 symbols, 5 answers; cells parted by commas")
        self.assertEqual(done.stderr, f"data: {said}\n")
        notes = [event for event in events_of(self.work / "run") if event["kind"] == "note"]
        self.assertEqual([note["text"] for note in notes], [said])
        self.succeed("replay", "run")

    def test_quiet_says_nothing(self):
        path = self.write("t.csv", "a;b;answer\n0;0;0\n0;1;1\n1;0;1\n1;1;0\n")
        done = self.call("run", *self.TABLE, "--set", f"task.path={path}", "--quiet")
        self.assertEqual((done.returncode, done.stderr), (0, ""))


if __name__ == "__main__":
    unittest.main()
