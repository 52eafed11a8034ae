import { VppHttpError } from './errors.ts'
import { headersOfStatus, problemOfVpp, problemWith, type Problem } from './server/problem.ts'

/** A problem, and the headers that go with it. */
export interface Failure {
  readonly problem: Problem
  readonly headers: Readonly<Record<string, string>>
  /** False for an internal error. */
  readonly expected: boolean
}

/** The response that an error becomes. */
export function failureOf(error: unknown): Failure {
  if (error instanceof VppHttpError) {
    const { status, code, message, headers } = error
    return { problem: problemWith(status, code, message), headers, expected: true }
  }
  const problem = problemOfVpp(error)
  if (problem !== undefined) return { problem, headers: headersOfStatus(problem.status), expected: true }
  const detail = "internal error; see the server's log"
  return { problem: problemWith(500, 'HTTP_INTERNAL', detail), headers: {}, expected: false }
}
