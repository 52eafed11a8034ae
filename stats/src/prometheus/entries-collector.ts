import type { Metric, Registry } from 'prom-client'
import type { StatsClient } from '../client.ts'
import type { CombinedStat, HistogramStat, SimpleStat, StatEntry } from '../entries.ts'
import { compilePatterns } from '../patterns.ts'
import type { PreparedStats } from '../prepared.ts'
import type { CollectorOptions } from './collector.ts'
import type { Sample } from './definitions.ts'
import { checkLabel, readLabels } from './labels.ts'

/** How entries of the segment become metrics. `$1` in a text is the first group of the pattern, and so on. */
export interface MetricRule {
  /** Which entries: a regular expression, anywhere in the name. */
  readonly pattern: string | RegExp
  /** Name of the family without the prefix; the entry's name by default. What Prometheus has no room for becomes `_`. */
  readonly name?: string
  /** Labels of every series. */
  readonly labels?: Readonly<Record<string, string>>
  /** Text for `# HELP`; says which entry it is by default. */
  readonly help?: string
  /** What the columns of a vector are: label and entry with their names, `{ label: 'interface', names: '/if/names' }`. */
  readonly columns?: { readonly label: string; readonly names?: string }
  /** Whether columns that have counted nothing are exported too. Default false: most are free. */
  readonly zeros?: boolean
}

/** Names of interfaces by sw_if_index. */
const INTERFACES = '/if/names'

/** What {@link EntriesCollector} takes. Columns that are interfaces (`names: '/if/names'`) get `interfaceLabels`, too. */
export type EntriesOptions = Pick<CollectorOptions, 'prefix' | 'perThread' | 'maxSeries'> &
  Partial<Pick<CollectorOptions, 'interfaceLabels'>>

interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly samples: (Sample & { readonly metricName?: string })[]
}

/**
 * Entries by pattern as metrics: scalars and gauges as gauges, vectors as counters with a label for the column,
 * histograms as Prometheus' histograms, name vectors as `…_info`. Rings are left out.
 */
export class EntriesCollector {
  readonly #client: StatsClient
  readonly #rules: readonly { rule: MetricRule; expression: RegExp }[]
  readonly #options: EntriesOptions
  readonly #registered = new Set<string>()
  #set: PreparedStats | undefined
  #families = new Map<string, Family>()
  #interfaceLabels: ReadonlyMap<number, Readonly<Record<string, string>>> = new Map()

  /** @throws StatsError `STATS_ARGUMENT` for a rule that has no regular expression or no valid label */
  constructor(
    client: StatsClient,
    rules: readonly (MetricRule | string | RegExp)[],
    options: EntriesOptions,
  ) {
    this.#client = client
    this.#options = options
    this.#rules = rules.map((given) => {
      const rule = typeof given === 'string' || given instanceof RegExp ? { pattern: given } : given
      compilePatterns(rule.pattern)
      for (const label of [...Object.keys(rule.labels ?? {}), rule.columns?.label ?? 'index'])
        checkLabel(label)
      return {
        rule,
        expression: new RegExp(rule.pattern, rule.pattern instanceof RegExp ? rule.pattern.flags : ''),
      }
    })
  }

  /** Reads VPP, and registers families that are new. Call it before each scrape; while VPP is away all are empty. */
  async refresh(registry: Registry): Promise<void> {
    this.#families = new Map()
    if (this.#rules.length === 0 || this.#client.connection === undefined || this.#client.stalled) return
    const names = this.#rules.flatMap(({ rule }) =>
      rule.columns?.names === undefined ? [] : [rule.columns.names],
    )
    try {
      this.#set ??= await this.#client.prepare([
        ...this.#rules.map(({ expression }) => expression),
        ...names.map(exact),
      ])
      await this.#set.update()
    } catch {
      // VPP has gone meanwhile: what counts as down.
      return
    }
    const { interfaceLabels } = this.#options
    if (interfaceLabels !== undefined && names.includes(INTERFACES)) {
      this.#interfaceLabels = await readLabels(interfaceLabels)
    }
    for (const entry of this.#set.entries) this.#add(entry)
    for (const family of this.#families.values()) this.#register(registry, family)
  }

  #add(entry: StatEntry): void {
    const found = this.#rules.find(({ expression }) => expression.test(entry.name))
    if (found === undefined) return
    const match = found.expression.exec(entry.name)
    const fill = (text: string) =>
      text.replaceAll(/\$(\d)/g, (_, group: string) => match?.[Number(group)] ?? '')
    const { rule } = found
    const name = `${this.#options.prefix}${metricName(fill(rule.name ?? entry.name))}`
    const labels = Object.fromEntries(
      Object.entries(rule.labels ?? {}).map(([key, text]) => [key, fill(text)]),
    )
    for (const family of this.#familiesOf(entry, name, labels, rule)) this.#merge(family)
  }

  #familiesOf(entry: StatEntry, name: string, labels: Record<string, string>, rule: MetricRule): Family[] {
    const help = rule.help ?? `Entry ${entry.name} of VPP's stats segment.`
    switch (entry.type) {
      case 'scalar':
      case 'gauge':
        return [{ name, help, type: 'gauge', samples: [{ labels, value: Number(entry.value) }] }]
      case 'simple':
        return [
          this.#counter(`${name}_total`, help, entry, labels, rule, (row, column) => entry.get(row, column)),
        ]
      case 'combined':
        return [
          this.#counter(`${name}_packets_total`, help, entry, labels, rule, (row, at) =>
            entry.packets(row, at),
          ),
          this.#counter(`${name}_bytes_total`, help, entry, labels, rule, (row, at) => entry.bytes(row, at)),
        ]
      case 'names': {
        const samples = entry.names.flatMap((text, index) =>
          text === undefined ? [] : [{ labels: { ...labels, index: String(index), name: text }, value: 1 }],
        )
        return [{ name: `${name}_info`, help, type: 'gauge', samples }]
      }
      case 'histogram':
        return [{ name, help, type: 'histogram', samples: histogram(name, entry, labels) }]
      default:
        return []
    }
  }

  #counter(
    name: string,
    help: string,
    entry: SimpleStat | CombinedStat,
    labels: Record<string, string>,
    rule: MetricRule,
    get: (row: number, column: number) => bigint | undefined,
  ): Family {
    const samples: Sample[] = []
    const rows = Array.from({ length: entry.rows }, (_, row) => row)
    const columns = entry.target === undefined ? Math.max(0, ...rows.map((row) => entry.columns(row))) : 1
    for (let column = 0; column < columns; column++) {
      const values = rows.map((row) => get(row, column) ?? 0n)
      if (rule.zeros !== true && values.every((value) => value === 0n)) continue
      const own = entry.target === undefined ? { ...labels, ...this.#columnLabel(rule, column) } : labels
      if (!this.#options.perThread) {
        samples.push({ labels: own, value: Number(values.reduce((sum, value) => sum + value, 0n)) })
        continue
      }
      values.forEach((value, row) =>
        samples.push({ labels: { ...own, thread: String(row) }, value: Number(value) }),
      )
    }
    return { name, help, type: 'counter', samples }
  }

  #columnLabel({ columns }: MetricRule, column: number): Record<string, string> {
    const names = columns?.names === undefined ? undefined : this.#set?.get(columns.names)
    const text = names?.type === 'names' ? names.names[column] : undefined
    const own = { [columns?.label ?? 'index']: text ?? String(column) }
    return columns?.names === INTERFACES ? { ...this.#interfaceLabels.get(column), ...own } : own
  }

  /** Entries of one family come together: `# TYPE` may be there once. */
  #merge(family: Family): void {
    const before = this.#families.get(family.name)
    if (before === undefined) this.#families.set(family.name, family)
    else if (before.type === family.type) before.samples.push(...family.samples)
  }

  #register(registry: Registry, { name, help, type }: Family): void {
    if (this.#registered.has(name)) return
    this.#registered.add(name)
    const values = () => this.#families.get(name)?.samples.slice(0, this.#options.maxSeries) ?? []
    const metric = {
      name,
      help,
      type,
      aggregator: 'sum',
      get() {
        return Promise.resolve({ name: this.name, help, type, aggregator: 'sum', values: values() })
      },
      reset() {},
    }
    registry.registerMetric(metric as unknown as Metric)
  }
}

/** Cumulative buckets of all threads together. VPP does not sum the values: `_sum` is left out, as Prometheus allows. */
function histogram(name: string, entry: HistogramStat, labels: Record<string, string>) {
  const buckets = new Map<bigint | undefined, bigint>()
  for (let row = 0; row < entry.rows; row++) {
    for (const { upperBound, count } of entry.bins(row)) {
      buckets.set(upperBound, (buckets.get(upperBound) ?? 0n) + count)
    }
  }
  const bounds = [...buckets.keys()]
    .filter((bound) => bound !== undefined)
    .toSorted((a, b) => (a < b ? -1 : 1))
  let below = 0n
  const samples = bounds.map((bound) => {
    below += buckets.get(bound) ?? 0n
    return { metricName: `${name}_bucket`, labels: { ...labels, le: String(bound) }, value: Number(below) }
  })
  const all = Number(below + (buckets.get(undefined) ?? 0n))
  return [
    ...samples,
    { metricName: `${name}_bucket`, labels: { ...labels, le: '+Inf' }, value: all },
    { metricName: `${name}_count`, labels, value: all },
  ]
}

function metricName(text: string): string {
  const name = text.replaceAll(/[^a-zA-Z0-9_:]+/g, '_').replaceAll(/^_+|_+$/g, '')
  return name === '' ? 'entry' : name
}

function exact(name: string): RegExp {
  return new RegExp(`^${name.replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&')}$`)
}
