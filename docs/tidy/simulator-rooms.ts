import { posix } from 'node:path'
import { importsOf } from './imports.ts'
import { type Finding, finding, isTest, type SourceFile } from './source-file.ts'

/** A part of the simulator: where it is, and the others that it may import. Files of data belong to whoever reads them. */
export interface Room {
  readonly name: string
  /** A folder, or a file that stands in the folder of another room and belongs to none of its company. */
  readonly place: string
  readonly may: readonly string[]
}

/**
 * What runs under virtual time stands first, and knows nothing of files, campaigns, pages or sockets. The first match
 * names a file's room, so single files stand before folders.
 */
export const ROOMS: readonly Room[] = [
  { name: 'result', place: 'sim/src/run/run-result.ts', may: ['plan', 'checkers'] },
  { name: 'costs', place: 'sim/src/capacity/costs.ts', may: ['network', 'calibration'] },
  { name: 'calibration', place: 'sim/src/capacity/calibration.ts', may: [] },
  { name: 'plan', place: 'sim/src/plan/', may: [] },
  { name: 'checkers', place: 'sim/src/checkers/', may: ['plan'] },
  { name: 'kernel', place: 'sim/src/kernel/', may: ['result'] },
  { name: 'fakes', place: 'sim/src/fakes/', may: ['plan', 'checkers', 'kernel'] },
  { name: 'network', place: 'sim/src/network/', may: ['plan', 'kernel', 'fakes'] },
  { name: 'node', place: 'sim/src/node/', may: ['plan', 'checkers', 'kernel', 'fakes', 'network'] },
  { name: 'actors', place: 'sim/src/actors/', may: ['plan', 'checkers', 'kernel', 'network'] },
  { name: 'bugs', place: 'sim/src/bugs/', may: ['fakes'] },
  { name: 'run', place: 'sim/src/run/', may: ['result', 'costs', 'plan', 'checkers', 'kernel', 'fakes', 'network', 'node', 'actors', 'bugs'] },
  { name: 'scenario', place: 'sim/src/scenario/', may: ['plan', 'kernel', 'bugs', 'run'] },
  { name: 'shrink', place: 'sim/src/shrink/', may: ['result', 'plan', 'bugs'] },
  { name: 'campaign', place: 'sim/src/campaign/', may: ['result', 'plan', 'kernel', 'bugs', 'run', 'scenario', 'shrink'] },
  { name: 'report', place: 'sim/src/report/', may: ['result', 'plan', 'checkers', 'bugs', 'run', 'scenario', 'campaign'] },
  { name: 'live', place: 'sim/src/live/', may: ['result', 'plan', 'checkers', 'kernel', 'fakes', 'network', 'actors', 'run'] },
  { name: 'capacity', place: 'sim/src/capacity/', may: ['costs', 'calibration', 'scenario', 'report'] },
]

/** Inside the simulator imports run one way too: a checker that looks into the run, or a kernel that knows pages, is found here. */
export function simulatorRooms(file: SourceFile): Finding[] {
  const room = roomOf(file.path)
  if (room === undefined || isTest(file.path)) return []
  return importsOf(file).flatMap(({ specifier, node }) => {
    const target = specifier.startsWith('.') && specifier.endsWith('.ts') ? roomOf(posix.join(posix.dirname(file.path), specifier)) : undefined
    return target === undefined || target === room || room.may.includes(target.name) ? [] : [finding(file, node, `${room.name} must not import ${specifier}, of ${target.name}`)]
  })
}

function roomOf(path: string): Room | undefined {
  return ROOMS.find(({ place }) => path.startsWith(place))
}
