"""Drives vpp_papi's serializer: neutral values in, bytes out, and back."""

import math
import os

from vpp_papi import VPPApiClient, vpp_serializer

from .schema import SCALARS, Alias, Block, Enum, Union, count_fields


class Bridge:
    """vpp_papi's message objects, each as it would be if its definition had been loaded alone.

    vpp_papi registers an enum or alias anew when a field declares a default for it, so that the default leaks into
    every message parsed later. Loading order would decide about bytes; therefore the table of types is put back
    after each message. `leaks` shows what happens without.
    """

    def __init__(self, schema, isolated=True):
        self.schema = schema
        os.environ.pop("VPP_API_DIR", None)
        self.client = VPPApiClient(apifiles=schema.files, testmode=True)
        self.packers = {}
        self.isolated = isolated
        if isolated:
            self._parse_alone()

    def _parse_alone(self):
        table = vpp_serializer.types
        for name, type in self.schema.types.items():
            if isinstance(type, (Enum, Alias)):
                table[name].options = None
        for name, type in self.schema.types.items():
            if isinstance(type, Block):
                self._parse(name, table[name].msgdef, keep=True)
        for message in self.schema.messages:
            self.packers[message.name] = self._parse(message.name, self.client.messages[message.name].msgdef)

    def _parse(self, name, definition, keep=False):
        table = vpp_serializer.types
        saved = dict(table)
        made = vpp_serializer.VPPMessage(name, definition)
        table.clear()
        table.update(saved)
        if keep:
            table[name] = made
        return made

    def packer(self, message):
        return self.packers.get(message.name) or self.client.messages[message.name]

    def pack(self, message, header, value):
        fields = {"_vl_msg_id": header["id"]}
        if "client_index" in message.header:
            fields["client_index"] = header["clientIndex"]
        if "context" in message.header:
            fields["context"] = header["context"]
        fields.update(self.fields_in(message.fields, value))
        return bytes(self.packer(message).pack(fields))

    def unpack(self, message, data):
        """The message in neutral form, unions with all their arms; and the number of bytes read."""
        made, size = self.packer(message).unpack(data, 0, ntc=True)
        return self._block_out(message.fields, made), size

    def fields_in(self, fields, value):
        """What vpp_papi takes for neutral values of fields; those missing stay missing."""
        made = {}
        counts = count_fields(fields)
        for field in fields:
            if field.name in counts:
                continue
            if field.name not in value:
                continue
            made[field.name] = self._field_in(field, value[field.name])
            if field.length in counts:
                made[field.length] = len(made[field.name])
        return made

    def _field_in(self, field, value):
        if field.type == "string" or field.length is None:
            return self._value_in(field.type, value)
        if field.type == "u8":
            return bytes.fromhex(value)
        return [self._value_in(field.type, element) for element in value]

    def _value_in(self, name, value):
        if name == "f64":
            return float(value)
        if name in SCALARS:
            return int(value) if SCALARS[name][0] == 8 else value
        if name == "string":
            return value
        type = self.schema.types[name]
        if isinstance(type, Enum):
            return value
        if isinstance(type, Block):
            return self.fields_in(type.fields, value)
        if isinstance(type, Union):
            return {arm.name: self._field_in(arm, value[arm.name]) for arm in type.arms if arm.name in value}
        if type.length is None:
            return self._value_in(type.target, value)
        if type.target == "u8":
            return bytes.fromhex(value)
        return [self._value_in(type.target, element) for element in value]

    def _block_out(self, fields, made):
        counts = count_fields(fields)
        # vpp_papi unwraps a tuple of one.
        if not hasattr(made, "_fields"):
            return {fields[0].name: self._field_out(fields[0], made)}
        return {
            field.name: self._field_out(field, getattr(made, field.name))
            for field in fields
            if field.name not in counts
        }

    def _field_out(self, field, made):
        if field.type == "string" or field.length is None:
            return self._value_out(field.type, made)
        if field.type == "u8":
            return made.hex()
        return [self._value_out(field.type, element) for element in made]

    def _value_out(self, name, made):
        if name == "f64":
            return f64_out(made)
        if name in SCALARS:
            return str(made) if SCALARS[name][0] == 8 else made
        if name == "string":
            return made
        type = self.schema.types[name]
        if isinstance(type, Enum):
            return int(made)
        if isinstance(type, Block):
            return self._block_out(type.fields, made)
        if isinstance(type, Union):
            return {arm.name: self._field_out(arm, getattr(made, arm.name)) for arm in type.arms}
        if type.length is None:
            return self._value_out(type.target, made)
        if type.target == "u8":
            return made.hex()
        return [self._value_out(type.target, element) for element in made]


def f64_out(number):
    if math.isnan(number):
        return "NaN"
    if math.isinf(number):
        return "Infinity" if number > 0 else "-Infinity"
    return "-0" if number == 0 and math.copysign(1, number) < 0 else number
