/** Segments to read: the first as large as that of a fresh VPP with a few plugins, the second of a large router. */
export const SHAPES = {
  '4700-entries': { workers: 1, interfaces: 3, nodes: 420, errors: 2940 },
  '1000-interfaces-4-workers': { workers: 4, interfaces: 1000, nodes: 2400, errors: 2940 },
}

/** All that can be published: what an agent exports of the last are 1000 interfaces and 1000 nodes that were called. */
export const PUBLISHED = { ...SHAPES, agent: { workers: 1, interfaces: 1000, nodes: 3000, errors: 2940 } }
