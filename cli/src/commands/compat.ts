import type { Command } from 'commander'
import { loadMessages } from '../compat/load-messages.ts'
import { CliError } from '../errors.ts'
import type { Host } from '../host.ts'

const EXAMPLES = `
Examples:
  vpp-ts compat .                            bindings that this project has installed
  vpp-ts compat @vpp-ts/binapi-ip            one package of bindings
  vpp-ts compat /usr/share/vpp/api           definitions of another release
  vpp-ts compat 26.02 -o json                a release that vpp-ts knows
  vpp-ts compat vpp:/run/vpp/b/api.sock      another VPP

changed: VPP has the message with another layout (CRC), calls fail. absent: VPP does not have
it, often because its plugin is not loaded. Exit code 1 when a message is changed; with
--strict also when one is absent.`

interface CompatFlags {
  readonly strict?: boolean
}

/** Adds `compat`. */
export function addCompat(program: Command, host: Host): void {
  program
    .command('compat <bindings-or-folder>')
    .description('compare bindings, or the definitions of a release, with the VPP')
    .option('--strict', 'fail also when messages are absent')
    .addHelpText('after', EXAMPLES)
    .action((target: string, flags: CompatFlags) => compat(host, target, flags.strict === true))
}

async function compat(host: Host, target: string, strict: boolean): Promise<void> {
  const { source, messages } = await loadMessages(target, process.cwd())
  await using vpp = await host.connect()
  const { same, changed, absent } = vpp.checkCompatibility(messages)
  const renamed = changed.map(({ name, crc, vppCrc }) => ({ message: name, crc, vpp_crc: vppCrc }))
  const { printer } = host
  if (printer.format === 'table') {
    await printer.many(
      [
        ...renamed.map((it) => ({ ...it, result: 'changed' })),
        ...absent.map((message) => ({ message, result: 'absent' })),
      ],
      { empty: '' },
    )
    await printer.text(
      `${source}: ${same.length} same, ${changed.length} changed, ${absent.length} absent of ${messages.length}`,
    )
  } else {
    await printer.one({ source, same: same.length, changed: renamed, absent: [...absent] })
  }
  if (changed.length > 0 || (strict && absent.length > 0)) {
    throw new CliError(
      'CLI_FAILED',
      `${changed.length} messages have changed${strict ? `, ${absent.length} are absent` : ''}`,
      "use bindings of this VPP's release (npm i @vpp-ts/binapi-…@YY.M), or call it without bindings",
    )
  }
}
