"""The habits that a machine can check: sizes, words that must not stand in the product, a README in each folder, and
error codes that nobody uses (listed, no failure).

    tidy.py <source folder>
"""
import json
import pathlib
import re
import sys

LINES_MAX = 400
CODE = {".cpp", ".hpp", ".inc", ".h"}
BUILD = {".cmake", ".txt"}
FORBIDDEN = [
    (re.compile(r"\b(TODO|FIXME|XXX)\b"), "unfinished work"),
    (re.compile(r"std::regex|#\s*include\s*<regex>"), "std::regex: it crashes on long input, use RE2"),
    (re.compile(r"\bsleep_(for|until)\b|\bu?sleep\("), "a sleep in place of a signal"),
    (re.compile(r"(?<![\w.}/])/(work|root|home)/"), "an absolute path of a machine"),
    (re.compile(r"\t"), "a tab"),
]


def files_of(root):
    for top in ("hub", "adapters"):
        for path in sorted((root / top).rglob("*")):
            if path.is_file() and path.suffix in CODE | BUILD | {".md"}:
                yield path


def check_files(root):
    problems, texts = [], []
    for path in files_of(root):
        name = path.relative_to(root).as_posix()
        text = path.read_text()
        lines = text.splitlines()
        if path.suffix in CODE:
            texts.append(text)
            if len(lines) > LINES_MAX:
                problems.append(f"{name}: {len(lines)} lines, at most {LINES_MAX}")
        for number, line in enumerate(lines, 1):
            problems += [f"{name}:{number}: {why}" for pattern, why in FORBIDDEN if pattern.search(line)]
    return problems, "\n".join(texts)


def check_readmes(root):
    folders = [p for top in ("hub", "adapters") for p in sorted((root / top).iterdir()) if p.is_dir()]
    return [f"{p.relative_to(root)}: has no README.md" for p in folders if not (p / "README.md").is_file()]


def unused_codes(root, code_text):
    errors = json.loads((root / "schemas/errors.json").read_text())["errors"]
    words = set(re.findall(r"ErrorCode::(\w+)", code_text)) | set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', code_text))
    return [e["code"] for e in errors if e["code"].replace("-", "_") not in words and e["code"] not in words]


def main():
    root = pathlib.Path(sys.argv[1])
    problems, code_text = check_files(root)
    problems += check_readmes(root)
    print("\n".join(problems))
    unused = unused_codes(root, code_text)
    print(f"{len(unused)} error codes that no code uses yet: {', '.join(unused) or 'none'}")
    print(f"{len(problems)} problems")
    return 1 if problems or not code_text else 0


if __name__ == "__main__":
    sys.exit(main())
