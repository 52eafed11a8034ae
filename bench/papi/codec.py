"""Measures encoding and decoding by vpp_papi's serializer: <message>/encode and <message>/decode."""

import itertools
import sys

import peer
from vpp_papi import VPPApiClient

messages = VPPApiClient(apifiles=peer.api_files(sys.argv[1]), testmode=True).messages


def plain(value):
    """What the serializer takes to make the same bytes again: dicts for tuples, one arm of a union."""
    if hasattr(value, "_asdict"):
        names = value._fields
        # Every arm of a union holds the same bytes; the widest says all.
        if set(names) == {"ip4", "ip6"}:
            return {"ip6": value.ip6}
        return {name: plain(getattr(value, name)) for name in names}
    if isinstance(value, list):
        return [plain(element) for element in value]
    return value


def fields_of(message, data):
    # The tuple renames the leading underscore away.
    values, _ = message.unpack(data, 0, ntc=True)
    fields = plain(values)
    fields["_vl_msg_id"] = fields.pop("_0")
    return fields


def measure(request):
    name, work = request["case"].split("/")
    message = messages[name]
    samples = [bytes.fromhex(text) for text in request["hex"].split(",")]
    values = [fields_of(message, data) for data in samples]
    for data, fields in zip(samples, values):
        if message.pack(fields) != data:
            raise ValueError("%s: encodes to other bytes" % name)
    if work == "encode":
        turn = itertools.cycle(values)
        return peer.repeat(request["milliseconds"], lambda: message.pack(next(turn)))
    turn = itertools.cycle(samples)
    # As a client gets it: with addresses as objects.
    return peer.repeat(request["milliseconds"], lambda: message.unpack(next(turn), 0))


peer.serve(measure)
