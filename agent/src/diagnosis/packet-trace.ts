/** A line of a trace with those that are further in below it. */
export interface TraceLine {
  readonly text: string
  readonly lines: readonly TraceLine[]
}

/** What a node said of a packet. */
export interface TraceStep {
  /** Time as reported by VPP: by default hours, minutes, seconds and microseconds since its start. */
  readonly at: string
  readonly node: string
  readonly lines: readonly TraceLine[]
}

/** The way of a packet through the graph. */
export interface PacketTrace {
  /** Thread that it came in on; 0 is the main one. */
  readonly thread: number
  readonly steps: readonly TraceStep[]
}

/** Begin of a step: a time, a colon, the name of a node. */
const STEP = /^(\S+): (\S.*)$/

/** Line under way, which takes those that are further in. */
interface Open {
  readonly indent: number
  readonly lines: TraceLine[]
}

/**
 * Reads what VPP says of one packet. A line belongs to the one above it that is further out. What has no step above it is left out.
 */
export function stepsOf(text: string): TraceStep[] {
  const steps: TraceStep[] = []
  let open: Open[] = []
  for (const line of text.split('\n')) {
    const content = line.trim()
    if (content === '') continue
    const indent = line.search(/\S/)
    const [, at, node] = indent === 0 ? (STEP.exec(line) ?? []) : []
    if (at !== undefined && node !== undefined) {
      const lines: TraceLine[] = []
      steps.push({ at, node: node.trim(), lines })
      open = [{ indent: 0, lines }]
      continue
    }
    // The step itself stays, however far out a line begins.
    while (open.length > 1 && (open.at(-1)?.indent ?? 0) >= indent) open.pop()
    const lines: TraceLine[] = []
    open.at(-1)?.lines.push({ text: content, lines })
    open.push({ indent, lines })
  }
  return steps
}
