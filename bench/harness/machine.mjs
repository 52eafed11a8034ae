import { cpus, totalmem } from 'node:os'

/** What the figures were taken on. */
export function describeMachine() {
  const processors = cpus()
  const facts = {
    processor: processors[0]?.model ?? 'unknown',
    cores: processors.length,
    memory: totalmem(),
    node: process.versions.node,
    v8: process.versions.v8,
    platform: `${process.platform} ${process.arch}`,
  }
  const gibibytes = Math.round(facts.memory / 2 ** 30)
  const text = `${facts.processor}, ${facts.cores} cores, ${gibibytes} GiB, Node ${facts.node}, ${facts.platform}`
  return { ...facts, text }
}
