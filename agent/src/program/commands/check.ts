import { EXIT, versionOf } from '@vpp-ts/command'
import type { Command } from 'commander'
import { checkPaths, type Checked } from '../../checks/check-paths.ts'
import type { Finding } from '../../checks/finding.ts'
import { sarifOf } from '../../checks/sarif.ts'
import type { AgentConfig } from '../../config/read-config.ts'
import type { CommandContext } from './context.ts'
import { Screen } from './screen.ts'

interface CheckFlags {
  readonly json?: boolean
  readonly sarif?: boolean
  readonly strict?: boolean
  readonly color: boolean
}

/** `check`: what is wrong with files of items, without an agent and a VPP. */
export function addCheck(program: Command, context: CommandContext): void {
  program
    .command('check')
    .description('Check files of items, and the files of folders, all together. Needs no agent and no VPP.')
    .argument('<path...>', 'files and folders')
    .option('--strict', 'exit with 1 for warnings too')
    .option('--json', 'write JSON')
    .option('--sarif', 'write SARIF 2.1.0, for CI')
    .option('--no-color', 'no colours')
    .addHelpText(
      'after',
      '\nExits with 0 if there are no errors, with 1 otherwise.\n\nExamples:\n  $ vpp-ts-agent check /etc/vpp-ts/items\n  $ vpp-ts-agent check --sarif items > check.sarif\n',
    )
    .action(async (paths: readonly string[], { json, sarif, strict, color }: CheckFlags) => {
      const screen = new Screen(context, color)
      const checked = await checkPaths(paths)
      const { findings } = checked
      if (sarif === true) {
        screen.json(sarifOf(findings, versionOf(new URL('../../../package.json', import.meta.url))))
      } else if (json === true) screen.json(checked)
      else printChecked(screen, checked)
      const isWrong = findings.some(({ severity }) => strict === true || severity === 'error')
      context.exitCode = isWrong ? EXIT.failed : EXIT.ok
    })
}

/** Checks the watched folders of a configuration, each with the items of its own VPP. */
export async function checkWatched({ instances }: AgentConfig, context: CommandContext): Promise<void> {
  const screen = new Screen(context, true)
  for (const { name, watch } of instances) {
    if (watch === undefined) continue
    const checked = await checkPaths([watch])
    screen.print(`instance ${JSON.stringify(name)}:`)
    printChecked(screen, checked)
    if (checked.findings.some(({ severity }) => severity === 'error')) context.exitCode = EXIT.failed
  }
}

/** Writes what a check has found, for people. */
function printChecked(screen: Screen, { files, items, findings }: Checked): void {
  for (const finding of findings) screen.print(lineOf(screen, finding))
  const count = (of: Finding['severity']): number => findings.filter(({ severity }) => severity === of).length
  const wrong = `${plural(count('error'), 'error')}, ${plural(count('warning'), 'warning')}`
  screen.print(`${plural(items, 'item')} in ${plural(files, 'file')}: ${wrong}`)
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

function lineOf(screen: Screen, finding: Finding): string {
  const { file, line, column, severity, code, field, message, remedy } = finding
  const place = [file, line, column].filter((it) => it !== undefined).join(':')
  const kind = screen.paint(severity === 'error' ? 'red' : 'yellow', severity)
  const where = field === '' ? '' : `${field}: `
  return `${place}: ${kind}: ${where}${message} (${code})\n    ${screen.paint('dim', remedy)}`
}
