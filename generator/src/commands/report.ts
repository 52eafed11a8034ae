import type { GenerateResult, Step } from '../generate.ts'

const STEP_TEXT: Readonly<Record<Step, string>> = {
  read: 'reading definitions',
  check: 'checking definitions',
  emit: 'generating',
  format: 'formatting',
  write: 'writing files',
}

/** The line on a terminal that says what is being done, and the time that it took. */
export class Progress {
  readonly #onTerminal: boolean
  readonly #debug: boolean
  readonly #started = performance.now()
  #current: { readonly step: Step; readonly since: number } | undefined

  constructor({ quiet, debug }: { readonly quiet?: boolean; readonly debug?: boolean }) {
    this.#onTerminal = !quiet && !debug && process.stderr.isTTY
    this.#debug = debug ?? false
  }

  /** To be called at the start of each step. */
  readonly step = (step: Step, module?: string, done = 0, total = 0): void => {
    if (step !== this.#current?.step) this.#begin(step)
    if (!this.#onTerminal) return
    const detail = module === undefined ? '' : ` ${done + 1}/${total} ${module}`
    process.stderr.write(`\r\u001B[K${STEP_TEXT[step]}${detail}`)
  }

  /** To be called when all is done, or has failed. */
  end(): void {
    this.#tell()
    this.#current = undefined
    if (this.#onTerminal) process.stderr.write('\r\u001B[K')
  }

  /** Seconds since the start. */
  get seconds(): number {
    return (performance.now() - this.#started) / 1000
  }

  #begin(step: Step): void {
    this.#tell()
    this.#current = { step, since: performance.now() }
  }

  #tell(): void {
    if (!this.#debug || this.#current === undefined) return
    const { step, since } = this.#current
    process.stderr.write(`${STEP_TEXT[step]}: ${(performance.now() - since).toFixed(0)} ms\n`)
  }
}

/** What was made, as a table. */
export function summary(result: GenerateResult, outputDir: string, seconds: number): string {
  const { counts, release, source, written, unchanged, removed, kept, notes } = result
  const rows: [string, string][] = [
    ['modules', number(counts.modules)],
    ['messages', number(counts.messages)],
    ['types', number(counts.types)],
    ['methods', number(counts.methods)],
    [
      'files',
      `${number(counts.files)} (${number(written)} written, ${number(unchanged)} unchanged, ${number(removed)} removed)`,
    ],
    ['lines', number(counts.lines)],
    ['time', `${seconds.toFixed(2)} s`],
  ]
  const title = `${release === undefined ? 'VPP' : `VPP ${release}`}, ${source} → ${outputDir}`
  const lines = [title, ...rows.map(([name, value]) => `  ${name.padEnd(9)} ${value}`)]
  for (const path of kept)
    lines.push(`  kept      ${path}: no longer generated, but changed by somebody else`)
  for (const note of notes) lines.push(`  note      ${note}`)
  return `${lines.join('\n')}\n`
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}
