// The bar of real input: 500 different real-world JSON payloads go through an echo workflow and
// come back as they went in, numbers by their text.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { after, before, test } from 'node:test';

import { Client, inParallel } from './lib/http.mjs';
import { difference } from './lib/json_tokens.mjs';
import { Gateway, echo } from './lib/gateway.mjs';

const require = createRequire(import.meta.url);
const modules = path.join(import.meta.url.replace('file://', ''), '../node_modules');

function filesBelow(folder) {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = path.join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(full) : [full];
  });
}

/** GitHub's webhooks, of github.com and of five Enterprise versions. */
function webhooks() {
  return ['api.github.com', 'ghes-31', 'ghes-32', 'ghes-33', 'ghes-34', 'ghes-35'].flatMap((version) =>
    require(`@octokit/webhooks-examples/${version}/index.json`).flatMap((event) => event.examples));
}

/** Recorded answers of GitHub's API. */
function recorded() {
  return filesBelow(path.join(modules, '@octokit/fixtures/scenarios')).filter((f) => f.endsWith('-fixture.json'))
    .flatMap((f) => JSON.parse(fs.readFileSync(f))).map((exchange) => exchange.response)
    .filter((response) => response && typeof response === 'object');
}

/** Files as they lie there, blanks and all: map data and AWS events. */
function files() {
  return ['geojson-fixtures/data', 'aws-event-mocks/events'].flatMap((f) => filesBelow(path.join(modules, f)))
    .filter((f) => f.endsWith('json')).map((f) => fs.readFileSync(f, 'utf8').trim());
}

/** What other senders are known for: money as text and as number, ids past 2^53, escapes. */
const handmade = [
  '{"id":"evt_1","object":"event","api_version":"2024-06-20","created":1717171717,"data":{"object":{"id":"pi_1","amount":1099,"currency":"eur","metadata":{},"application_fee_amount":null,"livemode":false}},"type":"payment_intent.succeeded"}',
  '{"id":820982911946154508,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508","total_price":"414.95","total_tax":0.0,"line_items":[{"id":866550311766439020,"price":"199.00","grams":1500,"tax_lines":[]}]}',
  '{"type":"event_callback","event_id":"Ev0","event_time":1234567890,"event":{"type":"message","ts":"1355517523.000005","text":"caf\\u00e9 \\ud83d\\ude00 \\"quoted\\" \\\\ \\/"}}',
  '{"id":1234567890123456789012345678901234567890,"ratio":0.1000000000000000055511151231257827,"tiny":1e-400,"huge":1E+400,"minus":-0,"minus_zero":-0.0,"exp":1.0E-7}',
  '{"ids":[9007199254740991,9007199254740992,9007199254740993,18446744073709551615,18446744073709551616,-9223372036854775808,-9223372036854775809]}',
  '{"":{"":[]},"a b":{"c\\nd":"\\u0000\\u001f\\u007f"},"same":[[],[[]],{},{"x":{}}],"null":null,"true":true}',
  '"a text alone"', '12.340', 'true', 'null', '[]', '{}',
];

function all() {
  const texts = [...webhooks(), ...recorded()].map((value) => JSON.stringify(value));
  return [...new Set([...texts, ...files(), ...handmade])];
}

let gateway, url;
before(async () => {
  gateway = await Gateway.start();
  url = (await gateway.flow('echo', echo, '--reply')).url;
});
after(() => gateway.clear());

test('500 real payloads come back as they went in', async () => {
  const payloads = all();
  assert.ok(payloads.length >= 500, `${payloads.length} payloads`);
  const client = new Client(8), wrong = [];
  await inParallel(payloads.length, 8, async (i) => {
    const reply = await client.post(url, payloads[i]);
    const text = reply.body.toString();
    const why = reply.status === 200 ? difference(payloads[i], text) : `status ${reply.status}: ${text.slice(0, 200)}`;
    if (why) wrong.push(`payload ${i} (${payloads[i].slice(0, 60)}…): ${why}`);
  });
  client.close();
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${payloads.length} differ`);
});

test('compact payloads come back byte for byte', async () => {
  const client = new Client(8), wrong = [];
  const payloads = [...new Set(webhooks().map((value) => JSON.stringify(value)))];
  await inParallel(payloads.length, 8, async (i) => {
    const reply = await client.post(url, payloads[i]);
    if (!reply.body.equals(Buffer.from(payloads[i]))) wrong.push(payloads[i].slice(0, 80));
  });
  client.close();
  assert.deepEqual(wrong.slice(0, 5), [], `${wrong.length} of ${payloads.length} differ`);
});

test('what is stored of a payload is what was sent, blanks included', async () => {
  const body = '{ "a" : 1.0 ,\r\n\t"b" : [ ] }';
  const client = new Client(1);
  const ack = await client.post(url, body, { prefer: 'respond-async' });
  const { id } = JSON.parse(ack.body);
  const event = (await gateway.api(`/v1/events/${id}`)).text;
  client.close();
  assert.ok(event.includes(body), event);
});
