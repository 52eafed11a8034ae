/** Path of something of an instance in the agent's REST interface; every part is encoded. */
export function instancePath(instance: string, ...parts: readonly string[]): string {
  return ['/api/v1/instances', ...[instance, ...parts].map(encodeURIComponent)].join('/')
}
