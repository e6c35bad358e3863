"""grokscope bench: the list, bad input, the JSON document. Only what is quick; no number is judged."""
import json
import pathlib
import unittest

from program import ProgramTest, strict_json
from schema import schema_errors

SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2] / "docs/schema/bench.schema.json").read_text())
WORKLOADS = ["transformer-p113", "transformer-p53", "quickstart", "quadratic-p97", "mnist-mlp", "deep-mlp12", "cnn1d", "mlp-mnist1d", "cost", "history-10m", "sweep-2500", "theory", "first-frame",
             "watching"]
QUICK = ("--seconds", "0.02", "--repeats", "5", "--threads", "1", "--json")


class BenchCommand(ProgramTest):
    def test_lists_every_workload_on_a_line(self):
        lines = self.succeed("bench", "--list").splitlines()
        self.assertEqual([line.split()[0] for line in lines], WORKLOADS)

    def test_bad_input_is_refused(self):
        self.assert_refused("bench", "quikstart", says=("quikstart", "did you mean 'quickstart'"))
        self.assert_refused("bench", "xyzzy", says=("there is no workload", "history-10m"))
        self.assert_refused("bench", "quickstart", "--repeats", "4", says="--repeats")
        self.assert_refused("bench", "quickstart", "--seconds", "0", says="--seconds")
        self.assert_refused("bench", "quickstart", "--engine", "magic", says="--engine")

    def test_json_is_as_its_schema_says(self):
        before = self.tree()
        document = strict_json(self.succeed("bench", "quickstart", "mnist-mlp", *QUICK))
        self.assertEqual(schema_errors(document, SCHEMA), [])
        self.assertEqual([one["name"] for one in document["workloads"]], ["quickstart", "mnist-mlp"])
        for one in document["workloads"]:
            self.assertEqual(one["threads"], 1)
            self.assertEqual(one["repeats"], 5)
            self.assertGreater(one["peak_gflops"], 0)
            self.assertAlmostEqual(one["steps_per_second"] * one["median_ms"], 1000, delta=0.01)
            self.assertAlmostEqual(one["gflops"] * one["median_ms"], 1000 * one["gflop_per_step"], delta=0.01 * one["gflop_per_step"] * 1000)
        self.assertEqual(document["workloads"][0]["examples_per_step"], 2694)
        self.assertEqual(self.tree(), before)

    def test_the_schema_can_fail(self):
        self.assertTrue(schema_errors({"schema": "grokscope.bench/2"}, SCHEMA))

    def test_engine_is_chosen(self):
        document = strict_json(self.succeed("bench", "quickstart", "--engine", "autograd", *QUICK))
        self.assertEqual(document["workloads"][0]["engine"], "autograd")
        self.assertEqual(document["workloads"][0]["arithmetic"], "plain")

    def test_settings_of_a_training_are_changed(self):
        document = strict_json(self.succeed("bench", "mnist-mlp", "--set", "train.precision=float64", "--set", "model.width=32", *QUICK))
        self.assertEqual(schema_errors(document, SCHEMA), [])
        self.assertEqual(document["asked"]["settings"], ["train.precision=float64", "model.width=32"])
        self.assertEqual(document["workloads"][0]["gemm_library"], "OpenBLAS")
        self.assertEqual(document["workloads"][0]["parameters"], 784 * 32 + 32 + 32 * 32 + 32 + 32 * 10 + 10)
        self.assert_refused("bench", "mnist-mlp", "--set", "model.widht=32", *QUICK, says="model.width")

    def test_a_table_for_people(self):
        lines = self.succeed("bench", "quickstart", *QUICK[:-1]).splitlines()
        self.assertIn("median", lines[0])
        self.assertTrue(lines[1].startswith("quickstart"))

    def test_without_a_display_it_says_so(self):
        self.env["PATH"] = str(self.root)  # no Xvfb there
        self.assert_refused("bench", "first-frame", says=("no display", "xvfb"), codes=(1,))

    def test_run_without_probes_gives_the_same_numbers(self):
        small = ("quickstart", "--set", "task.modulus=11", "--set", "model.width=16", "--set", "model.mlp_width=32", "--steps", "60",
                 "--threads", "1")
        looked, blind = (self.run_json(*small, *more, "--out", name) for name, more in (("a", ()), ("b", ("--no-probes",))))
        self.assertEqual(looked["train_loss"], blind["train_loss"])
        self.assertTrue(list((self.work / "a/frames").rglob("*.safetensors")))
        self.assertFalse(list((self.work / "b").rglob("frames/*/*.safetensors")))


if __name__ == "__main__":
    unittest.main()
