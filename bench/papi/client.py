"""Measures a conversation with VPP through vpp_papi: blocking calls, and pipelined ones in its asynchronous mode."""

import sys
import threading
import time

import peer
from vpp_papi import VPPApiClient

files = peer.api_files(sys.argv[1])
WINDOW = 512


def connect(socket, asynchronous=False):
    # The receive queue holds every reply, since the callback runs on a separate thread.
    client = VPPApiClient(apifiles=files, server_address=socket, read_timeout=120)
    client.connect("bench", do_async=asynchronous)
    return client


def ping(client, _):
    return client.api.control_ping()


def route(client, index, add=True):
    prefix = "20.%d.%d.%d/32" % (index >> 16 & 255, index >> 8 & 255, index & 255)
    path = {"sw_if_index": 0xFFFFFFFF, "type": 5, "weight": 1, "label_stack": [{}] * 16}
    return client.api.ip_route_add_del(
        is_add=add, route={"prefix": prefix, "n_paths": 1, "paths": [path]}
    )


def sequential(request, call):
    client = connect(request["socket"])
    try:
        start = time.perf_counter()
        for index in range(request["count"]):
            call(client, index)
        return {"operations": request["count"], "seconds": time.perf_counter() - start}
    finally:
        client.disconnect()


def pipelined(request, call):
    client = connect(request["socket"], asynchronous=True)
    count = request["count"]
    slots = threading.Semaphore(WINDOW)
    left = [count]
    done = threading.Event()

    def received(_name, _message):
        left[0] -= 1
        slots.release()
        if left[0] == 0:
            done.set()

    client.register_event_callback(received)
    try:
        start = time.perf_counter()
        for index in range(count):
            slots.acquire()
            call(client, index)
        done.wait()
        return {"operations": count, "seconds": time.perf_counter() - start}
    finally:
        client.disconnect()


def dump(request, call):
    client = connect(request["socket"])
    try:
        start = time.perf_counter()
        details = call(client)
        return {"operations": len(details), "seconds": time.perf_counter() - start}
    finally:
        client.disconnect()


CASES = {
    "ping-sequential": lambda request: sequential(request, ping),
    "ping-pipelined": lambda request: pipelined(request, ping),
    "routes": lambda request: pipelined(request, route),
    "dump-interfaces": lambda request: dump(request, lambda client: client.api.sw_interface_dump()),
    "dump-routes": lambda request: dump(
        request, lambda client: client.api.ip_route_dump(table={"table_id": 0, "is_ip6": False})
    ),
}

peer.serve(lambda request: CASES[request["case"]](request))
