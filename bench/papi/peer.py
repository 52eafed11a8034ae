"""Answers measurement requests, one JSON object a line, as bench/govpp/peer does."""

import gc
import json
import os
import sys
import time


def serve(handle):
    for line in sys.stdin:
        request = json.loads(line)
        gc.collect()
        try:
            result = handle(request)
        except Exception as error:
            result = {"operations": 0, "seconds": 0, "error": "%s: %s" % (type(error).__name__, error)}
        print(json.dumps(result), flush=True)


def repeat(milliseconds, operation):
    """Runs an operation in growing batches until the time is over."""
    done, batch = 0, 1
    start = time.perf_counter()
    while True:
        for _ in range(batch):
            operation()
        done += batch
        elapsed = time.perf_counter() - start
        if elapsed * 1000 >= milliseconds:
            return {"operations": done, "seconds": elapsed}
        batch = min(2 * batch, 4096)


def api_files(folder):
    found = []
    for parent, _, names in os.walk(folder):
        found += [os.path.join(parent, name) for name in names if name.endswith(".api.json")]
    return sorted(found)
