#!/usr/bin/env python3
"""What the pages say about the tree is true: the paths of "Where would I change ..." and of files named in a text exist, links
between pages lead somewhere, and no text speaks of what a reader cannot have (plans, issues, sessions of work). usage: check_docs.py SOURCE_DIR"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(sys.argv[1])
SOURCE_FILE = re.compile(r"(?<![\w/.<-])((?:src|docs|tests|scripts|cmake|reference)/(?:[a-z0-9_-]+/)*[a-z0-9_-]+\.(?:h|cpp|md|py|cmake))\b")
FOREIGN = re.compile(r"design\.md|\bissues? \d|\b(first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|last|this|next) session\b"
                     r"|\b(first|second|next) milestone\b", re.IGNORECASE)
TEXT = {".md", ".cpp", ".h", ".py", ".txt", ".cmake", ".json", ".yml", ""}


def tracked():
    listed = subprocess.run(["git", "-C", str(ROOT), "ls-files"], capture_output=True, text=True)
    if listed.returncode != 0:  # a source archive
        skipped = {"build", ".git"}
        return [path for path in ROOT.rglob("*") if path.is_file() and not skipped & set(path.relative_to(ROOT).parts)]
    return [ROOT / name for name in listed.stdout.splitlines()]


def wrong_paths():
    page = (ROOT / "docs/architecture.md").read_text()
    table = page[page.index("## Where would I change"):]
    for path in re.findall(r"`([a-z_]+/[a-z0-9_/*.]+)`", table):
        base = ROOT / "docs" if path.startswith("docs/") else ROOT / "src"
        name = path.removeprefix("docs/")
        if not list(base.glob(name.rstrip("/"))):
            yield f"docs/architecture.md names {path}, which is not there"


def wrong_links():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:]+?)(?:#[^)]*)?\)", page.read_text()):
            if not (page.parent / target).exists():
                yield f"{page.relative_to(ROOT)} links to {target}, which is not there"


def texts():
    for path in tracked():
        if path.suffix in TEXT and path.resolve() != pathlib.Path(__file__).resolve() and path.is_file():
            yield path, path.read_bytes().decode(errors="replace").splitlines()


def wrong_lines():
    for path, lines in texts():
        for number, line in enumerate(lines, 1):
            missing = [name for name in SOURCE_FILE.findall(line) if not (ROOT / name).exists()]
            if missing or FOREIGN.search(line):
                yield f"{path.relative_to(ROOT)}:{number}: {line.strip()[:120]}"


def main():
    found = [*wrong_paths(), *wrong_links(), *wrong_lines()]
    print("\n".join(found) or "the pages are true to the tree")
    return 1 if found else 0


sys.exit(main())
