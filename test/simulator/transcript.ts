import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Answer } from './play.ts'
import { CHAPTERS } from './chapters.ts'

/**
 * What a VPP 26.06 without NICs answered to the script: a line for each step, as JSON, below the name of its chapter.
 * `test/vpp/transcript.test.ts` writes it.
 */
export const TRANSCRIPT = fileURLToPath(new URL('vpp-26.06.transcript', import.meta.url))

/** The answers of every chapter. */
export function readTranscript(): ReadonlyMap<string, readonly Answer[]> {
  const chapters = new Map<string, Answer[]>()
  let current: Answer[] = []
  for (const line of readFileSync(TRANSCRIPT, 'utf8').trimEnd().split('\n')) {
    if (line.startsWith('# ')) chapters.set(line.slice(2), (current = []))
    else current.push(JSON.parse(line) as Answer)
  }
  return chapters
}

/** The text of a transcript. */
export function formatTranscript(played: ReadonlyMap<string, readonly Answer[]>): string {
  return [...played]
    .map(([chapter, answers]) => [`# ${chapter}`, ...answers.map((it) => JSON.stringify(it)), ''].join('\n'))
    .join('')
}

/** Pairs every step of a chapter with its answer, so that a difference names the request. */
export function withSteps(chapter: string, answers: readonly Answer[]): unknown[] {
  return (CHAPTERS[chapter] ?? []).map((step, index) => ({ index, step, answer: answers[index] }))
}
