/** Identifiers, branded so that one kind is never passed for another. */
import * as v from 'valibot';
import { oneLine } from './text.ts';

const text = (longest: number) => v.pipe(v.string(), v.nonEmpty(), v.maxLength(longest));

/** Central's own id of a room. */
export const RoomId = v.pipe(text(64), oneLine, v.brand('RoomId'));
export type RoomId = v.InferOutput<typeof RoomId>;

/** The room mailbox's SMTP address (or a resource calendar's address), lower case. */
export const RoomAddress = v.pipe(text(320), oneLine, v.toLowerCase(), v.brand('RoomAddress'));
export type RoomAddress = v.InferOutput<typeof RoomAddress>;

/** The provider's id of one event or of one occurrence of a series; never a series master. */
export const EventId = v.pipe(
  text(1024),
  // As a part of an address two of them lead elsewhere, percent-encoded or not, and half a surrogate cannot be encoded.
  v.regex(/^(?!\.{1,2}$)\P{Cs}*$/u, 'not an id'),
  v.brand('EventId'),
);
export type EventId = v.InferOutput<typeof EventId>;

/** A panel's identity: the RFC 7638 SHA-256 thumbprint of its public key, base64url, 43 characters. */
export const PanelId = v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/), v.brand('PanelId'));
export type PanelId = v.InferOutput<typeof PanelId>;

/** Idempotency key of one booking, made by the panel: `lintel-` and 128 random bits as 32 hex digits. */
export const BookingKey = v.pipe(v.string(), v.regex(/^lintel-[0-9a-f]{32}$/), v.brand('BookingKey'));
export type BookingKey = v.InferOutput<typeof BookingKey>;

/** Id of one tap, made by the renderer, so that the agent's answer finds the button that asked. */
export const IntentId = v.pipe(text(64), v.brand('IntentId'));
export type IntentId = v.InferOutput<typeof IntentId>;

/** A MAC address as `aa:bb:cc:dd:ee:ff`; other spellings (dashes, dots, capitals) are brought to this one. */
export const MacAddress = v.pipe(
  v.string(),
  v.transform(raw => raw.toLowerCase().replaceAll(/[^0-9a-f]/g, '')),
  v.regex(/^[0-9a-f]{12}$/, 'not a MAC address'),
  v.transform(hex => (hex.match(/../g) ?? []).join(':')),
  v.brand('MacAddress'),
);
export type MacAddress = v.InferOutput<typeof MacAddress>;
