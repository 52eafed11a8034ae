export { ShmError, type ShmErrorCode } from './errors.ts'
export { shmTarget, targetOf, type ShmOptions } from './target.ts'
