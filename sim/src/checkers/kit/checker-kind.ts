import type { CheckedRun, Checker, CheckerKind } from '../checker.ts'
import { Histories } from './history.ts'

/** What a checker of this folder is made with. */
export interface CheckerRun extends CheckedRun {
  readonly histories: Histories
}

/** One promise, told once per run for each way in which it is broken: the first is the one to look at. */
export function checkerKind(name: string, promise: string, make: (run: CheckerRun) => Checker): CheckerKind {
  return {
    name,
    promise,
    make(run) {
      const told = new Set<string>()
      const violated = (message: string): void => {
        const key = stable(message)
        if (told.has(key)) return
        told.add(key)
        run.violated(message)
      }
      const { plan, now, log } = run
      return make({ plan, now: () => now.call(run), log: (document) => log.call(run, document), violated, histories: run.histories ?? new Histories((document) => log.call(run, document)) })
    },
  }
}

/** The first line of a message without what differs from run to run: two violations with the same are the same finding. Further lines are for people. */
export function stable(message: string): string {
  const end = message.indexOf('\n')
  return (end < 0 ? message : message.slice(0, end)).replace(/\d+/g, '#')
}
