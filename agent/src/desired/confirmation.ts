/** A revision that is undone at a given time unless it is confirmed. */
export interface Confirmation {
  readonly revision: number
  /** Milliseconds since 1970 on the clocks of the hosts: it has to outlive the process. */
  readonly until: number
}

/** The value of the store for a confirmation. */
export function confirmationText({ revision, until }: Confirmation): string {
  return JSON.stringify({ revision, until })
}

/** Reads the value of the store for a confirmation. @throws SyntaxError when it is not JSON */
export function readConfirmation(text: string): Confirmation {
  const { revision, until } = JSON.parse(text) as { revision?: unknown; until?: unknown }
  return { revision: Number(revision), until: Number(until) }
}
