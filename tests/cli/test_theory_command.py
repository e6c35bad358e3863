"""grokscope theory: the list, a study as text, JSON, CSV and picture, what is refused, presets that are computed."""
import csv
import io
import unittest

from program import ProgramTest, strict_json

STUDIES = ["linear_regression", "random_features", "two_scale", "pattern_learning"]


class TheoryCommand(ProgramTest):
    def test_lists_the_studies(self):
        self.assertEqual([one["name"] for one in strict_json(self.succeed("theory", "--json"))], STUDIES)
        text = self.succeed("theory")
        for name in STUDIES:
            self.assertIn(name, text)

    def test_json_csv_and_text_say_the_same(self):
        asked = ["theory", "two_scale", "--set", "n=100", "--set", "fast=30"]
        document = strict_json(self.succeed(*asked, "--json"))
        self.assertEqual((document["schema"], document["parameters"]["n"]), ("grokscope.theory/1", 100))
        rows = list(csv.DictReader(io.StringIO(self.succeed(*asked, "--csv"))))
        for plot in document["plots"]:
            for series in plot["series"]:
                found = [float(row["y"]) for row in rows if (row["plot"], row["series"]) == (plot["name"], series["name"])]
                self.assertEqual(found, series["y"])
        self.assertTrue(self.succeed(*asked).startswith(document["caption"]))

    def test_pictures(self):
        for name in ("a.png", "a.svg"):
            self.succeed("theory", "pattern_learning", "-o", name)
            self.assertGreater((self.work / name).stat().st_size, 5000)
        self.succeed("render", "davies-theory", "-o", "b.svg")
        self.assertIn("delayed generalisation", (self.work / "b.svg").read_text())

    def test_what_is_refused(self):
        self.assert_refused("theory", "two_scales", says="did you mean 'two_scale'")
        self.assert_refused("theory", "two_scale", "--set", "sloww=3", says="did you mean 'slow'")
        self.assert_refused("theory", "two_scale", "--set", "n=-3", says="20 .. 2000")
        self.assert_refused("theory", "two_scale", "--json", "--csv", says="give one")
        self.assert_refused("theory", "two_scale", "--run", "here", says="reads no run")
        self.assert_refused("theory", "pattern_learning", "--fit", says="--run")
        self.assert_refused("theory", "two_scale", "-o", "a.txt", says=".png or .svg")

    def test_a_preset_that_is_computed_does_not_train(self):
        for command in (["run"], ["landscape"]):
            self.assert_refused(*command, "double-descent-linear", says=("computed and not trained", "grokscope theory linear_regression"))


if __name__ == "__main__":
    unittest.main()
