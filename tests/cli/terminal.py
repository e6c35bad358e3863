"""A terminal as far as the progress bar uses one: a pseudo-terminal, and what its screen shows. Anything else is an error, so
that nothing is passed over silently. Standard library only."""
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios

ROWS = 24


class Screen:
    """`columns` wide, ROWS high; every character is one column wide. `reflows`: what a narrower window does to a longer line:
    fold it (as VTE, kitty, tmux) or cut it (as xterm)."""

    def __init__(self, columns, reflows=True):
        self.columns, self.reflows = columns, reflows
        self.rows = [""]           # to the cursor's row or below
        self.folded = [False]      # does a row go on in the next one?
        self.row = self.column = 0
        self.scrolled = 0
        self.pending = b""

    def feed(self, data):
        data = self.pending + data
        end = len(data)
        while end > 0 and end > len(data) - 4 and not self._whole(data[:end]):
            end -= 1
        self.pending, text = data[end:], data[:end].decode()
        while text:
            if text[0] == "\033":
                match = re.match(r"\033\[(\d*)([AJK])", text)
                if match is None:
                    if re.fullmatch(r"\033(\[\d*)?", text):  # the rest is still to come
                        self.pending = text.encode() + self.pending
                        return
                    raise AssertionError(f"the terminal does not know {text[:8]!r}")
                if match[2] == "A":
                    self.row = max(0, self.row - int(match[1] or 1))
                else:
                    assert match[1] in ("", "0"), text[:8]
                    self._erase(screen=match[2] == "J")
                text = text[match.end():]
            else:
                self._put(text[0])
                text = text[1:]

    @staticmethod
    def _whole(data):
        try:
            data.decode()
            return True
        except UnicodeDecodeError:
            return False

    def _put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.folded[self.row] = False
            self._down()
        else:
            assert character >= " ", f"the terminal does not know {character!r}"
            if self.column == self.columns:  # the last column was written: now the line goes on below
                self.folded[self.row] = True
                self._down()
                self.column = 0
            line = self.rows[self.row].ljust(self.column)
            self.rows[self.row] = line[: self.column] + character + line[self.column + 1:]
            self.column += 1

    def _down(self):
        self.row += 1
        if self.row == len(self.rows):
            self.rows.append("")
            self.folded.append(False)
        if self.row == ROWS:
            del self.rows[0], self.folded[0]
            self.row -= 1
            self.scrolled += 1

    def _erase(self, screen):
        self.rows[self.row] = self.rows[self.row][: self.column]
        self.folded[self.row] = False
        if screen:
            del self.rows[self.row + 1:], self.folded[self.row + 1:]

    def resize(self, columns):
        if not self.reflows:
            self.rows = [row[:columns] for row in self.rows]
            self.column, self.columns = min(self.column, columns), columns
            return
        lines, cursor = [], None  # logical lines; (line, offset) of the cursor
        for index, row in enumerate(self.rows):
            if index == 0 or not self.folded[index - 1]:
                lines.append("")
            if index == self.row:
                cursor = (len(lines) - 1, len(lines[-1]) + self.column)
            lines[-1] += row
        self.columns, self.rows, self.folded = columns, [], []
        for index, line in enumerate(lines):
            pieces = [line[at: at + columns] for at in range(0, max(len(line), 1), columns)]
            if index == cursor[0]:
                self.row, self.column = len(self.rows) + cursor[1] // columns, cursor[1] % columns
            self.rows += pieces
            self.folded += [True] * (len(pieces) - 1) + [False]
        while self.row >= len(self.rows):
            self.rows.append("")
            self.folded.append(False)

    def lines(self):
        """What stands on the screen, without empty rows."""
        return [row.rstrip() for row in self.rows if row.strip()]


class Terminal:
    """Runs a command with standard error on a terminal of that width; standard output goes to a pipe."""

    def __init__(self, command, columns, reflows=True, **options):
        self.screen = Screen(columns, reflows)
        self.drawn = []  # the first line of the screen after each reading that changed it
        self.most_lines = 0
        self.master, slave = pty.openpty()
        self._set_size(slave, columns)
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=slave,
                                        text=True, **options)
        os.close(slave)
        os.set_blocking(self.master, False)

    @staticmethod
    def _set_size(descriptor, columns):
        fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, columns, 0, 0))

    def _read(self):
        """What is there now. False at the end."""
        try:
            data = os.read(self.master, 1 << 16)
        except BlockingIOError:
            return True
        except OSError as error:
            assert error.errno == errno.EIO, error
            return False
        if not data:
            return False
        self.screen.feed(data)
        self.most_lines = max(self.most_lines, len(self.screen.lines()))
        first = (self.screen.lines() or [""])[0]
        if self.drawn[-1:] != [first]:
            self.drawn.append(first)
        return True

    def read_until(self, condition):
        """Until the condition holds for the screen; an error if the program ends before, or draws often without it."""
        for _ in range(400):
            if condition(self.screen):
                return
            select.select([self.master], [], [])
            assert self._read(), f"the program ended: {self.screen.lines()}"
        raise AssertionError(f"this never came to the screen: {self.screen.lines()}")

    def resize(self, columns):
        """While the program stands still and everything that it drew for the old width has been read."""
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOWAIT)
        while select.select([self.master], [], [], 0)[0]:
            self._read()
        self.screen.resize(columns)
        self._set_size(self.master, columns)
        self.process.send_signal(signal.SIGCONT)

    def finish(self):
        """Reads to the end; returns standard output."""
        while True:
            select.select([self.master], [], [])
            if not self._read():
                break
        os.close(self.master)
        output = self.process.stdout.read()
        self.process.stdout.close()
        self.process.wait()
        return output
