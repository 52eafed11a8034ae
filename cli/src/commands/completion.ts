import type { Command } from 'commander'
import { Argument } from 'commander'
import type { Host } from '../host.ts'
import { complete } from '../complete/complete.ts'
import { SHELLS, scriptOf } from '../complete/scripts.ts'
import type { Shell } from '../complete/scripts.ts'

const EXAMPLES = `
Examples:
  echo 'source <(vpp-ts completion bash)' >> ~/.bashrc
  vpp-ts completion zsh > ~/.zfunc/_vpp-ts          with fpath+=~/.zfunc in front of compinit
  vpp-ts completion fish > ~/.config/fish/completions/vpp-ts.fish

Messages, fields, enum members and interfaces come from the VPP that the command line names.`

/** Adds `completion`, and what its scripts call. */
export function addCompletion(program: Command, host: Host): void {
  program
    .command('completion')
    .addArgument(new Argument('<shell>', 'for which shell').choices(SHELLS))
    .description('print the script that completes command lines of vpp-ts')
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell) => host.printer.text(scriptOf(shell)))
  program
    .command('complete [words...]', { hidden: true })
    .description('candidates for the last of the words, one a line')
    .action(async (words: string[]) => {
      const candidates = await complete(program, host, words)
      await host.printer.text(candidates.join('\n'))
    })
}
