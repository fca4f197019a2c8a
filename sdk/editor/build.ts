import { copyFile, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'

/**
 * Builds the page: `node --conditions=source sdk/editor/build.ts [FOLDER] [--minify]`, into `dist` beside this file when no
 * folder is named. Scripts and styles are files of their own, because the server's content policy allows nothing inline.
 */
export async function buildPage(folder: string, minify: boolean): Promise<void> {
  const source = import.meta.dirname
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  await build({
    entryPoints: { app: join(source, 'src/main.tsx'), style: join(source, 'src/styles/index.css') },
    outdir: folder,
    bundle: true,
    format: 'esm',
    target: 'es2022',
    conditions: ['source'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify,
    sourcemap: !minify,
    logLevel: 'warning',
  })
  for (const file of ['index.html', 'icon.svg']) await copyFile(join(source, 'public', file), join(folder, file))
}

if (import.meta.main) {
  const named = process.argv.slice(2).find((argument) => !argument.startsWith('-'))
  await buildPage(named ?? join(import.meta.dirname, 'dist'), process.argv.includes('--minify'))
}
