"""Measures reading a stats segment with vpp_papi's reader."""

import peer
from vpp_papi.vpp_stats import VPPStats

COUNTERS = ["drops", "punt", "ip4", "ip6", "mpls", "rx-no-buf", "rx-miss", "rx-error", "tx-error"]
PAIRS = [d + c for d in ("rx", "tx") for c in ("", "-unicast", "-multicast", "-broadcast")]
clients = {}


def connect(socket):
    if socket not in clients:
        clients[socket] = VPPStats(socket)
        clients[socket].connect()
    return clients[socket]


def interfaces(stats):
    names = stats["/if/names"]
    pairs = {name: stats["/if/" + name] for name in PAIRS}
    counters = {name: stats["/if/" + name] for name in COUNTERS}
    result = []
    for index, name in enumerate(names):
        it = {"name": name}
        for key, value in pairs.items():
            it[key] = (sum(row[index]["packets"] for row in value), sum(row[index]["bytes"] for row in value))
        for key, value in counters.items():
            it[key] = sum(row[index] for row in value)
        result.append(it)
    return result


def nodes(stats):
    fields = {name: stats["/sys/node/" + name] for name in ("clocks", "vectors", "calls", "suspends")}
    return [
        (name, {key: sum(row[index] for row in value) for key, value in fields.items()})
        for index, name in enumerate(stats["/sys/node/names"])
    ]


WORK = {
    "full-dump": lambda stats: [stats[name] for name in stats.directory],
    "update-all": lambda stats: [stats[name] for name in stats.directory],
    "update-one": lambda stats: stats["/if/rx"],
    "interfaces": interfaces,
    "nodes": nodes,
    "errors": lambda stats: stats.set_errors(),
}


def measure(request):
    stats = connect(request["socket"])
    work = WORK[request["case"]]
    return peer.repeat(request["milliseconds"], lambda: work(stats))


peer.serve(measure)
