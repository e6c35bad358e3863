#!/usr/bin/env python3
"""Reads the include graph of src/ and fails on an arrow that points the wrong way.

Three rules (docs/architecture.md): a module includes only itself and the DEPS that its CMakeLists.txt names (transitively),
and those stand before it in cmake/AddModule.cmake; LibTorch only in data, model, probe, train; OpenGL and Dear ImGui only
in chart, export, ui, app.

    check_includes.py SOURCE_FOLDER            exit 1 and one line a violation
    check_includes.py SOURCE_FOLDER --self-test  plants a violation of each rule and fails unless it is caught
"""
import pathlib
import re
import sys
import tempfile

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


def violations(root):
    order = module_order(root)
    allowed = declared_dependencies(root, order)
    found = []
    for module, dependencies in allowed.items():
        for dependency in dependencies:
            if dependency not in order or order.index(dependency) >= order.index(module):
                found.append(f"src/{module}/CMakeLists.txt: {dependency} does not stand before {module} in the module table")
    for path in sorted((root / "src").rglob("*")):
        if path.suffix not in {".h", ".cpp"}:
            continue
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
        (fake / "cmake" / "AddModule.cmake").write_text("set(GROKSCOPE_MODULES base model ui)\n")
        for module, deps in {"base": "", "model": " DEPS base", "ui": " DEPS base"}.items():
            (fake / "src" / module).mkdir(parents=True)
            (fake / "src" / module / "CMakeLists.txt").write_text(f"add_module({module}{deps})\n")
        (fake / "src" / "base" / "a.cpp").write_text('#include "model/b.h"\n#include <GL/gl.h>\n')
        (fake / "src" / "ui" / "c.cpp").write_text('#include "grokscope_aten.h"\n#include "model/b.h"\n')
        (fake / "src" / "model" / "b.h").write_text('#include "base/a.h"\n#include <torch/torch.h>\n')
        found = violations(fake)
    if len(found) != 5:
        print("self-test: expected 5 planted violations, found:", *found, sep="\n  ")
        return 1
    return 0


def main():
    root = pathlib.Path(sys.argv[1])
    if "--self-test" in sys.argv:
        return self_test(root)
    found = violations(root)
    print(*found, sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
