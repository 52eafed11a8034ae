export { observeStats, type ObserveOptions } from './observe.ts'
