import type { TraceLineView, TracedView } from '../../rest/diagnosis-routes.ts'
import type { Screen } from './screen.ts'

/** Packets as a tree of text. */
export function traceText({ packets }: TracedView, screen: Screen): string {
  return packets
    .map(({ thread, steps }, at) =>
      [
        screen.paint('bold', `Packet ${at + 1}`) + screen.paint('dim', `, thread ${thread}`),
        ...branches(
          steps.map(({ at: time, node, lines }) => ({
            text: `${screen.paint('cyan', node)} ${screen.paint('dim', time)}`,
            lines,
          })),
        ),
      ].join('\n'),
    )
    .join('\n\n')
}

/** Lines with what is below them, connected by strokes. */
function branches(lines: readonly TraceLineView[], indent = ''): string[] {
  return lines.flatMap(({ text, lines: below }, at) => {
    const isLast = at === lines.length - 1
    return [
      `${indent}${isLast ? '└─ ' : '├─ '}${text}`,
      ...branches(below, `${indent}${isLast ? '   ' : '│  '}`),
    ]
  })
}
