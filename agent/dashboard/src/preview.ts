import type { Api } from './api.ts'
import { valueText } from './item-text.ts'
import type { Proposal } from './proposal.ts'

/** What a change does. */
export interface Preview {
  readonly summary: string
  /** As {@link diffView} shows it. */
  readonly diff: string
}

/** What a change does. @throws ApiError when it cannot be made */
export async function previewOf(_api: Api, { kind, key, before, item }: Proposal): Promise<Preview> {
  const diff = await Promise.resolve(lineDiff(valueText(before ?? {}), valueText(item ?? {})))
  return { summary: 'The item is changed like this:', diff: `@@ ${kind.kind} ${key ?? ''} @@\n${diff}` }
}

/** Differences between two texts: what they begin and end with alike is left. */
function lineDiff(before: string, after: string): string {
  const [old, now] = [before.split('\n'), after.split('\n')]
  let head = 0
  while (head < old.length && head < now.length && old[head] === now[head]) head++
  let tail = 0
  while (tail < Math.min(old.length, now.length) - head && old.at(-1 - tail) === now.at(-1 - tail)) tail++
  return [
    ...old.slice(0, head).map((line) => ` ${line}`),
    ...old.slice(head, old.length - tail).map((line) => `-${line}`),
    ...now.slice(head, now.length - tail).map((line) => `+${line}`),
    ...old.slice(old.length - tail).map((line) => ` ${line}`),
  ]
    .filter((line) => line.trim() !== '')
    .join('\n')
}
