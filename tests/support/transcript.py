"""Pages that show commands and what they print: finds both in a page's indented blocks, and compares.

A block of four blanks begins with `$ command`; what follows is what it prints. Words in angle brackets stand for
what differs from run to run, a line `...` for lines that are left out.
"""
import re

INDENT = "    "
MARK = "--- nscp transcript: end of command"
# What the words in angle brackets stand for.
PLACES = {
    "token": r"[0-9A-Za-z]{32}", "id": r"[0-9a-f]+-[0-9]+", "pid": r"[0-9]+",
    "version": r"[0-9]+\.[0-9]+\.[0-9]+", "day": r"\d{4}-\d\d-\d\d",
    "date": r"\d{4}-[A-Z][a-z]{2}-\d\d \d\d:\d\d:\d\d", "number": r"-?[0-9.]+",
    "count": r"[0-9]+", "file": r"[^\"\s]+", "time": r"[0-9a-z:. -]+",
    "size": r"[0-9.]+[KMGT]?B", "unit": r"[KMGT]?B",
    "hash": r"pbkdf2-sha256\$\d+\$[0-9a-f]+\$[0-9a-f]+", "instance": r"[0-9a-f]{12}",
}


def commands(text):
    """[(line number, command, the lines that it prints)] of a page's indented blocks."""
    found, open_block, blanks = [], False, 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith(INDENT + "$ "):
            found.append((number, line[len(INDENT) + 2:], []))
            open_block, blanks = True, 0
        elif open_block and line.startswith(INDENT):
            found[-1][2].extend([""] * blanks + [line[len(INDENT):]])
            blanks = 0
        elif not line:
            blanks += 1  # part of the block if it goes on behind it
        else:
            open_block = False
    return found


def pattern(lines):
    """A regular expression for these lines; a name that comes twice means the same text."""
    seen = set()

    def place(match):
        name = match.group(1)
        kind = name.rstrip("0123456789")
        if name not in seen:
            seen.add(name)
            return f"(?P<{name}>{PLACES[kind]})"
        return f"(?P={name})" if name != kind else f"(?:{PLACES[kind]})"
    parts = []
    for line in lines:
        if line.strip() == "...":
            parts.append(r"(?:[^\n]*\n)*?")
        else:
            escaped = re.escape(line).replace("\\<", "<").replace("\\>", ">")
            parts.append(re.sub(r"<([a-z]+\d*)>", place, escaped) + r"\n")
    return re.compile("".join(parts))


def script(found):
    """A shell script that runs the commands and prints a mark after each."""
    return "".join(f"{command}\nprintf '\\n%s\\n' '{MARK}'\n" for _, command, _ in found)


def outputs(printed):
    """What each command of such a script printed."""
    return printed.split(MARK + "\n")[:-1]


def tidy(text):
    """Without the blank lines at the end, which a program may or may not leave."""
    return text.rstrip("\n") + "\n" if text.strip() else ""


def fits(expected, output):
    """Whether `output` is what these lines of a page say."""
    return pattern(tidy("\n".join(expected)).splitlines()).fullmatch(tidy(output)) is not None
