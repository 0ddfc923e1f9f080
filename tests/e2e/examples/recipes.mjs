// What each of the standard's examples is given, and what must come of it. `output` or `error`
// (parts of it) is the outcome; `sent` are requests that the world must have seen, as
// "METHOD path"; `says` is the row in the table. The world is world.mjs.
const id = (() => { let n = 0; return () => `e${++n}`; })();
const event = (type, data, more = {}) => ({ specversion: '1.0', id: id(), source: 'https://example.com/events', type, ...more, data });
const pet = (petId, more = {}) => ({ id: petId, name: 'Milou', status: 'available', ...more });
const bearer = (token) => ({ authorization: `Bearer ${token}` });

const person = { name: 'Luke Skywalker', homeworld: 'https://swapi.dev/api/planets/1' };
const people = { count: 1, results: [person] };
const oauth = { grant: 'client_credentials', client: { id: 'workflow-runtime-id', secret: 'workflow-runtime-secret' } };
const hot = event('com.fake-hospital.vitals.measurements.temperature', { temperature: 39 });
const cool = event('com.fake-hospital.vitals.measurements.temperature', { temperature: 37 });
const fast = event('com.fake-hospital.vitals.measurements.bpm', { bpm: 120 });
const calm = event('com.fake-hospital.vitals.measurements.bpm', { bpm: 80 });
const left = event('com.fake-hospital.patient.checked-out', {});
const patient = { fullName: 'John Doe' };
const alarm = { id: 7, name: 'John Doe', room: { number: 12 }, vitals: { bpm: 30 } };
const notImplemented = { type: 'https://serverlessworkflow.io/errors/not-implemented', status: 500, title: 'Not Implemented',
  detail: "The workflow 'raise-not-implemented:0.1.0' is a work in progress and cannot be run yet", instance: '/do/0/notImplemented' };
const alert = (who) => `PUT /api/v3/alert/${who}`;

export const recipes = {
  'accumulate-room-readings': {
    events: [event('my.home.sensors.temperature', { reading: 21 }, { source: 'https://my.home.com/sensor', roomid: 'a' }),
      event('my.home.sensors.humidity', { reading: 40 }, { source: 'https://my.home.com/sensor', roomid: 'b' }),
      event('my.home.sensors.humidity', { reading: 45 }, { source: 'https://my.home.com/sensor', roomid: 'a' })],
    error: { status: 400, instance: '/do/0/consumeReading' },
    says: 'the two readings of one room are taken together; its own `output.as` then reads `.data` of a list, which is an expression error' },
  'authentication-bearer': { input: { token: 'T' }, output: pet(1), sent: ['GET /v2/pet/1'], headers: bearer('T'), says: 'the token is sent' },
  'authentication-bearer-uri-format': { input: { token: 'T', petId: 2 }, output: pet(2), sent: ['GET /v2/pet/2'], headers: bearer('T'), says: 'the token is sent, the address filled in' },
  'authentication-oauth2': { input: { petId: 1 }, output: pet(1), sent: ['POST /realms/fake-authority/auth/token', 'GET /v2/pet/1'], headers: bearer('from-oauth2'), says: 'a token is fetched with the client\'s credentials and sent' },
  'authentication-oauth2-secret': { input: { petId: 1 }, secrets: { mySecret: { authority: 'http://keycloak/realms/fake-authority', ...oauth } }, output: pet(1), sent: ['POST /realms/fake-authority/oauth2/token', 'GET /v2/pet/1'], headers: bearer('from-oauth2'), says: 'the same by a secret, at the default path' },
  'authentication-oidc': { input: { petId: 1 }, output: pet(1), sent: ['GET /realms/fake-authority/.well-known/openid-configuration', 'POST /realms/fake-authority/discovered', 'GET /v2/pet/1'], headers: bearer('from-oidc'), says: 'the token\'s address is discovered' },
  'authentication-oidc-secret': { input: { petId: 1 }, secrets: { mySecret: { authority: 'http://keycloak/realms/fake-authority', ...oauth } }, output: pet(1), sent: ['GET /realms/fake-authority/.well-known/openid-configuration', 'POST /realms/fake-authority/discovered', 'GET /v2/pet/1'], headers: bearer('from-oidc'), says: 'the same by a secret' },
  'authentication-reusable': { input: { token: 'T', petId: 3 }, output: pet(3), sent: ['GET /v2/pet/3'], headers: bearer('T'), says: 'the authentication is found by its name' },
  'call-custom-function-inline': { output: pet(69), sent: ['GET /v2/pet/69'], says: 'the function gets its arguments' },
  'call-http-endpoint-interpolation': { input: { petId: 4 }, output: pet(4), sent: ['GET /v2/pet/4'], says: 'the address is computed' },
  'call-http-endpoint-interpolation-shorthand': { input: { petId: 5 }, output: pet(5), sent: ['GET /v2/pet/5'], says: 'the address is filled in' },
  'call-http-query-headers-expressions': { input: { searchQuery: 'luke' }, output: people, sent: ['GET /api/people/?search=luke'], headers: { accept: 'application/json' }, says: 'query and headers are computed' },
  'call-http-query-parameters': { input: { searchQuery: 'a b' }, output: people, sent: ['GET /api/people/?search=a%20b'], says: 'the query is escaped' },
  'call-http-redirect': { input: { searchQuery: 'moved' }, output: people, says: 'a redirection is followed' },
  'call-openapi': { output: [pet(1), pet(2)], sent: ['GET /v2/swagger.json', 'GET /v2/pet/findByStatus?status=available'], says: 'the operation is found in the document' },
  'call-openapi-redirect': { output: [pet(1), pet(2)], sent: ['GET /v2/pet/findByStatus?status=available'], says: 'the same' },
  'conditional-task': { input: { customer: { age: 20 }, bet: 'x' }, output: { placed: true }, sent: ['POST /api/bet/on/football'], body: { customer: '.customer', bet: '.bet' }, says: 'the bet is placed; for a minor the workflow fails' },
  'do-multiple': { input: { petId: 6 }, error: undefined, output: { sold: true }, sent: ['GET /v2/pet/6', 'PUT /v2/pet/'], says: 'both calls are made; the second\'s address has no `petId` any more, since the first\'s output has none' },
  'do-single': { input: { petId: 7 }, output: pet(7), sent: ['GET /v2/pet/7'], says: 'the call is made' },
  emit: { output: { type: 'com.petstore.order.placed.v1', source: 'https://petstore.com', data: { client: { firstName: 'Cruella', lastName: 'de Vil' }, items: [{ breed: 'dalmatian', quantity: 101 }] } }, says: 'the event is emitted and is the output' },
  for: { input: { pets: [{ id: 1 }], vet: {} }, events: [event('com.fake.petclinic.pets.checkup.completed.v2', {})], error: { status: 400, instance: '/do/0/checkup/do/0/waitForCheckup' }, says: 'the event is heard; its own `output.as` then reads `.pets` of a list, which is an expression error' },
  'for-inline-array': { output: { processed: [{ name: 'red', hex: '#FF0000' }, { name: 'green', hex: '#00FF00' }, { name: 'blue', hex: '#0000FF' }] }, says: 'each item is taken' },
  fork: { input: { patient, room: { number: 12 } }, output: { alerted: 'nurses' }, sent: [alert('nurses'), alert('doctor')], body: { patientId: 'John Doe', room: 12 }, says: 'both are called, the first to answer wins' },
  'listen-to-all': { events: [calm, hot, fast], output: [{ temperature: 39 }, { bpm: 120 }], says: 'one event of each kind whose data fits' },
  'listen-to-all read-envelope': { events: [fast, cool, hot], output: [{ type: fast.type, data: fast.data }, { type: hot.type, data: hot.data }], says: 'the same, as whole events' },
  'listen-to-any': { events: [calm], output: [{ bpm: 80 }], says: 'the first event' },
  'listen-to-any-filter': { events: [calm, cool, fast], output: [{ bpm: 120 }], says: 'the first event that fits' },
  'listen-to-any-forever-foreach': { events: [event('gossip', { roomId: 1 }), event('gossip', { roomId: 2 })], sent: ['POST /room/1', 'POST /room/2'], error: { status: 500 }, says: 'each event is posted; it would go on for ever, and is ended' },
  'listen-to-any-until-condition': { events: [1, 2, 3, 4, 5].map((n) => event('x', { n })), output: [1, 2, 3, 4].map((n) => ({ n })), says: 'events until the condition holds' },
  'listen-to-any-until-consumed': { events: [hot, calm, fast, left, hot], output: [{ temperature: 39 }, { bpm: 120 }], says: 'events until the other one comes' },
  'listen-to-one': { events: [event('com.virtual-wf-powered-race.events.race.started.v1', { carId: 5 })], output: { started: true }, sent: ['POST /api/v4/cars//start'], says: 'the event starts the call; its input is a list, so `{carId}` is empty' },
  'mock-service-extension': { output: { real: true }, sent: ['GET /sample'], says: 'the extension\'s condition does not hold, so the call is made' },
  'raise-inline': { error: notImplemented, says: 'the error, with its computed detail' },
  'raise-reusable': { error: notImplemented, says: 'the same, by its name' },
  'run-subflow': { with: 'register-customer', output: { registered: '.user' }, says: 'the other workflow runs with its input' },
  'schedule-cron': { output: { started: true }, sent: ['POST /api/v1/backup/start'], says: 'what the clock starts' },
  'schedule-event-driven': { input: [{ data: { patient: alarm, timestamp: 't' } }], output: { called: true }, sent: ['POST /api/v1/notify'], says: 'what the event starts, with the events as its input' },
  set: { input: [{ n: 1 }], output: { startEvent: { n: 1 } }, says: 'the event that started it' },
  'set-expression': { input: [{ n: 1 }], output: { n: 1 }, says: 'the same, as the whole output' },
  'star-wars-homeworld': { input: { id: 1 }, output: { name: 'Tatooine' }, sent: ['GET /api/people/1', 'GET /api/planets/1'], says: 'an address from one answer is called next, by way of the context' },
  'switch-then-string': { input: { orderType: 'physical' }, output: { inventory: 'clear', items: 1, address: 'Elmer St' }, says: 'the case that fits is taken' },
  'try-catch': { input: { petId: 404 }, output: { petId: 404 }, says: 'the 404 is caught' },
  'try-catch-retry-inline': { input: { petId: 5032 }, output: pet(5032), sent: ['GET /v2/pet/5032'], times: 3, says: 'two 503 later the third attempt succeeds' },
  'try-catch-retry-reusable': { input: { petId: 5033 }, output: pet(5033), sent: ['GET /v2/pet/5033'], times: 4, says: 'the same by a policy\'s name' },
  'try-catch-then': { input: { petId: 404 }, output: { error: '$error' }, says: 'the 404 is caught and told, nothing is bought' },
  'try-catch-then-directive': { output: { status: 'failed' }, says: 'the failure is recorded' },
  'wait-duration-inline': { input: { n: 1 }, output: { n: 1 }, says: 'half a minute passes' },
  'wait-duration-iso8601': { input: { n: 1 }, output: { n: 1 }, says: 'half a minute passes' },
};

/** Not run here, and lint says so. */
export const isRefused = (name) => /^(call-asyncapi|run-container|run-return)/.test(name);
