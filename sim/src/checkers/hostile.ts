import type { Submit } from '@concord/protocol'
import { PerActor } from './per-actor.ts'
import { checkerKind } from './checker-kind.ts'

/** Bad messages are answered as the contract says. */
export const hostile = checkerKind('hostile messages', 'A bad message is answered as the contract says, and what is refused never enters the log.', (run) => {
  const attackers = new PerActor<{ last: Submit | undefined }>(run.plan, () => ({ last: undefined }), ({ kind }) => kind === 'hostile')
  const refused: { readonly document: string; readonly submit: Submit }[] = []
  const isInLog = ({ document, submit }: (typeof refused)[number]): boolean => {
    const history = run.histories.of(document)
    for (let version = submit.baseVersion + 1; version <= history.head; version += 1) {
      const row = history.row(version)
      if (row?.clientId === submit.clientId && row.clientSeq === submit.seq) return history.change(version)?.operation.text === submit.operation.text
    }
    return false
  }
  return {
    on: {
      sent: ({ actor, frame }) => {
        const attacker = attackers.get(actor)
        if (attacker !== undefined && frame.kind === 'submit') attacker.last = frame.submit
      },
      answered: ({ actor, trick, reason, expected }) => {
        if (!expected.includes(reason)) run.violated(`the trick "${trick}" was answered by ${reason}`)
        const submit = attackers.get(actor)?.last
        const document = run.plan.world.actors.find(({ name }) => name === actor)?.document
        if (submit !== undefined && document !== undefined && reason !== 'ack') refused.push({ document, submit })
      },
    },
    finish: () => {
      if (refused.some(isInLog)) run.violated('a message that was refused is in the log')
    },
  }
})
