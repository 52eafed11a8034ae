import { distance } from '../distance.ts'

const MAX_DISTANCE = 2
const MAX_SIMILAR = 5

/** Names that are nearly the one asked for, the nearest first: those that contain it, or differ in few letters. */
export function similarTo(name: string, names: Iterable<string>): string[] {
  // In a short word two other letters make quite another one.
  const limit = Math.min(MAX_DISTANCE, Math.ceil(name.length / 3))
  const near = [...new Set(names)].filter(
    (other) => (name.length > 1 && other.includes(name)) || distance(other, name) <= limit,
  )
  return near.toSorted((a, b) => distance(a, name) - distance(b, name)).slice(0, MAX_SIMILAR)
}
