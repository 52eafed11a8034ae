import { RetvalError } from '../errors.ts'
import type { Run } from '../server/run.ts'

/** What a command prints, and the `retval` of `cli_inband`. */
export interface CliResult {
  readonly retval: number
  readonly reply: string
}

/**
 * Carries a command out.
 * @param args what follows the command's own words
 * @returns what it prints; a line end is added where there is none
 * @throws CliError to refuse
 */
export type CliCommand = (args: readonly string[], context: CliContext) => string

/** What a command can look at and change. */
export type CliContext = Pick<Run, 'clients' | 'model' | 'pid' | 'release' | 'table' | 'uptime'>

/** A command refuses: VPP prints its name and this text. */
export class CliError extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'CliError'
  }
}

interface Node {
  readonly path: string
  readonly children: Map<string, Node>
  command: CliCommand | undefined
}

function newNode(path: string): Node {
  return { path, children: new Map(), command: undefined }
}

/** The commands of VPP's command line that the simulator knows. Words may be cut short as long as they are unique. */
export class CliCommands {
  readonly #root = newNode('')

  /** Adds a command, or replaces it. @param path its words, as in `show version` */
  add(path: string, command: CliCommand): void {
    let node = this.#root
    for (const word of path.split(' ')) {
      let child = node.children.get(word)
      if (child === undefined) {
        child = newNode(node.path === '' ? word : `${node.path} ${word}`)
        node.children.set(word, child)
      }
      node = child
    }
    node.command = command
  }

  /** Runs one line. */
  run(line: string, context: CliContext): CliResult {
    const words = line.split(/\s+/).filter((word) => word !== '')
    const path = [this.#root]
    for (const word of words) {
      const child = childOf(path.at(-1) as Node, word)
      if (child === undefined) break
      path.push(child)
    }
    let result = this.#runAt(path.at(-1) as Node, words.slice(path.length - 1), context)
    // Where a command fails, VPP tries those that its first words name.
    for (let above = path.length - 2; above > 0 && result.retval !== 0; above--) {
      const node = path[above] as Node
      if (node.command !== undefined) result = this.#runAt(node, words.slice(above), context)
    }
    return result
  }

  #runAt({ path, command }: Node, rest: readonly string[], context: CliContext): CliResult {
    try {
      if (command === undefined) throw unknownInput(rest)
      return { retval: 0, reply: withLineEnd(command(rest, context)) }
    } catch (error) {
      const message = error instanceof CliError || error instanceof RetvalError ? error.message : undefined
      if (message === undefined) throw error
      return { retval: -1, reply: `${path === '' ? '' : `${path}: `}${message}\n` }
    }
  }
}

/** Characters of its input that VPP repeats. */
const REPEATED = 30

/** Words as VPP repeats them in an error. */
export function shortened(words: readonly string[]): string {
  const text = words.join(' ')
  return text.length > REPEATED ? `${text.slice(0, REPEATED)}...` : text
}

/** What VPP says to words that it does not understand. */
export function unknownInput(words: readonly string[]): CliError {
  return new CliError(`unknown input \`${shortened(words)}'`)
}

function childOf(node: Node, word: string): Node | undefined {
  const exact = node.children.get(word)
  if (exact !== undefined) return exact
  const [only, ...more] = [...node.children.keys()].filter((name) => name.startsWith(word))
  return only === undefined || more.length > 0 ? undefined : node.children.get(only)
}

function withLineEnd(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}
