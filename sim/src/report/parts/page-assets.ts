import { join } from 'node:path'
import { buildSync } from 'esbuild'

export interface PageAssets {
  readonly script: string
  readonly style: string
}

let built: PageAssets | undefined

/** The script and the styles of every page, uPlot among them, bundled once per process. */
export function pageAssets(): PageAssets {
  built ??= bundle()
  return built
}

function bundle(): PageAssets {
  const { outputFiles } = buildSync({
    entryPoints: { page: join(import.meta.dirname, '../client/main.ts'), style: join(import.meta.dirname, '../client/style.css') },
    outdir: '.',
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    conditions: ['source'],
    legalComments: 'inline',
    logLevel: 'silent',
  })
  const text = (extension: string): string => outputFiles.find(({ path }) => path.endsWith(extension))!.text
  // An inline element ends at its end tag, wherever that stands.
  return { script: text('.js').replaceAll('</script', '<\\/script'), style: text('.css').replaceAll('</style', '<\\/style') }
}
