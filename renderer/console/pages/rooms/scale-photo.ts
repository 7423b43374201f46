/** Brings a picture from a camera down to what a list of rooms needs, in the browser. */

import type * as v from 'valibot';
import type { PhotoInput } from '../../../../src/contract/wire/console.ts';

export type ScaledPhoto = { kind: 'ok'; photo: v.InferOutput<typeof PhotoInput> } | { kind: 'unreadable' };

/** The contract's limit for the picture itself; base64 makes it a third longer. */
const MOST_BYTES = 300 * 1024;
/** Longest edge in pixels, and JPEG quality: the first that fits is taken. */
const TRIES = [
  [1200, 0.85],
  [1200, 0.7],
  [900, 0.7],
  [640, 0.6],
  [400, 0.5],
] as const;

export async function scalePhoto(file: Blob): Promise<ScaledPhoto> {
  // Turned upright as the camera noted it.
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch(() => null);
  if (!picture) return { kind: 'unreadable' };
  try {
    for (const [edge, quality] of TRIES) {
      const blob = await draw(picture, edge, quality);
      if (blob && blob.size <= MOST_BYTES) {
        return { kind: 'ok', photo: { mediaType: 'image/jpeg', data: await base64(blob) } };
      }
    }
    return { kind: 'unreadable' };
  } finally {
    picture.close();
  }
}

function draw(picture: ImageBitmap, edge: number, quality: number): Promise<Blob | null> {
  const factor = Math.min(1, edge / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * factor));
  canvas.height = Math.max(1, Math.round(picture.height * factor));
  const context = canvas.getContext('2d');
  if (!context) return Promise.resolve(null);
  // JPEG knows no transparency: what was see-through becomes white, not black.
  context.fillStyle = '#ffffff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', quality));
}

async function base64(blob: Blob): Promise<string> {
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = '';
  // In pieces: one call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}
