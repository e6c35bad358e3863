#!/usr/bin/env python3
"""Fails when a shared object names a library it may not need, or does not name one that it must.

    check_needed.py FILE [--never PREFIX] [--always PREFIX]
"""
import argparse
import re
import subprocess
import sys


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("--never", action="append", default=[])
    parser.add_argument("--always", action="append", default=[])
    asked = parser.parse_args()
    text = subprocess.run(["readelf", "-d", asked.file], check=True, capture_output=True, text=True).stdout
    needed = re.findall(r"\(NEEDED\).*\[(.+)\]", text)
    wrong = [f"{asked.file} needs {name}" for name in needed if name.startswith(tuple(asked.never or ["\0"]))]
    wrong += [f"{asked.file} does not need {prefix}*" for prefix in asked.always
              if not any(name.startswith(prefix) for name in needed)]
    print(*wrong, sep="\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
