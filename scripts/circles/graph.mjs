/**
 * Groups of nodes that reach each other (strongly connected components of more than one node), after Tarjan.
 * @param {Map<string, Iterable<string>>} graph
 * @returns {string[][]} sorted
 */
export function circlesOf(graph) {
  const order = new Map()
  const lowest = new Map()
  const stack = []
  const waiting = new Set()
  const circles = []
  const enter = (node) => {
    order.set(node, order.size)
    lowest.set(node, order.get(node))
    stack.push(node)
    waiting.add(node)
    for (const next of graph.get(node) ?? []) {
      if (!order.has(next)) enter(next)
      if (waiting.has(next)) lowest.set(node, Math.min(lowest.get(node), lowest.get(next)))
    }
    if (lowest.get(node) !== order.get(node)) return
    const members = stack.splice(stack.indexOf(node))
    for (const member of members) waiting.delete(member)
    if (members.length > 1 || [...(graph.get(node) ?? [])].includes(node)) circles.push(members.toSorted())
  }
  for (const node of graph.keys()) if (!order.has(node)) enter(node)
  return circles.toSorted((one, other) => (one[0] < other[0] ? -1 : 1))
}

/**
 * The arrows between folders that are side by side, at every level. A folder stands for all that is below it; an arrow
 * carries the import that causes it.
 * @param {Map<string, Iterable<string>>} files
 * @returns {Map<string, Map<string, Map<string, string>>>} by parent folder, from folder to folder, an import as text
 */
export function folderGraphs(files) {
  const levels = new Map()
  for (const [from, targets] of files)
    for (const to of targets) {
      const arrow = siblings(from.split('/').slice(0, -1), to.split('/').slice(0, -1))
      if (arrow === undefined) continue
      const { parent, source, target } = arrow
      const level = entry(levels, parent, () => new Map())
      entry(level, target, () => new Map())
      const arrows = entry(level, source, () => new Map())
      entry(arrows, target, () => `${from} imports ${to}`)
    }
  return levels
}

/** The folders side by side in which two files are; undefined where one folder contains the other. */
function siblings(from, to) {
  let depth = 0
  while (depth < from.length && depth < to.length && from[depth] === to[depth]) depth++
  if (depth === from.length || depth === to.length) return undefined
  const parent = from.slice(0, depth).join('/')
  return { parent, source: from[depth], target: to[depth] }
}

function entry(map, key, make) {
  if (!map.has(key)) map.set(key, make())
  return map.get(key)
}
