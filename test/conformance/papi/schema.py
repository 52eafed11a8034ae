"""Reads a folder of .api.json files, independently of vpp_papi's own loader."""

import json
import os
from collections import namedtuple

SCALARS = {
    "u8": (1, 0, 0xFF),
    "u16": (2, 0, 0xFFFF),
    "u32": (4, 0, 0xFFFFFFFF),
    "u64": (8, 0, 2**64 - 1),
    "i8": (1, -(2**7), 2**7 - 1),
    "i16": (2, -(2**15), 2**15 - 1),
    "i32": (4, -(2**31), 2**31 - 1),
    "i64": (8, -(2**63), 2**63 - 1),
    "f64": (8, None, None),
    "bool": (1, 0, 1),
}

# What a message may begin with, the longest first; these are not values of the message.
HEADERS = (
    ("_vl_msg_id", "client_index", "context"),
    ("_vl_msg_id", "client_index"),
    ("_vl_msg_id", "context"),
    ("_vl_msg_id",),
)

Enum = namedtuple("Enum", "name base members flags")
Alias = namedtuple("Alias", "name target length")
Block = namedtuple("Block", "name fields")
Union = namedtuple("Union", "name arms")
# length: None once, a number, "" for a variable string, or the name of the count field.
Field = namedtuple("Field", "type name length options")
Message = namedtuple("Message", "module name crc header fields")


def api_files(folder):
    """All .api.json files under a folder, sorted by name so that every run loads them in one order."""
    found = []
    for parent, _, names in os.walk(folder):
        found += [os.path.join(parent, name) for name in names if name.endswith(".api.json")]
    return sorted(found, key=os.path.basename)


class Schema:
    """Types by wire name (`vl_api_X_t`) and messages in order of their modules."""

    def __init__(self, folder):
        self.types = {}
        self.messages = []
        self.files = api_files(folder)
        for path in self.files:
            with open(path) as file:
                self._add(json.load(file))

    def _add(self, api):
        for kind in ("enums", "enumflags"):
            for name, *rest in api.get(kind, []):
                members = [entry for entry in rest if isinstance(entry, list)]
                base = next((e["enumtype"] for e in rest if isinstance(e, dict) and "enumtype" in e), "u32")
                flags = kind == "enumflags" or name.endswith("_flags")
                self._define(name, Enum(name, base, {m[0]: m[1] for m in members}, flags))
        for name, target in api.get("aliases", {}).items():
            self._define(name, Alias(name, target["type"], target.get("length")))
        for name, *rest in api.get("types", []):
            self._define(name, Block(name, fields_of(rest)))
        for name, *rest in api.get("unions", []):
            self._define(name, Union(name, fields_of(rest)))
        for name, *rest in api.get("messages", []):
            crc = next(entry["crc"] for entry in rest if isinstance(entry, dict) and "crc" in entry)
            fields = fields_of(rest)
            names = tuple(field.name for field in fields)
            header = next(header for header in HEADERS if names[: len(header)] == header)
            self.messages.append(Message(api["module"], name, crc[2:], header, fields[len(header) :]))

    def _define(self, name, value):
        self.types.setdefault("vl_api_%s_t" % name, value)

    def case_of(self, arm):
        """Value of the discriminator that chooses an arm, or None."""
        name = arm.options.get("case")
        if name is None:
            return None
        return next(t.members[name] for t in self.types.values() if isinstance(t, Enum) and name in t.members)


def fields_of(entries):
    fields = []
    for entry in entries:
        if isinstance(entry, list):
            plain = [part for part in entry if not isinstance(part, dict)]
            options = next((part for part in entry if isinstance(part, dict)), {})
            fields.append(Field(plain[0], plain[1], length_of(plain), options))
    return fields


def length_of(plain):
    if len(plain) == 4:
        return plain[3]
    if len(plain) == 3:
        return plain[2] if plain[2] else ""
    return None


def count_fields(fields):
    """Names of the fields that hold the number of elements of another one."""
    return {field.length for field in fields if isinstance(field.length, str) and field.length}
