/** Log-in, the menu's counts, what is wrong anywhere, and the set-up for the first visit. */
import * as v from 'valibot';
import { Instant } from '../../values/time.ts';
import { short } from './common.ts';

const password = v.pipe(v.string(), v.maxLength(1000));

export const Login = v.object({ username: short, password });
export const Session = v.object({ username: v.string() });

/** 403 `wrong-password` when `current` is not the one; every other session of this admin ends. */
export const PasswordChange = v.object({
  current: password,
  next: v.pipe(password, v.minLength(8, 'The new password needs at least 8 characters')),
});

/** What is wrong, told once wherever an admin looks; the console knows which page mends which kind. */
export const Alert = v.object({
  kind: v.picklist([
    'sign-in-needed', // subject: the connection's name
    'consent-missing',
    'expires-soon', // subject: what expires; at: when
    'expired',
    'rooms-unreadable', // count: rooms central may not read or write
    'config-refused', // count: panels that rejected their configuration
    'identity-conflict', // count: panels
    'licence-lapsed',
    'licence-in-grace', // at: when the grace ends
    'seats-exceeded',
  ]),
  subject: v.nullable(v.string()),
  /** The connection it is about, and what admins call it. */
  connection: v.nullable(v.string()),
  name: v.nullable(v.string()),
  count: v.nullable(v.number()),
  at: v.nullable(Instant),
});
export type Alert = v.InferOutput<typeof Alert>;

export const Overview = v.object({
  serverSettings: v.picklist(['ok', 'not-set', 'sign-in-needed']),
  rooms: v.number(),
  licenceKeysFree: v.number(),
  waitingPanels: v.number(),
  conflicts: v.number(),
  /** Worst first. */
  alerts: v.array(Alert),
});
export type Overview = v.InferOutput<typeof Overview>;

/** Each step is read from the state of things, so that it can be left and taken up again; only leaving for good is remembered. */
export const SetUp = v.object({
  /** Whether the admin chose a password, or still has the one that was invented at the first start. */
  hasOwnPassword: v.boolean(),
  connection: v.picklist(['none', 'saved', 'connected']),
  rooms: v.number(),
  panels: v.number(),
  isDismissed: v.boolean(),
});
export type SetUp = v.InferOutput<typeof SetUp>;
export const SetUpInput = v.object({ isDismissed: v.boolean() });
