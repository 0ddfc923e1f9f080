// Random damage to definitions, repeatable by its seed.

/** A small generator of random numbers (mulberry32): the same seed, the same damage. */
export function random(seed) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n) => Math.floor(next() * n)
  return { next, below, of: (list) => list[below(list.length)] }
}

const TEXTS = [
  '', ' ', 'a', 'x y', '1.0.0', '1.0', '01.2.3', '1.2.3-rc.1+b.7', '1.2.3-01', '${ .a }', '${.a}', '${}', '${ }',
  ' ${ .a } ', 'a ${ .a } b', '${ .a }\n', '${ .a\n | .b }', '${ .a\u2028 }', '\u00a0${ .a }', '${ .a }}', '{{ .a }}',
  'https://example.com/{id}', 'https://example.com/a b', "https://example.com/it's", 'http://[::1]:80/x',
  "http://h:8x/'", "//host/'", "a'b:c", '/only/path', '{+a,b*}', '{a:3}', '{a:0}', '{a:99999}', '{}', '{a', '%zz', '%2f',
  "%2f'", '#f', "#'f", "a#b#'c", 'a:b c', 'a b:c', 'ünïcode', 'a"b', '?q=1', "?q='1'", 'mailto:x@y', "x@y'@z", '[',
  'PT30S', 'P1D', 'P', 'PT', 'P1DT', 'P1Y2M3W4DT5H6M7.5S', 'PT5', 'P1S', 'pt5s', 'PT1M1H', 'PT0.5S', 'PT.5S', ' PT5S',
  '2026-01-31T12:00:00Z', '2026-02-30T12:00:00Z', '2024-02-29t23:59:60z', '2026-01-31T12:00:60Z', '2026-01-31 12:00:00+01:00',
  '2026-01-31T12:00:00', '2026-01-31T12:00:00.5-0130', '2016-12-31T15:59:60-08:00', '/a/b', '/a~1b', '/a~2', 'a/b', '~', '/',
  'continue', 'exit', 'end', 'http', 'asyncapi', 'grpc', 'openapi', 'a2a', 'mcp', 'eventually', 'always', 'never', 'stdout',
  'data', 'envelope', 'raw', 'jq', 'loose', 'strict', 'client_credentials', 'none', 'tools/list', 'tasks/get', '-a', 'a-',
  'a'.repeat(63), 'a'.repeat(64), 'a.b', 'localhost', 'application/json', 'content', 'response', 'all', 'kafka',
]
const VALUES = [null, true, false, 0, 1, -1, 1.5, 2.0, 65535, 65536, 1e300, [], {}, [{}], ['a'], [1], { a: 1 }, { a: 'b' },
  { uri: 'https://x.y' }, { use: 'x' }, { use: '' }, { seconds: 1 }, { with: { type: 'x' } }, { x: { set: { a: 1 } } }, [{ x: { set: { a: 1 } } }]]

// Every place in a value: the container and the key in it.
function places(value, found = []) {
  if (value === null || typeof value !== 'object') return found
  for (const key of Object.keys(value)) {
    found.push({ holder: value, key })
    places(value[key], found)
  }
  return found
}

function misspelled(key, dice) {
  if (key.length < 2 || dice.below(3) === 0) return key + 'x'
  const at = dice.below(key.length - 1)
  return key.slice(0, at) + key[at + 1] + key[at] + key.slice(at + 2)
}

function remove({ holder, key }) {
  Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key]
}

const clone = (value) => structuredClone(value)

// Each takes the place to damage, and the pool of all parts of all definitions.
const DAMAGE = {
  rename(place, dice) {
    if (Array.isArray(place.holder)) return remove(place)
    const value = place.holder[place.key]
    delete place.holder[place.key]
    place.holder[misspelled(place.key, dice)] = value
  },
  remove,
  text({ holder, key }, dice) { holder[key] = dice.of(TEXTS) },
  value({ holder, key }, dice) { holder[key] = clone(dice.of(VALUES)) },
  extra({ holder }, dice, pool) {
    const part = dice.of(pool.parts)
    if (!Array.isArray(holder)) holder[part.key] ??= clone(part.value)
  },
  namesake({ holder, key }, dice, pool) { holder[key] = clone(dice.of(pool.byKey.get(key) ?? pool.parts).value ?? null) },
  stranger({ holder, key }, dice, pool) { holder[key] = clone(dice.of(pool.parts).value) },
  wrap({ holder, key }) { holder[key] = [holder[key]] },
  unwrap({ holder, key }) {
    const value = holder[key]
    if (value && typeof value === 'object') holder[key] = Object.values(value)[0] ?? null
  },
  number({ holder, key }) { if (typeof holder[key] === 'number') holder[key] = String(holder[key]) },
}

/** All parts of all definitions, for damage that takes one from elsewhere. */
export function partsOf(values) {
  const parts = values.flatMap((value) => places(value).map(({ holder, key }) => ({ key, value: holder[key] })))
    .filter((part) => !/^\d+$/.test(part.key))
  const byKey = new Map()
  for (const part of parts) byKey.set(part.key, [...(byKey.get(part.key) ?? []), part])
  return { parts, byKey }
}

/** A damaged copy, and what was done to it. */
export function mutant(value, dice, pool) {
  const copy = clone(value)
  const done = []
  for (let left = 1 + dice.below(2); left > 0; left--) {
    const all = places(copy)
    if (all.length === 0) break
    const place = dice.of(all)
    const name = dice.of(Object.keys(DAMAGE))
    DAMAGE[name](place, dice, pool)
    done.push(`${name} ${place.key}`)
  }
  return { value: copy, done }
}
