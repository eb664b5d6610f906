import os
import re
import subprocess
import unittest

import project

# A map of folders is a fenced block whose lines begin with a folder or file at the root: "base/   what it is".
MAP_LINE = re.compile(r"^(?P<path>\.?[\w.-]+/(?:[\w.-]+/)*)(?:\s{2,}|$)")
HIDDEN_FROM_MAPS = {".github"}


def fenced_blocks(path):
    """[(line number of its first line, [lines])] of the blocks that declare no language."""
    blocks, current = [], None
    for number, line in enumerate(project.text_of(path).splitlines(), start=1):
        fence = re.match(r"^\s*```(\S*)", line)
        if fence and current is None:
            current = (fence[1], number + 1, [])
        elif fence:
            if current[0] in ("", "text"):
                blocks.append(current[1:])
            current = None
        elif current is not None:
            current[2].append(line)
    return blocks


def directory_maps():
    """[(file, {path: line number})] of blocks that are maps: three or more lines that name a folder."""
    maps = []
    for path in project.markdown_files():
        for first, lines in fenced_blocks(path):
            named = {match["path"].rstrip("/"): first + offset for offset, line in enumerate(lines)
                     if (match := MAP_LINE.match(line))}
            if len(named) >= 3:
                maps.append((path, named))
    return maps


class DirectoryMaps(unittest.TestCase):
    def test_exist(self):
        self.assertIn("docs/ARCHITECTURE.md", [str(path) for path, _ in directory_maps()])

    def test_name_only_folders_that_are_there(self):
        folders = {str(parent) for path in project.files() for parent in path.parents}
        for path, named in directory_maps():
            for folder, line in named.items():
                with self.subTest(f"{path}:{line}"):
                    self.assertIn(folder, folders)

    def test_name_every_folder_at_the_root(self):
        folders = {path.parts[0] for path in project.files() if len(path.parts) > 1} - HIDDEN_FROM_MAPS
        for path, named in directory_maps():
            with self.subTest(str(path)):
                self.assertEqual(folders - set(named), set(), "the map leaves these out")


class ArchitecturePage(unittest.TestCase):
    def test_tells_who_may_know_whom_as_the_tests_do(self):
        page = project.text_of("docs/ARCHITECTURE.md")
        rows = dict(re.findall(r"^\| `(\w+)` \| (.*?) \|", page, re.MULTILINE))
        told = {folder: sorted(re.findall(r"`(\w+)`", known)) for folder, known in rows.items()
                if folder in project.MAY_KNOW}
        self.assertEqual(told, {folder: sorted(known) for folder, known in project.MAY_KNOW.items()})


class Links(unittest.TestCase):
    def test_between_pages_lead_somewhere(self):
        for path in project.markdown_files():
            for target in re.findall(r"\]\(([^)\s#]+)(?:#[^)]*)?\)", project.text_of(path)):
                if not re.match(r"\w+:", target):
                    with self.subTest(f"{path} -> {target}"):
                        self.assertTrue((project.ROOT / path.parent / target).exists())


class Decisions(unittest.TestCase):
    def test_are_all_listed_in_the_architecture_page(self):
        page = project.text_of("docs/ARCHITECTURE.md")
        for path in project.files():
            if path.parts[:2] == ("docs", "adr"):
                with self.subTest(str(path)):
                    self.assertIn(f"(adr/{path.name})", page)


class ConfigurationPage(unittest.TestCase):
    def test_is_what_the_program_prints(self):
        binary = project.server_binary()
        if binary is None:
            if os.environ.get("CI"):
                self.fail("there is no program to ask")
            self.skipTest("there is no program to ask; build it, or name one with HYDRANT_BINARY")
        told = subprocess.run([project.ROOT / "scripts/generate-docs", "--check", binary], capture_output=True, text=True,
                              timeout=60)
        self.assertEqual(told.returncode, 0, told.stderr)


if __name__ == "__main__":
    unittest.main()
