/** What is told instead of a secret. Given back, it means the secret that is there. */
export const HIDDEN = '********'
