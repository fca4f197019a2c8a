export type { Clock, Random, Runtime, TimerHandle, Timers } from './ports.ts'
export { systemRuntime } from './system.ts'
