"""The commands of `nscp py`, which the scripts routes of the REST API are too: the same words and texts
as those of the other modules with scripts (workers/scripts)."""
import argparse
import json
import os
import shutil

import grpc

from nscp_host import scripts as of_scripts
from nscp_host.results import to_bytes, to_text

MODULE = "PythonScript"
FAILED, UNKNOWN_COMMAND = 3, 1
MAX_LISTED = 10000
MAX_SHOWN = 4 * 1024 * 1024
USAGE = "Usage: nscp py [add|execute|list|show|install|delete] --help"
LIBRARIES = "lib"


class Failed(Exception):
    """What the user reads."""


class Folder:
    """The one folder whose files may be listed, shown, added and removed."""

    def __init__(self, scripts):
        self.root = os.path.join(scripts, "python")
        self.base = os.path.dirname(scripts)

    def shown(self, path):
        return os.path.relpath(path, self.base)

    def list(self, with_lib):
        found = []
        for folder, folders, files in os.walk(self.root):
            folders[:] = sorted(f for f in folders if f != "__pycache__" and (with_lib or f != LIBRARIES))
            found += [self.shown(os.path.join(folder, f)) for f in files]
            if len(found) >= MAX_LISTED:
                break
        return sorted(found[:MAX_LISTED])

    def find(self, name):
        places = (os.path.join(self.base, name), os.path.join(self.root, name))
        for path in places:
            if name and os.path.isfile(path):
                root = os.path.realpath(self.root)
                if os.path.commonpath([root, os.path.realpath(path)]) != root:
                    raise Failed(f"Not allowed outside: {self.root}")
                return path
        raise Failed(f"Script not found: {name}")

    def take(self, name, source, replace):
        """Copies a file here, whole or not at all."""
        base = name.replace("\\", "/").rsplit("/", 1)[-1]
        path, fresh = os.path.join(self.root, base), os.path.join(self.root, f".{base}.new")
        if os.path.lexists(path) and not replace:
            raise Failed("Script already exists specify --overwrite to replace the script")
        try:
            os.makedirs(self.root, exist_ok=True)
            shutil.copyfile(source, fresh)
            os.chmod(fresh, 0o700)
            os.replace(fresh, path)
        except OSError as error:
            raise Failed(f"importing {source} as {path}: {error.strerror}") from None
        return self.shown(path)


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise Failed(f"Invalid command line: {message}\n{self.format_help()}")

    def exit(self, status=0, message=None):
        raise Failed(message or "")


def parser(command, *options):
    made = Parser(prog=f"nscp py {command}", add_help=False, allow_abbrev=False)
    made.add_argument("--help", action="store_true", help="Show this help")
    for name, text, *value in options:
        if value:
            made.add_argument(f"--{name}", default="", metavar="arg", help=text)
        else:
            made.add_argument(f"--{name}", action="store_true", help=text)
    return made


SCRIPT = ("script", "The script: a file or a name", True)
LISTING = (("json", "As JSON"), ("query", "Names that are configured, not files"),
           ("include-lib", "Libraries, too"))
PARSERS = {
    "list": parser("list", *LISTING),
    "show": parser("show", SCRIPT),
    "delete": parser("delete", SCRIPT),
    "add": parser("add", SCRIPT, ("alias", "Name of the script; the file's without one", True),
                  ("import", "File to copy into the scripts' folder first", True),
                  ("replace", "Also where there is such a file"),
                  ("no-config", "Only the file, no definition"), ("list", "List the files"), *LISTING),
    "install": parser("install", ("add", "Scripts to add, comma separated", True),
                      ("remove", "Names of scripts to remove, comma separated", True)),
    "python-script": parser("python-script", SCRIPT),
    "execute": parser("execute", ("script", "The script whose __main__(args) is run", True),
                      ("file", "The same", True)),
}


class Commands:
    def __init__(self, scripts):
        self._scripts = scripts
        self._kernel = scripts.kernel
        self._folder = Folder(scripts.folder)

    def _save(self, entries, persist=True):
        """Writes what is defined, and takes it into use."""
        try:
            self._kernel.set_settings(entries, persist)
        except grpc.RpcError as error:
            raise Failed(error.details()) from None
        if not persist:
            return
        for path, alias, name in entries:
            if path != of_scripts.SECTION:
                continue
            self._scripts.unload(alias)
            self._scripts.definitions.pop(alias.lower(), None)
            if name:
                self._scripts.definitions[alias.lower()] = name
                self._scripts.try_load(alias, name)
        self._scripts.publish()

    def _known(self, name):
        try:
            return of_scripts.find_script(self._scripts.folder, name)
        except FileNotFoundError as error:
            raise Failed(str(error)) from None

    def list(self, given):
        names = (sorted(self._scripts.definitions) if given.query
                 else self._folder.list(given.include_lib))
        names = [to_bytes(n).decode() for n in names]
        if given.json:
            return json.dumps(names, ensure_ascii=False, separators=(",", ":"))
        return "".join(n + "\n" for n in names)

    def show(self, given):
        if given.script.lower() in self._scripts.definitions:
            return self._scripts.definitions[given.script.lower()]
        with open(self._folder.find(given.script), "rb") as f:
            text = f.read(MAX_SHOWN + 1)
        if len(text) > MAX_SHOWN:
            raise Failed(f"{given.script} is larger than {MAX_SHOWN} bytes")
        return text

    def add(self, given):
        if given.list:
            return self.list(given)
        if not given.script:
            raise Failed("No script specified add --script")
        source = getattr(given, "import")
        if source:
            name = self._folder.take(given.script, source, given.replace)
        else:
            self._known(given.script)
            name = given.script
        alias = given.alias or of_scripts.alias_of(name)
        if not given.no_config:
            self._save([(of_scripts.SECTION, alias, name), ("/modules", MODULE, "enabled")])
        return f"Added {alias} as {name}"

    def delete(self, given):
        if not given.script:
            raise Failed("No script specified add --script")
        definition = self._scripts.definitions.get(given.script.lower())
        if definition is not None:
            self._save([(of_scripts.SECTION, given.script, "")])
            return ("Script definition has been removed don't forget to delete any artifact for: "
                    + definition)
        path = self._folder.find(given.script)
        try:
            os.remove(path)
        except OSError as error:
            raise Failed(f"removing {self._folder.shown(path)}: {error.strerror}") from None
        return "Script file was removed"

    def install(self, given):
        entries, text = [("/modules", MODULE, "enabled")], f"{MODULE} is enabled."
        for name in filter(None, map(str.strip, given.add.split(","))):
            self._known(name)
            alias = of_scripts.alias_of(name)
            entries.append((of_scripts.SECTION, alias, name))
            text += f"\nAdded {alias} as {name}"
        for alias in filter(None, map(str.strip, given.remove.split(","))):
            if alias.lower() not in self._scripts.definitions:
                raise Failed(f"Script not found: {alias}")
            entries.append((of_scripts.SECTION, alias, ""))
            text += f"\nRemoved {alias}"
        self._save(entries)
        return text

    def python_script(self, given):
        path = self._known(given.script)
        self._save([(of_scripts.SECTION, "unit", path)], persist=False)
        return f"took {given.script}"

    def execute(self, words):
        """All that follows the script is the script's."""
        options = ("--script", "--file")
        first = words[0] if words else ""
        if first == "--help":
            return 0, PARSERS["execute"].format_help()
        if first in options and len(words) > 1:
            name, rest = words[1], words[2:]
        elif first.startswith(tuple(o + "=" for o in options)):
            name, rest = first.split("=", 1)[1], words[1:]
        else:
            raise Failed("No script specified execute --script")
        return self._scripts.main(self._known(name), [to_bytes(w, exact=True) for w in rest])


def run(scripts, command, arguments):
    """(exit code, output)"""
    of_scripts_own = scripts.exec(command or (to_text(arguments[0]) if arguments else ""),
                                  arguments if command else arguments[1:])
    if of_scripts_own is not None:
        return of_scripts_own
    words = list(map(to_text, arguments))
    name = command or (words.pop(0) if words else "")
    known = PARSERS.get(name)
    if known is None:
        # Named as a command and not typed behind "nscp py": it may be another module's.
        return (UNKNOWN_COMMAND, f"Command not found: {command}") if command else (FAILED, USAGE)
    commands = Commands(scripts)
    try:
        if name == "execute":
            return commands.execute(words)
        given = known.parse_args(words)
        if given.help:
            return 0, known.format_help()
        return 0, getattr(commands, name.replace("-", "_"))(given)
    except Failed as reason:
        return FAILED, str(reason)
