/** For tests and simulation: the state machine itself, its rules with switches, a server in the same process. */
export { connectWithRules } from './client.ts'
export { ReconnectGate } from './reconnect-gate.ts'
export type { Effect, SessionStatus, SessionTimer } from './session/effects.ts'
export { type Rules, RULES } from './session/rules.ts'
export { RULES_OFF } from './session/rules-off.ts'
export { SessionState } from './session/session-state.ts'
export type { SessionOptions } from './session/session.ts'
export { type MemoryFailure, type MemoryPresence, type MemoryServer, type MemorySession, MemoryTransport } from './transport/memory-transport.ts'
