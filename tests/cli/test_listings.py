"""presets, fields, help and version."""
import unittest

from program import ProgramTest, strict_json

PRESETS = {"quickstart", "nanda-2023", "power-2022-division", "power-2022-s5", "gromov-2023", "fashion-mnist-mlp",
           "no-weight-decay", "more-data", "omnigrok-degrok", "grokfast", "orthograd"}


class Listings(ProgramTest):
    def test_presets(self):
        presets = strict_json(self.succeed("presets", "--json"))
        self.assertLessEqual(PRESETS, {preset["name"] for preset in presets})
        self.assertEqual(presets[0]["name"], "quickstart")
        for preset in presets:
            self.assertTrue(preset["title"] and preset["paper"], preset)
        lines = self.succeed("presets").splitlines()
        self.assertEqual(len([line for line in lines if not line.startswith(" ")]), len(presets))
        differs = {preset["name"]: preset["differs"] for preset in presets}
        self.assertIn("random digits", differs["omnigrok-mnist"])
        for text in filter(None, differs.values()):
            self.assertEqual([line.strip() for line in lines].count("differs: " + text), 1)

    def test_fields(self):
        fields = {field["name"]: field for field in strict_json(self.succeed("fields", "--json"))}
        for field in fields.values():
            self.assertLessEqual({"name", "type", "default", "range", "unit", "help"}, set(field))
            self.assertTrue(field["help"])
        self.assertEqual(fields["train.steps"]["type"], "integer")
        self.assertTrue(fields["optimizer.learning_rate"]["live"])
        self.assertIn("optimizer.clamp_norm", self.succeed("fields"))

    def test_help_and_version(self):
        for command in ([], ["run"], ["presets"], ["fields"], ["export"], ["replay"]):
            self.assertIn("--help", self.succeed(*command, "--help"))
        self.assertRegex(self.succeed("--version"), r"^grokscope \d+\.\d+")


if __name__ == "__main__":
    unittest.main()
