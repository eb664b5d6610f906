import re
import unittest

import project


def linked_folders(folder):
    """The folders of this project that a folder's CMakeLists.txt links."""
    return sorted(set(re.findall(r"\bhydrant::(\w+)", project.text_of(f"{folder}/CMakeLists.txt")))
                  & set(project.MAY_KNOW) - {folder})


class Includes(unittest.TestCase):
    def test_point_only_to_folders_that_a_folder_may_know(self):
        for folder, known in project.MAY_KNOW.items():
            for path in project.folder_files(folder):
                for line, name, kind in project.includes(path):
                    target = name.split("/")[0]
                    if kind == "quoted" and target != folder:
                        with self.subTest(f"{path}:{line}"):
                            self.assertIn(target, known, f"{folder} may not know {name}")

    def test_run_from_the_root_of_the_project(self):
        for path in project.cpp_files():
            for line, name, kind in project.includes(path):
                if kind == "quoted":
                    with self.subTest(f"{path}:{line}"):
                        # `.in`: CMake makes the header from it.
                        self.assertTrue((project.ROOT / name).is_file() or (project.ROOT / f"{name}.in").is_file(),
                                        f"{name} is not a path from the root")

    def test_of_a_library_with_a_sole_user_stand_in_that_folder(self):
        for folder in project.MAY_KNOW:
            for path in project.folder_files(folder):
                for line, name, kind in project.includes(path):
                    for library, user in project.SOLE_USER.items():
                        if kind == "angled" and name.startswith(library) and folder != user:
                            with self.subTest(f"{path}:{line}"):
                                self.fail(f"<{name}> belongs to {user}/")


class Links(unittest.TestCase):
    def test_of_a_folder_go_only_to_folders_that_it_may_know(self):
        for folder, known in project.MAY_KNOW.items():
            with self.subTest(folder):
                self.assertLessEqual(set(linked_folders(folder)), set(known))

    def test_reach_every_folder_that_is_included(self):
        for folder in project.MAY_KNOW:
            reached, waiting = set(), [folder]
            while waiting:
                next_folder = waiting.pop()
                if next_folder not in reached:
                    reached.add(next_folder)
                    waiting += linked_folders(next_folder)
            for path in project.folder_files(folder):
                for line, name, kind in project.includes(path):
                    if kind == "quoted" and name.split("/")[0] in project.MAY_KNOW:
                        with self.subTest(f"{path}:{line}"):
                            self.assertIn(name.split("/")[0], reached, f"{folder}/CMakeLists.txt does not link it")


class Picture(unittest.TestCase):
    def test_has_no_circles(self):
        for folder, known in project.MAY_KNOW.items():
            for other in known:
                with self.subTest(f"{folder} and {other}"):
                    self.assertNotIn(folder, project.MAY_KNOW[other])

    def test_names_every_folder_with_a_library(self):
        with_library = {path.parts[0] for path in project.files()
                        if path.name == "CMakeLists.txt" and len(path.parts) == 2
                        and "hydrant_library(" in project.text_of(path)}
        self.assertEqual(with_library, set(project.MAY_KNOW))


if __name__ == "__main__":
    unittest.main()
