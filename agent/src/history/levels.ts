/** A ring of one resolution. */
export interface Level {
  /** Name of its folder. */
  readonly name: string
  /** Seconds per value. */
  readonly step: number
  /** Values of a row in one chunk, which is a file. */
  readonly slots: number
  /** Chunks that are kept. */
  readonly chunks: number
  /** Whether there is a greatest value beside the mean. */
  readonly hasMaximum: boolean
}

/** A second for 10 minutes: the one that is written, and all others are made of. */
export const SECONDS: Level = { name: '1s', step: 1, slots: 60, chunks: 11, hasMaximum: false }

/** Of what a second is kept for 10 minutes: 10 seconds for a day, a minute for 31 days. Each chunk holds whole ones of the level before. */
export const COARSE: readonly Level[] = [
  { name: '10s', step: 10, slots: 60, chunks: 145, hasMaximum: true },
  { name: '1m', step: 60, slots: 120, chunks: 373, hasMaximum: true },
]

/** All resolutions, the finest first. */
export const LEVELS: readonly Level[] = [SECONDS, ...COARSE]

/** Seconds of a chunk. */
export function spanOf({ step, slots }: Level): number {
  return step * slots
}

/** What is counted of one thing. */
export const ROW_FIELDS = {
  interface: ['rxPackets', 'rxBytes', 'txPackets', 'txBytes', 'drops', 'errors'],
  error: ['errors'],
  worker: ['vectorRate', 'loops'],
  instance: [
    'rxPackets',
    'rxBytes',
    'txPackets',
    'txBytes',
    'drops',
    'errors',
    'nodeErrors',
    'vectorRate',
    'inputRate',
  ],
} as const satisfies Readonly<Record<string, readonly string[]>>

/** What rows are of. */
export type RowKind = keyof typeof ROW_FIELDS

/** Key of a row: its kind and what it is called within it. */
export function rowKey(kind: RowKind, name: string): string {
  return `${kind}/${name}`
}

/** The kind of a row. */
export function kindOf(key: string): RowKind {
  return key.slice(0, key.indexOf('/')) as RowKind
}

/** Numbers of a row that one slot of a level has. */
export function widthOf(kind: RowKind, { hasMaximum }: Level): number {
  return ROW_FIELDS[kind].length * (hasMaximum ? 2 : 1)
}
