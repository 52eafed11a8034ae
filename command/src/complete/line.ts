import { insertion, splitLine } from './shell-words.ts'

/** What completing needs of an option, as commander has it. */
interface AnyOption {
  readonly long?: string | null | undefined
  readonly short?: string | null | undefined
  /** It takes a value. */
  readonly required: boolean
  readonly argChoices?: readonly string[] | undefined
}

/** The same of a command. */
interface AnyCommand<C, O> {
  readonly commands: readonly C[]
  readonly options: readonly O[]
  name(): string
}

/** A command line so far, read as far as completing needs. */
export interface Line<C, O> {
  readonly command: C | undefined
  /** Arguments of the command. */
  readonly args: readonly string[]
  /** Options that take a value, with the value. */
  readonly options: ReadonlyMap<O, string>
  /** The option whose value the last word is. */
  readonly pending: O | undefined
  /** The word to complete. */
  readonly word: string
}

/** Reads the words of a command line, the program's name left out. */
export function readLine<O extends AnyOption, C extends AnyCommand<C, O>>(
  program: AnyCommand<C, O>,
  words: readonly string[],
): Line<C, O> {
  let command: C | undefined
  let pending: O | undefined
  const args: string[] = []
  const options = new Map<O, string>()
  for (const word of words.slice(0, -1)) {
    if (pending !== undefined) {
      options.set(pending, word)
      pending = undefined
    } else if (word.startsWith('-')) {
      const [name, value] = splitOption(word)
      const known = [...program.options, ...(command?.options ?? [])]
      const option = known.find((it) => it.long === name || it.short === name)
      if (option?.required !== true) continue
      if (value === undefined) pending = option
      else options.set(option, value)
    } else if (command === undefined) {
      command = program.commands.find((it) => it.name() === word)
    } else args.push(word)
  }
  return { command, args, options, pending, word: words.at(-1) ?? '' }
}

/** Names of all options that may come now. */
export function optionsOf<O extends AnyOption, C extends AnyCommand<C, O>>(
  program: AnyCommand<C, O>,
  command: C | undefined,
): string[] {
  const all = [...program.options, ...(command?.options ?? [])]
  return [...all.flatMap((option) => (option.long == null ? [] : [option.long])), '--help']
}

/**
 * What the command `complete` writes.
 * @param complete candidates for the last of some words
 * @param words those of the line, the program's name left out
 * @param bash the line as bash has it, in place of the words; then the candidates are what bash inserts
 */
export async function completionText(
  complete: (words: readonly string[]) => Promise<readonly string[]>,
  words: readonly string[],
  bash: string | undefined,
): Promise<string> {
  const candidates = bash === undefined ? await complete(words) : await forBash(complete, bash)
  // A name with a line break would be two candidates.
  return candidates.filter((it) => !/\p{Cc}/u.test(it)).join('\n')
}

async function forBash(
  complete: (words: readonly string[]) => Promise<readonly string[]>,
  line: string,
): Promise<readonly string[]> {
  const { words, open } = splitLine(line)
  const word = words.at(-1) ?? ''
  const candidates = await complete(words.slice(1))
  return candidates.flatMap((candidate) => insertion(candidate, word, open) ?? [])
}

function splitOption(word: string): [name: string, value: string | undefined] {
  const equals = word.indexOf('=')
  return word.startsWith('--') && equals > 0
    ? [word.slice(0, equals), word.slice(equals + 1)]
    : [word, undefined]
}
