"""Prints entries of a stats segment as vpp_papi's reader has them: a JSON object by name."""

import json
import re
import sys

from vpp_papi.vpp_stats import VPPStats

socket, pattern = sys.argv[1:3]
stats = VPPStats(socket)
stats.connect()


def plain(value):
    if isinstance(value, dict):
        return [value["packets"], value["bytes"]]
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if hasattr(value, "bins"):
        return {"minExponent": value.min_exp, "bins": value.bins}
    return value


found = [name for name in stats.directory if re.search(pattern, name)]
print(json.dumps({name: plain(stats[name]) for name in found}))
