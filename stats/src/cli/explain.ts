import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { LinuxError } from '@vpp-ts/linux'

/** What went wrong, for a person: a refused connection as the API's programs tell it, anything else as it is. */
export function explain(error: Error, socket: string): string {
  const refused = [error, error.cause].find((it) => it instanceof LinuxError && it.syscall === 'connect')
  const reason = refused instanceof LinuxError ? reasonOf(refused.errno, socket) : undefined
  return reason === undefined ? error.message : `${socket}: ${reason}`
}

function reasonOf(errno: string | undefined, path: string): string | undefined {
  const folder = dirname(path)
  switch (errno) {
    case 'ENOENT':
      return existsSync(folder)
        ? 'there is no such socket; is VPP running, and has its startup.conf statseg { default }?'
        : `the folder ${folder} does not exist; VPP makes the one of unix { runtime-dir } in its startup.conf`
    case 'ENOTDIR':
      return `part of ${folder} is a file, not a folder`
    case 'EACCES':
    case 'EPERM':
      return "no permission; the user must be in the socket's group (usually vpp)"
    case 'EPROTOTYPE':
      return 'this is a socket of another kind, such as that of the API; the stats socket is usually stats.sock'
    case 'ECONNREFUSED':
      return isSocket(path)
        ? 'the socket has no listener; VPP has ended and left it behind'
        : 'this is not a socket; the stats socket is usually stats.sock'
    default:
      return undefined
  }
}

/** The system refuses a connection to a file or a folder as it does one to a socket that nobody listens on. */
function isSocket(path: string): boolean {
  try {
    return statSync(path).isSocket()
  } catch {
    return true
  }
}
