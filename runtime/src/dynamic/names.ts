/**
 * `sw_if_index` becomes `swIfIndex`: what generated bindings call a field, too. Digits stay where they are
 * (`ip4_fib_id` → `ip4FibId`), a capital first letter becomes small (`T1` → `t1`).
 */
export function camelCase(wireName: string): string {
  const pascal = pascalCase(wireName)
  return pascal.charAt(0).toLowerCase() + pascal.slice(1)
}

/** `sw_interface_details` becomes `SwInterfaceDetails`. */
export function pascalCase(wireName: string): string {
  let name = ''
  for (const word of wireName.split('_')) name += word.charAt(0).toUpperCase() + word.slice(1)
  return name
}

/** `vl_api_address_t` becomes `address`; a name without this wrapping stays as it is. */
export function typeName(reference: string): string {
  return reference.startsWith('vl_api_') && reference.endsWith('_t') ? reference.slice(7, -2) : reference
}
