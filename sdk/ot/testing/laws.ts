import type { Law } from './law.ts'
import * as compose from './laws-compose.ts'
import * as form from './laws-form.ts'
import * as position from './laws-position.ts'
import * as transform from './laws-transform.ts'

/** Every law of the algebra by name. Suites run all of them; mutants name the one that they break. */
export const LAWS = {
  'R13 TP1': transform.tp1,
  'transform loses nothing': transform.nothingLost,
  'R13 later attributes win': transform.laterWins,
  'R13 ties': transform.ties,
  'R13 ties of groups': transform.tiedGroups,
  'transform with identity': transform.transformIdentity,
  'R4 stepwise': transform.stepwise,
  'compose applies': compose.composeApplies,
  'compose associates': compose.composeAssociates,
  'composeAll folds': compose.composeAllFolds,
  'compose with identity': compose.composeIdentity,
  'content applies': compose.contentApplies,
  'R19 one form': form.oneForm,
  'notation round trip': form.notationRoundTrip,
  'delta round trip': form.deltaRoundTrip,
  'R13 stamp': form.stampSetsKeys,
  'R16 lengths': form.lengths,
  'R18 split': form.splitComposes,
  'slices': form.slicesConcatenate,
  'R6 diff': form.diffLeads,
  'R19 validate is strict': form.validateIsStrict,
  'R19 validate accepts': form.validateAccepts,
  'position is an insert': position.positionIsInsert,
  'positions follow units': position.positionsFollowUnits,
  'many positions': position.manyPositions,
  'ranges hold units': position.rangesHoldUnits,
  'touched units': position.touchedUnits,
} as const satisfies Record<string, Law>

export type LawName = keyof typeof LAWS
