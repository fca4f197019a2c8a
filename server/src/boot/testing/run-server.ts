import { runServer } from '../../main.ts'

/** A server as a process, for tests of what a process does. */
process.exitCode = await runServer({ env: process.env })
