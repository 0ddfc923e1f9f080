// Compares JSON texts as a careful reader does: the same tokens in the same order, numbers by
// their text (no double in between), strings by what they say.

const token = /[\s]*(?:("(?:[^"\\]|\\.)*")|(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)|([{}[\],:]))/y;

/** The tokens of a JSON text; throws where it is none. */
export function tokens(text) {
  const found = [];
  token.lastIndex = 0;
  const end = text.trimEnd().length;
  while (token.lastIndex < end) {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (!match) throw new Error(`no JSON token at ${at}: ${text.slice(at, at + 40)}`);
    found.push(match[1] !== undefined ? `"${JSON.parse(match[1])}` : match[2] ?? match[3] ?? match[4]);
  }
  return found;
}

/** "" when equal, else where and how they part. */
export function difference(sent, received) {
  const a = tokens(sent), b = tokens(received);
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    if (a[i] !== b[i]) return `token ${i}: sent ${a[i]}, received ${b[i]}`;
  }
  return '';
}
