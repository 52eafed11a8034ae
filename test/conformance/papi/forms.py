"""Text in and out of vpp_papi's conversions for addresses, prefixes and MACs."""

from .values import Values

ADDRESS_4 = ["0.0.0.0", "10.0.0.1", "192.168.255.254", "255.255.255.255"]
ADDRESS_6 = ["::", "::1", "2001:db8::1", "fe80::1:0:0:1", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1", "1:0:0:2:0:0:0:3"]
PREFIX_4 = ["0.0.0.0/0", "10.0.0.0/8", "192.168.1.0/24", "10.0.0.1/32"]
PREFIX_6 = ["::/0", "2001:db8::/32", "fe80::/10", "2001:db8::1/128"]
HOST_4 = ["10.1.2.3/8"]
HOST_6 = ["2001:db8::1/64"]
MAC = ["00:00:00:00:00:00", "02:fe:00:00:00:01", "ff:ff:ff:ff:ff:ff"]

TEXTS = {
    "vl_api_ip4_address_t": ADDRESS_4,
    "vl_api_ip6_address_t": ADDRESS_6,
    "vl_api_address_t": ADDRESS_4 + ADDRESS_6,
    "vl_api_ip4_prefix_t": PREFIX_4 + HOST_4,
    "vl_api_ip6_prefix_t": PREFIX_6 + HOST_6,
    "vl_api_prefix_t": PREFIX_4 + PREFIX_6 + HOST_4 + HOST_6,
    "vl_api_address_with_prefix_t": PREFIX_4 + PREFIX_6 + HOST_4 + HOST_6,
    "vl_api_ip4_address_with_prefix_t": PREFIX_4 + HOST_4,
    "vl_api_ip6_address_with_prefix_t": PREFIX_6 + HOST_6,
    "vl_api_mac_address_t": MAC,
}


def forms(schema, bridge):
    """For every text a message that has a field of the type, the text's bytes in it and what is read from them."""
    for type, texts in TEXTS.items():
        place = place_of(schema, type)
        if place is None:
            continue
        message, field = place
        rest = Values(schema, "least", message.name, 0).block(message.fields)
        del rest[field]
        for text in texts:
            packer = bridge.packer(message)
            data = packer.pack({"_vl_msg_id": 1, field: text, **bridge.fields_in(message.fields, rest)})
            line = {"message": message.name, "crc": message.crc, "module": message.module}
            line.update(value=rest, type=type, field=field, text=text, hex=data.hex())
            try:
                read = getattr(packer.unpack(data, 0)[0], field)
                line["read"] = None if read is None else str(read)
            except Exception as error:
                line["error"] = "%s: %s" % (error.__class__.__name__, error)
            yield line


def place_of(schema, type):
    for message in schema.messages:
        for field in message.fields:
            if field.type == type and field.length is None:
                return message, field.name
    return None
