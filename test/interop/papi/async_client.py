"""Talks to a VPP with vpp_papi's asyncio client, reads its counters with vpp_papi's stats client, and prints what it saw
as one JSON object. Events are left out: the asyncio client of vpp_papi 2.4.2 ends at the first one.

usage: async_client.py API_SOCKET STATS_SOCKET
"""

import asyncio
import json
import sys

from vpp_papi.vpp_papi_async import VPPApiClient
from vpp_papi.vpp_stats import VPPStats

LOOPBACKS = 100
ADMIN_UP = 1


async def talk(socket, seen):
    client = VPPApiClient(server_address=socket)
    events = asyncio.Queue()
    seen["connected"] = await client.connect("papi-async", events)
    api = client.api
    seen["version"] = (await api.show_version()).version
    # All requests are under way before the first reply is read.
    made = await asyncio.gather(*[api.create_loopback(mac_address="00:00:00:00:00:00") for _ in range(LOOPBACKS)])
    seen["loopbacks"] = sorted(reply.sw_if_index for reply in made) == list(range(1, LOOPBACKS + 1))
    seen["flags"] = (await api.sw_interface_set_flags(sw_if_index=7, flags=ADMIN_UP)).retval
    seen["bad_index"] = (await api.sw_interface_set_flags(sw_if_index=9999, flags=ADMIN_UP)).retval
    await client.disconnect()


def counters(socket, seen):
    stats = VPPStats(socket)
    stats.connect()
    seen["names"] = list(stats["/if/names"])[:3]
    seen["heartbeat"] = stats["/sys/heartbeat"] > 0
    seen["rx"] = stats.get_counter("/interfaces/loop6/rx")[0]
    seen["errors"] = len(stats.ls(["^/err/"])) > 0
    stats.disconnect()


found = {}
asyncio.run(talk(sys.argv[1], found))
counters(sys.argv[2], found)
print(json.dumps(found))
