"""Comparing an answer with an example in which some places vary.

In an example a type (str, int, bool) stands for any value of it, a compiled pattern for a text that
fits it as a whole, ANY for anything, Each(x) for a list whose items are all like x, Map(x) for an
object with any keys whose values are like x, and OneOf(...) for any of several. All else must be
equal: objects have exactly these keys, lists these items in this order.
"""
import re

ANY = object()


class Each:
    def __init__(self, item, least=0):
        self.item, self.least = item, least


class Map:
    def __init__(self, value):
        self.value = value


class OneOf:
    def __init__(self, *examples):
        self.examples = examples


def difference(example, found, place="$"):
    """Where and how `found` is not like the example, or None."""
    if example is ANY:
        return None
    if isinstance(example, OneOf):
        if any(difference(one, found, place) is None for one in example.examples):
            return None
        return f"{place}: {found!r} is like none of {len(example.examples)}"
    if isinstance(example, type):
        # True is an int to Python and is none in JSON.
        right = isinstance(found, example) and (example is bool or not isinstance(found, bool))
        return None if right else f"{place}: {found!r} is no {example.__name__}"
    if isinstance(example, re.Pattern):
        right = isinstance(found, str) and example.fullmatch(found)
        return None if right else f"{place}: {found!r} does not fit {example.pattern}"
    if isinstance(example, Each):
        if not isinstance(found, list) or len(found) < example.least:
            return f"{place}: no list of {example.least} or more: {found!r}"
        return first(difference(example.item, item, f"{place}[{i}]")
                     for i, item in enumerate(found))
    if isinstance(example, Map):
        if not isinstance(found, dict):
            return f"{place}: no object: {found!r}"
        return first(difference(example.value, value, f"{place}.{key}")
                     for key, value in found.items())
    if isinstance(example, dict):
        if not isinstance(found, dict) or set(example) != set(found):
            return f"{place}: not the keys {sorted(example)}: {found!r}"
        return first(difference(value, found[key], f"{place}.{key}")
                     for key, value in example.items())
    if isinstance(example, list):
        if not isinstance(found, list) or len(example) != len(found):
            return f"{place}: no list of {len(example)}: {found!r}"
        return first(difference(value, found[i], f"{place}[{i}]")
                     for i, value in enumerate(example))
    same = example == found and type(example) is type(found)
    return None if same else f"{place}: {found!r} instead of {example!r}"


def first(differences):
    return next((found for found in differences if found), None)
