import type { Submit } from '@concord/protocol'
import { checkerKind } from '../kit/checker-kind.ts'
import { PerActor } from '../kit/per-actor.ts'

/** Answers that end the session and say nothing about the message: it may have been taken before. */
const SAY_NOTHING: readonly string[] = ['ack', 'SESSION_REPLACED', 'SESSION_UNKNOWN']

/** Bad messages are answered as the contract says. */
export const hostile = checkerKind('hostile messages', 'A bad message is answered as the contract says, and what is refused never enters the log.', (run) => {
  const attackers = new PerActor(run.plan, ({ document }) => run.histories.of(document), ({ kind }) => kind === 'hostile')
  const refused: { readonly actor: string; readonly submit: Submit }[] = []
  const isInLog = ({ actor, submit }: (typeof refused)[number]): boolean => {
    const history = attackers.get(actor)
    for (let version = submit.baseVersion + 1; history !== undefined && version <= history.head; version += 1) {
      const row = history.row(version)
      // Another message may have used the number before: then it is that one's text that stands there.
      if (row?.clientId === submit.clientId && row.clientSeq === submit.seq) return history.change(version)?.operation.text === submit.operation.text
    }
    return false
  }
  return {
    on: {
      answered: ({ actor, trick, reason, expected, submit }) => {
        if (!expected.includes(reason)) run.violated(`the trick "${trick}" was answered by ${reason}`)
        if (submit !== undefined && !SAY_NOTHING.includes(reason)) refused.push({ actor, submit })
      },
    },
    finish: () => {
      if (refused.some(isInLog)) run.violated('a message that was refused is in the log')
    },
  }
})
