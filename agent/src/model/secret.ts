/** What is shown instead of a secret. Sent back, it means the current secret. */
export const HIDDEN = '********'
