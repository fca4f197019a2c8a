import type { ServerWork } from '../network/network.ts'
import { type Calibration, cost, parseCalibration } from './calibration.ts'
import committed from './default-calibration.json' with { type: 'json' }

/**
 * Measured on one machine, kept in the repository: runs use it unless they are told otherwise, because what they charge
 * decides when things happen, and so their hashes. The same seed gives the same run everywhere only with the same file.
 */
export const DEFAULT_CALIBRATION: Calibration = parseCalibration(JSON.stringify(committed), 'sim/src/capacity/default-calibration.json')

/**
 * What each kind of work costs the one processor of a node, in milliseconds. The embedded store works on a thread of its
 * own and is not in here. `connect`: a WebSocket. `open`: resumed by changes in a loaded document. `submit`: on a busy
 * server. `frame`: one change to one reader with a socket of his own; `shared-frame`: as when changes come faster than
 * frames leave, which counts the few first ones in, too. `presence`: one state.
 */
export function serverCosts(calibration: Calibration = DEFAULT_CALIBRATION): Readonly<Record<ServerWork, number>> {
  return {
    connect: cost(calibration, 'connect.socket'),
    open: cost(calibration, 'open.changes'),
    submit: cost(calibration, 'submit'),
    frame: cost(calibration, 'frame.socket'),
    'shared-frame': cost(calibration, 'frame.socket.busy'),
    presence: cost(calibration, 'presence.update'),
    close: cost(calibration, 'close.socket'),
  }
}
