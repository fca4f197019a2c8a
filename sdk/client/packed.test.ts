import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type LiveServer, startServer } from './test/live-server.ts'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const PACKAGES = ['ot', 'runtime', 'proto', 'protocol', 'client', 'prosemirror']

/**
 * What a page pays for the SDK before anything else, compressed; a change that adds to it should be meant. More than half of
 * it is the protobuf runtime with its descriptors.
 */
const MAX_GZIP_BYTES = 80 * 1024

let server: LiveServer
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-packed-'))
  const tarballs = join(folder, 'tarballs')
  await mkdir(tarballs)
  await run('npm', ['run', '-s', 'build:sdk'], { cwd: root })
  await run('npm', ['pack', '-s', ...PACKAGES.flatMap((name) => ['-w', `@concord/${name}`]), '--pack-destination', tarballs], { cwd: root })
  await writeFile(join(folder, 'package.json'), '{ "name": "empty", "private": true, "type": "module" }')
  const files = (await readdir(tarballs)).map((name) => join(tarballs, name))
  await run('npm', ['install', '--prefer-offline', '--no-audit', '--no-fund', '--ignore-scripts', ...files], { cwd: folder })
  server = await startServer()
}, 180_000)

afterAll(async () => {
  await server?.stop()
  await rm(folder, { recursive: true, force: true })
})

/** The ten lines of the README, against the server of this test. */
async function tenLines(): Promise<string> {
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const lines = /```js sdk\n([\s\S]*?)```/.exec(readme)?.[1]
  if (lines === undefined) throw new Error('README.md has no snippet marked `js sdk`')
  expect(lines).toContain('http://127.0.0.1:7420')
  return lines.replaceAll('http://127.0.0.1:7420', server.url)
}

test('the packages hold built code and its types, no sources and no tests', async () => {
  for (const name of PACKAGES) {
    const files = await readdir(join(folder, 'node_modules/@concord', name), { recursive: true })
    expect(files, name).toEqual(expect.arrayContaining(['dist/index.js', 'dist/index.d.ts']))
    expect(files.filter((file) => /\.test\.|\.bench\.|(?<!\.d)\.ts$/.test(file)), name).toEqual([])
  }
})

test('the ten lines of the README run in Node from the installed packages', async () => {
  await writeFile(join(folder, 'ten-lines.js'), await tenLines())
  const { stdout, stderr } = await run(process.execPath, ['ten-lines.js'], { cwd: folder })
  expect(stdout).toContain('Hello, world')
  expect(stderr).toBe('')
})

test('streams of Node programs run from the installed packages', async () => {
  const lines = await tenLines()
  const program = lines
    .replace("import { connect } from '@concord/client'", "import { connect } from '@concord/client'\nimport { streams } from '@concord/client/node'")
    .replace('connect({ url, token })', 'connect({ url, token, transport: streams })')
    .replaceAll('hello', 'streams')
  expect(program).toContain('transport: streams')
  await writeFile(join(folder, 'streams.js'), program)
  const { stdout } = await run(process.execPath, ['streams.js'], { cwd: folder })
  expect(stdout).toContain('Hello, world')
})

test('the example of the client package runs and prints what it says', async () => {
  const readme = await readFile(join(root, 'sdk/client/README.md'), 'utf8')
  const example = /```js\n([\s\S]*?)```/.exec(readme)?.[1]
  if (example === undefined) throw new Error('sdk/client/README.md has no example')
  const token = await server.token('ada')()
  await writeFile(join(folder, 'example.js'), `${example}`.replace('const client', `const url = '${server.url}', token = async () => '${token}'\nconst client`))
  const { stdout } = await run(process.execPath, ['example.js'], { cwd: folder })
  expect(stdout.trim()).toBe(/console\.log\(.*\) +\/\/ (.*)/.exec(example)?.[1])
})

test('types of the installed packages check in a program of their user', async () => {
  const program = `
    import { connect, type Document } from '@concord/client'
    import { streams } from '@concord/client/node'
    const client = connect({ url: 'http://localhost', token: async () => '', transport: streams })
    export async function demo(): Promise<string> {
      const doc: Document = await client.open('documents/notes')
      doc.on('change', (event) => event.origin satisfies 'local' | 'remote' | 'resync')
      return doc.text.toString()
    }`
  await writeFile(join(folder, 'program.ts'), program)
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2024', '--lib', 'es2024,dom,dom.iterable', '--types', '', 'program.ts']
  await run(join(root, 'node_modules/.bin/tsc'), options, { cwd: folder })
})

test('a browser bundle of the SDK is small, and what calls over HTTP is a chunk of its own', async () => {
  await writeFile(join(folder, 'page.js'), "export { connect } from '@concord/client'\n")
  const outdir = join(folder, 'bundle')
  const result = await build({ entryPoints: [join(folder, 'page.js')], outdir, bundle: true, minify: true, splitting: true, format: 'esm', platform: 'browser', target: 'es2022', metafile: true, absWorkingDir: folder })
  const first = await firstLoad(result.metafile.outputs, folder)
  const all = await Promise.all(Object.keys(result.metafile.outputs).map(async (file) => (await stat(join(folder, file))).size))
  const gzip = gzipSync(first).length
  process.stdout.write(`@concord/client in a browser: ${first.length} bytes, ${gzip} with gzip; with every lazy chunk ${all.reduce((sum, size) => sum + size, 0)} bytes\n`)
  expect(first.toString()).not.toContain('node:')
  expect(gzip).toBeLessThan(MAX_GZIP_BYTES)
})

/** The bytes a page loads before it calls anything: the entry and what it imports at once. */
async function firstLoad(outputs: Record<string, { entryPoint?: string; imports: { path: string; kind: string }[] }>, directory: string): Promise<Buffer> {
  const entry = Object.keys(outputs).find((file) => outputs[file]!.entryPoint === 'page.js')
  if (entry === undefined) throw new Error('the bundle has no entry')
  const files = new Set([entry])
  for (const file of files) for (const { path, kind } of outputs[file]!.imports) if (kind === 'import-statement') files.add(path)
  return Buffer.concat(await Promise.all([...files].map((file) => readFile(join(directory, file)))))
}
