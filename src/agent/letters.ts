/** What stands in calendars and mails, as plain text in the room's language. What the organiser is told never names the subject. */
import type { Language, Policy } from '../contract/values/policy.ts';
import type { Room } from '../contract/values/room.ts';
import type { Instant, Span } from '../contract/values/time.ts';
import type { StrikeNote } from '../core/effects.ts';

type Words = {
  locale: string;
  walkUp: string;
  /** `when`: date and times of the meeting; `deadline`: until when somebody could have checked in. */
  noShow: (room: string, when: string, deadline: string) => string;
  /** `at`: when somebody at the door ended it. */
  endedEarly: (room: string, when: string, at: string) => string;
  strikes: (count: number) => string;
  seriesDeclined: (room: string, count: number) => string;
};

const WORDS: Record<Language, Words> = {
  en: {
    locale: 'en-GB',
    walkUp: 'Booked at the door',
    noShow: (room, when, deadline) =>
      `Nobody checked in to this meeting in ${room} on ${when} by ${deadline}. ` +
      'The room has been released so that others can use it; the meeting itself is not cancelled.',
    endedEarly: (room, when, at) =>
      `Somebody at the door of ${room} ended this meeting on ${when} at ${at}. ` +
      'The room has been released so that others can use it; the meeting itself is not cancelled.',
    strikes: count => `That is ${count} times in a row that nobody has checked in to this series.`,
    seriesDeclined: (room, count) =>
      `${count} times in a row nobody has checked in to this series in ${room}. ` +
      'The room therefore declines the rest of it; the meetings themselves are not cancelled.',
  },
  de: {
    locale: 'de-DE',
    walkUp: 'An der Tür gebucht',
    noShow: (room, when, deadline) =>
      `Zu dieser Besprechung in ${room} am ${when} hat bis ${deadline} niemand eingecheckt. ` +
      'Der Raum wurde deshalb für andere freigegeben; die Besprechung selbst ist nicht abgesagt.',
    endedEarly: (room, when, at) =>
      `Diese Besprechung in ${room} am ${when} wurde um ${at} an der Tür beendet. ` +
      'Der Raum wurde deshalb für andere freigegeben; die Besprechung selbst ist nicht abgesagt.',
    strikes: count => `Damit hat in dieser Serie ${count}-mal in Folge niemand eingecheckt.`,
    seriesDeclined: (room, count) =>
      `Zu dieser Serie in ${room} hat ${count}-mal in Folge niemand eingecheckt. ` +
      'Der Raum lehnt deshalb ihre übrigen Termine ab; die Besprechungen selbst sind nicht abgesagt.',
  },
  nb: {
    locale: 'nb-NO',
    walkUp: 'Booket ved døren',
    noShow: (room, when, deadline) =>
      `Ingen sjekket inn til dette møtet i ${room} ${when} innen kl. ${deadline}. ` +
      'Rommet er derfor frigitt for andre; selve møtet er ikke avlyst.',
    endedEarly: (room, when, at) =>
      `Noen ved døren til ${room} avsluttet dette møtet ${when} kl. ${at}. ` +
      'Rommet er derfor frigitt for andre; selve møtet er ikke avlyst.',
    strikes: count => `Det er ${count} ganger på rad at ingen har sjekket inn til denne møteserien.`,
    seriesDeclined: (room, count) =>
      `${count} ganger på rad har ingen sjekket inn til denne møteserien i ${room}. ` +
      'Rommet avslår derfor resten av den; selve møtene er ikke avlyst.',
  },
};

/** What a booking made on the panel is called in the calendar. */
export const walkUpTitle = ({ language }: Pick<Policy, 'language'>): string => WORDS[language].walkUp;

export type NoShowLetter = {
  room: Pick<Room, 'name' | 'zone'>;
  policy: Pick<Policy, 'language' | 'hourCycle'>;
  span: Span;
  deadline: Instant;
  strike: Pick<StrikeNote, 'count'> | null;
};

/** Why the room declines a meeting nobody came to. Times are the room's. */
export function noShowLetter({ room, policy, span, deadline, strike }: NoShowLetter): string {
  const words = WORDS[policy.language];
  const { time, when } = spoken(room, policy);
  const sentences = [words.noShow(room.name, when(span), time(deadline))];
  if (strike) sentences.push(words.strikes(strike.count));
  return sentences.join(' ');
}

export type SeriesDeclinedLetter = Pick<NoShowLetter, 'room' | 'policy'> & { strike: Pick<StrikeNote, 'count'> };

/** Why the room declines a whole series: a letter of its own, as that may fail when the occurrence was declined. */
export const seriesDeclinedLetter = ({ room, policy, strike }: SeriesDeclinedLetter): string =>
  WORDS[policy.language].seriesDeclined(room.name, strike.count);

export type EndedEarlyLetter = Pick<NoShowLetter, 'room' | 'policy' | 'span'> & { at: Instant };

/** Why the room declines a meeting that somebody at the door has ended. */
export function endedEarlyLetter({ room, policy, span, at }: EndedEarlyLetter): string {
  const { time, when } = spoken(room, policy);
  return WORDS[policy.language].endedEarly(room.name, when(span), time(at));
}

function spoken({ zone }: NoShowLetter['room'], policy: NoShowLetter['policy']) {
  const words = WORDS[policy.language];
  const is12 = policy.hourCycle === '12h';
  const zoned = { timeZone: zone };
  const day = new Intl.DateTimeFormat(words.locale, { ...zoned, weekday: 'long', day: 'numeric', month: 'long' });
  const clock = new Intl.DateTimeFormat(words.locale, {
    ...zoned,
    hour: is12 ? 'numeric' : '2-digit',
    minute: '2-digit',
    hourCycle: is12 ? 'h12' : 'h23',
  });
  // ICU's narrow space before "pm" is one that not every mail program has.
  const time = (at: Instant) => clock.format(at).replaceAll('\u202f', ' ');
  const when = ({ start, end }: Span) => `${day.format(start)}, ${time(start)}–${time(end)},`;
  return { time, when };
}
