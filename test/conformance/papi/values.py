"""Seeded values for messages, in a neutral JSON form that names fields as the API does.

numbers: number; u64 and i64: decimal text; f64: number, or text for what JSON lacks; bool; string: text;
u8 arrays: hex; other arrays: list; struct: object; union: object with one arm; enum: number; alias: as its target.
Count fields are left out.
"""

import random
import string

from .schema import SCALARS, Alias, Block, Enum, Union, count_fields

PRINTABLE = string.ascii_letters + string.digits + " !#$%&()*+,-./:;<=>?@[]^_{|}~\"'\\"
# An address in IPv4's family is equal to another one whatever stands behind its four bytes, so none is made there.
ADDRESS = "vl_api_address_t"
ADDRESS_UNION = "vl_api_address_union_t"
F64_EXTREMES = [0.0, "-0", 1.5, -1e-300, 1.7976931348623157e308, 5e-324, "NaN", "Infinity", "-Infinity"]


class Values:
    """Makes values of one kind: `least`, `most` or `random`, the same for the same seed in every run.

    `arms` is what has been used of unions.
    """

    def __init__(self, schema, kind, seed, longest):
        self.schema = schema
        self.kind = kind
        self.random = random.Random(seed)
        self.longest = longest
        self.arms = set()

    def block(self, fields):
        counts = count_fields(fields)
        arms = self._arms(fields)
        limits = {f.name: SCALARS[f.type][2] for f in fields if f.name in counts}
        value = {}
        for field in fields:
            if field.name in counts:
                continue
            if field.name in arms:
                value[field.name] = self._union(field.type, arms[field.name])
            elif field.name in arms.get("", {}):
                value[field.name] = arms[""][field.name]
            else:
                value[field.name] = self.field(field, limits.get(field.length))
        return value

    def _arms(self, fields):
        """Chosen arm of every union whose discriminator is a sibling, and under "" the discriminators' values."""
        chosen = {"": {}}
        for field in fields:
            sibling = field.options.get("discriminator")
            if sibling is None or (field.type != ADDRESS_UNION and self._odd()):
                continue
            arms = [arm for arm in self.schema.types[field.type].arms if self.schema.case_of(arm) is not None]
            arm = self._pick(arms)
            chosen[field.name] = arm
            chosen[""][sibling] = self.schema.case_of(arm)
        return chosen

    def _odd(self):
        """Now and then a union that its discriminator does not match, as VPP may send one."""
        return self.kind == "random" and self.random.random() < 0.05

    def _foreign_address(self):
        """Of a family that is neither IPv4 nor IPv6."""
        return {"af": self.random.randrange(2, 256), "un": {"ip6": self._bytes(16)}}

    def _pick(self, options):
        if self.kind == "random":
            return options[self.random.randrange(len(options))]
        return options[0] if self.kind == "least" else options[-1]

    def field(self, field, most=None):
        if field.type == "string":
            return self._string(field.length)
        if field.length is None:
            return self.value(field.type)
        count = field.length if isinstance(field.length, int) else self._count(most)
        if field.type == "u8":
            return self._bytes(count)
        return [self.value(field.type) for _ in range(count)]

    def value(self, name):
        if name in SCALARS:
            return self._scalar(name)
        if name == "string":
            return self._string("")
        type = self.schema.types[name]
        if isinstance(type, Enum):
            return self._enum(type)
        if isinstance(type, Union):
            return self._union(name, self._pick(type.arms))
        if isinstance(type, Block):
            return self._foreign_address() if name == ADDRESS and self._odd() else self.block(type.fields)
        assert isinstance(type, Alias)
        if type.length is None:
            return self.value(type.target)
        if type.target == "u8":
            return self._bytes(type.length)
        return [self.value(type.target) for _ in range(type.length)]

    def _union(self, name, arm):
        self.arms.add((name, arm.name))
        return {arm.name: self.field(arm)}

    def _scalar(self, name):
        size, least, most = SCALARS[name]
        if name == "bool":
            return bool(self._pick([0, 1]))
        if name == "f64":
            return self._f64()
        if self.kind == "least":
            number = least
        elif self.kind == "most":
            number = most
        elif self.random.random() < 0.3:
            number = self._pick([0, 1, least, most, most >> 1])
        else:
            number = self.random.getrandbits(8 * size) + least
        return str(number) if size == 8 else number

    def _f64(self):
        if self.kind != "random":
            return F64_EXTREMES[1 if self.kind == "least" else 4]
        roll = self.random.random()
        if roll < 0.3:
            return self._pick(F64_EXTREMES)
        if roll < 0.6:
            return self.random.randrange(0, 2**31) + self.random.randrange(0, 10**6) / 1e6
        return (self.random.random() - 0.5) * 10 ** self.random.randrange(0, 30)

    def _enum(self, type):
        members = list(type.members.values())
        if self.kind != "random":
            return self._pick(members)
        roll = self.random.random()
        if roll < 0.15:
            return self._scalar(type.base)
        if type.flags and roll < 0.8:
            joined = 0
            for member in members:
                if self.random.random() < 0.5:
                    joined |= member
            return joined
        return self._pick(members)

    def _string(self, length):
        room = length - 1 if length else self.longest
        if self.kind == "least":
            size = 0
        elif self.kind == "most":
            size = room
        else:
            size = self.random.randrange(0, min(room, 40) + 1)
        return "".join(PRINTABLE[self.random.randrange(len(PRINTABLE))] for _ in range(size))

    def _bytes(self, size):
        if self.kind == "least":
            return "00" * size
        if self.kind == "most":
            return "ff" * size
        return "".join("%02x" % self.random.getrandbits(8) for _ in range(size))

    def _count(self, most):
        if self.kind == "least":
            return 0
        if self.kind == "most":
            return min(most if most is not None else self.longest, self.longest)
        return self.random.randrange(0, 5)
