# Copyright (c) 2026, zilliz.cloud contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""sanity.py [--core 2.19] [ARGUMENT...]: `ansible-test sanity` on a copy of the work tree, with every Python of this machine."""
from __future__ import annotations

import argparse
import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import environment
import pythons

# ansible-test only warns of a linter that it did not find, and passes.
SKIPPED = re.compile(r"Required program .* not found")
# PowerShell is not used here, so its linter is not needed.
NOT_NEEDED = "pslint"


def copy_work_tree(destination: Path) -> None:
    """What git knows and does not ignore. ansible-test refuses a symlink, and it needs `ansible_collections` in the path."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=environment.ROOT,
        env=environment.own_variables(),
        capture_output=True,
        text=True,
        check=True,
    )
    shutil.rmtree(destination, ignore_errors=True)
    for name in filter(None, listing.stdout.split("\0")):
        source = environment.ROOT / name
        if source.is_symlink() or source.is_file():
            target = destination / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    # Else ansible-test asks the repository around the copy, which ignores build/ and so all of it.
    subprocess.run(["git", "init", "--quiet", str(destination)], env=environment.own_variables(), check=True)


def prepare_home(home: Path, prepared: environment.Environment) -> None:
    """ansible-test keeps its environments in HOME, and passes on neither PIP_ variables nor the person's pip settings."""
    requirements = next(prepared.venv.glob("lib/python3*/site-packages/ansible_test/_internal/python_requirements.py"))
    version = re.search(r"pip='([0-9.]+)'", requirements.read_text(encoding="utf-8"))[1]
    cache = environment.made(home / ".ansible" / "test" / "cache")
    shutil.copyfile(environment.TOOLS / "get_pip.py", cache / f"get_pip_{version.replace('.', '_')}.py")

    listing = subprocess.run(
        [str(prepared.venv / "bin" / "pip"), "config", "list"],
        env=environment.own_variables(),
        capture_output=True,
        text=True,
        check=True,
    )
    settings = dict(re.findall(r"^(?:global|install|:env:)\.([\w-]+)=(.*)$", listing.stdout, re.MULTILINE))
    lines = [f"{name} = {ast.literal_eval(value)}".replace("\n", "\n  ") for name, value in settings.items()]
    config = environment.made(home / ".config" / "pip") / "pip.conf"
    config.touch(mode=0o600)
    config.write_text("\n".join(["[global]", *lines, ""]), encoding="utf-8")


def search_path(prepared: environment.Environment, lint: Path) -> str:
    """Real interpreters first, and no shims: one that has nothing behind it stops the compile test."""
    programs = environment.made(environment.BUILD / "programs")
    environment.link(programs / "shellcheck", lint / "bin" / "shellcheck")
    interpreters = [str(Path(executable).parent) for executable in pythons.find().values()]
    others = [entry for entry in os.environ.get("PATH", os.defpath).split(os.pathsep) if entry and Path(entry).name != "shims"]
    return os.pathsep.join([str(prepared.venv / "bin"), str(programs), *interpreters, *others])


def run(core: str | None, arguments: list[str]) -> int:
    prepared = environment.prepare(core)
    folder = prepared.folder / "sanity"
    with environment.locked(folder):
        return run_in(folder, prepared, arguments)


def run_in(folder: Path, prepared: environment.Environment, arguments: list[str]) -> int:
    tree = folder / "ansible_collections"
    home = environment.made(folder / "home")
    copy_work_tree(tree / "zilliz" / "cloud")
    for name in environment.SLICES:
        shutil.copytree(prepared.collections / "ansible_collections" / name, tree / name, dirs_exist_ok=True)
    prepare_home(home, prepared)

    variables = prepared.variables()
    variables.update(HOME=str(home), PATH=search_path(prepared, environment.prepare_lint()))
    variables.pop("ANSIBLE_COLLECTIONS_PATH")
    command = ["ansible-test", "sanity", "--venv", "--requirements", "--color", "no", "--skip-test", NOT_NEEDED, *arguments]
    started = subprocess.Popen(
        command,
        cwd=tree / "zilliz" / "cloud",
        env=variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    errors, skipped = [], []
    for line in started.stdout:
        print(line, end="", flush=True)
        if line.startswith("ERROR: "):
            errors.append(line)
        elif SKIPPED.search(line):
            skipped.append(line)
    status = started.wait()
    print(f"\n===== ansible-core {prepared.core}: {len(errors)} errors, {len(skipped)} tests skipped for want of a program")
    print("".join(errors + skipped), end="")
    return status or int(bool(skipped))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--core", choices=environment.CORES)
    options, arguments = parser.parse_known_args()
    try:
        sys.exit(run(options.core, arguments))
    except environment.Unusable as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
