import type { Command } from 'commander'
import { Argument } from 'commander'
import type { Host } from '../host.ts'
import { complete } from '../complete/complete.ts'
import { SHELLS, scriptOf } from '../complete/scripts.ts'
import type { Shell } from '../complete/scripts.ts'
import { insertion, splitLine } from '../complete/shell-words.ts'

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
    .option('--bash <line>', 'the words as a line of bash; candidates are what bash inserts')
    .action(async (words: string[], { bash }: { bash?: string }) => {
      const candidates =
        bash === undefined ? await complete(program, host, words) : await forBash(program, host, bash)
      // A name with a line break would be two candidates.
      await host.printer.text(candidates.filter((it) => !/\p{Cc}/u.test(it)).join('\n'))
    })
}

async function forBash(program: Command, host: Host, line: string): Promise<string[]> {
  const { words, open } = splitLine(line)
  const word = words.at(-1) ?? ''
  const candidates = await complete(program, host, words.slice(1))
  return candidates.flatMap((candidate) => insertion(candidate, word, open) ?? [])
}
