"""grokscope fork: the run up to a step, another way from there, and nothing left of the parent that it needs."""
import json
import shutil
import unittest

from program import SMALL, ProgramTest, metrics_of, strict_json

CHECKPOINTS = ("--set", "train.checkpoint_every=50", "--set", "train.eval_every=10")


def numbers_of(run):
    return [{key: value for key, value in row.items() if key != "elapsed_s"} for row in metrics_of(run)]


def changes_of(run):
    events = [json.loads(line) for line in (run / "events.jsonl").read_text().splitlines()]
    return [(event["step"], event["field"], event["value"]) for event in events if event["kind"] == "set"]


class Fork(ProgramTest):
    def parent(self, *options, changes=((70, 0.5), (130, 3.0))):
        lines = [{"step": step, "kind": "set", "field": "optimizer.weight_decay", "value": value} for step, value in changes]
        script = self.write("script.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        self.succeed("run", *SMALL, *options, "--steps", "200", "--events", script, "--out", "parent")
        return self.work / "parent"

    def fork_json(self, *arguments):
        return strict_json(self.succeed("fork", "parent", *arguments, "--json"))

    def whole_run(self, *changes, steps=200):
        """The same run from its first step, with these changes."""
        lines = [{"step": step, "kind": "set", "field": field, "value": value} for step, field, value in changes]
        script = self.write("whole.jsonl", "".join(json.dumps(line) + "\n" for line in lines))
        shutil.rmtree(self.work / "whole", ignore_errors=True)
        self.succeed("run", *SMALL, *CHECKPOINTS, "--steps", steps, "--events", script, "--out", "whole")
        return numbers_of(self.work / "whole")

    def check(self, name, *changes, steps=200):
        """Its numbers are those of the run that was changed just so, and it replays without its parent."""
        self.assertEqual(changes_of(self.work / name), list(changes))
        self.assertEqual(numbers_of(self.work / name), self.whole_run(*changes, steps=steps))
        self.assertIn("identical", self.succeed("replay", name))

    def test_goes_another_way_from_a_checkpoint(self):
        parent = self.parent(*CHECKPOINTS, changes=((70, 0.5), (110, 1.5), (130, 3.0)))
        before = self.tree()
        report = self.fork_json("--at", "120", "--set", "optimizer.weight_decay=0", "--set", "optimizer.learning_rate=0.002", "--out", "fork")
        self.assertEqual((report["parent"], report["forked_at"], report["step"]), (str(parent.resolve()), 120, 200))
        config = json.loads((self.work / "fork/config.json").read_text())
        self.assertEqual((config["parent"], config["forked_at"]), (str(parent.resolve()), 120))
        kept = sorted(path.stem for path in (self.work / "fork/checkpoints").iterdir())
        self.assertEqual(kept, ["step_00000100", "step_00000150", "step_00000200"], "it went on from 100 and did not begin anew")
        self.assertEqual([name for name in before if name not in self.tree()], [], "the parent stays as it was")
        shutil.rmtree(parent)
        self.check("fork", (70, "optimizer.weight_decay", 0.5), (110, "optimizer.weight_decay", 1.5), (120, "optimizer.weight_decay", 0.0),
                   (120, "optimizer.learning_rate", 0.002))

    def test_without_a_checkpoint_the_first_steps_are_trained_again(self):
        self.parent("--set", "train.eval_every=10")
        report = self.fork_json("--at", "120", "--set", "optimizer.weight_decay=0", "--out", "fork")
        self.assertEqual(report["forked_at"], 120)
        self.assertEqual(json.loads((self.work / "fork/config.json").read_text())["forked_at"], 120)
        self.check("fork", (70, "optimizer.weight_decay", 0.5), (120, "optimizer.weight_decay", 0.0))

    def test_at_an_intervention_it_is_the_run_without_it(self):
        self.parent(*CHECKPOINTS, changes=((50, 0.5), (100, 3.0)))
        self.fork_json("--at", "100", "--out", "fork")  # the checkpoint of step 100 holds the change
        self.check("fork", (50, "optimizer.weight_decay", 0.5))
        self.fork_json("--at", "50", "--out", "first")
        self.check("first")

    def test_at_its_checkpoint_and_its_end(self):
        self.parent(*CHECKPOINTS, changes=())
        for at, end in ((150, 200), (200, 260), (0, 200)):
            self.fork_json("--at", at, "--steps", end, "--set", "optimizer.weight_decay=2", "--out", f"fork{at}")
            self.check(f"fork{at}", (at, "optimizer.weight_decay", 2.0), steps=end)

    def test_ends_earlier_than_its_parent(self):
        self.parent(*CHECKPOINTS)
        self.fork_json("--at", "60", "--steps", "90", "--out", "fork")
        self.assertEqual(numbers_of(self.work / "fork")[-1]["step"], 90)
        self.assertEqual(changes_of(self.work / "fork"), [], "what the parent changed later is not carried over")
        self.assertIn("identical", self.succeed("replay", "fork"))

    def test_a_fork_can_be_forked_resumed_and_used_as_settings(self):
        self.parent(*CHECKPOINTS)
        self.fork_json("--at", "110", "--set", "optimizer.weight_decay=0", "--out", "fork")
        self.succeed("run", "fork", "--resume", "--steps", "240")
        config = json.loads((self.work / "fork/config.json").read_text())
        self.assertEqual((config["forked_at"], config["train"]["steps"]), (110, 240))
        again = strict_json(self.succeed("fork", "fork", "--at", "220", "--set", "optimizer.weight_decay=1", "--out", "second", "--json"))
        self.assertEqual((again["parent"], again["forked_at"]), (str((self.work / "fork").resolve()), 220))
        self.assertIn("identical", self.succeed("replay", "second"))
        self.run_json("fork/config.json", "--steps", "10", "--out", "settings")
        self.assertNotIn("parent", json.loads((self.work / "settings/config.json").read_text()))

    def test_it_is_trained_as_its_parent_was(self):
        for threads, engine in ((2, "fused"), (2, "autograd")):
            parent = f"{engine}{threads}"
            self.succeed("run", *SMALL[:-1], threads, "--set", f"train.engine={engine}", "--set", "train.checkpoint_every=20", "--steps", "40", "--out", parent)
            for at in (10, 30):
                self.succeed("fork", parent, "--at", at, "--out", f"{parent}-{at}")
                made_by = json.loads((self.work / f"{parent}-{at}/config.json").read_text())["made_by"]
                self.assertEqual((made_by["threads"], made_by["engine"]), (threads, engine))
                self.assertEqual(numbers_of(self.work / f"{parent}-{at}"), numbers_of(self.work / parent))

    def test_until(self):
        self.parent(*CHECKPOINTS)
        done = self.call("fork", "parent", "--at", "100", "--until", "test_accuracy>2", "--out", "fork")
        self.assertEqual(done.returncode, 1)
        self.assertIn("was not reached", done.stderr)

    def test_refused(self):
        self.parent(*CHECKPOINTS)
        (self.work / "taken").mkdir()
        self.write("taken/something", "x")
        for arguments, says in (
                (("parent",), "--at"),
                (("parent", "--at", "201"), "from step 0 to 200"),
                (("parent", "--at", "-1"), "from step 0 to 200"),
                (("parent", "--at", "soon"), "whole number"),
                (("parent", "--at", "100", "--steps", "100"), "later end"),
                (("parent", "--at", "100", "--steps", "-5"), "later end"),
                (("parent", "--at", "100", "--set", "model.width=8"), "cannot change while a run trains"),
                (("parent", "--at", "100", "--set", "optimizer.weight_decai=1"), "did you mean"),
                (("parent", "--at", "100", "--set", "optimizer.weight_decay=much"), "must be a number"),
                (("parent", "--at", "100", "--set", "optimizer.weight_decay"), "key=value"),
                (("parent", "--at", "100", "--until", "soon"), "condition"),
                (("parent", "--at", "100", "--out", "taken"), "not empty"),
                (("parent", "--at", "100", "--out", "parent"), "already holds a run"),
                (("nowhere", "--at", "100"), "no such folder"),
                (("quickstart", "--at", "100"), "no such folder")):
            with self.subTest(arguments):
                self.assert_refused("fork", *arguments, says=says)

    def test_a_config_that_names_half_of_where_it_comes_from(self):
        parent = self.parent(*CHECKPOINTS)
        path = parent / "config.json"
        config = json.loads(path.read_text())
        for broken in ({"parent": "x"}, {"forked_at": 3}, {"parent": 3, "forked_at": 3}, {"parent": "x", "forked_at": -1}):
            path.write_text(json.dumps({**config, **broken}))
            self.assert_refused("replay", "parent", says="forked_at", codes=(1,))


if __name__ == "__main__":
    unittest.main()
