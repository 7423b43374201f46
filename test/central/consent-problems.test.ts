import { AuthError, InteractionRequiredAuthError, ServerError } from '@azure/msal-node';
import { expect, test } from 'vitest';
import { classifyCallback, classifyError } from '../../src/central/consent/problems.ts';
import { SealError } from '../../src/central/store/seal.ts';
import { instant } from '../../src/contract/values/time.ts';

const NOW = instant(0);
/** As Entra ID words it: a general OAuth error, and the number that tells. */
const server = (code: string, number: string) =>
  new ServerError(code, '', `${number}: AADSTS${number}: words in any language`, '', number);
const interaction = (code: string, sub: string, number: string) =>
  new InteractionRequiredAuthError(code, '', 'words', sub, '', '', '', number);

test.each([
  [server('invalid_client', '7000215'), 'wrong-secret', 'AADSTS7000215'],
  [server('invalid_request', '7000222'), 'wrong-secret', 'AADSTS7000222'],
  [server('invalid_grant', '65001'), 'consent-missing', 'AADSTS65001'],
  [server('invalid_request', '90094'), 'consent-missing', 'AADSTS90094'],
  [server('invalid_request', '700016'), 'unknown-app', 'AADSTS700016'],
  [server('invalid_request', '90002'), 'unknown-tenant', 'AADSTS90002'],
  [server('invalid_grant', '700082'), 'sign-in-expired', 'AADSTS700082'],
  [server('server_error', '50173'), 'sign-in-expired', 'AADSTS50173'],
  // Numbers may change; the word still tells.
  [server('invalid_grant', '999999'), 'sign-in-expired', 'AADSTS999999'],
  [interaction('interaction_required', 'consent_required', ''), 'consent-missing', 'interaction_required'],
  [interaction('interaction_required', 'basic_action', '50076'), 'sign-in-expired', 'AADSTS50076'],
  [interaction('something_new', '', ''), 'sign-in-expired', 'something_new'],
  [new AuthError('something_else', '', 'words'), 'refused', 'something_else'],
] as const)('%s', (error, kind, code) => {
  expect(classifyError(error, null, NOW)).toMatchObject({ problem: { kind, code }, why: 'sign-in-needed' });
});

/** The whole list that the console has words for. */
test.each([
  ['65001', 'consent-missing'],
  ['65004', 'consent-missing'],
  ['90093', 'consent-missing'],
  ['90094', 'consent-missing'],
  ['50011', 'refused'],
  ['50105', 'refused'],
  ['70011', 'refused'],
  ['50020', 'sign-in-expired'],
  ['50034', 'sign-in-expired'],
  ['50053', 'sign-in-expired'],
  ['50057', 'sign-in-expired'],
  ['50076', 'sign-in-expired'],
  ['50079', 'sign-in-expired'],
  ['50126', 'sign-in-expired'],
  ['50173', 'sign-in-expired'],
  ['53003', 'sign-in-expired'],
  ['70008', 'sign-in-expired'],
  ['700082', 'sign-in-expired'],
  ['700016', 'unknown-app'],
  ['90002', 'unknown-tenant'],
  ['700027', 'wrong-secret'],
  ['7000215', 'wrong-secret'],
  ['7000218', 'wrong-secret'],
  ['7000222', 'wrong-secret'],
])('AADSTS%s is %s, from the token endpoint and from the browser', (number, kind) => {
  const code = `AADSTS${number}`;
  // A word that means something else must not win over the number.
  const word = kind === 'consent-missing' ? 'unauthorized_client' : 'access_denied';
  expect(classifyError(server(word, number), null, NOW).problem).toMatchObject({ kind, code });
  expect(classifyCallback(word, `${code}: words`, NOW)).toMatchObject({ kind, code });
});

test('a stored sign-in that does not open is told, and what to do', () => {
  const { problem, why } = classifyError(new SealError('changed'), null, NOW);
  expect([problem.kind, problem.code, why]).toEqual(['sign-in-expired', 'sealed', 'sign-in-needed']);
  expect(problem.detail).toContain('get a new one');
});

test("the number in the words is enough, and the library's silence after a 429 is understood", () => {
  const worded = new ServerError('invalid_request', '', 'AADSTS7000215: Invalid client secret provided.');
  expect(classifyError(worded, null, NOW).problem.kind).toBe('wrong-secret');
  expect(classifyError(new ServerError('', ''), null, NOW)).toMatchObject({ why: 'throttled' });
});

test('what the network saw goes before what the library made of it', () => {
  const vague = new AuthError('endpoints_resolution_error', '', 'Endpoints cannot be resolved');
  const trouble = { kind: 'unreachable', detail: 'login.example: ECONNREFUSED' } as const;
  expect(classifyError(vague, trouble, NOW)).toMatchObject({
    problem: { kind: 'unreachable', detail: 'login.example: ECONNREFUSED' },
    why: 'provider-unreachable',
  });
});

test('a bug is no problem of the provider', () => {
  expect(() => classifyError(new TypeError('x is not a function'), null, NOW)).toThrow(TypeError);
});

test.each([
  ['access_denied', 'AADSTS65004: User declined to consent.', 'consent-missing'],
  ['access_denied', '', 'consent-missing'],
  ['invalid_request', 'AADSTS90002: Tenant not found.', 'unknown-tenant'],
  ['server_error', 'try later', 'refused'],
])('a callback with %s %s', (error, description, kind) => {
  expect(classifyCallback(error, description, NOW).kind).toBe(kind);
});
