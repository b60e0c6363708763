"""Runs what docs/rules.md shows as typed at a terminal, and compares what comes out.

usage: transcripts.py BECKON GUIDE JOURNAL

The guide's first rule file and its test are written to a folder of their own, with the journal as monday.jsonl; then each block that
begins with "$ beckon rules" is run there. A line of "…" stands for lines that the guide leaves out.
"""

import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile


def run(beckon, command, folder):
    words = shlex.split(command)
    assert words[0] == "beckon", command
    done = subprocess.run([beckon, *words[1:]], cwd=folder, text=True, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout


def matches(shown, seen):
    """Whether `seen` is `shown`, where a line of … may be any lines."""
    pattern = "".join(r"(?:.*\n)*" if line == "…" else re.escape(line) + "\n" for line in shown.splitlines())
    return re.fullmatch(pattern, seen) is not None


def main():
    beckon, guide, journal = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    text = guide.read_text(encoding="utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```\n", text, re.S | re.M)
    files = [block for language, block in blocks if language == "jsonc"]
    rules = files[0]
    test = next(block for block in files if '"timeline"' in block)
    terminals = [block for language, block in blocks if language == ""]

    passed = failed = 0
    with tempfile.TemporaryDirectory() as made:
        folder = pathlib.Path(made)
        (folder / "rules.json").write_text(rules, encoding="utf-8")
        (folder / "shorter.json").write_text(rules.replace('"20s"', '"5s"'), encoding="utf-8")
        (folder / "rules.test.json").write_text(test, encoding="utf-8")
        shutil.copy(journal, folder / "monday.jsonl")
        for block in terminals:
            if block.startswith("$ beckon rules"):
                command, shown = block[2:].split("\n", 1)
            elif "FAILED" in block:  # "Had we expected the invitation after 15 seconds"
                (folder / "rules.test.json").write_text(test.replace('"20s", "fires"', '"15s", "fires"'), encoding="utf-8")
                command, shown = "beckon rules test rules.test.json", block + "\n0 passed, 1 failed\n"
            else:
                continue
            seen = run(beckon, command, folder)
            if matches(shown, seen):
                passed += 1
            else:
                failed += 1
                print(f"$ {command}\nthe guide shows:\n{shown}\nbut it is:\n{seen}")
    if passed + failed < 5:
        failed += 1
        print("the guide's transcripts were not found")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
