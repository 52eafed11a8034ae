import { SHELLS, completionText, scriptOf, type Shell } from '@vpp-ts/command'
import type { Command } from 'commander'
import { Argument } from 'commander'
import type { Host } from '../host.ts'
import { complete } from '../complete/complete.ts'

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
    .description('print the shell completion script for vpp-ts')
    .addHelpText('after', EXAMPLES)
    .action((shell: Shell) => host.printer.text(scriptOf(shell, { program: 'vpp-ts', files: false })))
  program
    .command('complete [words...]', { hidden: true })
    .description('candidates for the last word, one per line')
    .option('--bash <line>', 'the words as a line of bash; candidates are what bash inserts')
    .action(async (words: string[], { bash }: { bash?: string }) => {
      await host.printer.text(await completionText((line) => complete(program, host, line), words, bash))
    })
}
