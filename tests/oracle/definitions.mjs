// The definitions that others wrote, to be judged and mutated: the standard's examples, the ones
// inside the conformance kit's feature files and our own, and seeds for what those leave out.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'

function examples(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))
}

// Each `definition:` step of a feature is followed by a block between lines of three quotes.
function inFeature(name, text) {
  const found = []
  const lines = text.split('\n')
  for (let at = 0; at < lines.length; at++) {
    if (!/with definition:\s*$/.test(lines[at])) continue
    const indent = lines[at + 1].search(/\S/)
    const end = lines.findIndex((line, i) => i > at + 1 && line.trim() === '"""')
    const body = lines.slice(at + 2, end).map((line) => line.slice(indent))
    found.push({ name: `${name}#${found.length + 1}`, text: body.join('\n') + '\n' })
  }
  return found
}

function features(folder) {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.feature'))
    .flatMap((name) => inFeature(name, readFileSync(join(folder, name), 'utf8')))
}

/** All of them, as `{name, text, value}`. */
export function definitions(ows, seeds, scenarios) {
  return [...examples(join(ows, 'examples')), ...features(join(ows, 'ctk/features')), ...features(scenarios), ...examples(seeds)]
    .map((one) => ({ ...one, value: parse(one.text) }))
}
