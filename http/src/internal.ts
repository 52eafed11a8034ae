/**
 * What every HTTP server of this repository needs, once: who may send requests, what errors look like, how events are
 * written. For siblings; it may change with every version.
 */
export { EVENT_STREAM, HEARTBEAT_TEXT, STREAM_HEADERS, eventText } from './server/event-text.ts'
export {
  Guard,
  guardProblem,
  isLoopback,
  type GuardOptions,
  type GuardRules,
  type GuardedRequest,
  type Refusal,
  type RefusalReason,
  type Role,
} from './server/guard.ts'
export { PROBLEM_TYPE, headersOfStatus, problemOfVpp, problemWith, type Problem } from './server/problem.ts'
