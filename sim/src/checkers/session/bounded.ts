import { checkerKind } from '../kit/checker-kind.ts'

/** Everything has a limit. */
export const bounded = checkerKind('bounded buffers', 'Nothing that waits in one place grows above its limit.', (run) => ({
  on: {
    queue: ({ what, length, limit }) => {
      if (length > limit) run.violated(`more ${what} wait than may`)
    },
  },
}))
