import { type Calibration, type CostName, COSTS } from './calibration.ts'
import { errorOf } from './plan/make-plan.ts'

/** A calibration for a terminal. */
export function describeCalibration(calibration: Calibration): string {
  const { machine, commit, at, costs, scaling } = calibration
  const rows = (Object.keys(COSTS) as CostName[]).map((name) => {
    const { median, min, max, unit } = costs[name]
    return `  ${name.padEnd(20)} ${String(median).padStart(10)} ${unit.padEnd(6)} ${`${min} to ${max}`.padEnd(24)} ${COSTS[name].doc}`
  })
  const curve = (['documents', 'editors'] as const).map((kind) => `  by ${kind.padEnd(10)} ${scaling[kind].map(({ concurrency, perSecond }) => `${concurrency}: ${Math.round(perSecond)}/s`).join('  ')}`)
  return [`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, commit ${commit}, ${at.slice(0, 10)}, load ${machine.load}`, ...rows, ...curve, errorOf(calibration.trial).sentence].join('\n')
}
