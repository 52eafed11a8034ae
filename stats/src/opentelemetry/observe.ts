import type { BatchObservableCallback, Meter, Observable } from '@opentelemetry/api'
import type { StatsClient } from '../client.ts'
import { resolveCollector, Scrape, type CollectorOptions } from '../prometheus/collector.ts'
import { DEFINITIONS, type Definition } from '../prometheus/definitions.ts'

/** What is observed. */
export type ObserveOptions = Partial<Omit<CollectorOptions, 'prefix'>> & {
  /** In front of every name. Default `vpp.`. */
  readonly prefix?: string
}

/**
 * VPP's stats as instruments of OpenTelemetry: observable counters and gauges with the names and attributes of the
 * Prometheus families, so that what an OTLP exporter sends becomes the same series there. Every collection reads VPP
 * once; while VPP is away or its heartbeat has stopped, `vpp.up` is 0 and nothing else is observed.
 *
 * @returns ends the observation
 */
export function observeStats(meter: Meter, client: StatsClient, options: ObserveOptions = {}): () => void {
  const { prefix = 'vpp.', ...collector } = options
  const scrape = new Scrape(client, resolveCollector(collector))
  const up = meter.createObservableGauge(`${prefix}up`, { description: 'Whether VPP answers: 1 or 0.' })
  const instruments = DEFINITIONS.map((definition) => ({
    definition,
    instrument: create(meter, prefix, definition),
  }))
  const observe: BatchObservableCallback = async (result) => {
    const stats = await scrape.read()
    result.observe(up, stats.up ? 1 : 0)
    for (const { definition, instrument } of instruments) {
      for (const { value, labels } of stats.samples(definition)) result.observe(instrument, value, labels)
    }
  }
  const observables = [up, ...instruments.map(({ instrument }) => instrument)]
  meter.addBatchObservableCallback(observe, observables)
  return () => meter.removeBatchObservableCallback(observe, observables)
}

function create(meter: Meter, prefix: string, { name, help, type }: Definition): Observable {
  const unit = UNITS.find(([suffix]) => name.includes(suffix))?.[1]
  const options = { description: help, ...(unit === undefined ? {} : { unit }) }
  // Exporters to Prometheus add `_total` again.
  return type === 'counter'
    ? meter.createObservableCounter(`${prefix}${name.replace(/_total$/, '')}`, options)
    : meter.createObservableGauge(`${prefix}${name}`, options)
}

/** Units after UCUM, by what stands in a name. */
const UNITS = [
  ['_per_second', undefined],
  ['_bytes', 'By'],
  ['_packets', '{packet}'],
  ['_seconds', 's'],
] as const
