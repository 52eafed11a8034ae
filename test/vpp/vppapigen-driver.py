"""Runs VPP's own API tool on many files in one process.

Reads lines of JSON, {"file": ..., "include": ...}, and answers each with {"json": ...} or {"error": ...}.
Argument: the folder of the tool in a VPP source tree.
"""
import contextlib
import copy
import io
import json
import os
import sys
import tempfile

import ply.yacc as yacc

sys.dont_write_bytecode = True
sys.path.insert(0, sys.argv[1])

build = yacc.yacc
tables = None


def build_once(module=None, **options):
    """Building the tables takes most of the time of a run, and they are always the same."""
    global tables
    if tables is None:
        tables = build(module=module, **options)
    productions = [copy.copy(production) for production in tables.productions]
    bound = {name: getattr(module, name) for name in dir(module)}
    for production in productions:
        production.bind(bound)
    parser = copy.copy(tables)
    parser.productions = productions
    parser.errorfunc = module.p_error
    return parser


yacc.yacc = build_once

import vppapigen  # noqa: E402

folder = tempfile.mkdtemp()
output = os.path.join(folder, "output")
for line in sys.stdin:
    request = json.loads(line)
    errors = io.StringIO()
    try:
        with contextlib.redirect_stderr(errors), contextlib.redirect_stdout(errors):
            status = vppapigen.run_vppapigen(
                input_file=request["file"],
                includedir=[request["include"]],
                output_module="JSON",
                outputdir=folder,
                output=output,
            )
        if status:
            answer = {"error": "status %s" % status}
        else:
            with open(output, encoding="utf-8") as made:
                answer = {"json": made.read()}
    except RecursionError:
        answer = {"error": "RecursionError"}
    except (Exception, SystemExit) as error:
        answer = {"error": "%s: %s" % (type(error).__name__, error)}
    print(json.dumps(answer), flush=True)
