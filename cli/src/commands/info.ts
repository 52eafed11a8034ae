import type { Command } from 'commander'
import type { DynamicApi, PlainMessage } from '@vpp-ts/runtime/dynamic'
import type { Host } from '../host.ts'

/** Adds `info`. */
export function addInfo(program: Command, host: Host): void {
  program
    .command('info')
    .description('version, process, threads and API of the VPP')
    .action(() => info(host))
}

async function info(host: Host): Promise<void> {
  await using vpp = await host.connect()
  const api = await host.api(vpp)
  const version = (await api.call('show_version')) ?? {}
  const threads = await threadsOf(api)
  await host.printer.one({
    socket: vpp.target,
    pid: vpp.pid,
    program: version['program'],
    version: version['version'],
    build_date: version['build_date'],
    build_directory: version['build_directory'],
    threads: threads.map((it) => `${String(it['name'])} (cpu ${String(it['cpu_id'])})`),
    modules: api.schema.modules().length,
    messages: vpp.messageNames().length,
  })
}

/** Threads of VPP; none where this VPP does not report them. */
async function threadsOf(api: DynamicApi): Promise<readonly PlainMessage[]> {
  if (!api.schema.has('show_threads')) return []
  const reply = await api.call('show_threads')
  return (reply?.['thread_data'] ?? []) as readonly PlainMessage[]
}
