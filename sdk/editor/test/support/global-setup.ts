import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { buildPage } from '../../build.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Folder of the page under test. */
    readonly page: string
  }
}

/** Builds the page once for all files, as it is shipped. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'concord-page-'))
  await buildPage(folder, true)
  project.provide('page', folder)
  return () => rm(folder, { recursive: true, force: true })
}
