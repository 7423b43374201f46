import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import * as v from 'valibot';

/** `machine`: opens on this machine only. `install`: there was no machine id, so the salt alone protects it. */
const Envelope = v.object({
  version: v.literal(1),
  bound: v.picklist(['machine', 'install']),
  iv: v.string(),
  tag: v.string(),
  data: v.string(),
});

export type Opened =
  | { kind: 'opened'; text: string }
  /** Sealed elsewhere, or changed since. */
  | { kind: 'foreign'; why: string }
  /** It is bound to a machine id, and this machine does not tell its own just now. */
  | { kind: 'no-machine-id' };

/** AES-256-GCM under a key from the machine id and the salt (HKDF-SHA-256, RFC 5869). Answers with JSON text. */
export function seal(text: string, machineId: string | null, salt: Buffer, purpose: string): string {
  const bound = machineId === null ? 'install' : 'machine';
  const iv = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', deriveKey(machineId ?? '', salt, purpose), iv);
  cipher.setAAD(Buffer.from(`${purpose}|${bound}`));
  const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
  const envelope: v.InferOutput<typeof Envelope> = {
    version: 1,
    bound,
    iv: iv.toString('base64'),
    tag: cipher.getAuthTag().toString('base64'),
    data: data.toString('base64'),
  };
  return JSON.stringify(envelope);
}

/** Undoes `seal`. */
export function unseal(sealed: string, machineId: string | null, salt: Buffer, purpose: string): Opened {
  const envelope = v.safeParse(v.pipe(v.string(), v.parseJson(), Envelope), sealed);
  if (!envelope.success) return { kind: 'foreign', why: 'not a sealed file' };
  const { bound, iv, tag, data } = envelope.output;
  if (bound === 'machine' && machineId === null) return { kind: 'no-machine-id' };
  try {
    const key = deriveKey(bound === 'machine' ? (machineId ?? '') : '', salt, purpose);
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(iv, 'base64'), { authTagLength: 16 });
    decipher.setAAD(Buffer.from(`${purpose}|${bound}`));
    decipher.setAuthTag(Buffer.from(tag, 'base64'));
    const text = Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]);
    return { kind: 'opened', text: text.toString('utf8') };
  } catch {
    return { kind: 'foreign', why: 'sealed on another machine, or damaged' };
  }
}

function deriveKey(machineId: string, salt: Buffer, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', machineId, salt, purpose, 32));
}
