import { expect, it } from 'vitest'
import { compareComments } from './comments.ts'

const of = (old: string | undefined, now: string | undefined) =>
  compareComments(old, now).map(({ impact, text }) => `${impact}: ${text}`)

it('tells of sentences about behaviour that have changed', () => {
  expect(
    of(
      '/** \\brief Set the limit.\n @param limit - in seconds */',
      '/** \\brief Set the limit.\n @param limit - in milliseconds */',
    ),
  ).toEqual(['compatible: comment: "limit: in seconds" is now "limit: in milliseconds"'])
  expect(of('/** Adds a rule. */', '/** Adds a rule. The table must exist. */')).toEqual([
    'compatible: comment: now says "The table must exist."',
  ])
  expect(of('/** Adds a rule. It is ignored if down. */', '/** Adds a rule. */')).toEqual([
    'compatible: comment: no longer says "It is ignored if down."',
  ])
})

it('passes over layout, marks, wording that says nothing of behaviour, and comments that only one side has', () => {
  expect(of('/** The table\n * must exist. */', '// The table must exist.')).toEqual([])
  expect(of('/** Adds a rule. */', '/** Adds one rule. */')).toEqual([])
  expect(of(undefined, '/** The table must exist. */')).toEqual([])
  expect(of('/** The table must exist. */', undefined)).toEqual([])
})
