import { counted } from '../catalog/text.ts'
import { markdownTable, textTable } from '../print/table.ts'
import { IMPACTS, type Impact } from './change.ts'
import {
  differencesOf,
  SECTIONS,
  type Difference,
  type DiffReport,
  type DiffSide,
  type MessageDifference,
} from './report.ts'

const HEADINGS: Readonly<Record<Impact, string>> = {
  wire: 'Wire-breaking',
  compile: 'Compile-breaking',
  compatible: 'Compatible',
}

const MEANINGS: Readonly<Record<Impact, string>> = {
  wire: 'a program built for the older VPP cannot use these with the newer one',
  compile:
    'such a program goes on working; with new bindings its source may not compile, or say something else',
  compatible: 'nothing to do',
}

/** Kinds of things, one of them and several. */
const THINGS = { messages: 'message', types: 'type', services: 'service', modules: 'module' } as const

/** The report as text for a terminal, gravest first. */
export function diffText(report: DiffReport): string {
  const all = differencesOf(report)
  const lines = [
    `${sideText(report.from)} → ${sideText(report.to)}${limitText(report)}`,
    ...summaryLines(report),
  ]
  for (const impact of IMPACTS) {
    if (!all.some((item) => item.impact === impact)) continue
    lines.push('', `${HEADINGS[impact].toUpperCase()}: ${MEANINGS[impact]}`)
    for (const section of SECTIONS) {
      const items = report[section].filter((item) => item.impact === impact)
      if (items.length === 0) continue
      const rows = items.flatMap((item) => textRows(THINGS[section], item))
      lines.push('', textTable(rows).trimEnd())
    }
  }
  return `${lines.join('\n')}\n`
}

function textRows(thing: string, item: Difference): string[][] {
  const [first = '', ...more] = explanations(item)
  return [[`${thing} ${item.name}`, `(${item.module})`, first], ...more.map((text) => ['', '', text])]
}

/** Everything that is to be said about a difference, a line each. */
function explanations(item: Difference): string[] {
  const lines = item.changes.map(({ text }) => text)
  if (!isMessage(item)) return lines
  for (const { type, path, behindAlias } of item.via)
    lines.push(`${path}: type ${type} has changed${behindAlias ? ', behind an alias' : ''}`)
  if (item.crc.before !== undefined && item.crc.after !== undefined && item.crc.before !== item.crc.after)
    lines.push(`CRC ${item.crc.before} is now ${item.crc.after}`)
  if (item.usedIn !== undefined) lines.push(`used in ${item.usedIn.join(', ')}`)
  return lines
}

function isMessage(item: Difference): item is MessageDifference {
  return 'via' in item
}

function sideText({ source, release }: DiffSide): string {
  return release === undefined ? source : `VPP ${release}`
}

function limitText({ limitedTo }: DiffReport): string {
  return limitedTo === undefined ? '' : `, as far as ${limitedTo} uses it`
}

function summaryLines(report: DiffReport): string[] {
  const all = differencesOf(report)
  if (all.length === 0) return ['no differences']
  return IMPACTS.flatMap((impact) => {
    const parts = SECTIONS.flatMap((section) => {
      const count = report[section].filter((item) => item.impact === impact).length
      return count === 0 ? [] : [counted(count, THINGS[section])]
    })
    return parts.length === 0 ? [] : [`  ${HEADINGS[impact].toLowerCase().padEnd(16)}  ${parts.join(', ')}`]
  })
}

/** The report as Markdown, for a pull request: what breaks is open, the rest folded. */
export function diffMarkdown(report: DiffReport): string {
  const { from, to } = report
  const lines = [`# VPP's API, ${sideText(from)} to ${sideText(to)}${limitText(report)}`, '']
  const counts = IMPACTS.map((impact) => [
    HEADINGS[impact],
    ...SECTIONS.map((section) => String(report[section].filter((item) => item.impact === impact).length)),
  ])
  lines.push(...markdownTable(['', 'Messages', 'Types', 'Services', 'Modules'], counts))
  for (const impact of IMPACTS) lines.push(...markdownSection(report, impact))
  return `${lines.join('\n')}\n`
}

function markdownSection(report: DiffReport, impact: Impact): string[] {
  const blocks = SECTIONS.flatMap((section) => {
    const items = report[section].filter((item) => item.impact === impact)
    if (items.length === 0) return []
    const rows = items.map((item) => [
      `\`${item.name}\``,
      `\`${item.module}\``,
      explanations(item).map(escapeHtml).join('<br>'),
    ])
    return [
      '',
      `### ${counted(items.length, THINGS[section])}`,
      '',
      ...markdownTable(['Name', 'Module', 'Changes'], rows),
    ]
  })
  if (blocks.length === 0) return []
  const heading = ['', `## ${HEADINGS[impact]}`, '', `${sentence(MEANINGS[impact])}.`]
  if (impact !== 'compatible') return [...heading, ...blocks]
  return [...heading, '', '<details><summary>Show them</summary>', ...blocks, '', '</details>']
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('*', String.raw`\*`)
    .replaceAll('_', String.raw`\_`)
}

/** The report as JSON. */
export function diffJson(report: DiffReport): string {
  const summary = Object.fromEntries(
    IMPACTS.map((impact) => [impact, differencesOf(report).filter((item) => item.impact === impact).length]),
  )
  return `${JSON.stringify({ ...report, summary }, null, 2)}\n`
}
