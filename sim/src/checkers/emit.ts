import type { ObservationKind, Observations } from './checker.ts'

/** Tells whoever watches that something happened, at the virtual time at which it does. */
export type Emit = <Kind extends ObservationKind>(kind: Kind, seen: Observations[Kind]) => void
