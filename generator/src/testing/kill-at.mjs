/**
 * Preloaded into a child process: kills it at the n-th call of a function of node:fs, as if the machine had lost its
 * power there. VPP_TS_KILL_AT is `function:n`.
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const [name, at] = (process.env.VPP_TS_KILL_AT ?? '').split(':')
const original = fs[name]
let calls = 0
fs[name] = (...args) => {
  if (++calls === Number(at)) process.kill(process.pid, 'SIGKILL')
  return original(...args)
}
syncBuiltinESMExports()
