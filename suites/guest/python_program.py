# SPDX-License-Identifier: BSD-2-Clause
"""A Python program of this machine, with the modules that it loads, for the guest."""

import json
import re
import subprocess
from pathlib import Path

# Runs in the program's own interpreter: which modules are there once it has shown its help, and
# what it read of its package's metadata to get there. That help needs all of them is measured: a
# whole walk under strace opens nothing more.
LIST = """
import contextlib, io, json, runpy, sys
opened = []
sys.addaudithook(lambda event, details: event == "open" and opened.append(str(details[0])))
sys.argv = [sys.argv[1], "--help"]
with contextlib.suppress(SystemExit), contextlib.redirect_stdout(io.StringIO()):
    runpy.run_path(sys.argv[0], run_name="__main__")
modules = {module.__file__: getattr(module, "__cached__", None)
           for module in list(sys.modules.values()) if getattr(module, "__file__", None)}
print(json.dumps({"modules": modules, "data": [name for name in opened if "-info/" in name]}))
"""


def add_python_program(image, path):
    """Adds the program, its interpreter and everything that it imports to an Initrd."""
    interpreter = re.match(r"#!\s*(/\S*python3\S*)\n", Path(path).read_text()).group(1)
    shown = subprocess.run([interpreter, "-B", "-I", "-c", LIST, path], check=True,
                           capture_output=True, text=True).stdout
    found = json.loads(shown)
    image.file(path, Path(path).read_bytes(), 0o755)
    image.program(interpreter, interpreter)
    for source, compiled in found["modules"].items():
        add_module(image, source, compiled)
    for name in found["data"]:
        image.file(name, Path(name).read_bytes())


def add_module(image, source, compiled):
    """One module. Byte code alone, where it is: the guest would compile every module again, as
    the archive does not keep the times by which byte code is known to be fresh."""
    if source.endswith(".so"):
        image.program(source, source)
    elif compiled and Path(compiled).exists():
        image.file(str(Path(source).with_suffix(".pyc")), Path(compiled).read_bytes())
    elif Path(source).exists():
        image.file(source, Path(source).read_bytes())
