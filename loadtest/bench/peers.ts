import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const FOLDER = join(import.meta.dirname, '../peers')

/**
 * A package of loadtest/peers, which has its own node_modules. The caller says which part of it he uses; types of packages that
 * most checkouts do not install cannot be imported. A script rather than a module is loaded where `format` says so.
 */
export async function peer<Used>(name: string, format: 'module' | 'script' = 'module'): Promise<Used> {
  const require = createRequire(join(FOLDER, 'package.json'))
  try {
    if (format === 'script') return require(name) as Used
    return (await import(pathToFileURL(require.resolve(name)).href)) as Used
  } catch (cause) {
    throw new Error(`peer ${name} is not installed: run \`npm ci\` in loadtest/peers (make bench does)`, { cause })
  }
}

/** The version that the lockfile of loadtest/peers pins, as the table shows it beside a name. */
export function peerVersion(name: string): string | undefined {
  const require = createRequire(join(FOLDER, 'package.json'))
  const manifest = require(join(FOLDER, 'package.json')) as { dependencies: Record<string, string> }
  return manifest.dependencies[name]
}
