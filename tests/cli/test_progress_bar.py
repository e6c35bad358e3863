"""The progress bar on a terminal of any width: one line, always."""
import itertools
import signal
import unittest

from program import PROGRAM, SMALL, ProgramTest
from terminal import Screen, Terminal


class ProgressBar(ProgramTest):
    numbers = itertools.count()

    def begin(self, columns, reflows=True, steps="100000000", term="xterm-256color"):
        terminal = Terminal([PROGRAM, "run", *SMALL, "--steps", steps, "--no-probes", "--out",
                             str(self.work / f"run{next(self.numbers)}")],
                            columns, reflows, cwd=self.work, env={**self.env, "TERM": term})
        self.addCleanup(terminal.process.kill)
        return terminal

    def stop(self, terminal):
        terminal.process.send_signal(signal.SIGINT)
        terminal.finish()

    @staticmethod
    def read_line(terminal, *words):
        """Until the screen has one line, with these words."""
        terminal.read_until(lambda screen: len(screen.lines()) == 1 and all(word in screen.lines()[0] for word in words))

    def test_is_one_line_at_every_width(self):
        for columns, words, draws in ((200, ["░", "step", "steps/s", "ETA", "train", "test"], 10),
                                      (80, ["step", "ETA", "train", "test"], 10), (20, ["0 % · test"], 1), (7, ["te"], 1)):
            with self.subTest(columns):
                terminal = self.begin(columns)
                self.read_line(terminal, *words)
                terminal.read_until(lambda screen: len(terminal.drawn) >= draws)
                self.assertEqual((terminal.most_lines, terminal.screen.scrolled), (1, 0), terminal.screen.lines())
                self.stop(terminal)
                shown = "".join(terminal.screen.lines())
                self.assertTrue(shown.startswith("grokscope: interrupted at step "), shown)

    def test_follows_a_window_that_changes_its_size(self):
        for reflows in (True, False):
            with self.subTest(reflows=reflows):
                terminal = self.begin(200, reflows)
                self.read_line(terminal, "steps/s", "test")
                for columns in (80, 20, 200, 20, 80):
                    terminal.resize(columns)
                    self.read_line(terminal, *{200: ["░", "steps/s", "test"], 80: ["ETA", "test"], 20: ["0 % · test"]}[columns])
                    self.assertLess(len(terminal.screen.lines()[0]), columns)
                self.assertEqual(terminal.screen.scrolled, 0)
                self.stop(terminal)

    def test_leaves_nothing_of_itself(self):
        terminal = self.begin(80, steps="3000")
        self.assertIn("stopped at step 3000", terminal.finish())
        self.assertEqual(terminal.screen.lines(), [])
        self.assertEqual(terminal.process.returncode, 0)

    def test_a_terminal_of_unknown_width_is_80_wide(self):
        terminal = self.begin(0)
        terminal.screen.columns = 80
        terminal.read_until(lambda screen: "ETA" in "".join(screen.lines()))
        self.assertEqual((terminal.most_lines, terminal.screen.scrolled), (1, 0))
        self.stop(terminal)

    def test_is_not_drawn_where_the_cursor_cannot_move(self):
        for term in ("dumb", ""):
            terminal = self.begin(80, steps="3000", term=term)
            terminal.finish()
            self.assertEqual(terminal.drawn, [], term)

    def test_is_not_drawn_into_a_pipe(self):
        self.assertEqual(self.call("run", *SMALL, "--steps", "3000", "--no-probes").stderr, "")


class TheTerminalItself(unittest.TestCase):
    """What the tests above measure with must be able to fail."""

    def test_a_line_that_is_too_long_floods(self):
        screen = Screen(10)
        for _ in range(40):
            screen.feed("\rfifteen columns\033[K".encode())
        self.assertGreater(screen.scrolled, 0)

    def test_the_last_column_alone_does_not(self):
        screen = Screen(10)
        for _ in range(40):
            screen.feed("\r0123456789\033[K".encode())
        self.assertEqual((screen.scrolled, screen.lines()), (0, ["0123456789"]))

    def test_folds_or_cuts_when_it_becomes_narrower(self):
        for reflows, lines in ((True, ["0123456", "789"]), (False, ["0123456"])):
            screen = Screen(20, reflows)
            screen.feed(b"0123456789\r")
            screen.resize(7)
            self.assertEqual(screen.lines(), lines)
            screen.feed(b"ab\033[J")
            self.assertEqual(screen.lines(), ["ab"])


if __name__ == "__main__":
    unittest.main()
