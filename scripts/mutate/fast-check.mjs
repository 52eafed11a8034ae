/** fast-check with fewer runs of each property: a mutant that a property notices is noticed by one of the first. */
import { createRequire } from 'node:module'

const real = createRequire(import.meta.url)('fast-check')
const RUNS = 30

export function assert(property, parameters = {}) {
  return real.assert(property, { ...parameters, numRuns: Math.min(parameters.numRuns ?? RUNS, RUNS) })
}

export const {
  anything,
  array,
  asyncProperty,
  bigInt,
  boolean,
  constant,
  constantFrom,
  date,
  double,
  integer,
  ipV4,
  letrec,
  nat,
  oneof,
  option,
  property,
  record,
  string,
  tuple,
  uint8Array,
} = real

export default { ...real, assert }
