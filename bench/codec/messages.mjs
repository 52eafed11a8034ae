/** The class of a message, from the generated packages. */
export async function messageClass(module, message) {
  const { messages } = await import(`@vpp-ts/binapi-${module.replaceAll('_', '-')}`)
  return messages.find(({ descriptor }) => descriptor.name === message)
}
