import type { BenchModule } from './bench-module.ts'
import { otModule } from './ot/ot-module.ts'
import { serverModule } from './server/server-module.ts'
import { fanOutRows } from './wire/fan-out.ts'

/** Every module of the bench, in the order of the table. */
export const MODULES: readonly BenchModule[] = [otModule, serverModule, { name: 'wire', rows: fanOutRows }]
