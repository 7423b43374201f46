import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { type Duration, seconds } from '../contract/values/time.ts';

/** `absent`: no keychain here, or a locked one that nobody unlocks in time. */
export type KeychainAnswer<T> = { kind: 'ok'; value: T } | { kind: 'absent'; detail: string };

export interface Keychain {
  get(service: string, account: string): Promise<KeychainAnswer<string | null>>;
  set(service: string, account: string, secret: string): Promise<KeychainAnswer<null>>;
}

const DEADLINE = seconds(2);
type Method = (...args: string[]) => Promise<unknown>;
const method = v.custom<Method>(value => typeof value === 'function');
const Keytar = v.object({ getPassword: method, setPassword: method });
type Keytar = v.InferOutput<typeof Keytar>;

/**
 * The system's keychain through keytar. keytar is an optional dependency (it compiles against libsecret), so it is
 * asked for by a name the compiler and the bundler do not follow.
 */
export function makeKeychain(deadline: Duration = DEADLINE): Keychain {
  let loaded: Promise<KeychainAnswer<Keytar>> | null = null;

  async function call(work: (keytar: Keytar) => Promise<unknown>): Promise<KeychainAnswer<unknown>> {
    loaded ??= loadKeytar();
    const keytar = await loaded;
    if (keytar.kind === 'absent') return keytar;
    return withinDeadline(work(keytar.value), deadline);
  }

  return {
    async get(service, account) {
      const answer = await call(keytar => keytar.getPassword(service, account));
      if (answer.kind === 'absent') return answer;
      return { kind: 'ok', value: typeof answer.value === 'string' ? answer.value : null };
    },
    async set(service, account, secret) {
      const answer = await call(keytar => keytar.setPassword(service, account, secret));
      return answer.kind === 'absent' ? answer : { kind: 'ok', value: null };
    },
  };
}

async function loadKeytar(): Promise<KeychainAnswer<Keytar>> {
  if (!hasSecretService()) return { kind: 'absent', detail: 'there is no session bus' };
  try {
    const name: string = 'keytar';
    const module: unknown = await import(name);
    const parsed = v.safeParse(v.object({ default: Keytar }), module);
    return parsed.success ? { kind: 'ok', value: parsed.output.default } : absent('keytar is not what it was');
  } catch (error) {
    return absent(error);
  }
}

/** Without this libsecret would try to start a bus of its own, which no other program then finds. */
function hasSecretService(): boolean {
  if (process.platform !== 'linux') return true;
  if (process.env.DBUS_SESSION_BUS_ADDRESS !== undefined) return true;
  const runtimeDir = process.env.XDG_RUNTIME_DIR;
  return runtimeDir !== undefined && existsSync(join(runtimeDir, 'bus'));
}

/** keytar's work cannot be cancelled: a late answer is dropped, and its thread comes free when the keychain answers. */
async function withinDeadline(work: Promise<unknown>, deadline: Duration): Promise<KeychainAnswer<unknown>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<KeychainAnswer<unknown>>(resolve => {
    timer = setTimeout(() => resolve(absent(`no answer within ${deadline / 1000} s`)), deadline);
  });
  const done = work.then((value): KeychainAnswer<unknown> => ({ kind: 'ok', value }), absent);
  const answer = await Promise.race([done, late]);
  clearTimeout(timer);
  return answer;
}

function absent(reason: unknown): { kind: 'absent'; detail: string } {
  return { kind: 'absent', detail: reason instanceof Error ? reason.message : String(reason) };
}
