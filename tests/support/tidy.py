"""Runs clang-tidy over the sources of a build: python3 tests/support/tidy.py BUILD [path-prefix ...]

clang cannot read gcc's precompiled headers, so it works on a copy of the compile commands without
them. Tests and generated code are left out.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))


def main(build, prefixes):
    with open(os.path.join(build, "compile_commands.json"), encoding="utf-8") as f:
        commands = json.load(f)
    kept = []
    for command in commands:
        path = os.path.relpath(command["file"], ROOT)
        if (path.startswith(("..", "tests/", "build")) or "_test" in path
                or not path.startswith(tuple(prefixes))):
            continue
        command["command"] = re.sub(r"-Winvalid-pch|-include \S*cmake_pch\S*", "",
                                    command["command"])
        kept.append(command)
    folder = os.path.join(build, "tidy")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "compile_commands.json"), "w", encoding="utf-8") as f:
        json.dump(kept, f)

    def check(path):
        done = subprocess.run(["clang-tidy", "-p", folder, "--quiet", path],
                              capture_output=True, text=True, check=False)
        return path, done.returncode, done.stdout

    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, code, output in pool.map(check, sorted({c["file"] for c in kept})):
            if code != 0:
                failed += 1
                print(f"--- {os.path.relpath(path, ROOT)}\n{output}")
    print(f"clang-tidy: {len(kept)} files, {failed} with findings")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:] or ["proto/", "kernel/", "gateway/", "workers/"]))
