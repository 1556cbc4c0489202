"""Changes of one JSON value of a file. What is written back has the canonical form, if it has one.

So the bytes get past the reader, and every check has to look at the value.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tests.fuzzing.byte_changes import flip_bit
from tests.fuzzing.hostile_values import any_value, like

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from random import Random

    Place = tuple[Any, Any]  # container, and key or index in it
    Edit = Callable[[Random, Any], object]


def written(value: Any) -> bytes:
    """The canonical form; also of values that have none, as far as JSON goes."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.encode("utf-8", "surrogatepass") + b"\n"


def places(value: Any) -> list[Place]:
    """Every place inside of a value, from the outside in."""
    found: list[Place] = []
    waiting = [value]
    for container in waiting:
        if isinstance(container, dict):
            keys: Any = sorted(container)
        else:
            keys = range(len(container)) if isinstance(container, list) else ()
        found += [(container, key) for key in keys]
        waiting += [container[key] for key in keys]
    return found


def change_line(random: Random, raw: bytes, edit: Edit) -> bytes:
    """Edit the object in one line; flip a bit of a line that holds none any more."""
    lines = raw.splitlines(keepends=True) or [b"\n"]
    number = random.randrange(len(lines))
    try:
        content = json.loads(lines[number])
        edit(random, content)
        lines[number] = written(content)
    except (ValueError, RecursionError, LookupError, TypeError):  # of an earlier change
        lines[number] = flip_bit(random, lines[number])
    return b"".join(lines)


def _place(random: Random, content: Any) -> Place:
    """One place; all that is deep down has no more weight than what is above it."""
    listed = places(content)
    if random.randrange(3) == 0 and isinstance(content, dict):
        return content, random.choice(sorted(content))
    return random.choice(listed)


def put_any(random: Random, content: Any) -> None:
    container, key = _place(random, content)
    container[key] = any_value(random)


def put_like(random: Random, content: Any) -> None:
    leaves = [p for p in places(content) if not isinstance(p[0][p[1]], dict | list)]
    container, key = random.choice(leaves)
    container[key] = like(random, container[key])


def leave_out(random: Random, content: Any) -> None:
    container, key = _place(random, content)
    del container[key]


def add_member(random: Random, content: Any) -> None:
    objects = [content, *(c[k] for c, k in places(content) if isinstance(c[k], dict))]
    name = random.choice(("weight", "a", "", "ё", "h_e", "sig", "count", "__proto__"))
    random.choice(objects)[name] = any_value(random)


def rename_member(random: Random, content: Any) -> None:
    container, key = random.choice([p for p in places(content) if isinstance(p[0], dict)])
    container[random.choice((f"{key}s", key.upper(), f"{key} ", key[:-1]))] = container.pop(key)


def change_list(random: Random, content: Any) -> None:
    """An entry repeated, left out, or moved; or so many entries that they must be bounded."""
    lists = [c[k] for c, k in places(content) if isinstance(c[k], list) and c[k]]
    chosen = random.choice(lists)
    at, to = random.randrange(len(chosen)), random.randrange(len(chosen) + 1)
    way = random.randrange(4)
    if way == 0:
        chosen.insert(to, chosen[at])
    elif way == 1:
        del chosen[at]
    elif way == 2:
        chosen.insert(to, chosen.pop(at))
    else:
        chosen.extend(chosen[at : at + 1] * random.choice((5, 300)))


def swap_values(random: Random, content: Any) -> None:
    listed = [p for p in places(content) if not isinstance(p[0][p[1]], dict | list)]
    (left, key), (right, other) = random.choice(listed), random.choice(listed)
    left[key], right[other] = right[other], left[key]


def nothing(_random: Random, content: Any) -> None:
    content.clear()


VALUE_CHANGES: Final[Mapping[str, Edit]] = {
    "value: any other": put_any,
    "value: one like it": put_like,
    "value: left out": leave_out,
    "value: member added": add_member,
    "value: member renamed": rename_member,
    "value: list changed": change_list,
    "value: two exchanged": swap_values,
    "value: object emptied": nothing,
}


def write_otherwise(random: Random, raw: bytes) -> bytes:
    """The same values in bytes that are not their canonical form."""
    lines = raw.splitlines(keepends=True) or [b"\n"]
    number = random.randrange(len(lines))
    lines[number] = random.choice(_FORMS)(lines[number])
    return b"".join(lines)


def _spaced(line: bytes) -> bytes:
    return line.replace(b":", b": ", 1)


def _escaped(line: bytes) -> bytes:
    return line.replace(b'"h', b'"\\u0068', 1).replace(b'"i', b'"\\u0069', 1)


def _member_twice(line: bytes) -> bytes:
    first = line[1:].split(b",", 1)[0].rstrip(b"}\n")
    return b"{" + first + b"," + line[1:]


def _number_with_zeros(line: bytes) -> bytes:
    return line.replace(b":1", b":01", 1).replace(b":2", b":2.0", 1).replace(b":3", b":3e0", 1)


_FORMS: Final[tuple[Callable[[bytes], bytes], ...]] = (
    _spaced,
    _escaped,
    _member_twice,
    _number_with_zeros,
    lambda line: line.replace(b"\n", b"\r\n"),
    lambda line: line.rstrip(b"\n"),
    lambda line: b"\xef\xbb\xbf" + line,
    lambda line: b" " + line,
    lambda line: line + b"\n",
    lambda line: line.replace(b"\n", b" \n"),
    lambda line: line.upper(),
)
