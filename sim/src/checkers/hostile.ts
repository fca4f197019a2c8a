import { checkerKind } from './checker-kind.ts'

/** Bad messages are answered as the contract says. */
export const hostile = checkerKind('hostile messages', 'A bad message is answered as the contract says, and nothing of it enters the log.', (run) => ({
  on: {
    answered: ({ trick, reason, expected }) => {
      if (!expected.includes(reason)) run.violated(`the trick ${trick} was answered by ${reason}`)
    },
  },
}))
