"""What the style tests look at: the files of this project and the picture of who may know whom."""

import functools
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]

# The folders with C++ and whom each may know besides itself. docs/ARCHITECTURE.md shows the same picture to people, and
# each folder's CMakeLists.txt links accordingly; test_includes.py and test_docs.py hold the three together.
MAY_KNOW = {
    "base": [],
    "protocol": ["base"],
    "bus": ["base"],
    "store": ["base", "protocol", "net"],
    "net": ["base"],
    "providers": ["base", "protocol", "net"],
    "runtime": ["base", "protocol", "net", "bus", "providers"],
    "actors": ["base", "protocol", "net", "bus", "store", "providers", "runtime"],
    "gateway": ["base", "protocol", "net", "providers", "runtime", "actors"],
    "app": ["base", "protocol", "bus", "store", "net", "providers", "runtime", "actors", "gateway"],
}

# Libraries that one folder alone includes, so that they can be exchanged and so that no other folder waits for their
# headers to compile.
SOLE_USER = {
    "caf/": "actors",
    "simdjson": "protocol",
    "re2/": "protocol",
    "CLI/": "app",
    "curl/": "net",
    "boost/beast": "gateway",
    "date/": "providers",
    "hiredis/": "store",
    "nats/": "bus",
}


@functools.cache
def files():
    """Every file that is, or is about to be, part of the project, relative to its root."""
    try:
        listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT,
                                check=True, capture_output=True).stdout.decode().split("\0")
        found = [pathlib.PurePosixPath(name) for name in listed if name and (ROOT / name).is_file()]
    except (OSError, subprocess.CalledProcessError):  # an unpacked archive
        found = [pathlib.PurePosixPath(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()]
        found = [path for path in found if not {"build", "node_modules", "__pycache__"} & set(path.parts)]
    return sorted(set(found))


def text_of(path):
    return (ROOT / path).read_text(encoding="utf-8")


def cpp_files():
    return [path for path in files() if path.suffix in (".cpp", ".hpp")]


def folder_files(folder):
    return [path for path in cpp_files() if path.parts[0] == folder]


def markdown_files():
    return [path for path in files() if path.suffix == ".md"]


def includes(path):
    """[(line number, name, "quoted" or "angled")]"""
    found = []
    for number, line in enumerate(text_of(path).splitlines(), start=1):
        match = re.match(r'\s*#\s*include\s+(["<])([^">]+)[">]', line)
        if match:
            found.append((number, match[2], "quoted" if match[1] == '"' else "angled"))
    return found


def server_binary():
    """The program to ask, or None: HYDRANT_BINARY, or what scripts/build made."""
    path = pathlib.Path(os.environ.get("HYDRANT_BINARY", ROOT / "build/release/hydrant"))
    return path if os.access(path, os.X_OK) else None
