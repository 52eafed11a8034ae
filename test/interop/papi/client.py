"""Talks to a VPP with vpp_papi and prints what it saw as one JSON object.

usage: client.py SOCKET [API_DIR]    without API_DIR the definitions come from the VPP itself
"""

import glob
import json
import logging
import sys
import time

from vpp_papi import VPPApiClient

ADMIN_UP = 1


def connect(socket, api_dir):
    logging.basicConfig(level=logging.ERROR)
    if api_dir is None:
        client = VPPApiClient(bootstrapapi=True, server_address=socket)
    else:
        files = glob.glob(f"{api_dir}/**/*.api.json", recursive=True)
        client = VPPApiClient(apifiles=files, server_address=socket)
    client.connect("papi-interop")
    return client


def path(sw_if_index, address):
    label = dict(is_uniform=0, label=0, ttl=0, exp=0)
    return dict(
        sw_if_index=sw_if_index,
        table_id=0,
        rpf_id=0xFFFFFFFF,
        weight=1,
        preference=0,
        type=0,
        flags=0,
        proto=0,
        nh=dict(address=dict(ip4=address), via_label=0x100000),
        n_labels=0,
        label_stack=[label] * 16,
    )


def route(client, prefix, paths, is_add):
    entry = dict(table_id=0, prefix=prefix, n_paths=len(paths), paths=paths)
    return client.api.ip_route_add_del(is_add=is_add, is_multipath=False, route=entry)


def interfaces(client, seen, events):
    api = client.api
    seen["wanted"] = api.want_interface_events(enable_disable=1, pid=77).retval
    seen["wanted_twice"] = api.want_interface_events(enable_disable=1, pid=77).retval
    index = api.create_loopback(mac_address="02:00:00:00:00:77").sw_if_index
    api.sw_interface_set_flags(sw_if_index=index, flags=ADMIN_UP)
    api.sw_interface_add_del_address(is_add=True, sw_if_index=index, prefix="192.0.2.1/24")
    seen["bad_index"] = api.sw_interface_set_flags(sw_if_index=9999, flags=ADMIN_UP).retval
    details = api.sw_interface_dump(sw_if_index=index)[0]
    seen["interface"] = dict(
        name=details.interface_name,
        mac=str(details.l2_address),
        flags=int(details.flags),
        type=details.interface_dev_type,
    )
    seen["addresses"] = [str(it.prefix) for it in api.ip_address_dump(sw_if_index=index)]
    deadline = time.monotonic() + 10
    while len(events) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    seen["events"] = [[e.sw_if_index == index, int(e.flags), e.pid] for e in events[:2]]
    return index


def routes(client, seen, index):
    prefixes = [f"10.{i >> 8}.{i & 255}.0/24" for i in range(200)]
    paths = [path(index, "192.0.2.2")]
    seen["added"] = [route(client, prefix, paths, True).retval for prefix in prefixes].count(0)
    table = dict(table_id=0, is_ip6=False)
    dumped = {str(it.route.prefix) for it in client.api.ip_route_dump(table=table)}
    seen["dumped"] = len(dumped & set(prefixes))
    seen["removed"] = [route(client, prefix, paths, False).retval for prefix in prefixes].count(0)
    seen["no_table"] = client.api.ip_route_add_del(
        is_add=True, is_multipath=False, route=dict(table_id=99, prefix="1.0.0.0/8", n_paths=1, paths=paths)
    ).retval


def main():
    client = connect(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else None)
    events = []
    client.register_event_callback(lambda _name, event: events.append(event))
    version = client.api.show_version()
    seen = dict(version=version.version, program=version.program)
    seen["ping"] = client.api.control_ping().vpe_pid
    index = interfaces(client, seen, events)
    routes(client, seen, index)
    seen["cli"] = client.api.cli_inband(cmd="show interface").reply
    seen["bad_cli"] = client.api.cli_inband(cmd="show nothing").retval
    reply, details = client.api.map_domains_get()
    seen["get"] = [reply.retval, len(details)]
    seen["definitions"] = len(json.loads(client.api.get_api_json().json.rstrip("\0")))
    client.disconnect()
    print(json.dumps(seen))


main()
