#!/usr/bin/env -S node --conditions=source
// The version is checked before anything else is loaded: an older Node fails on the first TypeScript file with a message
// that helps nobody. Plain JavaScript that any Node of the last years can parse.
import module from 'node:module'

const needed = 26
if (Number(process.versions.node.split('.')[0]) < needed) {
  console.error(`concord needs Node ${needed} or newer, this is ${process.versions.node} (${process.execPath}).`)
  console.error('In a clone, run `npm ci` once; then `npx concord ...` and `make ...` use the Node it brought.')
  process.exitCode = 2
} else {
  // Compiled code is kept between starts (in the system's folder for temporary files): half the time of a start.
  module.enableCompileCache()
  import('../src/main.ts').then(({ main }) => main(process.argv.slice(2)))
}
