/** Names that may have been meant, best first; none when nothing is near. */
export function suggest(name: string, known: Iterable<string>, most = 3): string[] {
  const wanted = name.toLowerCase()
  const near: { name: string; distance: number }[] = []
  for (const candidate of known) {
    const distance = distanceOf(wanted, candidate.toLowerCase())
    if (distance <= Math.max(1, wanted.length / 4)) near.push({ name: candidate, distance })
  }
  return near
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, most)
    .map((it) => it.name)
}

/** The end of a sentence on an unknown name: `; did you mean 'a' or 'b'?`, or nothing. */
export function didYouMean(name: string, known: Iterable<string>): string {
  const names = suggest(name, known).map((it) => `'${it}'`)
  return names.length === 0 ? '' : `; did you mean ${names.join(' or ')}?`
}

/** Letters to insert, delete or replace; much cheaper where lengths differ, which cannot be near. */
function distanceOf(left: string, right: string): number {
  if (Math.abs(left.length - right.length) > Math.max(1, left.length / 4)) return Infinity
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, replaced))
    }
    row = next
  }
  return row[right.length] ?? 0
}
