/** What Graph says of the meetings under test: the tenant's own answers, with a canary in every place that has room for one. */
import * as v from 'valibot';
import type { Evidence } from './canary.ts';
import type { Answer, Exchange } from './tap.ts';

/** How a meeting is marked, and what its organiser did to be left alone. */
export const KINDS = [
  'normal',
  'private',
  'confidential',
  'personal',
  'Private ', // as somebody else's program may write it
  'topSecret', // nobody knows it
  'unreadable', // marked as nothing, and Graph's answer is of a shape nobody expects
] as const;
export type Kind = (typeof KINDS)[number];

export type Planted = { kind: Kind; subject: string; more: Record<string, unknown> };

/** A meeting of this room, every word of it another canary. Of an ordinary one the room's panel may show subject and organiser. */
export function plant(evidence: Evidence, room: string, kind: Kind, repeats?: number): Planted {
  const shownAt = kind === 'normal' ? room : null;
  const make = (part: string, mayBeShown = false) =>
    evidence.canary(`${part} of ${room}'s ${kind.trim()} meeting`, mayBeShown ? shownAt : null, repeats);
  const person = (part: string, mayBeShown = false) => ({
    emailAddress: { name: make(part, mayBeShown), address: `${make(`${part}'s address`).split(' ')[0]}@example.com` },
  });
  const body = make('body');
  return {
    kind,
    subject: make('subject', true),
    more: {
      ...(kind === 'unreadable' ? { isCancelled: 'perhaps' } : { sensitivity: kind }),
      organizer: person('organiser', true),
      attendees: [{ type: 'required', status: { response: 'accepted' }, ...person('attendee') }],
      body: { contentType: 'html', content: `<p>${body}</p>` },
      bodyPreview: body,
      location: { displayName: make('place') },
      categories: [make('category')],
      onlineMeeting: { joinUrl: `https://meet.example/${make('link').split(' ')[0]}` },
    },
  };
}

const Subject = v.looseObject({ subject: v.string() });
const Schedule = v.looseObject({ scheduleItems: v.array(v.looseObject({})) });

/** The answer with everything said that a planted meeting has to say, wherever Graph speaks of it. */
export function decorate(planted: readonly Planted[], scheduleWords: string, { body, ...answer }: Answer): Answer {
  const more = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(more);
    if (typeof value !== 'object' || value === null) return value;
    const inside = Object.fromEntries(Object.entries(value).map(([name, part]) => [name, more(part)]));
    if (v.is(Schedule, inside)) {
      const words = { subject: scheduleWords, location: scheduleWords };
      return { ...inside, scheduleItems: inside.scheduleItems.map(item => ({ ...item, ...words })) };
    }
    const found = v.is(Subject, inside) && planted.find(one => one.subject === inside.subject.trim());
    return found ? { ...inside, ...found.more } : inside;
  };
  if (!answer.type.includes('json')) return { ...answer, body };
  return { ...answer, body: JSON.stringify(more(JSON.parse(body))) };
}

/** A panel's own question for the day, not the look at a mailbox that an admin asks for. */
export const isDayOf = ({ method, path }: Exchange, address: string): boolean =>
  method === 'GET' && decodeURIComponent(path).includes(`/users/${address}/calendarView`) && path.includes('=id,');

const json = (status: number, body: unknown): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const errorOf = (status: number, code: string, message: string) =>
  json(status, { error: { code, message, innerError: { message, 'request-id': message, date: message } } });

/** Answers that go wrong with these words in the middle of it; `said` is what Graph would have answered. */
export function wrongAnswers(words: string): Record<string, (said: Answer) => Answer> {
  const half = words.slice(0, words.length - 4);
  const cut = (said: Answer) => {
    const at = said.body.indexOf(words);
    return at < 0 ? json(200, `{"value":[{"subject":"${half}`) : { ...said, body: said.body.slice(0, at + 14) };
  };
  const withEvent = (change: object) => (said: Answer) => {
    const page = v.parse(v.looseObject({ value: v.array(v.looseObject({})) }), JSON.parse(said.body));
    return json(200, { ...page, value: page.value.map(event => ({ ...event, ...change })) });
  };
  const page = `<!doctype html><title>${words}</title><p>Event ${words}`;
  return {
    'cut off in the middle of a word': cut,
    'garbage behind a word': () => json(200, `{"value":[{"subject":"${words}"} ${words}`),
    'a bare word': () => json(200, words),
    'a word where a list belongs': () => json(200, { value: words }),
    'a subject that is a thing': withEvent({ subject: { text: words } }),
    'an organiser that is a word': withEvent({ organizer: words, responseStatus: words }),
    'a mark that is a thing': withEvent({ sensitivity: { value: words } }),
    'flags that are words': withEvent({ isCancelled: words, showAs: [words], type: { name: words } }),
    'a start that is a word': withEvent({ start: { dateTime: words, timeZone: words } }),
    'a zone that is a word': withEvent({ end: { dateTime: '2030-01-01T00:00:00', timeZone: words } }),
    // Makes the reader of all-day events stumble, if anything does.
    'a day without end': withEvent({ isAllDay: true, end: { dateTime: '9999-12-31T23:59:59', timeZone: 'UTC' } }),
    'a next page elsewhere': () => json(200, { value: [], '@odata.nextLink': `https://elsewhere.example/${words}` }),
    '400 that quotes the event': () => errorOf(400, 'ErrorInvalidRequest', `The event '${words}' is not valid.`),
    '403 that quotes the event': () => errorOf(403, 'ErrorAccessDenied', `Access to '${words}' is denied.`),
    '404 that quotes the event': () => errorOf(404, 'ErrorItemNotFound', `There is no '${words}'.`),
    '500 that quotes the event': () => errorOf(500, 'ErrorInternalServerError', `'${words}' made us stumble.`),
    '429 that quotes the event': () => errorOf(429, 'ApplicationThrottled', `Too much of '${words}'.`),
    'an error that is a word': () => json(500, { error: words }),
    'a web page': () => ({ status: 200, type: 'text/html', body: page }),
    'a web page as an error': () => ({ status: 502, type: 'text/html', body: page }),
  };
}
