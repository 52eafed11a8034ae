/** Segments to read: the first as large as that of a fresh VPP with a few plugins, the second of a large router. */
export const SHAPES = {
  '4700-entries': { workers: 1, interfaces: 3, nodes: 420, errors: 2940 },
  '1000-interfaces-4-workers': { workers: 4, interfaces: 1000, nodes: 2400, errors: 2940 },
}
