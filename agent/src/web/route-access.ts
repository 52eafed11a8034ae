/** Marks in a route's `config` what everybody may read: files and answers that say nothing of a network. */
export interface RouteAccess {
  readonly public?: boolean
  /** It changes nothing, whatever its method is: a token that may only read is enough. */
  readonly readOnly?: boolean
}
