#!/usr/bin/env python3
# SPDX-License-Identifier: BSD-2-Clause
"""Feeds ci/check-house made-up trees, each with one break, and expects that very break."""

import importlib.machinery
import importlib.util
import subprocess
import tempfile
import unittest
from pathlib import Path

CHECK = Path(__file__).resolve().parents[2] / "ci" / "check-house"
LICENCE = "// SPDX-License-Identifier: BSD-2-Clause\n"
ORDERLY = {
    "knowledge/facts.json": "{}",
    "knowledge/facts.h": LICENCE + "#pragma once\n#include <string>\n",
    "tpm/session.h": LICENCE + '#pragma once\n#include <tss2/tss2_esys.h>\n'
                               '#include "knowledge/facts.h"\n',
    "emulator/tpm.cpp": LICENCE + '#include <libtpms/tpm_library.h>\n#include "tpm/session.h"\n',
    "result/result.h": LICENCE + "#pragma once\n",
    "probes/sign.cpp": LICENCE + '#include "result/result.h"\n// printf("x") is for cli\n'
                                 'const char* kText = "std::cout using namespace";\n',
    "reports/text.cpp": LICENCE + '#include "result/result.h"\n#include "knowledge/facts.h"\n',
    "cli/arguments.cpp": LICENCE + '#include <CLI/CLI.hpp>\n#include "reports/text.h"\nint x = printf("");\n',
    "ci/run": "#!/bin/sh\n# SPDX-License-Identifier: BSD-2-Clause\n",
    "README.md": "no licence line here\n",
}


def load():
    """The check as a module: a process for each of the trees would take minutes."""
    loader = importlib.machinery.SourceFileLoader("check_house", str(CHECK))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_house", loader))
    loader.exec_module(module)
    return module


HOUSE = load()


def check(files, deps=None):
    """Exit code and lines of the check over a tree of these files."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        for name, text in files.items():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        breaks = list(HOUSE.check_tree(root))
        if deps is not None:
            build = root / "build"
            breaks += HOUSE.check_opened(deps.replace("ROOT", str(root)), root, build)
        return (1, breaks) if breaks else (0, ["the house is in order"])


def deps(target, *opened):
    """What ninja prints for one object."""
    lines = [f"{target}: #deps {len(opened)}, deps mtime 1 (VALID)"]
    return "\n".join(lines + [f"    {path}" for path in opened]) + "\n\n"


class OrderlyTree(unittest.TestCase):
    """What is allowed is not reported."""

    def test_passes(self):
        self.assertEqual(check(ORDERLY), (0, ["the house is in order"]))

    def test_says_so_as_a_program(self):
        with tempfile.TemporaryDirectory() as folder:
            for text, status in (("int x;\n", 1), (LICENCE, 0)):
                (Path(folder) / "ci").mkdir(exist_ok=True)
                (Path(folder) / "ci" / "new.h").write_text(text + "#pragma once\n")
                done = subprocess.run([CHECK, "--root", folder], capture_output=True, text=True,
                                      check=False)
                self.assertEqual(done.returncode, status, done.stdout)

    def test_passes_with_what_the_compiler_opened(self):
        listing = deps("probes/CMakeFiles/x.dir/sign.cpp.o", "../probes/sign.cpp",
                       "ROOT/tpm/session.h", "/usr/include/string")
        listing += deps("tpm/CMakeFiles/x.dir/a.cpp.o", "/usr/include/tss2/tss2_esys.h")
        listing += deps("suites/CMakeFiles/x.dir/a.cpp.o", "/usr/include/libtpms/tpm_library.h")
        self.assertEqual(check(ORDERLY, listing), (0, ["the house is in order"]))

    def test_does_not_look_into_build_folders(self):
        self.assertEqual(check(ORDERLY | {"build/x/bad.cpp": "using namespace std;\n"})[0], 0)


class Breaks(unittest.TestCase):
    """Each break, alone in an orderly tree, is the one line that is printed."""

    def expect(self, name, text, line, words):
        status, lines = check(ORDERLY | {name: text})
        self.assertEqual(status, 1)
        self.assertEqual(len(lines), 1, lines)
        self.assertTrue(lines[0].startswith(f"{name}:{line}: "), lines)
        self.assertIn(words, lines[0])

    def include(self, name, header):
        self.expect(name, LICENCE + f"#include {header}\n", 2, header.strip('<>"'))

    def test_a_room_includes_only_what_it_stands_on(self):
        allowed = {
            "knowledge": "", "text": "", "result": "knowledge", "tpm": "knowledge",
            "emulator": "knowledge tpm", "probes": "knowledge result tpm",
            "host": "knowledge result tpm probes", "explain": "knowledge text",
            "reports": "knowledge result text explain",
            "doctor": "knowledge result text tpm probes host reports",
            "walks": "knowledge result text tpm probes host explain reports doctor",
            "cli": "knowledge result text tpm emulator probes host explain reports doctor walks",
        }
        for room, words in allowed.items():
            for other in allowed.keys() - set(words.split()) - {room}:
                self.include(f"{room}/deep/new.cpp", f'"{other}/x.h"')
            for other in words.split():
                files = ORDERLY | {f"{room}/new.cpp": LICENCE + f'#include "{other}/x.h"\n'}
                self.assertEqual(check(files), (0, ["the house is in order"]))

    def test_a_source_stands_in_a_room(self):
        self.expect("shed/new.cpp", LICENCE, 1, "not a room")

    def test_tss2_stays_in_tpm_and_emulator(self):
        for room in ("knowledge", "probes", "reports", "walks", "doctor", "cli"):
            self.include(f"{room}/new.cpp", "<tss2/tss2_tpm2_types.h>")

    def test_libtpms_stays_in_the_emulator(self):
        for room in ("knowledge", "tpm", "probes", "reports", "cli"):
            self.include(f"{room}/new.cpp", "<libtpms/tpm_library.h>")

    def test_cli11_stays_in_one_source(self):
        for source in ("knowledge/new.cpp", "reports/new.cpp", "cli/new.cpp", "cli/arguments.h"):
            self.expect(source, LICENCE + "#pragma once\n#include <CLI/CLI.hpp>\n", 3, "CLI/CLI.hpp")

    def test_only_cli_prints(self):
        for room in ("knowledge", "tpm", "emulator", "probes", "reports"):
            for words in ("std::cerr << 1;", 'printf("x");', 'std::puts("x");', 'perror("x");'):
                self.expect(f"{room}/new.cpp", LICENCE + words + "\n", 2, "only cli/ prints")

    def test_probes_do_not_even_include_what_prints(self):
        for header in ("<iostream>", "<cstdio>", "<stdio.h>"):
            self.expect("probes/new.cpp", LICENCE + f"#include {header}\n", 2, "only cli/ prints")

    def test_no_using_namespace(self):
        self.expect("cli/new.cpp", LICENCE + "\nusing  namespace std;\n", 3, "using namespace")

    def test_ids_are_taken_apart_in_one_place(self):
        words = "only result/id.cpp takes an id apart"
        for code in ('result.id.starts_with(prefix)', 'probe->id.rfind(step)', "id.find('-')",
                     "id.substr(at)", 'way.starts_with("store.")', 'matches_prefix(text, "ssh.rsa")'):
            self.expect("doctor/a.cpp", f"{LICENCE}// a step\nbool x = {code};\n", 3, words)

    def test_ids_may_be_compared_and_taken_apart_there(self):
        code = 'bool x = result.id == "ssh.server";  // id.find("ssh.")\n'
        orderly = ORDERLY | {"doctor/a.cpp": LICENCE + code, "suites/b.cpp": LICENCE + "id.find(x);\n",
                             "result/id.cpp": LICENCE + "int x = id.find(y);\n"}
        self.assertEqual(check(orderly), (0, ["the house is in order"]))

    def test_every_source_has_its_licence_line(self):
        self.expect("tpm/new.cpp", "int x;\n", 1, "SPDX")
        self.expect("ci/new.py", "x = 1\n", 1, "SPDX")
        self.expect("ci/new", "#!/bin/sh\n", 1, "SPDX")
        self.expect("tpm/CMakeLists.txt", "project(x)\n", 1, "SPDX")

    def test_no_file_is_too_long(self):
        self.expect("suites/unit/new.cpp", LICENCE + 400 * "\n", 401, "more than 400")

    def test_headers_are_read_once(self):
        self.expect("tpm/new.h", LICENCE, 1, "#pragma once")

    def test_facts_are_json(self):
        self.expect("knowledge/new.json", '{\n"a": 1,}', 2, "not JSON")

    def test_nothing_is_there_twice(self):
        fact = '{"name": "' + 100 * "x" + '"}'
        status, lines = check(ORDERLY | {"knowledge/a.json": fact, "knowledge/b.json": fact + "\n"})
        self.assertEqual((status, lines), (1, ["knowledge/b.json:1: is a copy of knowledge/a.json"]))


class BreaksThroughOtherHeaders(unittest.TestCase):
    """What no include says, but the compiler opened."""

    def expect(self, target, opened, words):
        status, lines = check(ORDERLY, deps(target, "../x.cpp", opened))
        self.assertEqual((status, len(lines)), (1, 1), lines)
        self.assertTrue(lines[0].startswith(f"{target}:1: "), lines)
        self.assertIn(words, lines[0])

    def test_a_room_of_ours(self):
        self.expect("reports/CMakeFiles/x.dir/a.cpp.o", "ROOT/probes/sign.h", "probes/sign.h")
        self.expect("knowledge/CMakeFiles/x.dir/a.cpp.o", "../tpm/bytes.h", "tpm/bytes.h")

    def test_a_generated_header(self):
        self.expect("reports/CMakeFiles/x.dir/a.cpp.o", "tpm/generated.h", "tpm/generated.h")

    def test_a_library(self):
        self.expect("probes/CMakeFiles/x.dir/ssh/a.cpp.o", "/usr/include/tss2/tss2_mu.h", "tss2")
        self.expect("tpm/CMakeFiles/x.dir/a.cpp.o", "/usr/include/libtpms/tpm_error.h", "libtpms")
        self.expect("reports/CMakeFiles/x.dir/a.cpp.o", "/usr/include/CLI/App.hpp", "CLI/App.hpp")
        self.expect("cli/CMakeFiles/x.dir/a.cpp.o", "/usr/include/CLI/App.hpp", "CLI/App.hpp")

    def test_an_empty_build_proves_nothing(self):
        status, lines = check(ORDERLY, "")
        self.assertEqual(status, 1)
        self.assertIn("nothing is built", lines[0])


if __name__ == "__main__":
    unittest.main()
