/** People in the office: they invite rooms, move, lengthen, shorten and cancel what they booked, by the tenant's own rules. */
import {
  type Duration,
  type Instant,
  milliseconds,
  minutes,
  plus,
  type Span,
} from '../../../src/contract/values/time.ts';
import type { CalendarContext } from '../../../src/demo/calendar/context.ts';
import { spanOf, timedBetween } from '../../../src/demo/calendar/event-time.ts';
import type { CalendarItem } from '../../../src/demo/calendar/model.ts';
import { findItem, itemsIn } from '../../../src/demo/calendar/read.ts';
import { changeEvent, removeEvent } from '../../../src/demo/calendar/write.ts';
import { addDays, instantToWall, wallToInstant } from '../../../src/demo/calendar/zones.ts';
import { bookAsSomebody, type MeetingInput } from '../../../src/demo/office/book.ts';
import type { Office } from '../../../src/demo/office/directory.ts';
import { addressOf } from '../../../src/demo/office/directory.ts';
import type { Draw } from './draw.ts';

/** No subject with this in it, and nobody of this name, may be known outside the tenant. */
export const CANARY = 'CANARY';
export const INVITER = addressOf('panels');
/** Organises nothing but private meetings. */
const SECRETIVE = addressOf('secretive');
const PEOPLE = ['ada', 'ben', 'cleo'].map(addressOf);

export const OFFICE_PEOPLE: Office['people'] = [
  { alias: 'ada', name: 'Ada' },
  { alias: 'ben', name: 'Ben' },
  { alias: 'cleo', name: 'Cleo' },
  { alias: 'secretive', name: `${CANARY} Person` },
  { alias: 'panels', name: 'Lintel Panels' },
];

/** Some change their clocks when the place of the world does, some at other times, some never. */
const ELSEWHERE = ['Europe/London', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Tokyo', 'UTC'] as const;

/** A meeting every day; `start` is that of one of them. */
export type Series = { room: number; start: Instant; length: Duration; zone: string; isForced: boolean };

/** In which zone somebody's calendar is kept: mostly that of the place. */
export const zoneOfSomebody = ({ chance, one }: Draw, place: string): string => (chance(0.6) ? place : one(ELSEWHERE));

const LENGTHS = [5, 10, 15, 20, 30, 45, 60].map(minutes);

export class People {
  readonly #calendars: CalendarContext;
  readonly #draw: Draw;
  readonly #story: (line: () => string) => void;
  readonly #zones: ReadonlyMap<string, string>;
  #count = 0;

  constructor(calendars: CalendarContext, draw: Draw, story: (line: () => string) => void) {
    this.#calendars = calendars;
    this.#draw = draw;
    this.#story = story;
    this.#zones = new Map([...PEOPLE, SECRETIVE].map(person => [person, zoneOfSomebody(draw, calendars.zone)]));
  }

  /** One thing that somebody does about this room, drawn by chance. */
  act(room: string) {
    const roll = this.#draw.dice();
    if (roll < 0.4) this.invite(room);
    else if (roll < 0.6) this.#change(room, 'move');
    else if (roll < 0.7) this.#change(room, 'lengthen');
    else if (roll < 0.8) this.#change(room, 'shorten');
    else this.#cancel(room);
  }

  /** Invites the room for now. */
  rush(room: string) {
    const { some, whole } = this.#draw;
    const start = floor(plus(this.#calendars.clock.now(), minutes(whole(0, 3))));
    this.#book(room, { start, end: plus(start, some(LENGTHS) ?? minutes(30)) }, false, {});
  }

  /** `isNear`: now or in the next minutes, so that it matters while the world lasts. */
  invite(room: string, isNear = this.#draw.chance(0.8)) {
    const { dice, chance, whole, some } = this.#draw;
    const now = this.#calendars.clock.now();
    const start = floor(plus(now, minutes(isNear ? whole(-4, 12) : whole(30, 180))));
    const length = some(LENGTHS) ?? minutes(30);
    const isPrivate = chance(0.2);
    const kind = dice();
    this.#book(room, { start, end: plus(start, length) }, isPrivate, {
      isTentative: kind < 0.1,
      isAllDay: kind > 0.97,
      // Somebody with rights to the room's own calendar writes past its booking policy.
      isForced: kind > 0.93 && kind < 0.97,
    });
  }

  /** Every day at the same time on the wall since last week, for a fortnight. */
  addSeries({ room, start, length, zone, isForced }: Series) {
    const wall = instantToWall(start, zone);
    const startDate = addDays(wall.slice(0, 10), -7);
    const first = wallToInstant(startDate + wall.slice(10), zone);
    const recurrence = {
      pattern: { type: 'daily' as const, interval: 1 },
      range: { type: 'numbered' as const, startDate, numberOfOccurrences: 14, recurrenceTimeZone: zone },
    };
    const span = { start: first, end: plus(first, length) };
    this.#book(addressOf(`room${room}`), span, false, { recurrence, isForced }, zone);
  }

  /** `zone`: the organiser's own when absent. */
  #book(room: string, span: Span, isPrivate: boolean, more: Partial<MeetingInput>, zone?: string) {
    const mailbox = this.#calendars.mailboxes.find(room);
    if (mailbox?.kind !== 'room') throw new Error(`no room ${room}`);
    const isWithheld = isPrivate && more.isForced !== true;
    this.#count++;
    const organizer = isWithheld ? SECRETIVE : (this.#draw.some(PEOPLE) ?? SECRETIVE);
    const meeting = {
      organizer,
      subject: isPrivate ? `${CANARY} ${this.#count}` : `Talk ${this.#count}`,
      isPrivate,
      isTentative: false,
      isAllDay: false,
      isForced: false,
      recurrence: null,
      ...span,
      ...more,
    };
    const answer = bookAsSomebody(this.#calendars, mailbox, meeting, zone ?? this.#zones.get(organizer));
    this.#story(() => `somebody books ${room}: ${answer.answer}`);
  }

  /** What somebody else organises in this room and is not over: itself, and the organiser's own copy. */
  #meeting(room: string): { inRoom: CalendarItem; organised: CalendarItem } | null {
    const { clock, events, zone } = this.#calendars;
    const now = clock.now();
    const all = itemsIn(this.#calendars, room, { start: now, end: plus(now, minutes(240)) }).filter(
      ({ content }) => !content.isCancelled && spanOf(content.time, zone).end > now,
    );
    const inRoom = this.#draw.some(all);
    if (inRoom === null) return null;
    if (inRoom.content.isOrganizer) return { inRoom, organised: inRoom };
    const copy = events.copies(inRoom.stored.uid).find(event => event.content.isOrganizer);
    if (copy === undefined) return null;
    const twin =
      copy.type === 'seriesMaster'
        ? itemsIn(this.#calendars, copy.mailbox, spanOf(inRoom.content.time, zone)).find(
            item => item.masterId === copy.id && item.originalDate === inRoom.originalDate,
          )
        : findItem(this.#calendars, copy.mailbox, copy.id);
    return twin ? { inRoom, organised: twin } : null;
  }

  #change(room: string, how: 'move' | 'lengthen' | 'shorten') {
    const found = this.#meeting(room);
    if (found === null || found.organised.content.time.kind !== 'timed') return;
    const { zone, clock, changes } = this.#calendars;
    const { chance, whole } = this.#draw;
    const { start, end } = spanOf(found.organised.content.time, zone);
    const by = minutes(whole(5, 20));
    const later = milliseconds(chance(0.3) ? -by : by);
    const now = floor(clock.now());
    const moved = {
      move: () => ({ start: plus(start, later), end: plus(end, later) }),
      lengthen: () => ({ start, end: plus(end, by) }),
      shorten: () => ({
        start,
        end: Math.max(start + minutes(1), Math.min(end, now + minutes(whole(0, 3)))) as Instant,
      }),
    }[how]();
    const time = timedBetween(moved.start, moved.end, found.organised.content.time.zone);
    const content = { ...found.organised.content, time };
    const outcome = changes.by('control', () => changeEvent(this.#calendars, found.organised, content));
    this.#story(() => `somebody wants to ${how} a meeting in ${room}: ${outcome.kind}`);
  }

  #cancel(room: string) {
    const found = this.#meeting(room);
    if (found === null) return;
    this.#story(() => `somebody cancels a meeting in ${room}`);
    this.#calendars.changes.by('control', () => removeEvent(this.#calendars, found.organised));
  }
}

const floor = (at: Instant): Instant => (at - (at % minutes(1))) as Instant;
