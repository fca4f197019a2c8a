import type { Calibration } from '../calibration.ts'
import { readersOfAnOperation } from '../fleet/fleet-replays.ts'
import { hotDocument } from './first-to-break.ts'
import { costLines, totalOf } from './monthly-cost.ts'
import type { PlanInput } from './plan-schema.ts'
import { sizeOf } from './sizing.ts'

export interface WhatIf {
  readonly name: string
  readonly what: string
  readonly source: string
  readonly monthly: number
  /** Against the plan; negative is cheaper. */
  readonly delta: number
  /** What it costs otherwise. */
  readonly price: string
}

interface Change {
  readonly name: string
  readonly what: string
  readonly source: string
  readonly price: string
  apply(input: PlanInput): PlanInput
}

/** Each changes the input; what it is worth is worked out anew, never taken over. */
const CHANGES: readonly Change[] = [
  {
    name: 'batching',
    what: 'clients send 5 keystrokes as one operation',
    source: '000:605-607, 000:810-816',
    price: 'edits appear up to 50 ms later; a lost device loses as much more',
    apply: (input) => ({ ...input, rates: { ...input.rates, operations: input.rates.operations / 5 } }),
  },
  {
    name: 'reserved prices',
    what: 'machines at 60 % of the price for 80 % of them',
    source: '000:784-791',
    price: 'a contract of three years',
    apply: (input) => ({ ...input, prices: { ...input.prices, server: input.prices.server * RESERVED, cassandra: input.prices.cassandra * RESERVED, redis: input.prices.redis * RESERVED } }),
  },
  {
    name: 'idle time-out',
    what: 'sessions without activity for 5 minutes are closed; a twentieth of them comes back each minute',
    source: '001:3996-4002',
    price: 'the first edit after a pause waits for a connection',
    apply: (input) => {
      const idle = input.users.sessions * input.users.idleShare
      // Who is not there is shown nothing either.
      const readers = (input.documents.readers ?? readersOfAnOperation()) * (1 - input.users.idleShare)
      return { ...input, users: { ...input.users, sessions: input.users.sessions - idle, idleShare: 0 }, documents: { ...input.documents, readers }, rates: { ...input.rates, opens: input.rates.opens + idle / 20 / 60 } }
    },
  },
  {
    name: 'tiered storage',
    what: 'operations leave Cassandra after 7 days',
    source: '000:793-800',
    price: 'older history opens in seconds',
    apply: (input) => ({ ...input, retention: { ...input.retention, hotDays: Math.min(7, input.retention.hotDays) } }),
  },
  {
    name: 'group commit',
    what: 'an append waits 50 ms and commits 3 operations',
    source: '004:224-225, 000:627',
    price: 'acks come up to 50 ms later',
    apply: (input) => ({ ...input, rates: { ...input.rates, operationsPerAppend: input.rates.operationsPerAppend * 3 } }),
  },
]

const RESERVED = 0.8 * 0.6 + 0.2

export function whatIfsOf(input: PlanInput, calibration: Calibration): WhatIf[] {
  const before = monthlyOf(input, calibration)
  return CHANGES.map(({ apply, ...change }) => {
    const monthly = monthlyOf(apply(input), calibration)
    return { ...change, monthly, delta: monthly - before }
  })
}

function monthlyOf(input: PlanInput, calibration: Calibration): number {
  return totalOf(costLines(input, sizeOf(input, calibration)))
}

/** What relays change for one document: its server writes to relays, they write to readers. */
export interface RelayOutcome {
  readonly relays: number
  /** Share of the owner's processor that the busiest document takes, without and with relays. */
  readonly before: number
  readonly after: number
  /** Editors at which one document fills a processor, without and with. */
  readonly editorsBefore: number
  readonly editorsAfter: number
}

/** Relays that a hot document is spread over (001:3815-3816). */
const RELAYS = 10

export function relaysOf(input: PlanInput, calibration: Calibration): RelayOutcome {
  const relayed = (editors: number): number => {
    const { submit, 'frame.socket': frame } = calibration.costs
    return (editors * input.rates.hotRate * (submit.median + RELAYS * frame.median) * input.server.slowness) / 1_000
  }
  const direct = (editors: number): number => hotDocument({ ...input, documents: { ...input.documents, hotEditors: editors } }, calibration)
  const editors = input.documents.hotEditors
  return { relays: RELAYS, before: direct(editors), after: relayed(editors), editorsBefore: fullAt(direct), editorsAfter: fullAt(relayed) }
}

/** Most editors that leave the processor below full. */
function fullAt(load: (editors: number) => number): number {
  let [low, high] = [1, 2]
  while (load(high) < 1 && high < 1e9) high *= 2
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2)
    if (load(middle) < 1) low = middle
    else high = middle
  }
  return low
}
