/** What a panel may take for certain when central answers a relayed request. */
import { expect, it } from 'vitest';
import { CentralClient } from '../../src/agent/central-client.ts';
import { makeRelayCall } from '../../src/agent/relay-call.ts';
import { IDENTITY } from '../support/samples.ts';

it.each([
  // A proxy delivered it twice: the first was carried out, and its proof is used up.
  ['invalid_dpop_proof', 401, true],
  ['not-paired', 403, false],
  ['not-relayed', 409, false],
])('after %s it may have been carried out: %s', async (code, status, isSent) => {
  const fetch = async () => new Response(JSON.stringify({ error: { code, message: '' } }), { status });
  const call = makeRelayCall(() => new CentralClient('https://central.example', fetch, IDENTITY));
  expect(await call('/book', {})).toMatchObject({ kind: 'failed', isSent });
});
