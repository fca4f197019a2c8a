import { type ConnectError, createContextKey, createContextValues, type ContextValues } from '@connectrpc/connect'
import type { Readable } from 'node:stream'
import type { Identity } from '../ports/index.ts'

/** What the edge knows about one call; travels in its context values. */
export interface CallInfo {
  readonly correlation: string
  /** Ends the call's connection to its peer, whatever is still unsent. */
  readonly cut: () => void
  /** The request as Node has it, for those who read it by events. */
  readonly source: Readable | undefined
  /** Who calls, once admitted. */
  identity: Identity | undefined
  /** Set to have the stock handler refuse the call before it reads the body, with the right code, metadata and details in every protocol. */
  refusal: ConnectError | undefined
}

const NOBODY: CallInfo = Object.freeze({ correlation: 'none', cut: () => undefined, source: undefined, identity: undefined, refusal: undefined })
const CALL = createContextKey<CallInfo>(NOBODY, { description: 'call' })

export function callValues(correlation: string, cut: () => void, source?: Readable): ContextValues {
  return createContextValues().set(CALL, { correlation, cut, source, identity: undefined, refusal: undefined })
}

export function callInfo(values: ContextValues): CallInfo {
  return values.get(CALL)
}

/** The caller of a method that only admitted calls reach. */
export function callerOf({ values }: { readonly values: ContextValues }): Identity {
  const { identity } = callInfo(values)
  if (identity === undefined) throw new Error('a call reached its method without being admitted')
  return identity
}

/** Strangers could fill a log with their refusals; those of known users are worth a line. */
export function refusalLevel({ identity }: Pick<CallInfo, 'identity'>): 'debug' | 'info' {
  return identity === undefined ? 'debug' : 'info'
}

/** The gate of every stock handler. */
export function throwRefusal({ values }: { readonly values: ContextValues }): void {
  const { refusal } = callInfo(values)
  if (refusal !== undefined) throw refusal
}
