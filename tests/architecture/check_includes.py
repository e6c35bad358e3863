#!/usr/bin/env python3
"""Reads the include graph of src/ and fails on an arrow that points the wrong way.

The rules (docs/architecture.md): a module includes only itself and the DEPS that its CMakeLists.txt names (transitively),
and those stand before it in cmake/AddModule.cmake; a room of train/ includes only itself and the rooms before it; no circle
of files within a room (x.h and x.cpp are one file); LibTorch only in data, model, probe, train; OpenGL and Dear ImGui only in
chart, export, ui, app.

    check_includes.py SOURCE_FOLDER            exit 1 and one line a violation
    check_includes.py SOURCE_FOLDER --graph    the arrows between modules, and between the rooms of train/, as Graphviz
    check_includes.py SOURCE_FOLDER --self-test  plants a violation of each rule and fails unless it is caught
"""
import pathlib
import re
import sys
import tempfile

ROOMS = ["kernels", "step", "looking", "loop", "torch_side", "plugin"]  # of train/, in order
TORCH_MODULES = {"data", "model", "probe", "train"}
PIXEL_MODULES = {"chart", "export", "ui", "app"}
TORCH = re.compile(r"^(torch|ATen|c10|caffe2)/|^grokscope_(aten|autograd|cuda)\.h$")
PIXELS = re.compile(r"^(GL|EGL|GLES\d?|GLFW|imgui|backends)/|^(imgui|imgui_\w+|imstb_\w+)\.h$")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^">]+)[">]', re.MULTILINE)


def module_order(root):
    text = (root / "cmake" / "AddModule.cmake").read_text()
    return re.search(r"set\(GROKSCOPE_MODULES ([^)]*)\)", text).group(1).split()


def declared_dependencies(root, order):
    """Module -> every module it may include, transitively."""
    direct = {}
    for module in order:
        text = (root / "src" / module / "CMakeLists.txt").read_text()
        match = re.search(r"add_module\(\s*\w+(?:\s+TORCH)?\s+DEPS\s+([a-z_ \n]+?)\s*(?:LIBS|HOST|\))", text)
        direct[module] = set(match.group(1).split()) if match else set()
    closure = {}
    for module in order:  # in order, so that dependencies are already closed
        closure[module] = set(direct[module])
        for dependency in direct[module]:
            closure[module] |= closure.get(dependency, set())
    return closure


def sources(root):
    return [path for path in sorted((root / "src").rglob("*")) if path.suffix in {".h", ".cpp"}]


def room_violations(root):
    """Arrows between the rooms of train/ that run up, and files outside every room."""
    found = []
    for path in sources(root):
        parts = path.relative_to(root / "src").parts
        if parts[0] != "train":
            continue
        name = path.relative_to(root)
        if len(parts) != 3 or parts[1] not in ROOMS:
            found.append(f"{name}: not in a room of train/ ({' '.join(ROOMS)})")
            continue
        for include in INCLUDE.findall(path.read_text(errors="replace")):
            target = include.split("/")
            if target[0] == "train" and (len(target) != 3 or target[1] not in ROOMS or
                                         ROOMS.index(target[1]) > ROOMS.index(parts[1])):
                found.append(f"{name}: the room {parts[1]} may not include {include}")
    return found


def file_circles(root):
    """Circles of include arrows between the files of train/; x.h and x.cpp are one."""
    arrows = {}
    for path in sources(root):
        stem = path.relative_to(root / "src").with_suffix("").as_posix()
        if not stem.startswith("train/"):
            continue
        targets = {include.rsplit(".", 1)[0] for include in INCLUDE.findall(path.read_text(errors="replace"))}
        arrows.setdefault(stem, set()).update(t for t in targets if t.startswith("train/") and t != stem)
    found, done = [], set()

    def walk(stem, trail):
        if stem in trail:
            found.append("a circle of includes: " + " -> ".join(trail[trail.index(stem):] + [stem]))
        elif stem not in done:
            for target in sorted(arrows.get(stem, ())):
                walk(target, trail + [stem])
            done.add(stem)

    for stem in sorted(arrows):
        walk(stem, [])
    return found


def graph(root):
    """Direct include arrows as Graphviz, without those that others imply."""
    order = module_order(root)

    def node(parts):
        return f"train/{parts[1]}" if parts[0] == "train" and len(parts) > 2 else parts[0]

    arrows = {}
    for path in sources(root):
        here = node(path.relative_to(root / "src").parts)
        for include in INCLUDE.findall(path.read_text(errors="replace")):
            parts = include.split("/")
            if len(parts) > 1 and parts[0] in order and node(parts) != here:
                arrows.setdefault(here, set()).add(node(parts))

    def reaches(start, goal):
        return any(t == goal or reaches(t, goal) for t in arrows.get(start, ()))

    lines = ["// Written by tests/architecture/check_includes.py --graph: include arrows, the implied ones left out.",
             "digraph includes {", "  rankdir=BT; node [shape=box, fontname=Inter, fontsize=11];"]
    rooms = [f'"train/{room}"' for room in ROOMS if f"train/{room}" in arrows]
    lines.append("  subgraph cluster_train { label=train; fontname=Inter; color=gray; " + "; ".join(rooms) + " }")
    for here in sorted(arrows):
        for target in sorted(arrows[here]):
            if not any(reaches(other, target) for other in arrows[here] - {target}):
                lines.append(f'  "{here}" -> "{target}";')
    return "\n".join(lines + ["}"])


def violations(root):
    order = module_order(root)
    allowed = declared_dependencies(root, order)
    found = []
    for module, dependencies in allowed.items():
        for dependency in dependencies:
            if dependency not in order or order.index(dependency) >= order.index(module):
                found.append(f"src/{module}/CMakeLists.txt: {dependency} does not stand before {module} in the module table")
    found += room_violations(root) + file_circles(root)
    for path in sources(root):
        module = path.relative_to(root / "src").parts[0]
        name = path.relative_to(root)
        if module not in order:
            found.append(f"{name}: {module} is not in the module table")
            continue
        for include in INCLUDE.findall(path.read_text(errors="replace")):
            target = include.split("/")[0]
            if "/" in include and target in order and target != module and target not in allowed[module]:
                found.append(f"{name}: {module} may not include {include}")
            if TORCH.search(include) and module not in TORCH_MODULES:
                found.append(f"{name}: LibTorch outside {' '.join(sorted(TORCH_MODULES))}: {include}")
            if re.match(r"^(torch|ATen|c10)/", include) and module in TORCH_MODULES:
                found.append(f"{name}: include LibTorch through grokscope_aten.h, not {include}")
            if PIXELS.search(include) and module not in PIXEL_MODULES:
                found.append(f"{name}: OpenGL or ImGui outside {' '.join(sorted(PIXEL_MODULES))}: {include}")
    return found


def self_test(root):
    """The checker must be able to fail: a tree with one violation of each rule must give exactly those."""
    with tempfile.TemporaryDirectory() as folder:
        fake = pathlib.Path(folder)
        (fake / "cmake").mkdir()
        (fake / "cmake" / "AddModule.cmake").write_text("set(GROKSCOPE_MODULES base model train ui)\n")
        for module, deps in {"base": "", "model": " DEPS base", "ui": " DEPS base"}.items():
            (fake / "src" / module).mkdir(parents=True)
            (fake / "src" / module / "CMakeLists.txt").write_text(f"add_module({module}{deps})\n")
        (fake / "src" / "base" / "a.cpp").write_text('#include "model/b.h"\n#include <GL/gl.h>\n')
        (fake / "src" / "ui" / "c.cpp").write_text('#include "grokscope_aten.h"\n#include "model/b.h"\n')
        (fake / "src" / "model" / "b.h").write_text('#include "base/a.h"\n#include <torch/torch.h>\n')
        for room, text in {"step/d.h": '#include "train/loop/e.h"\n', "loop/e.h": '#include "train/loop/f.h"\n',
                           "loop/f.cpp": '#include "train/loop/e.h"\n', "g.h": ""}.items():
            (fake / "src" / "train" / room).parent.mkdir(parents=True, exist_ok=True)
            (fake / "src" / "train" / room).write_text(text)
        (fake / "src" / "train" / "CMakeLists.txt").write_text("add_module(train DEPS base)\n")
        found = violations(fake)
    # Two of base, two of ui, one of model; a room's arrow up, a circle in a room, a file without a room.
    if len(found) != 8:
        print("self-test: expected 8 planted violations, found:", *found, sep="\n  ")
        return 1
    return 0


def main():
    root = pathlib.Path(sys.argv[1])
    if "--self-test" in sys.argv:
        return self_test(root)
    if "--graph" in sys.argv:
        print(graph(root))
        return 0
    found = violations(root)
    drawing = root / "docs" / "images" / "includes.dot"
    if not found and drawing.read_text() != graph(root) + "\n":
        found.append("docs/images/includes.dot shows other arrows: write it and its picture again (docs/architecture.md)")
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
