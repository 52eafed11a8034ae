import type { GraphView } from '../rest/graph-routes.ts'

const COLOURS: Readonly<Record<string, string>> = {
  applied: '#d5f5e3',
  failed: '#fadbd8',
  blocked: '#fadbd8',
  conflict: '#fadbd8',
  waiting: '#fdebd0',
  drifted: '#fdebd0',
  pending: '#eaecee',
}
/** For objects that are not declared. */
const OTHERS = '#ffffff'

function colourOf({ isDeclared, state }: GraphView['nodes'][number]): string {
  return isDeclared ? (COLOURS[state ?? ''] ?? '#eaecee') : OTHERS
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

/** Text with the signs of Mermaid as numbers. */
function escaped(text: string): string {
  return text.replaceAll(/["&<>#\\`]/g, (sign) => `#${sign.charCodeAt(0)};`)
}

/** A graph for Graphviz. */
export function dotOf({ nodes, edges }: GraphView): string {
  const lines = nodes.map((node) => {
    const label = quoted(`${node.kind}\n${node.key}`).replaceAll('\n', String.raw`\n`)
    const style = node.isDeclared ? 'filled' : '"filled,dashed"'
    return `  ${quoted(node.id)} [label=${label}, style=${style}, fillcolor="${colourOf(node)}"]`
  })
  const arrows = edges.map(
    ({ from, to, isNeed }) => `  ${quoted(from)} -> ${quoted(to)}${isNeed ? '' : ' [style=dotted]'}`,
  )
  return [
    'digraph vpp {',
    '  rankdir=RL',
    '  node [shape=box, fontname="sans-serif"]',
    ...lines,
    ...arrows,
    '}',
  ].join('\n')
}

/** A graph for Mermaid, as GitHub and others draw it. */
export function mermaidOf({ nodes, edges }: GraphView): string {
  const names = new Map(nodes.map(({ id }, at) => [id, `n${at}`]))
  const lines = nodes.map(
    ({ id, kind, key }) => `  ${names.get(id) ?? ''}["${escaped(kind)}<br>${escaped(key)}"]`,
  )
  const arrows = edges.map(
    ({ from, to, isNeed }) => `  ${names.get(from) ?? ''} ${isNeed ? '-->' : '-.->'} ${names.get(to) ?? ''}`,
  )
  const styles = nodes.map((node) => {
    const dashes = node.isDeclared ? '' : ',stroke-dasharray:4'
    return `  style ${names.get(node.id) ?? ''} fill:${colourOf(node)},color:#1b2631${dashes}`
  })
  return ['flowchart RL', ...lines, ...arrows, ...styles].join('\n')
}
