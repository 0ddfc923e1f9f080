// The senders' own libraries, each as {preset, secret, wrongSecret, sign, accepts}.
//   sign(request, secret, at)  the headers (and, for some, the URL or body) that the sender would
//                              add; by the library's own signer where it has one
//   accepts(request, secret)   what the sender's own verifier says; it reads the faked clock
// A request is {method, url, headers, body}.
import crypto from 'node:crypto';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const hmac = (hash, secret, text, encoding) =>
  crypto.createHmac(hash, secret).update(text).digest(encoding);
/** A verifier that throws refuses. */
const passes = async (check) => {
  try {
    return (await check()) !== false;
  } catch {
    return false;
  }
};
const json = { 'content-type': 'application/json' };

const Stripe = require('stripe');
const stripe = new Stripe('sk_test_none');
const { Webhook } = require('standardwebhooks');
const svix = require('svix');
const octokit = await import('@octokit/webhooks-methods');
const { verifySlackRequest } = require('@slack/bolt/dist/receivers/verify-request.js');
const twilio = require('twilio');
const { WebhooksHelper } = require('square');
const { Paddle } = require('@paddle/paddle-node-sdk');
const { verifyKey } = require('discord-interactions');
const sendgrid = require('@sendgrid/eventwebhook');
const { LinearWebhookClient } = await import('@linear/sdk/webhooks');
const plivo = require('plivo');
const razorpay = require('razorpay/dist/utils/razorpay-utils.js');
const { validateSignature: validateLine } = await import('@line/bot-sdk');
const { Signature: HubSpot } = require('@hubspot/api-client');
const { hmacValidator: AdyenValidator } = require('@adyen/api-library');
const { Mux } = require('@mux/mux-node');
const sanity = require('@sanity/webhook');
const { WorkOS } = require('@workos-inc/node');

const standard = (preset, family, Library) => ({
  preset,
  name: `${preset} as ${family}`,
  secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  wrongSecret: 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD',
  tolerance: 300,
  sign(request, secret, at) {
    const id = 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W';
    const signature = new Library(secret).sign(id, new Date(at * 1000), request.body);
    const head = { id, timestamp: String(at), signature: `v1,b2xk ${signature} v2,bmV3` };
    for (const [name, value] of Object.entries(head)) request.headers[`${family}-${name}`] = value;
  },
  accepts: (r, secret) => passes(() => new Library(secret).verify(r.body, r.headers)),
});

const pair = () => {
  const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
  const raw = publicKey.export({ type: 'spki', format: 'der' }).subarray(-32);
  return { privateKey, hex: raw.toString('hex') };
};
const discordKeys = pair(), otherDiscordKeys = pair();
const p256 = () => crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
const sendgridKeys = p256(), otherSendgridKeys = p256();
const spki = (keys) => keys.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');

const hubspot = (version, name) => ({
  preset: 'hubspot',
  name: `hubspot ${version}`,
  secret: 'a-client-secret',
  wrongSecret: 'another-client-secret',
  tolerance: version === 'v3' ? 300 : undefined,
  url: 'https://example.com/hooks/abc?x=1',
  sign(request, secret, at) {
    const options = { clientSecret: secret, requestBody: request.body, url: request.url };
    if (version === 'v3') options.timestamp = at * 1000;
    request.headers[name] = HubSpot.getSignature(request.method, version, options);
    if (version === 'v3') request.headers['x-hubspot-request-timestamp'] = String(at * 1000);
    else request.headers['x-hubspot-signature-version'] = version;
  },
  accepts: (r, secret) =>
    passes(() =>
      HubSpot.isValid({
        method: r.method, signatureVersion: version, signature: r.headers[name], url: r.url,
        clientSecret: secret, requestBody: r.body,
        timestamp: Number(r.headers['x-hubspot-request-timestamp']) || undefined,
      })),
});

const adyenItem = (psp, amount) => ({
  NotificationRequestItem: {
    additionalData: {}, amount: { currency: 'EUR', value: amount }, eventCode: 'AUTHORISATION',
    eventDate: '2026-01-01T00:00:00+01:00', merchantAccountCode: 'TestMerchant',
    merchantReference: 'order-1', pspReference: psp, success: 'true',
  },
});

export const senders = [
  {
    preset: 'stripe', secret: 'whsec_test_secret', wrongSecret: 'whsec_other', tolerance: 300,
    sign(request, secret, at) {
      request.headers['stripe-signature'] =
        stripe.webhooks.generateTestHeaderString({ payload: request.body, secret, timestamp: at });
    },
    accepts: (r, secret) =>
      passes(() => stripe.webhooks.constructEvent(r.body, r.headers['stripe-signature'], secret)),
  },
  standard('standard-webhooks', 'webhook', Webhook),
  standard('svix', 'svix', svix.Webhook),
  {
    preset: 'github', secret: 'a github secret', wrongSecret: 'one-more-github-secret',
    async sign(request, secret) {
      request.headers['x-hub-signature-256'] = await octokit.sign(secret, request.body);
    },
    accepts: (r, secret) =>
      passes(() => octokit.verify(secret, r.body, r.headers['x-hub-signature-256'])),
  },
  {
    preset: 'slack', secret: '8f742231b10e8888abcd99yyyzzz85a5', wrongSecret: 'another',
    tolerance: 300,
    sign(request, secret, at) {
      request.headers['x-slack-request-timestamp'] = String(at);
      request.headers['x-slack-signature'] =
        'v0=' + hmac('sha256', secret, `v0:${at}:${request.body}`, 'hex');
    },
    accepts: (r, secret) =>
      passes(() => verifySlackRequest({
        signingSecret: secret, body: r.body,
        headers: { 'x-slack-signature': r.headers['x-slack-signature'],
                   'x-slack-request-timestamp': Number(r.headers['x-slack-request-timestamp']) },
      })),
  },
  {
    preset: 'twilio', name: 'twilio form', secret: '12345', wrongSecret: '12346',
    url: 'https://example.com/myapp.php?foo=1&bar=2',
    body: 'To=%2B18005551212&From=%2B14158675309&Body=h%C3%A9llo+w%26rld&Digits=&Media=b&Media=a&Media=b',
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    sign(request, secret) {
      request.headers['x-twilio-signature'] = twilio.getExpectedTwilioSignature(
        secret, request.url, require('node:querystring').parse(request.body));
    },
    accepts: (r, secret) => passes(() => twilio.validateRequest(
      secret, r.headers['x-twilio-signature'], r.url, require('node:querystring').parse(r.body))),
  },
  {
    preset: 'twilio', name: 'twilio JSON', secret: '12345', wrongSecret: '12346',
    url: 'https://example.com:8443/hooks/abc?x=1', headers: json,
    sign(request, secret) {
      request.url += '&bodySHA256=' + twilio.getExpectedBodyHash(request.body);
      request.headers['x-twilio-signature'] =
        twilio.getExpectedTwilioSignature(secret, request.url, {});
    },
    accepts: (r, secret) => passes(() => twilio.validateRequestWithBody(
      secret, r.headers['x-twilio-signature'], r.url, r.body)),
  },
  {
    preset: 'square', secret: 'asdf1234', wrongSecret: 'asdf1235', url: 'https://example.com/webhook',
    sign(request, secret) {
      request.headers['x-square-hmacsha256-signature'] =
        hmac('sha256', secret, request.url + request.body, 'base64');
    },
    accepts: (r, secret) => passes(() => WebhooksHelper.verifySignature({
      requestBody: r.body, signatureHeader: r.headers['x-square-hmacsha256-signature'],
      signatureKey: secret, notificationUrl: r.url })),
  },
  {
    preset: 'paddle', secret: 'pdl_ntfset_01', wrongSecret: 'pdl_ntfset_02', tolerance: 5,
    sign(request, secret, at) {
      request.headers['paddle-signature'] =
        `ts=${at};h1=${hmac('sha256', secret, `${at}:${request.body}`, 'hex')}`;
    },
    accepts: (r, secret) => passes(() => new Paddle('none').webhooks.isSignatureValid(
      r.body, secret, r.headers['paddle-signature'])),
  },
  {
    preset: 'discord', secret: discordKeys.hex, wrongSecret: otherDiscordKeys.hex,
    sign(request, secret, at) {
      const keys = secret === discordKeys.hex ? discordKeys : otherDiscordKeys;
      request.headers['x-signature-timestamp'] = String(at);
      request.headers['x-signature-ed25519'] =
        crypto.sign(null, Buffer.from(at + request.body), keys.privateKey).toString('hex');
    },
    accepts: (r, secret) => passes(() => verifyKey(
      r.body, r.headers['x-signature-ed25519'], r.headers['x-signature-timestamp'], secret)),
  },
  {
    preset: 'sendgrid', secret: spki(sendgridKeys), wrongSecret: spki(otherSendgridKeys),
    sign(request, secret, at) {
      const keys = secret === spki(sendgridKeys) ? sendgridKeys : otherSendgridKeys;
      request.headers['x-twilio-email-event-webhook-timestamp'] = String(at);
      request.headers['x-twilio-email-event-webhook-signature'] =
        crypto.sign('sha256', Buffer.from(at + request.body), keys.privateKey).toString('base64');
    },
    accepts: (r, secret) => passes(() => {
      const library = new sendgrid.EventWebhook();
      return library.verifySignature(library.convertPublicKeyToECDSA(secret), r.body,
        r.headers['x-twilio-email-event-webhook-signature'],
        r.headers['x-twilio-email-event-webhook-timestamp']);
    }),
  },
  {
    preset: 'linear', secret: 'lin_wh_secret', wrongSecret: 'lin_wh_other', tolerance: 60,
    sign(request, secret, at) {
      request.body = JSON.stringify({ ...JSON.parse(request.body), webhookTimestamp: at * 1000 });
      request.headers['linear-signature'] = hmac('sha256', secret, request.body, 'hex');
    },
    accepts: (r, secret) => passes(() => new LinearWebhookClient(secret).verify(
      Buffer.from(r.body), r.headers['linear-signature'])),
  },
  {
    preset: 'plivo', name: 'plivo v3', secret: 'plivo-auth-token', wrongSecret: 'plivo-other',
    url: 'https://example.com/answer?b=2&a=1', body: 'To=123&From=456&Text=hi+there',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    sign(request, secret) {
      const nonce = '12345678901234567890';
      const text = `https://example.com/answer?a=1&b=2.From456Texthi thereTo123.${nonce}`;
      request.headers['x-plivo-signature-v3-nonce'] = nonce;
      request.headers['x-plivo-signature-v3'] = hmac('sha256', secret, text, 'base64');
    },
    accepts: (r, secret) => passes(() => plivo.validateV3Signature(
      r.method, r.url, r.headers['x-plivo-signature-v3-nonce'], secret,
      r.headers['x-plivo-signature-v3'], require('node:querystring').parse(r.body))),
  },
  {
    preset: 'plivo', name: 'plivo v3 without a query', secret: 'plivo-auth-token',
    wrongSecret: 'plivo-other', url: 'https://example.com/answer', body: 'To=123&From=456',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    sign(request, secret) {
      request.headers['x-plivo-signature-v3-nonce'] = '77';
      request.headers['x-plivo-signature-v3'] =
        hmac('sha256', secret, 'https://example.com/answer?From456To123.77', 'base64');
    },
    accepts: (r, secret) => passes(() => plivo.validateV3Signature(
      r.method, r.url, r.headers['x-plivo-signature-v3-nonce'], secret,
      r.headers['x-plivo-signature-v3'], require('node:querystring').parse(r.body))),
  },
  {
    preset: 'plivo-v2', secret: 'plivo-auth-token', wrongSecret: 'plivo-other', unsignedBody: true,
    url: 'https://example.com/answer?a=1', body: '',
    sign(request, secret) {
      request.headers['x-plivo-signature-v2-nonce'] = '99';
      request.headers['x-plivo-signature-v2'] =
        hmac('sha256', secret, 'https://example.com/answer99', 'base64');
    },
    accepts: (r, secret) => passes(() => plivo.validateSignature(
      r.url, r.headers['x-plivo-signature-v2-nonce'], r.headers['x-plivo-signature-v2'], secret)),
  },
  {
    preset: 'razorpay', secret: '123456', wrongSecret: '123457',
    sign(request, secret) {
      request.headers['x-razorpay-signature'] = hmac('sha256', secret, request.body, 'hex');
    },
    accepts: (r, secret) => passes(() => razorpay.validateWebhookSignature(
      r.body, r.headers['x-razorpay-signature'], secret)),
  },
  {
    preset: 'line', secret: 'channel-secret', wrongSecret: 'other-channel',
    sign(request, secret) {
      request.headers['x-line-signature'] = hmac('sha256', secret, request.body, 'base64');
    },
    accepts: (r, secret) => passes(() => validateLine(r.body, secret, r.headers['x-line-signature'])),
  },
  hubspot('v1', 'x-hubspot-signature'),
  hubspot('v2', 'x-hubspot-signature'),
  hubspot('v3', 'x-hubspot-signature-v3'),
  {
    preset: 'adyen', name: 'adyen items',
    secret: '44782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056',
    wrongSecret: '55782DEF547AAA06C910C43932B1EB0C71FC68D9D0C057550C48EC2ACF6BA056',
    change: (body) => body.replace('"value":1131', '"value":1'),
    sign(request, secret) {
      const items = [adyenItem('7914073381342284', 1130), adyenItem('7914073381342285', 1131)];
      for (const { NotificationRequestItem: item } of items)
        item.additionalData.hmacSignature = new AdyenValidator().calculateHmac(item, secret);
      request.body = JSON.stringify({ live: 'false', notificationItems: items });
    },
    accepts: (r, secret) => passes(() => JSON.parse(r.body).notificationItems.every(
      (i) => new AdyenValidator().validateHMAC(i.NotificationRequestItem, secret))),
  },
  {
    preset: 'adyen', name: 'adyen header',
    secret: '9Qz9S0m+N7l0'.split('').map((c) => c.charCodeAt(0).toString(16)).join(''),
    wrongSecret: '00ff00ff',
    sign(request, secret) {
      request.headers.hmacsignature =
        hmac('sha256', Buffer.from(secret, 'hex'), request.body, 'base64');
    },
    accepts: (r, secret) => passes(() => new AdyenValidator().validateHMACSignature(
      secret, r.headers.hmacsignature, r.body)),
  },
  {
    preset: 'mux', secret: 'SuperSecret123', wrongSecret: 'SuperSecret124', tolerance: 300,
    sign(request, secret, at) {
      request.headers['mux-signature'] =
        `t=${at},v1=${hmac('sha256', secret, `${at}.${request.body}`, 'hex')}`;
    },
    accepts: (r, secret) => passes(async () => {
      const client = new Mux({ tokenId: 'x', tokenSecret: 'y' });
      await client.webhooks.verifySignature(r.body, r.headers, secret);
    }),
  },
  {
    preset: 'sanity', secret: 'a sanity secret', wrongSecret: 'another',
    async sign(request, secret, at) {
      request.headers['sanity-webhook-signature'] =
        await sanity.encodeSignatureHeader(request.body, at * 1000, secret);
    },
    accepts: (r, secret) => passes(() => sanity.isValidSignature(
      r.body, r.headers['sanity-webhook-signature'], secret)),
  },
  {
    preset: 'workos', secret: 'workos-secret', wrongSecret: 'other', tolerance: 180,
    body: '{"id":"wh_1","n":1.5}',  // their verifier writes the JSON anew
    sign(request, secret, at) {
      request.headers['workos-signature'] = `t=${at * 1000}, v1=` +
        hmac('sha256', secret, `${at * 1000}.${request.body}`, 'hex');
    },
    accepts: (r, secret) => passes(() => new WorkOS('sk_none').webhooks.verifyHeader({
      payload: JSON.parse(r.body), sigHeader: r.headers['workos-signature'], secret })),
  },
];
