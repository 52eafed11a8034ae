/** As much of JSON Schema as the schemas of items use. */
export interface JsonSchema {
  readonly type?: string
  readonly description?: string
  readonly default?: unknown
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly minimum?: number
  readonly maximum?: number
}

/** Alternatives of a schema; itself when there are none. */
export function alternativesOf(schema: JsonSchema): readonly JsonSchema[] {
  return (schema.anyOf ?? schema.oneOf)?.flatMap(alternativesOf) ?? [schema]
}

/** Values of a schema that takes only certain ones; undefined for one that takes others too. */
export function choicesOf(schema: JsonSchema): readonly unknown[] | undefined {
  const choices = alternativesOf(schema).map((it) => ('const' in it ? [it.const] : it.enum))
  return choices.every((it) => it !== undefined) ? choices.flat() : undefined
}

/** True for a schema that takes neither objects nor lists. */
export function isScalar(schema: JsonSchema): boolean {
  return alternativesOf(schema).every(
    (it) => 'const' in it || it.enum !== undefined || ['string', 'integer', 'number'].includes(it.type ?? ''),
  )
}

/** The property that distinguishes the alternatives of a schema, such as `type`; undefined if there is none. */
export function discriminatorOf(schema: JsonSchema): string | undefined {
  const [first, ...others] = alternativesOf(schema)
  if (first?.properties === undefined || others.length === 0) return undefined
  return Object.keys(first.properties).find((name) => {
    const values = [first, ...others].map((it) => it.properties?.[name]?.const)
    return values.every((it) => it !== undefined) && new Set(values).size === values.length
  })
}

/** True for values that are equal as JSON. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null) return false
  if (Array.isArray(one) !== Array.isArray(other)) return false
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => isEqual(Reflect.get(one, name), Reflect.get(other, name)))
  )
}

/** True when a value is of the kind that a schema describes, as far as is needed to choose between alternatives. */
export function takes(schema: JsonSchema, value: unknown): boolean {
  if (schema.anyOf !== undefined || schema.oneOf !== undefined) {
    return alternativesOf(schema).some((it) => takes(it, value))
  }
  if ('const' in schema) return isEqual(schema.const, value)
  if (schema.enum !== undefined) return schema.enum.some((it) => isEqual(it, value))
  switch (schema.type) {
    case 'object':
      return isRecord(value) && constantsFit(schema, value)
    case 'array':
      return Array.isArray(value)
    case 'integer':
    case 'number':
      return typeof value === 'number'
    default:
      return schema.type === undefined || typeof value === schema.type
  }
}

/** True for an object that is not a list. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function constantsFit(schema: JsonSchema, value: Readonly<Record<string, unknown>>): boolean {
  return Object.entries(schema.properties ?? {}).every(
    ([name, it]) => !('const' in it) || value[name] === undefined || isEqual(it.const, value[name]),
  )
}

/** Words that are written in capitals. */
const CAPITALS = new Set(
  'abf acl arp bfd bvi det44 dhcp dma dns dscp gre gro gso icmp id ip ip4 ip6 ipip ipsec lacp mac macip mpls mss mtu nat nat44 nat64 nat66 nd qos rx tcp ttl tx udp urpf vlan vni vrf vrrp vxlan'.split(
    ' ',
  ),
)

/** Name of a field as people write it: `linkMtu` is `Link MTU`. */
export function labelOf(name: string): string {
  const words = name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[ -]/)
    .map((word) => (CAPITALS.has(word) ? word.toUpperCase() : word))
    .join(' ')
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** A label within a sentence: `Bridge domain` is `bridge domain`, and `MAC` stays. */
export function inSentence(label: string): string {
  return /^[A-Z](?![A-Z\d])/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label
}
