import { unnamedError } from '../model/nodes.ts'
import type { NodeInit, Severity } from '../model/nodes.ts'
import type { ModuleSource } from './folder.ts'

/** Nodes whose error counters are not in the definitions of the API, or that have none. */
const WITHOUT_DEFINITIONS: readonly NodeInit[] = [
  { name: 'null-node' },
  { name: 'error-drop' },
  { name: 'error-punt' },
  {
    name: 'ethernet-input',
    errors: [
      'no error',
      'llc length > packet length',
      'unknown ethernet type',
      'unknown vlan',
      'l3 mac mismatch',
      'subinterface down',
    ],
  },
  { name: 'dpdk-input' },
  { name: 'memif-input' },
  { name: 'virtio-input' },
  { name: 'ip4-lookup' },
  { name: 'ip4-drop' },
  { name: 'ip6-lookup' },
  { name: 'ip6-drop' },
  { name: 'interface-output' },
].map(({ name, errors = [] }) => ({ name, errors: errors.map(unnamedError) }))

interface Definitions {
  readonly counters?: readonly {
    readonly name: string
    readonly elements: readonly {
      readonly name: string
      readonly severity: Severity
      readonly description: string
    }[]
  }[]
  readonly paths?: readonly (readonly { readonly path: string; readonly counter: string }[])[]
}

const ERRORS = '/err/'

/** The graph nodes that a VPP with these definitions has counters of; the first definition of a node counts. */
export function graphNodes(modules: readonly ModuleSource[]): NodeInit[] {
  const nodes = new Map(WITHOUT_DEFINITIONS.map((node) => [node.name, node]))
  for (const { document } of modules) {
    for (const node of nodesOf(document as Definitions)) {
      if (!nodes.has(node.name)) nodes.set(node.name, node)
    }
  }
  return [...nodes.values()]
}

function nodesOf({ counters = [], paths = [] }: Definitions): NodeInit[] {
  const errors = new Map(
    counters.map(({ name, elements }) => [
      name,
      elements.map((it) => ({ name: it.name, reason: it.description, severity: it.severity })),
    ]),
  )
  return paths.flat().flatMap(({ path, counter }) => {
    const found = errors.get(counter)
    return path.startsWith(ERRORS) && found !== undefined
      ? [{ name: path.slice(ERRORS.length), errors: found }]
      : []
  })
}
