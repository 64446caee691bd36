"""Holds the module table of CMake against what the files really include.

A module includes its own files and those of the modules that it declares, directly or through one of them. Adapters
see of the hub what a client needs and nothing else. Nothing of the product includes tests/.

    module_includes.py <source folder> <module_table.txt>
"""
import pathlib
import re
import sys

INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')
GENERATED = {"error_codes.inc", "error_catalogue.inc"}  # cmake/error_catalogue.cmake
CLIENT_MAY_USE = {
    "hub/base",
    "hub/content",
    "hub/crypto",
    "hub/wire",
    "hub/registry",
    "hub/log",
    "hub/sqlite",
    "adapters/sdk",
    "adapters/edxml",
}
SOURCES = {".cpp", ".hpp", ".inc", ".h"}


def read_table(path):
    """{folder: {folders that it declares}} from lines `folder:target: targets`."""
    rows = [line.split(":") for line in path.read_text().splitlines() if line]
    folder_of = {target: folder for folder, target, _ in rows}
    return {folder: {folder_of[use] for use in uses.split()} for folder, _, uses in rows}


def reachable(table, folder):
    seen, waiting = set(), [folder]
    while waiting:
        for use in table[waiting.pop()] - seen:
            seen.add(use)
            waiting.append(use)
    return seen


def folder_of_file(table, path):
    """The module whose folder holds the file; nothing when none does."""
    return next((str(p) for p in pathlib.PurePath(path).parents if str(p) in table), None)


def problem_with(root, table, module, included):
    """Why a file of `module` must not include `included`, or nothing."""
    if included in GENERATED:
        return None
    if included.startswith("tests/"):
        return "the product does not use its tests"
    used = folder_of_file(table, included)
    if used is None:
        return "no module has this file (include paths start at the repository's root)"
    if not (root / included).is_file():
        return "there is no such file"
    if used != module and used not in reachable(table, module):
        return f"{module} does not declare {used}"
    if module.startswith("adapters/") and used != module and used not in CLIENT_MAY_USE:
        return f"an adapter does not use {used}"
    return None


def check(root, table):
    problems = [f"{m}: uses itself, by way of what it declares" for m in table if m in reachable(table, m)]
    files = 0
    for top in ("hub", "adapters"):
        for path in sorted((root / top).rglob("*")):
            if path.suffix not in SOURCES:
                continue
            files += 1
            name = path.relative_to(root).as_posix()
            module = folder_of_file(table, name)
            if module is None:
                problems.append(f"{name}: is in no module")
                continue
            for number, line in enumerate(path.read_text().splitlines(), 1):
                if found := INCLUDE.match(line):
                    if why := problem_with(root, table, module, found[1]):
                        problems.append(f'{name}:{number}: "{found[1]}": {why}')
    return problems, files


def main():
    root = pathlib.Path(sys.argv[1])
    table = read_table(pathlib.Path(sys.argv[2]))
    problems, files = check(root, table)
    print("\n".join(problems))
    print(f"{len(table)} modules, {files} files, {len(problems)} problems")
    return 1 if problems or files == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
