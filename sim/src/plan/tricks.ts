/**
 * What a hostile actor can try: one bad message each. Plans name them, `sim/src/actors/hostile.ts` plays them and knows
 * which answer the protocol demands.
 */
export const TRICKS = [
  'open with foreign client id',
  'reuse seq with other bytes',
  'lower seq',
  'submit to replaced session',
  'base above head',
  'base below own commit',
  'wrong base length',
  'empty operation',
  'non-canonical operation',
  'lone surrogate',
  'unknown attribute',
  'submit as viewer',
  'foreign session id',
  'second open',
] as const

export type Trick = (typeof TRICKS)[number]
