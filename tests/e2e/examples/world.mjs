// The services that the standard's examples call, and a token server.
export const hosts = ['petstore.swagger.io', 'swapi.dev', 'keycloak', 'superbet-casinos.com', 'fake-hospital.com', 'fake-chat-api.com',
  'virtual-wf-powered-race.com', 'fake.com', 'example.com', 'hospital.example.com', 'external-service.example.com', 'myorg.io'];

const swagger = {
  swagger: '2.0', host: 'petstore.swagger.io', basePath: '/v2', schemes: ['https'],
  paths: { '/pet/findByStatus': { get: { operationId: 'findPetsByStatus', parameters: [
    { name: 'status', in: 'query', required: true, type: 'array', collectionFormat: 'multi' }] } } },
};
const person = { name: 'Luke Skywalker', homeworld: 'https://swapi.dev/api/planets/1' };
const people = { count: 1, results: [person] };
const pet = (id) => ({ id, name: 'Milou', status: 'available' });
const token = (access_token) => ({ access_token, token_type: 'Bearer', expires_in: 60 });

// Pet 404 is not there; pet 503N is busy N times.
function petstore(request, count) {
  const id = Number(request.path.slice('/v2/pet/'.length));
  if (request.method === 'PUT') return { sold: request.body?.status === 'sold' };
  if (id === 404) return { status: 404, body: {} };
  if (id > 5030 && id < 5040 && count <= id - 5030) return { status: 503, body: {} };
  return pet(id);
}

/** Answers each request; `count`: how often this one has come, it included. */
export function answer(request, count) {
  const { host, path } = request;
  if (path === '/v2/swagger.json') return swagger;
  if (path === '/v2/pet/findByStatus?status=available') return [pet(1), pet(2)];
  if (path.startsWith('/v2/pet/')) return petstore(request, count);
  if (path === '/api/people/?search=moved') return { status: 302, headers: { location: 'https://swapi.dev/api/people/?search=luke' }, body: {} };
  if (path.startsWith('/api/people/?')) return people;
  if (path === '/api/people/1') return person;
  if (path === '/api/planets/1') return { name: 'Tatooine' };
  if (path.endsWith('/.well-known/openid-configuration')) {
    return { issuer: 'http://keycloak/realms/fake-authority', token_endpoint: 'http://keycloak/realms/fake-authority/discovered' };
  }
  if (path.endsWith('/discovered')) return token('from-oidc');
  if (host === 'keycloak') return token('from-oauth2');
  if (path.startsWith('/api/v3/alert/')) {
    const who = path.split('/').at(-1);
    if (who === 'doctor') return { delayMs: 1500, body: { alerted: who } };
    return { after: '/api/v3/alert/doctor', body: { alerted: who } };
  }
  if (host === 'superbet-casinos.com') return { placed: true };
  if (host === 'virtual-wf-powered-race.com' || host === 'example.com') return { started: true };
  if (host === 'hospital.example.com') return { called: true };
  if (host === 'external-service.example.com') return { status: 503, body: {} };
  if (path === '/sample') return { real: true };
  return {};
}
