/** The view: everything the glass shows, whole, with a sequence number. The renderer may die and come back at any moment. */
import * as v from 'valibot';
import { EventId, IntentId, MacAddress, RoomId } from '../values/ids.ts';
import { Policy } from '../values/policy.ts';
import { Room } from '../values/room.ts';
import { Duration, Instant, Span, ZoneName } from '../values/time.ts';
import { ReadProblem, Trust } from '../values/trust.ts';

/** One meeting as a stranger in the corridor may see it. `title` null: none; with `isPrivate`: withheld. */
export const MeetingView = v.object({
  id: EventId,
  title: v.nullable(v.string()),
  organizer: v.nullable(v.string()),
  isPrivate: v.boolean(),
  isTentative: v.boolean(),
  isAllDay: v.boolean(),
  /** Booked on a Lintel panel of this room: may be extended, ended early. */
  isOurs: v.boolean(),
  isCheckedIn: v.boolean(),
  start: Instant,
  end: Instant,
  /** True when another meeting of the room overlaps it. */
  isConflict: v.boolean(),
});
export type MeetingView = v.InferOutput<typeof MeetingView>;

/** What the calendar says at this moment; how far to believe it is `trust`. */
export const RoomStatus = v.variant('kind', [
  /** `until`: the start of the next meeting; null when there is none today. */
  v.object({ kind: v.literal('free'), until: v.nullable(Instant) }),
  v.object({ kind: v.literal('starting-soon'), meeting: MeetingView }),
  /** Wanted, but nobody has come yet. `isReleasedThen`: the room is given back at the deadline; else it is kept. */
  v.object({
    kind: v.literal('awaiting-check-in'),
    meeting: MeetingView,
    deadline: Instant,
    isReleasedThen: v.boolean(),
  }),
  /** `freeAt`: when the room becomes free, back-to-back meetings joined; null when not today. */
  v.object({ kind: v.literal('in-meeting'), meeting: MeetingView, freeAt: v.nullable(Instant) }),
  /** Nothing was ever read: neither free nor taken may be claimed. */
  v.object({ kind: v.literal('unknown') }),
]);
export type RoomStatus = v.InferOutput<typeof RoomStatus>;

export const RefusalReason = v.picklist([
  'slot-taken', // somebody else has it
  'lost-race', // two panels or people booked at once and the other one was first
  'changed-meanwhile',
  'gone',
  'not-allowed',
  'invalid',
  'declined', // the room's own booking policy said no (booking mode `invite`)
  'no-answer', // the room was invited and did not answer in time; the invitation was taken back
  'too-late', // the wanted time had passed before it could be sent
  'sign-in-needed',
  'no-access',
  'provider-error',
]);
export type RefusalReason = v.InferOutput<typeof RefusalReason>;

export const BookingAction = v.variant('kind', [
  v.object({ kind: v.literal('book') }),
  v.object({ kind: v.literal('extend'), meeting: EventId }),
  v.object({ kind: v.literal('end-early'), meeting: EventId }),
  /** Another room, found from this panel; `name` and `floor` say where to go. */
  v.object({
    kind: v.literal('book-elsewhere'),
    room: RoomId,
    name: v.string(),
    floor: v.nullable(v.string()),
    building: v.nullable(v.string()),
  }),
]);
export type BookingAction = v.InferOutput<typeof BookingAction>;

/**
 * asked -> submitted -> confirmed | refused(why) | held(until the link is back). Shown as booked only when confirmed.
 * `asked`: the room was invited and has not answered yet (booking mode `invite`).
 */
export const BookingView = v.object({
  intent: IntentId,
  action: BookingAction,
  span: Span,
  state: v.variant('kind', [
    v.object({ kind: v.literal('asked') }),
    v.object({ kind: v.literal('submitted') }),
    v.object({ kind: v.literal('confirmed'), event: EventId }),
    v.object({ kind: v.literal('refused'), why: RefusalReason }),
    /** `canTakeBack` absent: whoever asked may; a longer end that was sent has to be settled. */
    v.object({ kind: v.literal('held'), canTakeBack: v.exactOptional(v.literal(false)) }),
  ]),
});
export type BookingView = v.InferOutput<typeof BookingView>;

/** What this moment allows; the glass offers nothing else. */
export const Actions = v.object({
  /** Ends of possible walk-ups, shortest first; `isUntilNext` marks the one that runs to the next meeting. */
  book: v.array(v.object({ length: Duration, end: Instant, isUntilNext: v.boolean() })),
  /** New ends for the current meeting, when it is ours. */
  extend: v.array(v.object({ by: Duration, end: Instant })),
  canEndEarly: v.boolean(),
  /** What ending early does: `own` takes our booking back, `shorten` shortens it in this room's calendar only, `decline`: the room declines the rest and the organiser is told. */
  endEarly: v.picklist(['own', 'shorten', 'decline']),
  canCheckIn: v.boolean(),
  canFindRoom: v.boolean(),
});
export type Actions = v.InferOutput<typeof Actions>;

/** Things somebody should mend; shown small on the glass and reported to central. */
export const Problem = v.variant('kind', [
  v.object({ kind: v.literal('central-away'), since: Instant }),
  v.object({ kind: v.literal('clock-wrong'), by: Duration }),
  v.object({ kind: v.literal('snapshot-set-aside') }),
  v.object({ kind: v.literal('disk-full') }),
  v.object({ kind: v.literal('config-refused') }),
]);
export type Problem = v.InferOutput<typeof Problem>;

/** Another room that is free now; `freeUntil` null: for the rest of the day as far as is known. */
export const FoundRoom = v.object({
  room: RoomId,
  name: v.string(),
  building: v.nullable(v.string()),
  floor: v.nullable(v.string()),
  capacity: v.nullable(v.number()),
  equipment: v.array(v.string()),
  freeUntil: v.nullable(Instant),
  nearness: v.picklist(['floor', 'building', 'elsewhere']),
});
export type FoundRoom = v.InferOutput<typeof FoundRoom>;

/** closed (null) -> searching -> found | failed -> closed. `length`: for how long a room is wanted. */
export const FindView = v.variant('kind', [
  v.object({ kind: v.literal('searching'), length: Duration }),
  /** Best first; `end` is where a booking of one of them would end. */
  v.object({ kind: v.literal('found'), length: Duration, at: Instant, end: Instant, rooms: v.array(FoundRoom) }),
  v.object({ kind: v.literal('failed'), length: Duration, why: v.union([ReadProblem, v.literal('central-away')]) }),
]);
export type FindView = v.InferOutput<typeof FindView>;

export const RoomView = v.object({
  room: Room,
  status: RoomStatus,
  trust: Trust,
  /** The room's today: from midnight to midnight in its zone, and the meetings that touch it, in order. */
  day: v.object({ span: Span, meetings: v.array(MeetingView) }),
  /** Meetings that start after now, today first, at most six. */
  next: v.array(MeetingView),
  actions: Actions,
  booking: v.nullable(BookingView),
  checkInIntent: v.nullable(IntentId),
  find: v.nullable(FindView),
  /** Lengths to choose from when looking for another room, shortest first; empty when none may be looked for. */
  findLengths: v.array(Duration),
  /** The room was given back a moment ago because nobody came: its span as it was booked. */
  released: v.nullable(Span),
});
export type RoomView = v.InferOutput<typeof RoomView>;

/** Why the last try to find or join central failed, for the person in front of the panel. */
export const JoinProblem = v.picklist([
  'unreachable',
  'not-central', // something answers there, but it is not a central of ours
  'certificate-changed', // not the CA this panel knows: an attack, or a central set up anew
  'too-many-tries',
  'version-unsupported',
  'key-unknown',
  'key-in-use',
  'key-revoked',
  'room-taken',
  'no-seats', // the licence has no seat left
  'rejected', // an admin said no
  'code-expired',
  'key-store-unusable', // neither keychain nor data directory can hold the panel's key
]);
export type JoinProblem = v.InferOutput<typeof JoinProblem>;

export const Screen = v.variant('kind', [
  v.object({ kind: v.literal('starting') }),
  /** No central known, or the one known does not answer: type its address. `url`: the one tried last. */
  v.object({
    kind: v.literal('find-central'),
    url: v.nullable(v.string()),
    isTrying: v.boolean(),
    problem: v.nullable(JoinProblem),
  }),
  v.object({
    kind: v.literal('pairing'),
    /** Null while central is being asked for one. */
    code: v.nullable(v.string()),
    expires: v.nullable(Instant),
    mac: v.nullable(MacAddress),
    centralUrl: v.string(),
    /** Four words over the panel's key and central's CA; the console must show the same. */
    words: v.array(v.string()),
    isKeySubmitted: v.boolean(),
    problem: v.nullable(JoinProblem),
  }),
  /** A licence key was accepted; which of the rooms it allows? */
  v.object({
    kind: v.literal('choose-room'),
    rooms: v.array(v.object({ id: RoomId, name: v.string(), detail: v.nullable(v.string()) })),
  }),
  v.object({ kind: v.literal('room'), view: RoomView }),
  v.object({ kind: v.literal('identity-conflict'), mac: v.nullable(MacAddress), centralUrl: v.string() }),
  v.object({ kind: v.literal('revoked'), centralUrl: v.string() }),
  v.object({ kind: v.literal('version-unsupported'), centralUrl: v.string() }),
]);
export type Screen = v.InferOutput<typeof Screen>;

/** How the glass looks and speaks; the defaults until there is a config. */
export const Look = v.object({
  ...v.pick(Policy, ['language', 'hourCycle', 'theme', 'logo', 'helpContact']).entries,
  /** Per cent of full brightness right now; null: full. A touch wakes the glass for a minute and does nothing else. */
  brightness: v.nullable(v.number()),
});
export type Look = v.InferOutput<typeof Look>;

/** The service page, for whoever looks after the panel: closed (null) -> asking(problem) -> open. Closes by itself. */
export const ServiceView = v.variant('kind', [
  v.object({
    kind: v.literal('asking'),
    isChecking: v.boolean(),
    /** `locked`: too many wrong ones; nothing is taken before `until`. */
    problem: v.nullable(
      v.variant('kind', [
        v.object({ kind: v.literal('wrong') }),
        v.object({ kind: v.literal('locked'), until: Instant }),
      ]),
    ),
  }),
  v.object({
    kind: v.literal('open'),
    agentVersion: v.string(),
    hostname: v.string(),
    mac: v.nullable(MacAddress),
    panelName: v.nullable(v.string()),
    centralUrl: v.nullable(v.string()),
    configVersion: v.nullable(v.number()),
    lastRead: v.nullable(Instant),
    /** Only behind a PIN may somebody take this panel away from its central. */
    canLeave: v.boolean(),
  }),
]);
export type ServiceView = v.InferOutput<typeof ServiceView>;

export const View = v.object({
  seq: v.pipe(v.number(), v.safeInteger()),
  /** Add to the machine's clock to get the true time; central or the provider told the agent. */
  clockOffset: Duration,
  zone: v.nullable(ZoneName),
  screen: Screen,
  problems: v.array(Problem),
  look: Look,
  /** For a status light beside the door; `off` while nothing can be said, as before pairing. */
  light: v.picklist(['free', 'soon', 'waiting', 'taken', 'unknown', 'off']),
  /** An admin wants to know which panel this is: its name, large, until then. */
  identify: v.nullable(v.object({ name: v.string(), detail: v.nullable(v.string()), until: Instant })),
  service: v.nullable(ServiceView),
  /** Why the calendar cannot be read right now, while what is shown still comes from the last good read. */
  readProblem: v.nullable(ReadProblem),
});
export type View = v.InferOutput<typeof View>;
