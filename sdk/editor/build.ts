import { copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * Builds the page into `dist`: `node --conditions=source sdk/editor/build.ts`. Scripts and styles are files of their own,
 * because the server's content policy allows nothing inline. `--minify` for what is shipped.
 */
const folder = import.meta.dirname
const dist = join(folder, 'dist')

await rm(dist, { recursive: true, force: true })
await mkdir(dist, { recursive: true })
await build({
  entryPoints: { app: join(folder, 'src/main.tsx'), style: join(folder, 'src/styles/index.css') },
  outdir: dist,
  bundle: true,
  format: 'esm',
  splitting: true,
  target: 'es2022',
  conditions: ['source'],
  jsx: 'automatic',
  jsxImportSource: 'preact',
  minify: process.argv.includes('--minify'),
  sourcemap: !process.argv.includes('--minify'),
  chunkNames: 'chunk-[hash]',
  logLevel: 'warning',
})
for (const file of ['index.html', 'icon.svg']) await copyFile(join(folder, 'public', file), join(dist, file))
