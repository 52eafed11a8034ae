"""Chooses a small set of messages and cases that covers what the codec must be able to do."""

from collections import defaultdict

from .schema import Alias, Block, Union, count_fields

MESSAGES_PER_MODULE = 3


def select(schema, arms_in):
    """(message, case) pairs: every type and union arm in at least one, at least three messages of every module.

    arms_in(message, case) tells the arms that a value of this case uses.
    """
    features = {message.name: features_of(schema, message) for message in schema.messages}
    chosen = cover(schema.messages, features)
    by_module = defaultdict(list)
    for message in schema.messages:
        by_module[message.module].append(message)
    for messages in by_module.values():
        missing = MESSAGES_PER_MODULE - sum(message.name in chosen for message in messages)
        richest = sorted(messages, key=lambda message: -len(features[message.name]))
        spare = [message.name for message in richest if message.name not in chosen]
        chosen.update(spare[: max(missing, 0)])
    messages = [message for message in schema.messages if message.name in chosen]
    pairs = [(message, case) for index, message in enumerate(messages) for case in cases(schema, index, message)]
    return pairs + list(with_missing_arms(schema, messages, pairs, arms_in))


def cases(schema, index, message):
    yield "random-1"
    if index % 4 == 0:
        yield ("least", "most", "random-2")[index // 4 % 3]
    if index % 4 == 2 and may_be_left_out(schema, message.fields):
        yield "omitted"


def with_missing_arms(schema, messages, pairs, arms_in):
    unions = [(name, type) for name, type in schema.types.items() if isinstance(type, Union)]
    missing = {(name, arm.name) for name, type in unions for arm in type.arms}
    for pair in pairs:
        missing -= arms_in(*pair)
    for attempt in range(2, 100):
        for message in messages:
            pair = (message, "random-%d" % attempt)
            used = arms_in(*pair) & missing
            if used:
                missing -= used
                yield pair
    if missing:
        raise SystemExit("no value found that uses %s" % sorted(missing))


def cover(messages, features):
    """Greedy: the message with the most features not yet seen, until none is left."""
    left = set().union(*features.values())
    chosen = set()
    while left:
        best = max(messages, key=lambda message: len(features[message.name] & left))
        chosen.add(best.name)
        left -= features[best.name]
    return chosen


def features_of(schema, message):
    found = {("header", message.header)}
    walk(schema, message.fields, found)
    return found


def walk(schema, fields, found):
    counts = count_fields(fields)
    for field in fields:
        found.add(("field", family(schema, field.type), shape(field, counts, fields)))
        if "default" in field.options:
            found.add(("default", family(schema, field.type)))
        visit(schema, field.type, found)


def visit(schema, name, found):
    type = schema.types.get(name)
    if type is None or ("type", name) in found:
        return
    if isinstance(type, Alias):
        found.add(("type", name))
        visit(schema, type.target, found)
    elif isinstance(type, Block):
        found.add(("type", name))
        walk(schema, type.fields, found)
    elif isinstance(type, Union):
        found.add(("type", name))
        for arm in type.arms:
            visit(schema, arm.type, found)
    else:
        found.add(("enum", type.base, type.flags))


def family(schema, name):
    type = schema.types.get(name)
    return name if type is None else type.__class__.__name__


def shape(field, counts, fields):
    if field.length is None:
        return "once"
    if field.length in counts:
        return "counted by " + next(f.type for f in fields if f.name == field.length)
    return "fixed" if field.length else "variable"


def may_be_left_out(schema, fields):
    """False where vpp_papi fails: it has no value for a fixed array of anything but bytes and text."""
    for field in fields:
        if isinstance(field.length, int) and field.type not in ("u8", "string"):
            return False
        type = schema.types.get(field.type)
        while isinstance(type, Alias):
            type = schema.types.get(type.target)
        if isinstance(type, Block) and not may_be_left_out(schema, type.fields):
            return False
    return True
