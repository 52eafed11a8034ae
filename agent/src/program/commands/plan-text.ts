import type { AnswerOf, OPERATIONS } from '../../client/index.ts'
import type { Screen, Style } from './screen.ts'

type Plan = AnswerOf<(typeof OPERATIONS)['plan']>
type Proposed = AnswerOf<(typeof OPERATIONS)['proposePlan']>
type Change = Plan['changes'][number]

const SIGNS: Readonly<Record<Change['action'], readonly [sign: string, style: Style]>> = {
  create: ['+', 'green'],
  update: ['~', 'yellow'],
  replace: ['-/+', 'red'],
  delete: ['-', 'red'],
}
const WORDS = { create: 'create', update: 'change', replace: 'make again', delete: 'remove' } as const

/** True when a plan says that something would be changed. */
export function isAnything(plan: Plan | Proposed): boolean {
  return plan.changes.length > 0 || ('items' in plan && plan.created + plan.changed + plan.removed > 0)
}

/** Writes a plan as a difference, grouped by item. */
export function printPlan(screen: Screen, plan: Plan | Proposed): void {
  const groups = new Map<string, Change[]>()
  for (const change of plan.changes) {
    const { kind, key } = change.item ?? change
    const id = `${kind} ${key}`
    groups.set(id, [...(groups.get(id) ?? []), change])
  }
  for (const [id, changes] of groups) printGroup(screen, id, changes)
  if ('items' in plan) printProposed(screen, plan)
  printSummary(screen, plan)
}

function printGroup(screen: Screen, id: string, changes: readonly Change[]): void {
  const [first] = changes
  const isAlone = changes.length === 1 && first !== undefined && `${first.kind} ${first.key}` === id
  if (!isAlone) screen.print(screen.paint('bold', id))
  for (const change of changes) printChange(screen, change, isAlone ? '' : '  ')
}

function printChange(screen: Screen, change: Change, indent: string): void {
  const [sign, style] = SIGNS[change.action]
  screen.print(indent + screen.paint(style, `${sign} ${change.kind} ${change.key}`))
  const within = `${indent}    `
  for (const { field, from, to } of change.fields) {
    // What a new one does not have says nothing.
    if (from === null && isEmpty(to)) continue
    if (change.action === 'delete' || (to === null && isEmpty(from))) continue
    if (field === 'fingerprint') screen.print(`${within}what it is made with differs`)
    else screen.print(within + fieldText(screen, field, from, to))
  }
  if (change.waitsFor !== null) {
    screen.print(within + screen.paint('yellow', `waits for ${change.waitsFor}`))
  }
  if (change.refusedBecause !== null) {
    screen.print(within + screen.paint('red', `will not be made: ${change.refusedBecause}`))
  }
}

function isEmpty(value: unknown): boolean {
  return value === null || value === false || (Array.isArray(value) && value.length === 0)
}

function fieldText(screen: Screen, field: string, from: unknown, to: unknown): string {
  const name = field === '' ? '' : `${field}: `
  if (from === null) return screen.paint('green', `${name}${valueText(to)}`)
  if (to === null) return screen.paint('red', `${name}${valueText(from)} → none`)
  return `${name}${screen.paint('red', valueText(from))} → ${screen.paint('green', valueText(to))}`
}

function valueText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** What of a proposal does not show in VPP. */
function printProposed(screen: Screen, plan: Proposed): void {
  const shown = new Set(plan.changes.map(({ item }) => `${item?.kind} ${item?.key}`))
  const silent = plan.items.filter(({ kind, key }) => !shown.has(`${kind} ${key}`))
  for (const { kind, key, action } of silent) {
    const word = { create: 'declared', change: 'changed', remove: 'dropped' }[action]
    screen.print(screen.paint('dim', `  ${kind} ${key}: ${word}; VPP has it so already`))
  }
  for (const { kind, key, keeper } of plan.conflicts) {
    const whose = keeper === null ? 'an agent of a newer version' : JSON.stringify(keeper)
    screen.print(screen.paint('red', `! ${kind} ${key} is declared by ${whose}, and stays as it is`))
  }
  if (plan.held !== null) screen.print(screen.paint('red', `! held: ${plan.held}`))
}

function printSummary(screen: Screen, plan: Plan | Proposed): void {
  if (!isAnything(plan)) {
    const isRefused = 'items' in plan && plan.conflicts.length > 0
    screen.print(isRefused ? 'Nothing would be changed.' : 'Nothing to change: VPP has what is declared.')
    return
  }
  const counts = Object.entries(WORDS).flatMap(([action, word]) => {
    const count = plan.changes.filter((it) => it.action === action && !isStopped(it)).length
    return count === 0 ? [] : [`${count} to ${word}`]
  })
  const stopped = plan.changes.filter(isStopped).length
  if (stopped > 0) counts.push(`${stopped} that cannot be made`)
  const items =
    'items' in plan ? `Items: ${plan.created} new, ${plan.changed} changed, ${plan.removed} dropped. ` : ''
  screen.print(`${items}VPP: ${counts.length === 0 ? 'nothing to change' : counts.join(', ')}.`)
}

function isStopped({ waitsFor, refusedBecause }: Change): boolean {
  return waitsFor !== null || refusedBecause !== null
}

/** Writes the requests of a plan, or what does the same in VPP's CLI. */
export function printCalls(screen: Screen, plan: Plan, as: 'api' | 'cli'): void {
  for (const { action, kind, key, calls = [], waitsFor, refusedBecause } of plan.changes) {
    screen.print(screen.paint('dim', `# ${WORDS[action]} ${kind} ${key}`))
    if (waitsFor !== null) screen.print(screen.paint('dim', `#   waits for ${waitsFor}`))
    if (refusedBecause !== null) screen.print(screen.paint('dim', `#   not made: ${refusedBecause}`))
    for (const { message, request, cli } of calls) {
      const call = `${message} ${JSON.stringify(request)}`
      if (as === 'api') screen.print(call)
      else screen.print(cli ?? screen.paint('dim', `# no command is known for: ${call}`))
    }
  }
}
