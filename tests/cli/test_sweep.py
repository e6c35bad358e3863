"""grokscope sweep and sweep-worker: tables, what is not trained again, kills, exit codes. Runs of a fraction of a second."""
import csv
import html
import json
import os
import pathlib
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import unittest

from program import PROGRAM, ProgramTest, events_of, metrics_of, strict_json
from schema import schema_errors
from terminal import Terminal

SCHEMAS = pathlib.Path(__file__).resolve().parents[2] / "docs/schema"
SMALL_SET = {"task": {"modulus": 11}, "model": {"width": 16, "heads": 2, "mlp_width": 32},
             "train": {"steps": 40, "eval_every": 5}}
PLAN = {"base": "quickstart", "set": SMALL_SET,
        "axes": [{"field": "optimizer.weight_decay", "values": [0.1, 1]},
                 {"field": "task.train_fraction", "from": 0.4, "to": 0.6, "count": 3}],
        "seeds": [0, 1], "until": "test_accuracy>=0.99", "record": ["test_accuracy"]}
LONG = {**PLAN, "set": {**SMALL_SET, "train": {"steps": 4000, "eval_every": 50}}, "until": ""}


def rows_of(folder):
    """results.csv without its times."""
    with open(pathlib.Path(folder) / "results.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        del row["seconds"]
    return rows


class SweepCommand(ProgramTest):
    def plan(self, plan=None, name="plan.json"):
        return self.write(name, json.dumps(PLAN if plan is None else plan))

    def sweep(self, plan, out, *options, code=0):
        done = self.call("sweep", plan, "--out", out, "--json", "--jobs", 2, *options)
        self.assertEqual(done.returncode, code, done.stderr)
        return strict_json(done.stdout)

    def begin(self, *arguments):
        """Its own process group, as a shell gives it."""
        process = subprocess.Popen([PROGRAM, *map(str, arguments)], cwd=self.work, env=self.env, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def lines_in(self, folder):
        return sum(path.read_bytes().count(b"\n") for path in (self.work / folder / "shards").glob("*.jsonl"))

    def workers_of(self, process):
        children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
        return [int(pid) for pid in children.read_text().split()] if children.exists() else []

    def test_the_table_has_every_run_in_order(self):
        report = self.sweep(self.plan(), "out")
        self.assertEqual({key: report[key] for key in ("runs", "trained", "cached", "failed")},
                         {"runs": 12, "trained": 12, "cached": 0, "failed": 0})
        self.assertEqual(report["results"], str(self.work / "out/results.csv"))
        rows = rows_of(self.work / "out")
        self.assertEqual(list(rows[0]), ["optimizer.weight_decay", "task.train_fraction", "seed", "train_99", "test_50", "test_90",
                                         "test_95", "test_99", "train_accuracy", "test_accuracy", "best_test_accuracy", "train_loss",
                                         "test_loss", "weight_norm", "steps", "phase", "stopped", "key"])
        order = [(float(row["optimizer.weight_decay"]), float(row["task.train_fraction"]), int(row["seed"])) for row in rows]
        self.assertEqual(len(order), 12)
        self.assertEqual(order, sorted(order))
        self.assertEqual(len({row["key"] for row in rows}), 12)

    def test_numbers_are_those_of_a_run(self):
        self.sweep(self.plan(), "out")
        [row] = [row for row in rows_of(self.work / "out")
                 if (row["optimizer.weight_decay"], row["task.train_fraction"], row["seed"]) == ("0.1", "0.6", "1")]
        arguments = ["quickstart", "--seed", "1", "--threads", "1", "--no-probes", "--until", "test_accuracy>=0.99"]
        for key, value in {"task.modulus": 11, "model.width": 16, "model.heads": 2, "model.mlp_width": 32, "train.steps": 40,
                           "train.eval_every": 5, "optimizer.weight_decay": 0.1, "task.train_fraction": 0.6}.items():
            arguments += ["--set", f"{key}={value}"]
        run = strict_json(self.call("run", *arguments, "--json").stdout)
        for key in ("train_loss", "test_loss", "test_accuracy", "weight_norm"):
            self.assertEqual(float(row[key]), run[key], key)
        self.assertEqual(int(row["steps"]), run["step"])
        self.assertEqual(row["phase"], run["phase"])

    def test_results_as_lines_and_as_a_database(self):
        self.sweep(self.plan(), "out")
        schema = json.loads((SCHEMAS / "outcome.schema.json").read_text())
        lines = [strict_json(line) for line in (self.work / "out/results.jsonl").read_text().splitlines()]
        for line in lines:
            self.assertEqual(schema_errors(line, schema), [])
            self.assertLessEqual(len(line["series"]["test_accuracy"]["step"]), 200)
        rows = rows_of(self.work / "out")
        self.assertEqual([line["key"] for line in lines], [row["key"] for row in rows])
        with sqlite3.connect(self.work / "out/results.sqlite") as database:
            kept = database.execute("SELECT key, test_loss FROM runs").fetchall()
            points = database.execute("SELECT count(*) FROM series").fetchone()[0]
        self.assertEqual([(key, str(loss)) for key, loss in kept], [(row["key"], str(float(row["test_loss"]))) for row in rows])
        self.assertEqual(points, sum(len(line["series"]["test_accuracy"]["step"]) for line in lines))
        plan = json.loads((self.work / "out/plan.json").read_text())
        self.assertEqual(schema_errors(plan, json.loads((SCHEMAS / "sweep-plan.schema.json").read_text())), [])

    def test_nothing_is_trained_twice(self):
        plan = self.plan()
        self.sweep(plan, "out")
        table = (self.work / "out/results.csv").read_bytes()
        again = self.sweep(plan, "out")
        self.assertEqual((again["trained"], again["cached"]), (0, 12))
        self.assertEqual((self.work / "out/results.csv").read_bytes(), table)
        self.assertEqual(self.lines_in("out"), 12)
        elsewhere = self.sweep(plan, "elsewhere")
        self.assertEqual((elsewhere["trained"], elsewhere["cached"]), (0, 12))
        self.assertEqual((self.work / "elsewhere/results.csv").read_bytes(), table)
        more = self.sweep(self.plan({**PLAN, "seeds": [0, 1, 2]}, "more.json"), "elsewhere")
        self.assertEqual((more["runs"], more["trained"], more["cached"]), (18, 6, 12))
        alone = self.sweep(plan, "alone", "--no-cache")
        self.assertEqual((alone["trained"], alone["cached"]), (12, 0))
        self.assertEqual(rows_of(self.work / "alone"), rows_of(self.work / "out"))

    def test_other_series_are_trained_for(self):
        self.sweep(self.plan(), "out")
        other = self.sweep(self.plan({**PLAN, "record": ["train_loss"]}, "other.json"), "other")
        self.assertEqual(other["trained"], 12)

    def records_in(self, folder):
        return sorted(path.name for path in (pathlib.Path(folder) / "records").iterdir())

    def test_a_list_of_runs(self):
        event = {"step": 20, "kind": "set", "field": "optimizer.weight_decay", "value": 5}
        plan = self.plan({"base": "quickstart", "set": SMALL_SET, "until": "train_loss<2.3", "keep": "runs",
                          "runs": [{"until": ""}, {"set": {"seed": 1}}, {"until": "", "events": [event]},
                                   {"set": {"train.probe_every": 20}, "until": "", "probes": ["ranks"]}]}, "list.json")
        self.assertEqual(schema_errors(json.loads(plan.read_text()), json.loads((SCHEMAS / "sweep-plan.schema.json").read_text())), [])
        self.assertEqual(self.sweep(plan, "out")["trained"], 4)
        rows = rows_of(self.work / "out")
        self.assertEqual([(row["run"], row["seed"]) for row in rows], [("1", "0"), ("2", "1"), ("3", "0"), ("4", "0")])
        self.assertEqual(rows[1]["stopped"], "until")
        self.assertNotEqual(rows[2]["test_loss"], rows[0]["test_loss"])
        self.assertEqual({key: value for key, value in rows[3].items() if key not in ("run", "key")},
                         {key: value for key, value in rows[0].items() if key not in ("run", "key")})
        schema = json.loads((SCHEMAS / "outcome.schema.json").read_text())
        lines = [strict_json(line) for line in (self.work / "out/results.jsonl").read_text().splitlines()]
        self.assertEqual([schema_errors(line, schema) for line in lines], [[]] * 4)
        self.assertEqual(lines[2]["events"], [event])
        self.assertEqual(lines[2]["settings"]["optimizer.weight_decay"], lines[0]["settings"]["optimizer.weight_decay"])
        changed = events_of(self.work / "out/records" / rows[2]["key"])
        self.assertIn(("set", 20), [(line["kind"], line["step"]) for line in changed])
        looked = self.work / "out/records" / rows[3]["key"] / "frames"
        self.assertEqual([path.name for path in looked.iterdir()], ["ranks"])
        self.assertEqual(self.sweep(plan, "out")["trained"], 0)
        self.assertIn("4 runs, 4 known, 0 to train", self.succeed("sweep", plan, "--out", "out", "--dry-run"))

    def test_run_folders_are_kept_when_asked_for(self):
        small = {**PLAN, "seeds": [0], "until": ""}
        keeps = self.plan({**small, "keep": "runs"}, "keeps.json")
        self.sweep(self.plan(small), "out")
        self.assertFalse((self.work / "out/records").exists())
        self.assertEqual(self.sweep(keeps, "out")["trained"], 6)  # they are known, but nobody kept them
        rows = rows_of(self.work / "out")
        self.assertEqual(self.records_in(self.work / "out"), sorted(row["key"] for row in rows))
        shared = self.home / ".cache/grokscope/outcomes"
        self.assertEqual(self.records_in(shared), self.records_in(self.work / "out"))
        [row] = [row for row in rows if (row["optimizer.weight_decay"], row["task.train_fraction"]) == ("1", "0.5")]
        record = self.work / "out/records" / row["key"]
        run = ["quickstart", "--threads", "1", "--no-probes", "--set", "optimizer.weight_decay=1", "--set", "task.train_fraction=0.5"]
        for section, fields in SMALL_SET.items():
            for field, value in fields.items():
                run += ["--set", f"{section}.{field}={value}"]
        self.assertEqual(self.call("run", *run, "--out", "alone").returncode, 0)
        self.assertEqual(metrics_of(record), metrics_of(self.work / "alone"))
        self.succeed("export", record, "--format", "csv", "-o", "run.csv")
        for folder in (self.work / "out", shared):  # gone everywhere: it is trained again
            shutil.rmtree(folder / "records" / row["key"])
        self.assertEqual(self.sweep(keeps, "out")["trained"], 1)
        shutil.rmtree(record)  # the cache has it
        again = self.sweep(keeps, "out")
        self.assertEqual((again["trained"], self.records_in(self.work / "out")), (0, self.records_in(shared)))
        self.assertEqual(self.sweep(keeps, "elsewhere")["trained"], 0)
        self.assertEqual(self.records_in(self.work / "elsewhere"), self.records_in(shared))
        self.assertEqual(self.sweep(keeps, "alone-again", "--no-cache")["trained"], 6)

    def test_run_folders_of_numbers_alone(self):
        plan = {**PLAN, "axes": PLAN["axes"][:1], "seeds": [0], "until": ""}
        numbers, whole = (self.plan({**plan, "keep": keep}, f"{keep}.json") for keep in ("numbers", "runs"))
        self.sweep(numbers, "out")
        keys = [row["key"] for row in rows_of(self.work / "out")]
        self.assertEqual(self.records_in(self.work / "out"), sorted(f"{key}.numbers" for key in keys))
        record = self.work / f"out/records/{keys[0]}.numbers"
        self.assertEqual(sorted(path.name for path in record.iterdir()),
                         ["config.json", "events.jsonl", "facts.json", "metrics.jsonl", "scalars.jsonl"])
        self.succeed("export", record, "--format", "csv", "-o", "run.csv")
        self.assertEqual(self.sweep(numbers, "other")["trained"], 0)
        self.assertEqual(self.sweep(whole, "whole")["trained"], 2)  # something is missing from what is known
        self.assertEqual(self.sweep(numbers, "third")["trained"], 0)

    def test_a_torn_run_folder_is_never_taken_for_one(self):
        plan = self.plan({**LONG, "keep": "runs", "seeds": [0]})
        process = self.begin("sweep", plan, "--out", "out", "--jobs", 1, "--quiet", "--no-cache")
        self.wait_until(lambda: self.lines_in("out") >= 1, process)
        drafts = lambda: [path for path in (self.work / "out/records").iterdir() if path.name.startswith(".")]
        self.wait_until(drafts, process)
        workers = self.workers_of(process)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        self.wait_until(lambda: not any(pathlib.Path(f"/proc/{worker}/exe").exists() for worker in workers))
        whole = [name for name in self.records_in(self.work / "out") if not name.startswith(".")]
        self.assertLess(len(whole), 6)
        left = self.sweep(plan, "out", "--no-cache")
        self.assertEqual(left["trained"] + left["cached"], 6)
        self.assertLessEqual(left["cached"], len(whole))
        self.assertEqual(self.records_in(self.work / "out"), sorted(row["key"] for row in rows_of(self.work / "out")))
        for name in self.records_in(self.work / "out"):
            self.assertEqual(metrics_of(self.work / "out/records" / name)[-1]["step"], 4000)

    def test_a_killed_sweep_goes_on_to_the_same_table(self):
        plan = self.plan(LONG)
        self.sweep(plan, "whole", "--no-cache")
        process = self.begin("sweep", plan, "--out", "out", "--jobs", 2, "--quiet", "--no-cache")
        self.wait_until(lambda: self.lines_in("out") >= 3, process)
        workers = self.workers_of(process)
        process.send_signal(signal.SIGKILL)
        process.wait()
        self.wait_until(lambda: not any(pathlib.Path(f"/proc/{worker}/exe").exists() for worker in workers))
        left = self.sweep(plan, "out", "--no-cache")
        self.assertGreaterEqual(left["cached"], 3)
        self.assertEqual(left["trained"] + left["cached"], 12)
        self.assertEqual(rows_of(self.work / "out"), rows_of(self.work / "whole"))

    def test_a_killed_worker_loses_one_run(self):
        plan = self.plan(LONG)
        self.sweep(plan, "whole", "--no-cache")
        process = self.begin("sweep", plan, "--out", "out", "--jobs", 1, "--quiet", "--json")
        self.wait_until(lambda: self.lines_in("out") >= 2 and self.workers_of(process), process)
        os.kill(self.workers_of(process)[0], signal.SIGKILL)
        output, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(strict_json(output)["failed"], 0)
        self.assertEqual(rows_of(self.work / "out"), rows_of(self.work / "whole"))

    def test_a_run_that_kills_its_worker_has_failed_after_two(self):
        one = {**LONG, "set": {**SMALL_SET, "train": {"steps": 10_000_000, "eval_every": 1000}}, "seeds": [0],
               "axes": [{"field": "optimizer.weight_decay", "values": [0.1]}]}
        process = self.begin("sweep", self.plan(one), "--out", "out", "--jobs", 1, "--quiet", "--json")
        claims = self.home / ".cache/grokscope/outcomes/claims"
        killed = set()

        def begun_by_a_new_worker():
            # Its claim says that it has begun.
            for claim in claims.glob("*.claim") if claims.exists() else []:
                try:
                    owner = json.loads(claim.read_text())["pid"]
                except (OSError, ValueError):
                    continue
                if owner not in killed and owner in self.workers_of(process):
                    return owner
            return None
        for _ in range(2):
            worker = self.wait_until(begun_by_a_new_worker, process)
            killed.add(worker)
            os.kill(worker, signal.SIGKILL)
        output, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(strict_json(output)["failed"], 1)
        self.assertIn("could not be trained", errors)
        [row] = rows_of(self.work / "out")
        self.assertEqual(row["stopped"], "failed")
        [line] = (self.work / "out/results.jsonl").read_text().splitlines()
        self.assertIn("signal 9, twice", strict_json(line)["error"])

    def test_interrupted_it_keeps_what_is_finished(self):
        plan = self.plan(LONG)
        process = self.begin("sweep", plan, "--out", "out", "--jobs", 1, "--quiet")
        self.wait_until(lambda: self.lines_in("out") >= 2, process)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 1, errors)
        self.assertIn("the same command goes on", errors)
        finished = len(rows_of(self.work / "out"))
        self.assertGreaterEqual(finished, 2)
        self.assertEqual(self.sweep(plan, "out")["cached"], finished)

    def test_commands_for_others_give_the_same_table(self):
        plan = self.plan()
        self.sweep(plan, "whole", "--no-cache")
        out = self.work / "a folder's"
        done = self.call("sweep", plan, "--out", out, "--engine", "commands", "--jobs", 3, "--no-cache")
        self.assertEqual(done.returncode, 0, done.stderr)
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), 3)
        for number, line in enumerate(lines, 1):
            self.assertIn(f"--chunk {number}/3", line)
            part = subprocess.run(["/bin/sh", "-c", line], cwd="/", env=self.env, text=True, capture_output=True, timeout=300)
            self.assertEqual(part.returncode, 0, part.stderr)
            self.assertIn("4 runs, 4 trained", part.stdout)
        merged = self.sweep(plan, out, "--no-cache")
        self.assertEqual((merged["trained"], merged["cached"]), (0, 12))
        self.assertEqual(rows_of(out), rows_of(self.work / "whole"))
        self.assertEqual(self.call("sweep", plan, "--out", out, "--engine", "commands", "--no-cache").stdout, "")

    def stand_in(self, name, text):
        """A program that the sweep calls, in front of PATH."""
        folder = self.root / "bin"
        folder.mkdir(exist_ok=True)
        (folder / name).write_text("#!/bin/sh\n" + text)
        (folder / name).chmod(0o755)
        self.env["PATH"] = f"{folder}:/usr/bin:/bin"

    def test_without_slurm_it_is_one_sentence(self):
        self.env["PATH"] = str(self.root / "nothing")  # whatever this machine has
        done = self.call("sweep", self.plan(), "--out", "out", "--engine", "slurm")
        self.assertEqual(done.returncode, 1)
        self.assertIn("sbatch is not there", done.stderr)
        self.assertEqual(done.stdout, "")

    def test_what_slurm_complains_of_is_the_error(self):
        self.stand_in("sbatch", "[ \"$1\" = --version ] || { echo warning >&2; echo 'sbatch: error: invalid partition' >&2; exit 1; }")
        self.stand_in("scontrol", "exit 1")
        done = self.call("sweep", self.plan(), "--out", "out", "--engine", "slurm")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertIn("sbatch refused (exit code 1): sbatch: error: invalid partition", done.stderr)

    def test_job_arrays_of_slurm(self):
        """Not Slurm: programs that take what sbatch, squeue and scontrol take, and run the tasks at once."""
        plan = self.plan()
        self.sweep(plan, "whole", "--no-cache")
        self.stand_in("sbatch", f"""
            [ "$1" = --version ] && exit 0
            printf '%s\\n' "$*" >> {self.root}/asked
            for word in "$@"; do case "$word" in --array=*) tasks="${{word#--array=1-}}"; tasks="${{tasks%\\%*}}";; esac; done
            while [ $# -gt 2 ]; do shift; done
            task=1
            while [ "$task" -le "$tasks" ]; do
              SLURM_ARRAY_JOB_ID=7 SLURM_ARRAY_TASK_ID=$task sh "$1" "$2" >> {self.root}/told || exit 1
              task=$((task + 1))
            done
            echo '7;cluster'""")
        self.stand_in("scontrol", "echo 'MaxArraySize            = 4'")
        self.stand_in("squeue", "exit 1")
        first = self.sweep(plan, "out", "--engine", "slurm", "--no-cache")
        self.assertEqual((first["trained"], first["cached"]), (0, 0))
        asked = (self.root / "asked").read_text().splitlines()
        self.assertEqual([line.split()[1] for line in asked], ["--array=1-3%2", "--array=1-3%2", "--array=1-2%2"])
        self.assertEqual([line.split()[-1] for line in asked], ["0", "3", "6"])
        for word in ("--parsable", "--requeue", "--signal=B:USR2@90"):
            self.assertIn(word, asked[0])
        self.assertEqual(len((self.root / "told").read_text().splitlines()), 8)
        merged = self.sweep(plan, "out", "--engine", "slurm", "--no-cache")
        self.assertEqual((merged["trained"], merged["cached"]), (0, 12))
        self.assertEqual(rows_of(self.work / "out"), rows_of(self.work / "whole"))
        self.assertEqual(len((self.root / "asked").read_text().splitlines()), 3)

    def test_what_waits_in_slurm_is_not_submitted_twice(self):
        self.stand_in("sbatch", f"[ \"$1\" = --version ] || {{ echo 7; echo x >> {self.root}/asked; }}")
        self.stand_in("scontrol", "exit 1")
        self.stand_in("squeue", "echo 7_1")
        for _ in range(2):
            done = self.call("sweep", self.plan(), "--out", "out", "--engine", "slurm")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("in the queue of Slurm (7)", done.stderr)
        self.assertEqual((self.root / "asked").read_text(), "x\n")

    def test_a_task_of_slurm_passes_the_warning_on_and_asks_for_more(self):
        self.stand_in("sbatch", "[ \"$1\" = --version ] || echo 7")
        self.stand_in("scontrol", f"[ \"$1\" = requeue ] && echo \"$2\" > {self.root}/requeued")
        self.call("sweep", self.plan(LONG), "--out", "out", "--engine", "slurm", "--jobs", 1)
        task = subprocess.Popen(["/bin/sh", self.work / "out/slurm/part.sh", "0"], cwd=self.work, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                                env={**self.env, "SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "1"})
        self.addCleanup(task.communicate)
        self.wait_until(lambda: self.lines_in("out") >= 1, task)
        task.send_signal(signal.SIGUSR2)
        _, errors = task.communicate(timeout=300)
        self.assertEqual(task.returncode, 75, errors)
        self.assertEqual((self.root / "requeued").read_text(), "7_1\n")

    def test_a_worker_that_is_asked_to_end_says_run_me_again(self):
        self.sweep(self.plan(), "out")
        plan = self.plan(LONG)
        self.call("sweep", plan, "--out", "long", "--engine", "commands")
        for asked in (signal.SIGUSR2, signal.SIGTERM):
            before = self.lines_in("long")
            process = self.begin("sweep-worker", "--plan", "long/plan.json", "--chunk", "1/1", "--out", "long")
            self.wait_until(lambda: self.lines_in("long") > before, process)
            process.send_signal(asked)
            _, errors = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 75, errors)
        finished = self.lines_in("long")
        self.assertEqual(self.sweep(plan, "long")["cached"], finished)

    def test_a_worker_in_the_background_gives_way_with_all_its_threads(self):
        self.call("sweep", self.plan(LONG), "--out", "long", "--engine", "commands")
        process = self.begin("sweep-worker", "--plan", "long/plan.json", "--chunk", "1/1", "--out", "long", "--background")
        self.wait_until(lambda: self.lines_in("long") >= 1, process)
        threads = [int(task.name) for task in pathlib.Path(f"/proc/{process.pid}/task").iterdir()]
        self.assertEqual({os.getpriority(os.PRIO_PROCESS, thread) for thread in threads}, {19})

    def test_two_sweeps_at_once_train_each_cell_once(self):
        plan = self.plan(LONG)
        processes = [self.begin("sweep", plan, "--out", name, "--jobs", 1, "--quiet", "--json") for name in ("one", "two")]
        reports = []
        for process in processes:
            output, errors = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, errors)
            reports.append(strict_json(output))
        self.assertEqual(sum(report["trained"] for report in reports), 12)
        for report in reports:
            self.assertEqual(report["trained"] + report["cached"], 12)
        self.assertEqual(rows_of(self.work / "one"), rows_of(self.work / "two"))
        self.assertEqual(list((self.home / ".cache/grokscope/outcomes/claims").glob("*.claim")), [])

    def test_one_sweep_a_folder(self):
        plan = self.plan(LONG)
        process = self.begin("sweep", plan, "--out", "out", "--jobs", 1, "--quiet")
        self.wait_until(lambda: self.lines_in("out") >= 1, process)
        second = self.call("sweep", plan, "--out", "out")
        self.assertEqual(second.returncode, 1)
        self.assertIn("another sweep is at work", second.stderr)

    def test_what_diverges_or_cannot_start_is_an_outcome(self):
        diverging = {**PLAN, "axes": [{"field": "optimizer.learning_rate", "values": [0.001, 100000]}], "seeds": [0], "until": "",
                     "set": {**SMALL_SET, "optimizer": {"kind": "sgd", "weight_decay": 0}}}
        self.sweep(self.plan(diverging), "out")
        self.assertEqual([row["stopped"] for row in rows_of(self.work / "out")], ["steps", "diverged"])
        missing = {"base": "omnigrok-mnist", "axes": [{"field": "train.steps", "values": [10, 20]}]}
        done = self.call("sweep", self.plan(missing, "missing.json"), "--out", "missing", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(strict_json(done.stdout)["failed"], 2)
        self.assertIn("2 runs could not be trained", done.stderr)
        for line in (self.work / "missing/results.jsonl").read_text().splitlines():
            self.assertIn("scripts/fetch-data mnist", strict_json(line)["error"])

    def test_a_table_for_parquet_needs_a_table_and_pyarrow(self):
        script = pathlib.Path(__file__).resolve().parents[2] / "scripts/sweep-to-parquet"
        self.sweep(self.plan(), "out")
        self.write("none/pyarrow.py", "raise ImportError")  # as where it is not installed
        for folder, says in (("nothing", "there is no such table"), ("out", "pip install pyarrow")):
            done = subprocess.run([sys.executable, str(script), folder], cwd=self.work, text=True, capture_output=True,
                                  env={**self.env, "PYTHONPATH": str(self.work / "none")})
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertIn(says, done.stderr)
        self.assertFalse((self.work / "out/results.parquet").exists())

    def test_dry_run_trains_and_writes_nothing(self):
        plan = self.plan()
        before = self.tree()
        told = strict_json(self.succeed("sweep", plan, "--out", "out", "--dry-run", "--json", "--jobs", 2))
        self.assertEqual((told["runs"], told["known"], told["to_train"]), (12, 0, 12))
        self.assertGreater(told["seconds"], 0)
        self.assertEqual(self.tree(), before)
        self.sweep(plan, "out")
        told = strict_json(self.succeed("sweep", plan, "--out", "out", "--dry-run", "--json"))
        self.assertEqual((told["known"], told["to_train"], told["seconds"]), (12, 0, 0))
        self.assertIn("12 runs, 12 known, 0 to train", self.succeed("sweep", plan, "--out", "out", "--dry-run"))

    def test_watch_draws_the_map_in_place(self):
        terminal = Terminal([PROGRAM, "sweep", self.plan(LONG), "--out", "out", "--jobs", "2", "--watch"], 120, cwd=self.work,
                            env={**self.env, "TERM": "xterm"})
        self.addCleanup(terminal.process.kill)
        terminal.read_until(lambda screen: any("run 12 of 12" in line for line in screen.lines()))
        lines = terminal.screen.lines()
        terminal.finish()
        self.assertEqual(len(lines), 4, lines)
        letter = {"comprehension": "c", "grokking": "G", "memorisation": "m", "confusion": "x", "undecided": "?"}
        cells = [letter[row["phase"]] for row in rows_of(self.work / "out") if row["seed"] == "0"]
        self.assertEqual(lines[:2], ["".join(cells[3:]), "".join(cells[:3])])
        self.assertIn("G grokking", lines[2])

    def test_a_picture_of_a_sweep_carries_its_plan(self):
        self.sweep(self.plan(), "out")
        for name in ("map.svg", "map.png"):
            self.succeed("render", "out", "--panel", "sweep/sweep-map", "--choose", "sweep_measure=final test error", "-o", name)
        picture = (self.work / "map.svg").read_text()
        self.assertIn("Final test error", picture)
        self.assertIn("12 of 12 runs", picture)
        metadata = html.unescape(re.search(r'<metadata id="grokscope">(.*?)</metadata>', picture, re.S).group(1))
        carried = json.loads(metadata)["plan"]
        self.assertEqual([axis["field"] for axis in carried["axes"]], [axis["field"] for axis in PLAN["axes"]])
        self.assert_refused("render", "out", "--choose", "sweep_mesure=delay", "-o", "x.png", says="sweep_measure")
        (self.work / "out/plan.json").write_text("{")
        self.assert_refused("render", "out", "-o", "x.png", says="plan.json", codes=(1,))

    def test_a_picture_is_in_the_panel_that_the_window_opens_the_sweep_in(self):
        self.sweep(self.plan(), "map")
        self.succeed("render", "map", "-o", "map.svg")
        self.assertIn("Steps to generalise", (self.work / "map.svg").read_text())
        widths = {"base": "double-descent-modelwise", "axes": [{"field": "model.width", "values": [1, 2]}], "seeds": [0],
                  "set": {"train.steps": 20, "task.train_size": 200, "task.test_size": 100}, "record": ["train_accuracy", "test_accuracy"]}
        self.sweep(self.write("widths.json", json.dumps(widths)), "widths")
        self.succeed("render", "widths", "-o", "widths.svg")
        self.assertIn("Error against the size of the network", (self.work / "widths.svg").read_text())

    def test_plans_of_the_program_and_set(self):
        done = self.succeed("sweep", "seeds-20", "--out", "out", "--dry-run", "--json", "--set", "task.modulus=11", "--set",
                            "optimizer.weight_decay=1", "--set", "train.steps=20")
        self.assertEqual(strict_json(done)["runs"], 20)

    def test_what_is_wrong_is_refused_before_anything_is_made(self):
        def refused(change, *says):
            self.assert_refused("sweep", self.plan({**PLAN, **change}), "--out", "out", says=says)
        refused({"axes": [{"field": "optimizer.weight_deca", "values": [1]}]}, "did you mean 'optimizer.weight_decay'", "plan.json")
        refused({"axes": [{"field": "task.train_size", "values": [60, 100000]}]}, "the cell task.train_size = 100000", "nothing to test")
        refused({"axes": [{"field": "optimizer.weight_decay", "from": 1, "to": 1, "count": 3}]}, "is empty")
        refused({"seeds": {"from": 0, "count": 100000}}, "600000 runs is too large", "200000")
        plan = self.plan()
        self.assert_refused("sweep", plan, "--out", "out", "--set", "optimizer.weight_decay=1", says="it is an axis")
        self.assert_refused("sweep", plan, "--out", "out", "--set", "train.stepz=1", says="did you mean 'train.steps'")
        self.assert_refused("sweep", plan, "--out", "out", "--engine", "remote", says="remote")
        self.assert_refused("sweep", "seeds-2", "--out", "out", says="did you mean 'seeds-20'")
        self.assert_refused("sweep", plan, "--out", "out", "--jobs", "2000", says="at most 1024")
        self.assert_refused("sweep", plan, says="--out")
        self.assert_refused("sweep-worker", "--plan", plan, "--out", "out", says="--chunk K/N")
        for chunk in ("0/3", "4/3", "1", "a/b", "1/0"):
            self.assert_refused("sweep-worker", "--plan", plan, "--out", "out", "--chunk", chunk, says=chunk)

    def test_what_another_version_wrote_stays(self):
        plan = self.plan()
        for name in ("shards/host-1.jsonl", "results.jsonl"):
            out = f"out-{len(name)}"
            path = self.write(f"{out}/{name}", '{"schema":"grokscope.outcome/9","key":"x"}\n')
            before = path.read_bytes()
            done = self.call("sweep", plan, "--out", out)
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("grokscope.outcome/9", done.stderr)
            self.assertTrue(done.stderr.strip().endswith(path.name), done.stderr)
            self.assertEqual(path.read_bytes(), before)

    def test_damaged_lines_are_told_and_trained_again(self):
        plan = self.plan()
        self.sweep(plan, "out", "--no-cache")
        whole = rows_of(self.work / "out")
        shard = max((self.work / "out/shards").glob("*.jsonl"), key=lambda path: path.stat().st_size)
        lines = shard.read_bytes().splitlines(keepends=True)
        shard.write_bytes(b"".join([b"\0" * 20 + lines[0][20:], *lines[1:-1], lines[-1][:50]]))
        done = self.call("sweep", plan, "--out", "out", "--no-cache", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(strict_json(done.stdout)["trained"], 2)
        self.assertIn("1 damaged lines", done.stderr)
        self.assertEqual(rows_of(self.work / "out"), whole)


if __name__ == "__main__":
    unittest.main()
