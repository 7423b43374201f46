/**
 * Secrets at rest: AES-256-GCM under a key that is not in the database. The place of a secret (table, column, row) is in
 * the additional data, so that a sealed text moved to another row does not open.
 */
import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { writeOnce } from '../../platform/key-file.ts';
import { StartError } from '../../platform/start-error.ts';

export type Place = { table: string; column: string; row: string };

export interface Sealer {
  seal(secret: string, place: Place): string;
  /** Throws SealError when the text was changed, moved, or sealed under another key. */
  open(sealed: string, place: Place): string;
}

export class SealError extends Error {
  override name = 'SealError';
}

const VERSION = 'v1';
const KEY_BYTES = 32;
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** `key`: 32 random bytes. */
export function makeSealer(key: Buffer): Sealer {
  const sealingKey = Buffer.from(hkdfSync('sha256', key, '', 'lintel seal v1', KEY_BYTES));
  const keyId = createHash('sha256').update('lintel key id').update(key).digest('hex').slice(0, 8);
  const additional = (place: Place) =>
    Buffer.from(JSON.stringify([VERSION, keyId, place.table, place.column, place.row]));
  return {
    seal(secret, place) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', sealingKey, iv).setAAD(additional(place));
      const text = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return `${VERSION}.${keyId}.${Buffer.concat([iv, text, cipher.getAuthTag()]).toString('base64url')}`;
    },
    open(sealed, place) {
      const [version, id, body] = sealed.split('.');
      if (version !== VERSION || body === undefined) throw new SealError('not a sealed text of a known kind');
      if (id !== keyId) throw new SealError(`sealed under key ${id}, but the key here is ${keyId}`);
      const bytes = Buffer.from(body, 'base64url');
      // The last character has bits to spare: one text has one spelling.
      if (bytes.toString('base64url') !== body) throw new SealError('a sealed text was changed');
      try {
        const decipher = createDecipheriv('aes-256-gcm', sealingKey, bytes.subarray(0, IV_BYTES), {
          authTagLength: TAG_BYTES,
        });
        decipher.setAAD(additional(place)).setAuthTag(bytes.subarray(-TAG_BYTES));
        const text = bytes.subarray(IV_BYTES, -TAG_BYTES);
        return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
      } catch (error) {
        throw new SealError(`a sealed ${place.table}.${place.column} was changed or moved`, { cause: error });
      }
    },
  };
}

/** Reads the key, 64 hex digits; makes it (mode 0600) when there is none. Throws StartError. */
export async function loadSecretKey(file: string): Promise<Buffer> {
  let text: string;
  try {
    await writeOnce(file, `${randomBytes(KEY_BYTES).toString('hex')}\n`, 0o600);
    text = (await readFile(file, 'utf8')).trim();
  } catch (error) {
    throw new StartError(
      'missing-file',
      `the secret key file ${file} cannot be read or made`,
      'Make it readable for this user, or point LINTEL_SECRET_KEY_FILE to a file that is.',
      error,
    );
  }
  if (!/^[0-9a-f]{64}$/i.test(text)) {
    throw new StartError(
      'bad-setting',
      `the secret key file ${file} does not hold 64 hex digits`,
      'Put the right file back from a backup.',
    );
  }
  return Buffer.from(text, 'hex');
}
