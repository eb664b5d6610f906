import re
import unittest
import warnings

import project

LINES_LONG = 300  # a warning: such a file wants a split
MARKS = re.compile(r"\b(TODO|FIXME|XXX|HACK|DISABLED_\w*)\b")


class Headers(unittest.TestCase):
    def test_guard_themselves_with_pragma_once(self):
        for path in project.cpp_files():
            if path.suffix == ".hpp":
                with self.subTest(str(path)):
                    self.assertIn("#pragma once", project.text_of(path))


class Namespaces(unittest.TestCase):
    def test_equal_the_folder(self):
        for folder in project.MAY_KNOW:
            for path in project.folder_files(folder):
                opened = re.findall(r"^namespace hydrant(?:::(\w+))?", project.text_of(path), re.MULTILINE)
                for name in opened:
                    with self.subTest(str(path)):
                        self.assertEqual(name, folder)


class Sources(unittest.TestCase):
    def test_hold_no_marks_of_unfinished_work(self):
        for path in project.files():
            if path.suffix in (".cpp", ".hpp", ".py", ".mjs", ".cmake") or path.parts[0] in ("scripts", ".ci"):
                if path.parts[:2] == ("tests", "style"):
                    continue
                for number, line in enumerate(project.text_of(path).splitlines(), start=1):
                    with self.subTest(f"{path}:{number}"):
                        self.assertIsNone(MARKS.search(line), line)

    def test_are_not_long(self):
        for path in project.cpp_files():
            lines = project.text_of(path).count("\n")
            if lines > LINES_LONG:
                warnings.warn(f"{path} has {lines} lines; {LINES_LONG} is long", stacklevel=1)


class Tests(unittest.TestCase):
    # Waiting for time to pass makes a test slow on one machine and flaky on the next.
    def test_do_not_sleep(self):
        for path in project.cpp_files():
            if path.parts[:2] == ("tests", "unit"):
                with self.subTest(str(path)):
                    self.assertIsNone(re.search(r"\b(sleep_for|sleep_until|usleep|nanosleep)\b", project.text_of(path)))


if __name__ == "__main__":
    unittest.main()
