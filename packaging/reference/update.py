#!/usr/bin/env python3
"""Writes docs/reference: a page for each module, made of its manifest and of what its checks say
of themselves (help-pb): packaging/reference/update.py

NSCP_BIN_DIR names the built programs (default: build/bin). Those of build-windows/bin are run under
wine (packaging/windows/in-windows.sh), and what they say otherwise gets pages of its own."""
import collections
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
sys.path.insert(0, os.path.join(ROOT, "tests"))
from support.agent import Agent, BIN, WINDOWS  # noqa: E402  (found by the line above)
from support.protobuf import decode, encode  # noqa: E402

PAGES = os.path.join(ROOT, "docs", "reference")
FOLDER = os.path.join(PAGES, "windows") if WINDOWS else PAGES
MADE = ("<!-- Made by packaging/reference/update.py from the module's manifest and the help of its "
        "checks. -->\n")
HELP_OPTIONS = {"help", "help-pb", "help-short", "show-default"}
COMMON = "common"
ON_WINDOWS = "What is otherwise on Windows stands in [windows](windows/README.md).\n"


def manifests():
    """Of all modules that are installed, by name."""
    folder = os.path.join(BIN, "modules")
    found = {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".json"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                manifest = json.load(file)
            found[manifest["name"]] = manifest
    return found


def text(value):
    return value.decode("utf-8", errors="replace")


class Help:
    """What one check says of itself."""

    def __init__(self, agent, command):
        body = encode([(2, [(2, command), (4, "help-pb")])])
        status, answer, _ = agent.request("POST", "/query.pb", body=body)
        assert status == 200, f"{command}: {status} {answer}"
        payload = decode(decode(answer.encode("utf-8", "surrogateescape"))[2][0])
        data = decode(payload.get(5, [b""])[0])
        # name -> (default, repeatable, description)
        self.options = {}
        for option in map(decode, data.get(1, [])):
            self.options[text(option[1][0])] = (text(option.get(2, [b""])[0]), 4 in option,
                                                text(option.get(7, [b""])[0]))
        self.keywords = {}
        for field in map(decode, data.get(2, [])):
            self.keywords.setdefault(text(field[1][0]), text(field.get(3, [b""])[0]))

    def is_filter(self):
        return "detail-syntax" in self.options


def shared(tables):
    """Names that most of the tables have, with the description that most give."""
    count = collections.Counter(pair for table in tables for pair in table.items())
    return {name: meaning for (name, meaning), times in count.items() if times > len(tables) / 2}


def cell(value):
    return " ".join(str(value).split()).replace("|", "\\|")


def code(value):
    """A value as it is written: in backquotes that it does not end itself."""
    value = value.replace("\n", "\\n").replace("\t", "\\t").replace("|", "\\|")
    if not value:
        return ""
    marks = "``" if "`" in value else "`"
    return f"{marks}{value}{marks}"


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def option_rows(options, names):
    return [(code(name) + (" (repeatable)" if options[name][1] else ""), code(options[name][0]),
             cell(options[name][2])) for name in options if name in names]


def check_section(query, asked, common_options, common_keywords):
    out = [f"### {query['name']}\n", cell(query["description"]) + "\n"]
    if query.get("alternatives"):
        names = ", ".join(code(n) for n in query["alternatives"])
        out.append(f"Also known as {names}.\n")
    own = [n for n in asked.options if n not in common_options and n not in HELP_OPTIONS]
    if own:
        out.append(table(("option", "default", "meaning"), option_rows(asked.options, own)))
    if asked.is_filter():
        defaults = [(code(n), code(asked.options[n][0])) for n in asked.options
                    if n in common_options and asked.options[n][0] and n != "list-separator"]
        out.append("Defaults of the common options:\n")
        out.append(table(("option", "default"), defaults))
        keywords = [(code(n), cell(asked.keywords[n])) for n in asked.keywords
                    if common_keywords.get(n) != asked.keywords[n]]
        out.append(table(("keyword", "meaning"), keywords))
    return "\n".join(out)


def key_rows(keys):
    rows = []
    for key in keys:
        secret = key.get("sensitive") or key.get("type") == "PASSWORD"
        parent = f" Taken from `{key['parent']}` where it is not set here." if key.get("parent") else ""
        secret = " Never shown." if secret else ""
        rows.append((code(key["key"]), key.get("type", "STRING").lower(),
                     code(key.get("defaultValue", "")),
                     cell(key.get("description", "")) + parent + secret))
    return rows


def settings_section(manifest):
    out = []
    head = ("key", "type", "default", "meaning")
    for path in manifest.get("settings", []):
        out.append(f"### {code(path['path'])}\n")
        out.append(cell(path.get("description", "")) + "\n")
        if path.get("keys"):
            out.append(table(head, key_rows(path["keys"])))
        if path.get("objectKeys"):
            out.append("Keys of each object, in a section of its own below:\n")
            out.append(table(head, key_rows(path["objectKeys"])))
    return "\n".join(out)


def page(manifest, helps, common_options, common_keywords):
    out = [MADE, f"# {manifest['name']}\n", cell(manifest.get("description", "")) + "\n"]
    facts = []
    if manifest.get("platforms"):
        facts.append("Only on: " + ", ".join(manifest["platforms"]) + ".")
    if manifest.get("commandLineAliases"):
        facts.append("On the command line: " +
                     ", ".join(f"`nscp {w}`" for w in manifest["commandLineAliases"]) + ".")
    if manifest.get("grants"):
        facts.append("It may: " + ", ".join(code(g) for g in manifest["grants"]) +
                     " (see [how modules are written](../write-a-module.md)).")
    if facts:
        out.append(" ".join(facts) + "\n")
    if manifest.get("queries"):
        out.append("## Checks\n")
        if any(helps[q["name"]].is_filter() for q in manifest["queries"]):
            out.append(f"Options and keywords that all of them have stand in [{COMMON}.md]({COMMON}.md).\n")
        for query in manifest["queries"]:
            out.append(check_section(query, helps[query["name"]], common_options, common_keywords))
    if manifest.get("execCommands"):
        out.append("## Commands\n")
        out.append(table(("command", "meaning"), [(code(c["name"]), cell(c["description"]))
                                                  for c in manifest["execCommands"]]))
    if manifest.get("settings"):
        out.append("## Settings\n")
        out.append(settings_section(manifest))
    return "\n".join(out)


def common_page(options, common_options, common_keywords):
    options = [(code(n) + (" (repeatable)" if o[1] else ""), cell(o[2]))
               for n, o in options.items() if n in common_options or n in HELP_OPTIONS]
    keywords = [(code(n), cell(meaning)) for n, meaning in common_keywords.items()]
    return "\n".join([
        MADE, "# What all filter checks have\n",
        "Expressions, thresholds and templates are told in "
        "[expressions.md](../checks/expressions.md).\n",
        "## Options\n", table(("option", "meaning"), options),
        "## Keywords of the whole check\n", table(("keyword", "meaning"), keywords)])


def index_page(all_manifests):
    rows = [(f"[{name}]({name}.md)", cell(m.get("description", "")))
            for name, m in all_manifests.items()]
    return "\n".join([MADE, "# Reference\n", ON_WINDOWS,
                      "Each module with its checks, commands and settings; what all filter checks "
                      f"have in common stands in [{COMMON}.md]({COMMON}.md).\n",
                      table(("module", "what it is"), rows)])


def kept_page(name):
    """The page of Linux, or "" where there is none."""
    path = os.path.join(PAGES, name)
    if not os.path.exists(path):
        return ""
    with open(path, encoding="utf-8") as file:
        return file.read()


def otherwise(made):
    """The pages of `made` that are not word for word those of Linux, for a folder below them."""
    kept, rows = {}, []
    for name, text_here in made.items():
        same = kept_page(name) == text_here
        if name not in ("README.md", f"{COMMON}.md"):
            rows.append(f"[{name[:-3]}]({'../' if same else ''}{name})")
        if not same and name != "README.md":
            kept[name] = text_here.replace("](../", "](../../").replace(f"]({COMMON}.md)",
                                                                       f"](../{COMMON}.md)")
    kept["README.md"] = "\n".join([
        MADE, "# Reference: Windows\n",
        "The modules of the agent for Windows: " + ", ".join(rows) + ".\n"])
    return kept


def pages():
    """{file name: text}"""
    found = manifests()
    others = tuple(name for name in found if name != "WEBServer")
    helps = {}
    with Agent(modules=others) as agent:
        agent.start()
        for manifest in found.values():
            for query in manifest.get("queries", []):
                helps[query["name"]] = Help(agent, query["name"])
    filters = [h for h in helps.values() if h.is_filter()]
    common_options = set(shared([{n: o[2] for n, o in h.options.items()} for h in filters]))
    common_options -= HELP_OPTIONS
    common_keywords = shared([h.keywords for h in filters])
    made = {f"{name}.md": page(manifest, helps, common_options, common_keywords)
            for name, manifest in found.items()}
    made[f"{COMMON}.md"] = common_page(filters[0].options, common_options, common_keywords)
    made["README.md"] = index_page(found)
    return otherwise(made) if WINDOWS else made


if __name__ == "__main__":
    made = pages()
    os.makedirs(FOLDER, exist_ok=True)
    for name in os.listdir(FOLDER):
        if name not in made and name.endswith(".md"):
            os.remove(os.path.join(FOLDER, name))
    for name, content in made.items():
        with open(os.path.join(FOLDER, name), "w", encoding="utf-8") as file:
            file.write(content)
