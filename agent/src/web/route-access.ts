/** Marks in a route's `config` what everybody may read: files and answers that say nothing of a network. */
export interface RouteAccess {
  readonly public?: boolean
}
