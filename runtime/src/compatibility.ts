import type { DescribedMessage, Registry } from './session/registry.ts'

/** A message that VPP has with another layout. */
export interface ChangedMessage {
  readonly name: string
  /** CRC of the bindings, eight hex digits. */
  readonly crc: string
  /** CRC of the connected VPP. */
  readonly vppCrc: string
}

/** How the messages of a program compare with those of the connected VPP. */
export interface CompatibilityReport {
  /** Names of messages that are the same. */
  readonly same: readonly string[]
  readonly changed: readonly ChangedMessage[]
  /** Names that VPP does not know: the plugin is not loaded, or the release has no such message. */
  readonly absent: readonly string[]
}

/** Compares by name and CRC; only the messages given are looked at. */
export function compatibilityOf(
  registry: Registry,
  messages: Iterable<DescribedMessage>,
): CompatibilityReport {
  const same: string[] = []
  const changed: ChangedMessage[] = []
  const absent: string[] = []
  for (const { descriptor } of messages) {
    const { name, crc } = descriptor
    const vppCrc = registry.crcOf(name)
    if (registry.idOf(descriptor) !== undefined) same.push(name)
    else if (vppCrc === undefined) absent.push(name)
    else changed.push({ name, crc, vppCrc })
  }
  return { same, changed, absent }
}
