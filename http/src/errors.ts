/** Stable codes of the errors that HTTP itself gives rise to, documented in `docs/http.md`. */
export type HttpErrorCode =
  | 'HTTP_OPTION'
  | 'HTTP_LISTEN'
  | 'HTTP_TOKEN_NEEDED'
  | 'HTTP_UNAUTHORIZED'
  | 'HTTP_HOST'
  | 'HTTP_ORIGIN'
  | 'HTTP_NOT_FOUND'
  | 'HTTP_METHOD'
  | 'HTTP_MEDIA_TYPE'
  | 'HTTP_BODY'
  | 'HTTP_BODY_TOO_LARGE'
  | 'HTTP_QUERY'
  | 'HTTP_SLOW_CLIENT'

/** Status of a response to each of them; the program that serves hears of those of 500 itself. */
const STATUS: Readonly<Record<HttpErrorCode, number>> = {
  HTTP_OPTION: 500,
  HTTP_LISTEN: 500,
  HTTP_TOKEN_NEEDED: 403,
  HTTP_UNAUTHORIZED: 401,
  HTTP_HOST: 421,
  HTTP_ORIGIN: 403,
  HTTP_NOT_FOUND: 404,
  HTTP_METHOD: 405,
  HTTP_MEDIA_TYPE: 415,
  HTTP_BODY: 400,
  HTTP_BODY_TOO_LARGE: 413,
  HTTP_QUERY: 400,
  HTTP_SLOW_CLIENT: 500,
}

/** What an error says to a client beside its text. */
export interface VppHttpErrorOptions {
  /** Where the usual status of the code does not fit. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
}

/** A request that is refused before VPP hears of it, or invalid options. Match on `code`. */
export class VppHttpError extends Error {
  readonly code: HttpErrorCode
  /** Status of the response. */
  readonly status: number
  /** Headers of the response. */
  readonly headers: Readonly<Record<string, string>>

  constructor(code: HttpErrorCode, message: string, options: ErrorOptions & VppHttpErrorOptions = {}) {
    super(message, options)
    this.name = new.target.name
    this.code = code
    this.status = options.status ?? STATUS[code]
    this.headers = options.headers ?? {}
  }
}
