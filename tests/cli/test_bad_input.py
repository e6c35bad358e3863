"""Whatever is wrong gives one clear error, exit code 2 or 1, and leaves nothing behind."""
import gzip
import os
import struct
import unittest

from program import SMALL, ProgramTest, strict_json


def idx_images(count, height=4, width=4, magic=0x00000803):
    return struct.pack(">IIII", magic, count, height, width) + bytes(count * height * width)


def idx_labels(count):
    return struct.pack(">II", 0x00000801, count) + bytes(index % 10 for index in range(count))


class Usage(ProgramTest):
    def test_commands_and_options(self):
        self.assert_refused("run", says="PRESET|FILE")
        self.assert_refused("run", "quickstart", "--frobnicate", says="--frobnicate")
        self.assert_refused("frobnicate", says="frobnicate")
        self.assert_refused("--seed", "1", "run", "quickstart", says="--seed")
        self.assert_refused("quickstart", "run", "quickstart")
        self.assert_refused("presets", "extra")
        self.assert_refused("run", "quickstart", "--set", "seed=1", "train.steps=3", says="write --set train.steps=3")
        self.assert_refused("run", "quickstart", "--set", "seed=1", "train.step=3", says="not expected")
        self.assert_refused("replay")
        self.assert_refused("export", "somewhere", "--format", "xml", "-o", "x", says="xml")

    def test_numbers(self):
        self.assert_refused("run", "quickstart", "--steps", "many", says="many")
        self.assert_refused("run", "quickstart", "--steps", "-5")
        self.assert_refused("run", "quickstart", "--seed", "1.5")
        self.assert_refused("run", "quickstart", "--threads", "-1")
        self.assert_refused("run", "quickstart", "--threads", "100000")

    def test_numbers_are_read_in_one_way(self):
        for bad in ("0x10", "1.5", "many", "-1", "1e99"):
            with self.subTest(bad):
                self.assert_refused("landscape", "quickstart", "--steps", bad, says="whole number from 1 to 1000000000")
                self.assert_refused("render", "run", "--at", bad, "-o", "x.png", says="whole number from 0 to")
        self.assert_refused("landscape", "quickstart", "--from", "nan", says="needs a number from 0.001 to 1000")
        self.assert_refused("bench", "--threads", "1.5", says="whole number from 0 to 256")
        self.assert_refused("landscape", "quickstart", "--sizes", "100,1.5", says="whole number from 1 to")
        self.succeed("run", *SMALL[:-2], "--steps", "2e1", "--threads", "1.0", "--no-probes", "--out", "run")
        self.succeed("landscape", "run", "--alphas", "2.0", "--steps", "1e1", "--from", "5e-1", "--quiet")
        self.succeed("render", "run", "--at", "1e1", "--scale", "1e0", "-o", "x.svg")

    def test_unknown_preset_offers_the_nearest(self):
        self.assert_refused("run", "nanda-2032", says=["nanda-2032", "nanda-2023"])

    def test_until(self):
        self.assert_refused("run", *SMALL, "--until", "test_acuracy>=0.9", says="test_accuracy")
        self.assert_refused("run", *SMALL, "--until", "test_accuracy", says="test_accuracy>=0.99")

    def test_device(self):
        self.assert_refused("run", *SMALL, "--device", "gpu", says="cuda")

    def test_device_without_cuda(self):
        if self.call("run", *SMALL, "--steps", "1", "--device", "cuda", "--out", "gpu").returncode == 0:
            self.skipTest("this machine has CUDA")
        self.assert_refused("run", *SMALL, "--steps", "1", "--device", "cuda", says="CUDA", codes=(1,))


class Settings(ProgramTest):
    def test_misspelt_setting_offers_the_nearest(self):
        self.assert_refused("run", "quickstart", "--set", "optimizer.learning_rat=0.1", says="optimizer.learning_rate")
        self.assert_refused("run", "quickstart", "--set", "task.modulo=5", says="task.modulus")

    def test_wrong_values(self):
        for assignment in ("task.train_fraction=7", "task.train_fraction=nan", "task.modulus=-3", "task.modulus=five",
                           "optimizer.kind=magic", "model.bias=perhaps", "train.eval_every=0", "seed=99999999999999999999",
                           "task.modulus", "=5", ""):
            with self.subTest(assignment):
                self.assert_refused("run", "quickstart", "--set", assignment)

    def test_settings_at_odds(self):
        self.assert_refused("run", "quickstart", "--set", "model.heads=3")


class ConfigFiles(ProgramTest):
    def refuse(self, text, says=()):
        path = self.write("config.json", text)
        self.assert_refused("run", path, says=says, codes=(1, 2))

    def test_damaged_json(self):
        self.refuse("", says="config.json")
        self.refuse('{"task": {"modulus": 11', says="config.json")
        self.refuse('{"task": {"modulus": 11}} x', says="config.json")
        self.refuse('{"task": {"modulus": NaN}}')
        self.refuse("[" * 100_000)
        self.refuse(b'{"task": {"kind": "\xff\xfe"}}')
        self.refuse('{"seed": 1, "seed": 2}')

    def test_wrong_types_and_names(self):
        self.refuse('{"task": {"modulus": "11"}}', says="task.modulus")
        self.refuse('{"task": {"modulus": 11.5}}', says="task.modulus")
        self.refuse('{"task": 5}', says="task")
        self.refuse('[1, 2]')
        self.refuse('{"optimizer": {"learning_rat": 0.1}}', says="learning_rate")
        self.refuse('{"optimizer": {"learning_rate": null}}', says="learning_rate")
        self.refuse('{"parent": "quickstrat"}', says="quickstart")

    def test_missing_file(self):
        self.assert_refused("run", self.work / "absent.json", says="absent.json", codes=(1, 2))
        self.assert_refused("run", self.work, codes=(1, 2))


class Tasks(ProgramTest):
    def test_formula(self):
        for formula in ("a + * b", "a + ", "sin(a)", "(a + b", "a % 0", ""):
            with self.subTest(formula):
                self.assert_refused("run", *SMALL, "--set", "task.kind=formula", "--set", f"task.formula={formula}",
                                    codes=(1, 2))

    def test_a_pipe_or_a_device_as_a_table_is_one_sentence(self):
        fifo = self.root / "fifo"
        os.mkfifo(fifo)
        for path, what in ((fifo, "it is a pipe"), ("/dev/zero", "it is a device")):
            with self.subTest(what):
                self.assert_refused("run", *SMALL, "--set", "task.kind=table", "--set", f"task.path={path}", says=what,
                                    codes=(1, 2))

    def test_table(self):
        for name, text in {"cell": "0,1\n1,x\n", "ragged": "0,1\n1\n", "empty": "", "one": "0\n"}.items():
            with self.subTest(name):
                path = self.write(f"{name}.csv", text)
                self.assert_refused("run", *SMALL, "--set", "task.kind=table", "--set", f"task.path={path}",
                                    says=path.name, codes=(1, 2))
        self.assert_refused("run", *SMALL, "--set", "task.kind=table", "--set", "task.path=/nonexistent.csv",
                            says="/nonexistent.csv", codes=(1, 2))

    def images(self, train_images, train_name="train-images-idx3-ubyte"):
        files = {train_name: train_images, "train-labels-idx1-ubyte": idx_labels(20),
                 "t10k-images-idx3-ubyte": idx_images(10), "t10k-labels-idx1-ubyte": idx_labels(10)}
        for name, content in files.items():
            self.write(f"images/{name}", content)
        self.assert_refused("run", "fashion-mnist-mlp", "--steps", "2", "--set", "task.train_size=10", "--set", "train.batch_size=0", "--set",
                            f"task.path={self.work}/images", says=train_name, codes=(1, 2))
        (self.work / "images" / train_name).unlink()

    def test_idx_files(self):
        self.images(idx_images(20, magic=0x00000804))
        self.images(idx_images(20)[:-1])
        self.images(struct.pack(">IIII", 0x803, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF))
        self.images(b"")
        packed = gzip.compress(idx_images(20))
        self.images(packed[: len(packed) - 9], "train-images-idx3-ubyte.gz")
        self.images(b"\x1f\x8b", "train-images-idx3-ubyte.gz")


class Outputs(ProgramTest):
    def test_folders_that_cannot_be_made(self):
        for path in ("/proc/grokscope/run", "/dev/full", "/dev/null/run"):
            with self.subTest(path):
                self.assert_refused("run", *SMALL, "--steps", "5", "--out", path, says=path, codes=(1, 2))

    def test_folder_in_use(self):
        kept = self.write("full/notes.txt", "mine")
        self.assert_refused("run", *SMALL, "--steps", "5", "--out", kept.parent, says="full", codes=(1, 2))
        self.assertEqual(kept.read_text(), "mine")

    def test_home_that_cannot_be_written(self):
        self.env["HOME"] = "/proc"
        self.assert_refused("run", *SMALL, "--steps", "5", codes=(1,))

    def test_standard_output_that_is_full(self):
        with open("/dev/full", "w") as full:
            import subprocess
            from program import PROGRAM
            done = subprocess.run([PROGRAM, "presets", "--json"], cwd=self.work, env=self.env, stdout=full,
                                  stderr=subprocess.PIPE, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("standard output", done.stderr)


class Events(ProgramTest):
    def test_damaged_scripts(self):
        good = '{"step":1,"kind":"set","field":"optimizer.weight_decay","value":0}\n'
        for line in ('{"step":1', '{"step":1,"kind":"set","field":"model.width","value":8}',
                     '{"step":1,"kind":"set","field":"optimizer.weight_decay","value":"x"}',
                     '{"step":1,"kind":"set","field":"optimizer.weight_decay","value":-1}',
                     '{"step":1,"kind":"rescale_norm","value":0}', '{"step":1,"kind":"rescale_norm"}'):
            with self.subTest(line):
                path = self.write("script.jsonl", good + line + "\n")
                self.assert_refused("run", *SMALL, "--steps", "5", "--events", path, says="script.jsonl line 2")
        self.assert_refused("run", *SMALL, "--events", "absent.jsonl", says="absent.jsonl")

    def test_unknown_kinds_are_passed_over_and_named(self):
        script = self.write("script.jsonl", '{"step":20,"kind":"bookmark","text":"here"}\n'
                                            '{"step":30.0,"kind":"set","field":"optimizer.weight_decay","value":2}\n')
        done = self.call("run", *SMALL, "--steps", "40", "--events", script, "--out", "run", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("'bookmark'", done.stderr)
        sets = [event for event in map(strict_json, (self.work / "run/events.jsonl").read_text().splitlines())
                if event["kind"] == "set"]
        self.assertEqual([(event["step"], event["value"]) for event in sets], [(30, 2)])


class ControlCharacters(ProgramTest):
    """What a file holds never steers the terminal through a message."""

    def refuse(self, *arguments):
        done = self.call(*arguments)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("\\x1b", done.stderr)
        self.assertTrue(all(c == "\n" or c.isprintable() for c in done.stderr), repr(done.stderr))

    def test_events(self):
        for line in ('{"step":1,"kind":"set","field":"\\u001b[31m","value":0}', '{"\\u001b":1,"\\u001b":2}',
                     '{"step":1,"kind":"set","field":"optimizer.weight_decay","value":"\\u001b[2J"}'):
            with self.subTest(line):
                self.refuse("run", *SMALL, "--steps", "5", "--events", self.write("script.jsonl", line + "\n"))

    def test_config_files(self):
        for text in ('{"\\u001b[31m":1}', '{"task":{"\\u001b[31m":1}}', '{"optimizer":{"kind":"\\u001b[31m"}}',
                     '{"parent":"\\u001b[31m"}', '{"task":{"path":"\\u001b[31m"}}'):
            with self.subTest(text):
                self.refuse("run", self.write("config.json", text))

    def test_arguments(self):
        self.refuse("run", "quickstart", "--set", "optimizer.kind=\x1b[31m")
        self.refuse("run", "\x1b[31m")
        self.refuse("run", "./\x1b[31m.json")
        self.refuse("run", "quickstart", "--until", "\x1b>=1")


if __name__ == "__main__":
    unittest.main()
