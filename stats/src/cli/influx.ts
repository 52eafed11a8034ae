import type { StatEntry } from '../entries.ts'

/**
 * An entry in InfluxDB's line protocol, one line per value: measurement `vpp`, tags `entry`, `thread` and `index`, at
 * `time` (nanoseconds since 1970). Zeros are left out unless asked for; names, rings and links without value always.
 */
export function influxLines(entry: StatEntry, time: bigint, zeros: boolean): string[] {
  const line = (tags: Record<string, number>, fields: Record<string, bigint>): string[] => {
    const values = Object.entries(fields)
    if (!zeros && values.every(([, value]) => value === 0n)) return []
    const tagText = Object.entries(tags).map(([key, value]) => `,${key}=${value}`)
    const fieldText = values.map(([key, value]) => `${key}=${integer(value)}`)
    return [`vpp,entry=${escape(entry.name)}${tagText.join('')} ${fieldText.join(',')} ${time}`]
  }
  switch (entry.type) {
    case 'scalar':
    case 'gauge':
      return line({}, { value: entry.value })
    case 'simple':
      return places(entry, (thread, index) =>
        line({ index, thread }, { value: entry.get(thread, index) ?? 0n }),
      )
    case 'combined':
      return places(entry, (thread, index) =>
        line(
          { index, thread },
          { packets: entry.packets(thread, index) ?? 0n, bytes: entry.bytes(thread, index) ?? 0n },
        ),
      )
    case 'histogram':
      return Array.from({ length: entry.rows }, (_, thread) =>
        entry
          .bins(thread)
          .flatMap(({ upperBound, count }, bin) =>
            line({ bin, thread }, upperBound === undefined ? { count } : { count, upper: upperBound }),
          ),
      ).flat()
    default:
      return []
  }
}

function places(
  entry: { readonly rows: number; readonly target?: number | undefined; columns(row: number): number },
  make: (thread: number, index: number) => string[],
): string[] {
  return Array.from({ length: entry.rows }, (_, thread) => {
    const columns = entry.target === undefined ? entry.columns(thread) : 1
    return Array.from({ length: columns }, (_unused, index) => make(thread, index)).flat()
  }).flat()
}

/** InfluxDB's integers have 63 bits; what is larger goes as a float. */
function integer(value: bigint): string {
  return value < 2n ** 63n ? `${value}i` : Number(value).toExponential()
}

function escape(text: string): string {
  return text.replaceAll(/[,= \\]/g, String.raw`\$&`).replaceAll('\n', ' ')
}
