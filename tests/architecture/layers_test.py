"""Breaks a small architecture in each way and sees whether layers.py notices."""

import pathlib
import tempfile
import unittest

import layers


class LayersTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.write("CMakeLists.txt", "add_subdirectory(base)\nadd_subdirectory(web)\n")
        self.write("base/CMakeLists.txt", "sre_layer(base\n  HEADERS text.h)\n")
        self.write(
            "web/CMakeLists.txt",
            "sre_layer(web\n  SOURCES page.cc\n  USES base\n  LIBRARIES z)\n",
        )
        self.write("base/text.h", "#pragma once\n#include <string>\n")
        self.write("web/page.cc", '#include "agent/base/text.h"\n')

    def write(self, name, text):
        path = self.root / "agent" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def expect(self, what):
        found = layers.breaches_of(self.root)
        self.assertEqual(len(found), 1, found)
        self.assertIn(what, found[0])

    def test_accepts_what_is_right(self):
        self.assertEqual(layers.breaches_of(self.root), [])

    def test_sees_an_include_of_a_folder_that_is_not_used(self):
        self.write("base/text.h", '#pragma once\n#include "agent/web/page.h"\n')
        self.expect("base/text.h:2: base does not use web")

    def test_sees_a_folder_above_what_it_uses(self):
        self.write("CMakeLists.txt", "add_subdirectory(web)\nadd_subdirectory(base)\n")
        self.expect("uses base, which does not stand above web")

    def test_sees_a_folder_that_is_not_built(self):
        self.write("stray/a.h", "#pragma once\n")
        self.expect("stray is missing")

    def test_sees_a_library_in_the_wrong_folder(self):
        self.write("web/page.cc", "#include <curl/curl.h>\n")
        self.expect("<curl/curl.h> is for cli, session only")

    def test_sees_an_include_without_a_folder(self):
        self.write("web/page.cc", '#include "page.h"\n')
        self.expect('write "agent/FOLDER/FILE"')

    def test_sees_who_reads_the_clock(self):
        for call in (
            "std::chrono::steady_clock::now()",
            "std::time(nullptr)",
            "time(0)",
        ):
            self.write("web/page.cc", f"auto t = {call};\n")
            self.expect("page.cc:1: reads the time")

    def test_sees_no_clock_in_a_comment_or_another_name(self):
        self.write("web/page.cc", "// time(0)\nauto a = run.time(); auto b = wall_time(x);\n")
        self.assertEqual(layers.breaches_of(self.root), [])

    def test_sees_who_opens_a_secret(self):
        self.write("web/page.cc", "print(secret.reveal());\n")
        self.expect("page.cc:1: opens a secret")


if __name__ == "__main__":
    unittest.main()
