import type { Memif } from './memif.ts'

/** What takes the lines: `console`, pino, winston and the like. */
export interface MemifLogger {
  info(message: string): void
  warn(message: string): void
}

/**
 * Writes what happens to the link of an interface to a logger: connected, lost, failed attempts. What the peer sends is
 * named, secrets never are.
 *
 * @returns ends it
 */
export function logEvents(memif: Memif, logger: MemifLogger): () => void {
  const { interfaceName } = memif.config
  const connected = () => {
    const { remote, rxQueues, txQueues } = memif.getDetails()
    const peer = JSON.stringify(remote?.appName ?? '')
    logger.info(
      `${interfaceName}: connected to ${peer}, ${rxQueues.length} rx and ${txQueues.length} tx queues`,
    )
  }
  const lost = (error: Error) => logger.warn(`${interfaceName}: disconnected: ${error.message}`)
  const failed = (error: Error) => logger.warn(`${interfaceName}: no connection: ${error.message}`)
  memif.on('connect', connected).on('disconnect', lost).on('failure', failed)
  return () => memif.off('connect', connected).off('disconnect', lost).off('failure', failed)
}
