/** Names and values of labels. */
export type Labels = Readonly<Record<string, string | number | undefined>>

/** One value with its labels. */
export interface Sample {
  readonly labels: Labels
  readonly value: number
  /** Behind the name of the family, as `_bucket`; only histograms have it. */
  readonly suffix?: string
}

/** A metric family, named after Prometheus' conventions. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly samples: readonly Sample[]
}

/** Media type of Prometheus' text format. */
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** A family in Prometheus' text format; nothing when it has no sample. */
export function textOf({ name, help, type, samples }: Family): string {
  if (samples.length === 0) return ''
  const lines = samples.map(
    ({ labels, value, suffix = '' }) => `${name}${suffix}${labelsOf(labels)} ${value}\n`,
  )
  return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${lines.join('')}`
}

/** Labels of a series of one VPP, including the one that identifies the VPP. */
export function withInstance(instance: string, labels: Labels): Labels {
  return { instance_name: instance, ...labels }
}

function labelsOf(labels: Labels): string {
  let text = ''
  for (const label in labels) {
    text += `${text === '' ? '' : ','}${label}="${escaped(String(labels[label]))}"`
  }
  return text === '' ? '' : `{${text}}`
}

const SPECIAL = /[\\\n"]/

function escaped(value: string): string {
  if (!SPECIAL.test(value)) return value
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}
