#!/usr/bin/env python3
"""Conformance vectors made by vpp_papi's serializer, which is VPP's own Python client.

make:   packs seeded values for every message and reads them back
commit: the same for a small set that covers every module, type and union arm
forms:  text of addresses, prefixes and MACs as vpp_papi converts it
check:  reads {message, hex} lines from standard input; writes what vpp_papi reads there, and packs that again
"""

import argparse
import json
import sys
import zlib

from papi.bridge import Bridge
from papi.forms import forms
from papi.schema import Schema
from papi.selection import select
from papi.values import Values

# Elements of variable arrays and bytes of variable strings where a value has as many as may be.
LONGEST = 300
LONGEST_COMMITTED = 20


def like(expected, got):
    """True if a reading has everything that was written; a union has more arms than the one written."""
    if isinstance(expected, dict):
        return all(name in got and like(value, got[name]) for name, value in expected.items())
    if isinstance(expected, list):
        return len(expected) == len(got) and all(map(like, expected, got))
    return expected == got


def header_of(message, case):
    """Numbers that look like a connection's, with the high bits in use."""
    seed = zlib.crc32(("%s %s" % (message.name, case)).encode())
    header = {"id": seed & 0xFFFF}
    if "client_index" in message.header:
        header["clientIndex"] = 0x80000000 | (seed >> 16)
    if "context" in message.header:
        header["context"] = seed
    return header


def cause_of(error):
    while error.__cause__ is not None:
        error = error.__cause__
    return "%s: %s" % (type(error).__name__, error)


def values_for(schema, message, case, longest):
    return Values(schema, case.split("-")[0], message.name + case, longest)


def vector(schema, bridge, message, case, longest):
    """One line: a value, its bytes by vpp_papi and, for what is left out, vpp_papi's reading. Or its failure."""
    header = header_of(message, case)
    value = {} if case == "omitted" else values_for(schema, message, case, longest).block(message.fields)
    line = {"message": message.name, "crc": message.crc, "module": message.module, "case": case}
    line.update(header=header, value=value)
    try:
        data = bridge.pack(message, header, value)
        line["hex"] = data.hex()
        read, size = bridge.unpack(message, data)
    except Exception as error:
        line["error"] = cause_of(error)
        return line
    if case == "omitted":
        line["read"] = read
    elif not like(value, read):
        line["error"] = "reads back %s" % json.dumps(read)
    if size != len(data):
        line["size"] = size
    return line


def leaks(schema, bridge):
    """Messages that vpp_papi packs differently, all fields left out, once other messages have been loaded."""
    loaded = Bridge(schema, isolated=False)
    for message in schema.messages:
        header = header_of(message, "leak")
        try:
            differs = loaded.pack(message, header, {}) != bridge.pack(message, header, {})
        except Exception:
            continue
        if differs:
            yield message.name


def make(schema, cases):
    bridge = Bridge(schema)
    for message in schema.messages:
        for case in cases:
            yield vector(schema, bridge, message, case, LONGEST)
    for name in leaks(schema, bridge):
        yield {"message": name, "leak": True}


def commit(schema):
    def arms_in(message, case):
        if case == "omitted":
            return set()
        values = values_for(schema, message, case, LONGEST_COMMITTED)
        values.block(message.fields)
        return values.arms

    bridge = Bridge(schema)
    for message, case in select(schema, arms_in):
        yield vector(schema, bridge, message, case, LONGEST_COMMITTED)


def check(schema, lines):
    bridge = Bridge(schema)
    messages = {message.name: message for message in schema.messages}
    for text in lines:
        line = json.loads(text)
        message = messages[line["message"]]
        data = bytes.fromhex(line["hex"])
        try:
            read, _ = bridge.unpack(message, data)
            yield {"read": read}
        except Exception as error:
            yield {"error": cause_of(error)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("command", choices=["make", "commit", "forms", "check"])
    parser.add_argument("--api", required=True, help="folder with .api.json files")
    parser.add_argument("--cases", default="omitted,least,most,random-1,random-2", help="omitted, least, most, random-N")
    options = parser.parse_args()
    schema = Schema(options.api)
    if options.command == "make":
        lines = make(schema, options.cases.split(","))
    elif options.command == "commit":
        lines = commit(schema)
    elif options.command == "forms":
        lines = forms(schema, Bridge(schema))
    else:
        lines = check(schema, sys.stdin)
    for line in lines:
        sys.stdout.write(json.dumps(line, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
