"""replay and export of a recorded run, whole and damaged."""
import csv
import io
import json
import re
import shutil
import struct
import unittest

from program import DOUBLE_ROWS, SMALL, ProgramTest, metrics_of, strict_json


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF


class RecordedRun(ProgramTest):
    def record(self, *extra):
        self.run_json(*SMALL, "--steps", "60", "--out", "run", *extra)
        return self.work / "run"


class Replay(RecordedRun):
    def test_three_interventions_replay_identically(self):
        script = self.write("script.jsonl",
                            '{"step":11,"kind":"set","field":"task.train_fraction","value":0.7}\n'
                            '{"step":20,"kind":"set","field":"optimizer.learning_rate","value":0.001}\n'
                            '{"step":33,"kind":"set","field":"optimizer.weight_decay","value":0.2}\n')
        self.record("--events", script)
        self.assertIn("3 interventions", self.succeed("replay", "run"))
        self.assertIn("identical", self.succeed("replay", "run/"))

    def test_a_run_of_an_earlier_version_replays_identically(self):
        run = self.record("--set", "task.split=pairs")
        lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
        self.assertIsNotNone(lines[0].pop("unmirrored_test_accuracy"))
        for line in lines[1:]:
            del line["unmirrored_test_accuracy"]
        (run / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
        self.assertIn("identical", self.succeed("replay", run))

    def test_minibatches_replay_identically(self):
        self.record("--set", "train.batch_size=16")
        self.assertIn("identical", self.succeed("replay", "run"))

    def test_a_live_change_of_dropout_replays_identically(self):
        script = self.write("script.jsonl",
                            '{"step":11,"kind":"set","field":"model.dropout","value":0.3}\n'
                            '{"step":33,"kind":"set","field":"model.dropout","value":0}\n')
        self.record("--events", script)
        self.assertIn("identical", self.succeed("replay", "run"))

    def test_a_record_is_held_to_the_limits_of_options_and_of_its_own_settings(self):
        run = self.record()
        config, metrics = (run / "config.json").read_text(), (run / "metrics.jsonl").read_text()
        threads = re.sub(r'"threads": \d+', '"threads": %d', config)
        for count in (257, 2000, 1048576, 2**53):
            (run / "config.json").write_text(threads % count)
            self.assert_refused("replay", "run", says="made_by.threads", codes=(1,))
        (run / "config.json").write_text(config)
        (run / "metrics.jsonl").write_text(metrics + metrics.splitlines()[-1].replace('"step":60', f'"step":{2**53}') + "\n")
        self.assert_refused("replay", "run", says=["came to step", "at step 60"], codes=(1,))

    def test_a_torn_last_line_replays_up_to_there(self):
        metrics = self.record() / "metrics.jsonl"
        metrics.write_bytes(metrics.read_bytes()[:-20])
        self.assertIn("up to step 50", self.succeed("replay", "run"))

    def test_a_changed_number_is_found(self):
        metrics = self.record() / "metrics.jsonl"
        lines = metrics.read_text().splitlines()
        loss = strict_json(lines[5])["test_loss"]
        lines[5] = lines[5].replace(repr(loss), repr(loss + 1e-9))
        metrics.write_text("\n".join(lines) + "\n")
        done = self.call("replay", "run")
        self.assertEqual(done.returncode, 1)
        self.assertIn("test_loss at step 20", done.stdout)

    def test_damaged_runs(self):
        run = self.record()
        self.assert_refused("replay", "absent", says="absent", codes=(1, 2))
        for name, damage in {"config.json": lambda data: data[: len(data) // 2],
                             "metrics.jsonl": lambda data: data.replace(b"{", b"[", 1),
                             "events.jsonl": lambda data: b"{}\n" + data}.items():
            with self.subTest(name):
                broken = self.work / f"broken-{name}"
                shutil.copytree(run, broken)
                (broken / name).write_bytes(damage((run / name).read_bytes()))
                self.assert_refused("replay", broken, says=name, codes=(1, 2))
                self.assert_refused("export", broken, "--format", "csv", "-o", "out.csv", says=name, codes=(1, 2))


class Export(RecordedRun):
    def test_json(self):
        self.record()
        self.succeed("export", "run", "--format", "json", "-o", "snapshot.json")
        snapshot = strict_json((self.work / "snapshot.json").read_text())
        self.assertEqual(snapshot["schema"], "grokscope.snapshot/1")
        facts = strict_json((self.work / "run" / "facts.json").read_text())
        self.assertEqual(snapshot["facts"]["class_count"], facts["class_count"])

    def test_a_picture_is_for_paper_unless_the_window_is_asked_for(self):
        self.succeed("run", *SMALL, "--set", "train.steps=60", "--out", "run", "--quiet")
        words = lambda name: (self.work / name).read_text()
        texts = lambda name: re.findall(r">([^<>]+)</text>", words(name))
        self.succeed("render", "run", "-o", "paper.svg")
        self.succeed("render", "run", "--look", "window", "-o", "window.svg")
        self.succeed("render", "run", "--panel", "answers", "-o", "panel.svg")
        self.succeed("render", "run", "--panel", "answers", "--size", "900x500", "-o", "sized.svg")
        for control in ("Again", "Save", "Speed", "Weight decay"):
            self.assertNotIn(control, texts("paper.svg"))
            self.assertIn(control, texts("window.svg"))
        self.assertIn('fill="#ffffff"', words("paper.svg"))
        self.assertIn('fill="#14171c"', words("window.svg"))
        self.assertRegex(words("paper.svg"), "<title>a \\+ b mod 11</title>\n<desc>quickstart, seed 0, step 60 of 60, run run. "
                                             "Drawn: Accuracy and loss; Loss against weight norm; ")
        self.assertRegex(words("panel.svg"), "<title>a \\+ b mod 11: Answers.*</title>\n<desc>.*step 60 of 60.*Drawn: Answers")
        self.assertIn('width="900" height="500"', words("sized.svg"))
        self.assertLess(int(re.search(r'height="(\d+)"', words("panel.svg")).group(1)), 720)
        self.assert_refused("render", "run", "--look", "nice", "-o", "x.svg", says="look")

    def test_csv(self):
        run = self.record()
        self.succeed("export", "run", "--format", "csv", "-o", "run.csv")
        rows = list(csv.DictReader(io.StringIO((self.work / "run.csv").read_text())))
        last = metrics_of(run)[-1]
        self.assertEqual(int(rows[-1]["step"]), 60)
        self.assertEqual(float(rows[-1]["train_loss"]), last["train_loss"])

    def test_safetensors(self):
        run = self.record()
        self.succeed("export", "run", "--format", "safetensors", "-o", "weights.safetensors")
        data = (self.work / "weights.safetensors").read_bytes()
        header = strict_json(data[8: 8 + struct.unpack("<Q", data[:8])[0]])
        self.assertEqual(header["blocks.0.mlp.up.weight"]["shape"], [32, 16])
        self.assertFalse([name for name in header if name.startswith(("optimizer.", "batches."))])
        self.assertEqual(strict_json(header["__metadata__"]["config"])["model"]["mlp_width"], 32)
        self.assertEqual(header["__metadata__"]["step"], "60")
        checkpoint = next((run / "checkpoints").iterdir())
        checkpoint.write_bytes(checkpoint.read_bytes()[:-100])
        self.assert_refused("export", "run", "--format", "safetensors", "-o", "again.safetensors", codes=(1, 2))

    def test_precision_travels_with_the_run(self):
        self.succeed("run", *DOUBLE_ROWS, "--steps", "33", "--out", "run")
        self.assertEqual(strict_json((self.work / "run/config.json").read_text())["train"]["precision"], "float64")
        self.succeed("export", "run", "--format", "safetensors", "-o", "weights.safetensors")
        data = (self.work / "weights.safetensors").read_bytes()
        header = strict_json(data[8: 8 + struct.unpack("<Q", data[:8])[0]])
        self.assertEqual({entry["dtype"] for name, entry in header.items() if name != "__metadata__"}, {"F64"})
        self.run_json("run", "--resume", "--steps", "60")
        self.assertIn("identical", self.succeed("replay", "run"))
        self.succeed("run", *DOUBLE_ROWS, "--steps", "60", "--out", "whole")
        self.assertEqual(metrics_of(self.work / "run"), metrics_of(self.work / "whole"))
        self.succeed("run", *DOUBLE_ROWS, "--set", "train.precision=float32", "--steps", "60", "--out", "single")
        self.assertNotEqual(metrics_of(self.work / "single"), metrics_of(self.work / "whole"))

    def test_safetensors_of_an_earlier_version(self):
        run = self.record()
        checkpoint = next((run / "checkpoints").iterdir())
        header = json.dumps({"__metadata__": {"schema": "grokscope.checkpoint/1", "step": "60"},
                             "flat": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}).encode()
        checkpoint.write_bytes(struct.pack("<Q", len(header)) + header + bytes(8))
        done = self.call("export", "run", "--format", "safetensors", "-o", "old.safetensors")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("'flat'", done.stderr)
        self.assertIn("identical", self.succeed("replay", "run"))

    def test_tensorboard(self):
        self.record()
        self.succeed("export", "run", "--format", "tensorboard", "-o", "board")
        (path,) = (self.work / "board").iterdir()
        data, tags = path.read_bytes(), set()
        while data:
            (length,) = struct.unpack("<Q", data[:8])
            message = data[12: 12 + length]
            self.assertEqual(struct.unpack("<I", data[8:12])[0], masked(data[:8]))
            self.assertEqual(struct.unpack("<I", data[12 + length: 16 + length])[0], masked(message))
            tags |= {name for name in (b"test_accuracy", b"weight_norm", b"fourier/gini") if name in message}
            data = data[16 + length:]
        self.assertEqual(len(tags), 3)

    def test_outputs_that_cannot_be_written(self):
        self.record()
        for form in ("json", "csv", "tensorboard", "safetensors"):
            with self.subTest(form):
                self.assert_refused("export", "run", "--format", form, "-o", "/proc/nowhere/x", says="/proc/nowhere", codes=(1,))


if __name__ == "__main__":
    unittest.main()
