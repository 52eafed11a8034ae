import { RETVAL } from '../errors.ts'
import type { BuiltIns } from './built-in.ts'
import { NONE } from './built-in.ts'

/** VPP as a program: version, threads, clock, CLI. */
export const vpe: BuiltIns = {
  show_version: (_request, { model: { identity } }) => ({
    program: 'vpe',
    version: identity.version,
    buildDate: identity.buildDate,
    buildDirectory: identity.buildDirectory,
  }),

  show_vpe_system_time: () => ({ vpeSystemTime: new Date() }),

  show_threads: (_request, { pid }) => ({
    threadData: [{ id: 0, name: 'vpp_main', type: '', pid, cpuId: 0, core: 0, cpuSocket: 0 }],
  }),

  cli: () => ({ retval: RETVAL.UNIMPLEMENTED }),

  cli_inband: ({ cmd }: { cmd: string }, run) => {
    const { retval, reply } = run.cli.run(cmd, run)
    return { retval, reply }
  },

  get_f64_endian_value: ({ f64One }: { f64One: number }) =>
    f64One === 1 ? { f64OneResult: 1 } : { retval: -159 >>> 0, f64OneResult: 0 },

  get_f64_increment_by_one: ({ f64Value }: { f64Value: number }) => ({ f64Value: f64Value + 1 }),

  get_node_index: ({ nodeName }: { nodeName: string }, { model: { nodes } }) => {
    const nodeIndex = nodes.byName(nodeName)?.index
    return nodeIndex === undefined ? { retval: RETVAL.NO_SUCH_NODE, nodeIndex: NONE } : { nodeIndex }
  },
}
