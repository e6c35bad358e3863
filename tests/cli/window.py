"""A display without a screen, the window on it, and hands. Needs Xvfb and xdotool."""
import os
import pathlib
import shutil
import subprocess
import unittest

from program import PROGRAM, SMALL, ProgramTest, events_of


class WindowTest(ProgramTest):
    def setUp(self):
        super().setUp()
        if "ASAN_OPTIONS" in self.env:  # what drivers keep looks like a leak once they are unloaded
            self.env["ASAN_OPTIONS"] += ":detect_leaks=0"
        driver = "/usr/lib/x86_64-linux-gnu/dri/swrast_dri.so"
        if "TSAN_OPTIONS" in self.env and os.path.exists(driver):  # its suppressions hold for libraries that stay loaded
            self.env["LD_PRELOAD"] = driver
        for tool in ("Xvfb", "xdotool"):
            if shutil.which(tool) is None:
                raise unittest.SkipTest(f"{tool} is not installed")
        reader, writer = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x720x24"],
                                       pass_fds=[writer], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(writer)
        self.addCleanup(self.end, self.server)
        with os.fdopen(reader) as number:
            self.env["DISPLAY"] = ":" + number.readline().strip()
        self.env["LIBGL_ALWAYS_SOFTWARE"] = "1"
        self.env["XDG_DATA_HOME"] = str(self.root / "data")

    @staticmethod
    def end(process):
        process.kill()
        process.wait()

    def open_window(self, *arguments, **environment):
        process = subprocess.Popen([PROGRAM, *SMALL, "--steps", "100000000", *arguments], cwd=self.work,
                                   env=self.env | environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.end, process)
        return process

    def runs(self):
        """The run folders that hold numbers, in the order of their names."""
        return sorted(path.parent for path in (self.root / "data/grokscope/runs").glob("*/metrics.jsonl")
                      if path.stat().st_size > 0)

    def first_run(self, process):
        return self.wait_until(self.runs, process)[0]

    def xdotool(self, *arguments):
        return subprocess.run(["xdotool", *arguments], env=self.env, text=True, capture_output=True).stdout.strip()

    def focus(self, process):
        window = self.wait_until(lambda: self.xdotool("search", "--onlyvisible", "--class", "grokscope"), process)
        self.xdotool("windowfocus", window)
        self.wait_until(lambda: self.xdotool("getwindowfocus") == window, process)
        return window

    def has_event(self, run, kind):
        return (pathlib.Path(run) / "events.jsonl").exists() and kind in [e["kind"] for e in events_of(run)]
