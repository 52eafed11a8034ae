"""Runs a command, its output thrown away, and prints what it took as JSON.

python3 measured.py COMMAND ARGUMENT...
Gives seconds, processor time (user and system), the most memory in bytes, and the exit status.
"""
import json
import resource
import subprocess
import sys
import time

start = time.monotonic()
status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode
seconds = time.monotonic() - start
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(
    json.dumps(
        {
            "seconds": seconds,
            "processor": usage.ru_utime + usage.ru_stime,
            "memory": usage.ru_maxrss * 1024,
            "status": status,
        }
    )
)
