import { EXIT } from '@vpp-ts/command'
import { Option, type Command } from 'commander'
import { dotOf, mermaidOf } from '../graph-text.ts'
import type { CommandContext } from './context.ts'
import { addRemote, remote } from './remote.ts'

interface GraphFlags {
  readonly kind?: string
  readonly limit?: string
  readonly format: 'dot' | 'mermaid'
}

/** `graph`: objects and what they need, for a program that draws it. */
export function addGraph(program: Command, context: CommandContext): void {
  addRemote(
    program,
    'graph',
    'Write the desired objects and their dependencies, for a program that draws graphs.',
    [
      ['vpp-ts-agent graph | dot -Tsvg > vpp.svg', 'as Graphviz draws it'],
      ['vpp-ts-agent graph --format mermaid', 'for a page of Markdown'],
      ['vpp-ts-agent graph --kind route', 'routes, and what they need'],
    ],
  )
    .addOption(
      new Option('--format <format>', 'language of the graph').choices(['dot', 'mermaid']).default('dot'),
    )
    .option('--kind <kinds>', 'only objects of these kinds, separated by commas, and what they need')
    .option('--limit <number>', 'maximum objects; default: 1000')
    .action(
      remote<GraphFlags>(context, async ({ agent, screen, flags }) => {
        const { kind, limit, format } = flags
        const graph = await agent.graph({ kind, limit })
        if (flags.json === true) screen.json(graph)
        else screen.print(format === 'dot' ? dotOf(graph) : mermaidOf(graph))
        if (graph.omitted > 0) screen.note(`${graph.omitted} objects are left out; see --kind and --limit`)
        return EXIT.ok
      }),
    )
}
