/** Shapes on a field of 16 by 16. */
export const SHAPES = {
  good: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm3.6 4.1-4.5 5-2.2-2.2-1.1 1.1 3.4 3.3 5.6-6.2Z',
  off: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Zm0 1.6a5.4 5.4 0 1 0 0 10.8A5.4 5.4 0 0 0 8 2.6ZM4.8 7.2h6.4v1.6H4.8Z',
  warning: 'M8 1.2 15.3 14H.7ZM7.2 6v4h1.6V6Zm0 5v1.6h1.6V11Z',
  bad: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1ZM5.6 4.5 4.5 5.6 6.9 8l-2.4 2.4 1.1 1.1L8 9.1l2.4 2.4 1.1-1.1L9.1 8l2.4-2.4-1.1-1.1L8 6.9Z',
  busy: 'M8 1v2a5 5 0 1 0 5 5h2A7 7 0 1 1 8 1Z',
  down: 'M7.2 2h1.6v8.6l3.2-3.2 1.1 1.1L8 13.7 2.9 8.5 4 7.4l3.2 3.2Z',
  up: 'M7.2 14h1.6V5.4L12 8.6l1.1-1.1L8 2.3 2.9 7.5 4 8.6l3.2-3.2Z',
} as const

/** A shape that has a meaning. */
export type IconName = keyof typeof SHAPES
