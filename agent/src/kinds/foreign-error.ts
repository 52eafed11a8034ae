/** Another client has what a change would take, as VPP says now; nothing was asked of it. */
export class ForeignError extends Error {
  constructor(message: string) {
    super(message)
    this.name = new.target.name
  }
}
