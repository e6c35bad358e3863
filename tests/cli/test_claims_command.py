"""grokscope claims and reproduce: the list, bad names, what is printed and left behind. Trains nothing long."""
import json
import os
import pathlib
import signal
import stat
import subprocess
import unittest

from program import PROGRAM, ProgramTest, strict_json
from schema import schema_errors

SCHEMA = json.loads((pathlib.Path(__file__).resolve().parents[2] / "docs/schema/reproduce.schema.json").read_text())
NAMES = ["omnigrok-lu-teacher-student", "omnigrok-lu-mnist", "omnigrok-time-vs-weight-decay", "omnigrok-induce-mnist",
         "omnigrok-induce-text", "omnigrok-induce-molecules", "omnigrok-degrok", "omnigrok-data-size",
         "effective-theory-rqi", "effective-theory-map", "grokking-is-a-phase", "power-data-fraction", "power-fraction-curve",
         "power-symmetric-operations",
         "power-regularisers", "nanda-circuit", "gromov-gd", "prieto-orthograd", "grokfast-filter", "deep-rank-descent", "deep-depth-delays",
         "deep-two-stage", "deep-probe-leads", "two-speeds-gradual", "two-speeds-readout-gap", "two-speeds-train-bias", "two-speeds-degradation",
         "kernel-moves-early", "entropy-warns", "commutator-warns", "dd-epochwise", "dd-modelwise", "dd-samplewise", "dd-label-noise",
         "dd-early-stopping", "two-speeds-double-descent", "dd-linear-theory", "dd-random-features", "dd-two-scale", "davies-pattern-model", "davies-modelwise-grokking"]
# Without its data it ends at once, as failed: the quickest real claim there is.
UNFETCHED = "omnigrok-lu-mnist"


class ClaimsCommand(ProgramTest):
    def test_lists_every_claim_on_a_line(self):
        lines = self.succeed("claims").splitlines()
        self.assertEqual([line.split()[0] for line in lines], NAMES)

    def test_json_list(self):
        claims = strict_json(self.succeed("claims", "--json"))
        self.assertEqual([claim["name"] for claim in claims], NAMES)
        for claim in claims:
            for key in ("paper", "figure", "statement", "published", "expected", "why", "preset"):
                self.assertTrue(claim[key], (claim["name"], key))

    def test_bad_names_are_refused(self):
        self.assert_refused("reproduce", "omnigrok-degrock", says=("omnigrok-degrock", "did you mean 'omnigrok-degrok'"))
        self.assert_refused("reproduce", "gromov-gd", "xyzzy", says=("no claim 'xyzzy'", "grokscope claims"))
        self.assert_refused("reproduce", says=("--all", "grokscope claims"))
        self.assert_refused("reproduce", "gromov-gd", "--all", says="--all")
        self.assert_refused("reproduce", "gromov-gd", "--jobs", "-1", says="--jobs")

    def test_a_claim_without_its_data_fails_and_says_how_to_get_it(self):
        done = self.call("reproduce", UNFETCHED, "--quick", "--json")
        self.assertEqual(done.returncode, 1, done.stderr)
        document = strict_json(done.stdout)
        self.assertEqual(schema_errors(document, SCHEMA), [])
        [claim] = document["claims"]
        self.assertEqual((claim["name"], claim["verdict"]), (UNFETCHED, "fails"))
        self.assertIn("scripts/fetch-data mnist", claim["explanation"])
        kept = self.home / ".local/share/grokscope/claims" / f"{UNFETCHED}.json"
        self.assertEqual(strict_json(kept.read_text())["verdict"], "fails")
        self.assertEqual(list(self.work.iterdir()), [])

    def test_text_for_people(self):
        done = self.call("reproduce", UNFETCHED, "omnigrok-induce-mnist", "--quick", "--out", "here")
        self.assertEqual(done.returncode, 1, done.stderr)
        for word in (UNFETCHED, "omnigrok-induce-mnist", "expected", "measured", "verdict", "fails", "because"):
            self.assertIn(word, done.stdout)
        self.assertEqual(sorted(path.name for path in (self.work / "here").iterdir()),
                         ["omnigrok-induce-mnist.json", f"{UNFETCHED}.json"])

    def test_verdicts_are_printed_also_where_they_cannot_be_kept(self):
        full = self.work / "full"
        try:
            if os.geteuid() != 0:
                raise PermissionError
            os.mknod(full, 0o666 | stat.S_IFCHR, os.makedev(1, 7))
        except PermissionError:
            full = pathlib.Path("/dev/full")  # nobody but root could replace it
        (self.work / "here").mkdir()
        (self.work / "here" / f"{UNFETCHED}.json").symlink_to(full)
        done = self.call("reproduce", UNFETCHED, "omnigrok-induce-mnist", "--quick", "--out", "here")
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(done.stdout.count("verdict"), 2, done.stdout)
        self.assertIn("grokscope: cannot write the file: No space left on device: ", done.stderr)
        self.assertTrue((self.work / "here" / "omnigrok-induce-mnist.json").is_file())

    def test_what_was_trained_is_not_trained_again(self):
        def reproduce(*options):
            done = self.call("reproduce", "gromov-gd", UNFETCHED, "--quick", "--json", *options)
            document = strict_json(done.stdout)
            self.assertEqual(schema_errors(document, SCHEMA), [])
            return {claim["name"]: claim for claim in document["claims"]}, done.stderr
        first, _ = reproduce()
        again, errors = reproduce()
        self.assertEqual([claims["gromov-gd"]["cached"] for claims in (first, again)], [0, 1])
        for key in ("measured", "verdict", "explanation", "training_seconds", "runs"):
            self.assertEqual(again["gromov-gd"][key], first["gromov-gd"][key])
        self.assertIn("gromov-gd: 1 of 1 runs from the cache\n", errors)
        self.assertEqual(again[UNFETCHED]["cached"], 0)  # what failed is tried again
        self.assertIn("scripts/fetch-data mnist", again[UNFETCHED]["explanation"])
        self.assertIn("1, 1 of them from the cache", self.call("reproduce", "gromov-gd", "--quick").stdout)
        alone, _ = reproduce("--no-cache")
        self.assertEqual((alone["gromov-gd"]["cached"], alone["gromov-gd"]["measured"]), (0, first["gromov-gd"]["measured"]))

    def test_the_schema_can_fail(self):
        self.assertTrue(schema_errors({"claims": [{"name": "x", "expected": "", "measured": "", "verdict": "perhaps"}]}, SCHEMA))

    def test_interrupting_ends_cleanly(self):
        process = subprocess.Popen([PROGRAM, "reproduce", "nanda-circuit", "--json"], cwd=self.work, env=self.env, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual(process.stderr.readline(), "nanda-circuit: begins\n")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1, errors)
        self.assertEqual(strict_json(output), {"claims": []})
        self.assertIn("grokscope: interrupted: 0 of 1 claims were checked", errors)
        self.assertEqual(list(self.work.iterdir()), [])
        self.assertEqual([path.name for path in (self.home / ".cache/grokscope/work").iterdir()], [".lock"])


if __name__ == "__main__":
    unittest.main()
