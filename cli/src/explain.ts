import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { userInfo } from 'node:os'
import { EXIT, exitCodeOf } from '@vpp-ts/command'
import { VppConnectError, VppError } from '@vpp-ts/runtime'
import { StatsError } from '@vpp-ts/stats'
import { CliError } from './errors.ts'

/** An error for a person: what happened, what to do, and the exit code. */
export interface Explanation {
  readonly problem: string
  readonly remedy: string | undefined
  readonly exitCode: number
}

/** Where VPPs with their own prefix have their sockets. */
const RUNTIME_FOLDER = '/run/vpp'

/**
 * Explains an error that the user can do something about; undefined for one of this program itself.
 * @param runtimeFolder folder of the VPPs of this machine, for a hint at others
 */
export function explain(error: unknown, runtimeFolder: string = RUNTIME_FOLDER): Explanation | undefined {
  if (error instanceof CliError) {
    const { message, remedy, exitCode = error.code === 'CLI_USAGE' ? EXIT.usage : EXIT.failed } = error
    return { problem: message, remedy, exitCode }
  }
  if (error instanceof VppConnectError) return explainConnect(error, runtimeFolder)
  if (error instanceof VppError) return explainVpp(error)
  if (error instanceof StatsError)
    return { problem: error.message, remedy: undefined, exitCode: exitCodeOf(error) }
  return undefined
}

function explainConnect(error: VppConnectError, runtimeFolder: string): Explanation {
  const because = (remedy: string | undefined): Explanation => ({
    problem: error.message,
    remedy,
    exitCode: exitCodeOf(error),
  })
  switch (error.code) {
    case 'VPP_SOCKET_MISSING':
    case 'VPP_DIRECTORY_MISSING':
      return because(othersHint(runtimeFolder))
    case 'VPP_PERMISSION_DENIED':
      return because(permissionHint(error.target))
    case 'VPP_CONNECTION_REFUSED':
      return because('start VPP again: systemctl start vpp')
    case 'VPP_CONNECT_TIMEOUT':
      return because(
        `${NOT_RESPONDING}. Or is this the socket of the CLI (cli.sock)? That one does not answer`,
      )
    default:
      return because('name the API socket with --socket PATH')
  }
}

const NOT_RESPONDING =
  'VPP is running but does not answer: is its main thread busy or stopped (gdb, SIGSTOP)? ' +
  'Look at it with top -H -p $(pidof vpp), or allow more time with --timeout SECONDS'

/** What to try when there is no socket: other VPPs of this machine, or a running VPP without one. */
function othersHint(folder: string): string {
  const prefixes = existsSync(folder) ? safely(() => readdirSync(folder), []) : []
  const sockets = prefixes.filter((name) => existsSync(join(folder, name, 'api.sock')))
  if (existsSync(join(folder, 'api.sock'))) return `a VPP without prefix has its socket at ${folder}/api.sock`
  if (sockets.length > 0) {
    return `there are sockets of other VPPs: try ${sockets.map((name) => `--prefix ${name}`).join(' or ')}`
  }
  return (
    'start VPP (systemctl start vpp); if it runs, look for "socksvr { socket-name PATH }" in its startup.conf ' +
    'and name the path with --socket PATH or VPP_API_SOCKET'
  )
}

/** Who may open the socket, and how to become one of them. */
function permissionHint(path: string): string {
  const user = safely(() => userInfo().username, 'USER')
  const gid = safely(() => statSync(path).gid, undefined)
  const group = gid === undefined ? 'vpp' : (groupName(gid) ?? String(gid))
  if (group === 'root') {
    return 'the socket belongs to root alone: use sudo, or give it to a group with unix { gid vpp } in startup.conf'
  }
  return `the socket belongs to the group ${group}: sudo usermod -aG ${group} ${user}, then log in again; or use sudo`
}

function groupName(gid: number): string | undefined {
  const groups = safely(() => readFileSync('/etc/group', 'utf8'), '').split('\n')
  return groups.map((line) => line.split(':')).find(([, , id]) => id === String(gid))?.[0]
}

function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}

function explainVpp(error: VppError): Explanation {
  return { problem: error.message, remedy: REMEDIES[error.code], exitCode: exitCodeOf(error) }
}

const REMEDIES: Partial<Record<VppError['code'], string>> = {
  VPP_ENCODE: 'vpp-ts show MESSAGE lists the fields and what they take',
  VPP_HAZARD: '--force sends it anyway',
  VPP_SCHEMA: 'vpp-ts messages lists what this VPP has; plugins must be loaded to be listed',
  VPP_MESSAGE_UNAVAILABLE: 'the definitions are of another VPP: leave out --api, or name those of this VPP',
  VPP_REPLY_TIMEOUT: NOT_RESPONDING,
  VPP_CONNECTION_LOST: 'VPP ended or crashed: see journalctl -u vpp',
  VPP_PROTOCOL: 'is this the API socket, and not that of the CLI or of the stats segment?',
}
