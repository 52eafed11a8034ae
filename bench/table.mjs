/** Prints the figures of a run as the tables of docs/benchmarks.md: node bench/table.mjs results.json */
import { readFileSync } from 'node:fs'
import { formatFigure } from './harness/report.mjs'

const { machine, results } = JSON.parse(readFileSync(process.argv[2], 'utf8'))
console.log(`${machine.text}\n`)
const groups = new Map()
for (const result of results) {
  const key = `${result.name.split('/')[0]}: ${result.figures.map(({ name }) => name).join(', ')}`
  groups.set(key, [...(groups.get(key) ?? []), result])
}
// Cases with the same subjects share a table.
for (const cases of groups.values()) console.log(`${table(cases)}\n`)

function table(cases) {
  const subjects = cases[0].figures.map(({ name }) => name)
  const rows = cases.map(({ name, shows, figures }) => {
    const [first] = figures
    const cells = figures.map(({ median }) => {
      const ratio = first.median === median ? '' : ` (×${(median / first.median).toPrecision(2)})`
      return `${formatFigure(shows, median)}${ratio}`
    })
    return `| ${name.split('/').slice(1).join(' ')} | ${cells.join(' | ')} |`
  })
  return [`| | ${subjects.join(' | ')} |`, `|---${'|---'.repeat(subjects.length)}|`, ...rows].join('\n')
}
