/** What a finding about a room's mailbox is called, and what it means at the door. */
import type { Finding, RoomCheck } from '../../../../src/contract/wire/console.ts';

type Severity = Finding['severity'];
const WORDS: Record<Finding['kind'], { title: string; means: string }> = {
  'no-read': {
    title: 'Cannot be read',
    means: 'The panel has no calendar to show: it says that it does not know whether the room is free.',
  },
  'no-write': {
    title: 'Cannot be booked at the door',
    means: 'The panel shows the day, but nobody can book, extend or end a meeting on it.',
  },
  'organizer-as-subject': {
    title: 'The organiser stands in place of the subject',
    means: 'The panel can show who booked the room, not what the meeting is called.',
  },
  'private-flag-lost': {
    title: 'Private meetings lose their flag',
    means: 'The panel cannot tell a private meeting from any other and may show its subject to everybody.',
  },
  'conflicts-allowed': {
    title: 'Double bookings are accepted',
    means: 'Two meetings may hold the room at once; the panel shows both, and two groups stand at the door.',
  },
  'not-in-a-room-list': {
    title: 'In no room list',
    means: 'Outlook’s room finder does not offer this room, and its building may be unknown here.',
  },
  'declined-kept': {
    title: 'Declined bookings are kept',
    means: 'Meetings that the room turned down stay in its calendar and can look as if they took place.',
  },
};
export const findingWords = ({ kind }: Finding) => WORDS[kind];

/** `bad` and `warn` want somebody's attention; what cannot be seen from outside does not. */
export const wantsAttention = (check: RoomCheck) =>
  !check.canRead || check.findings.some(({ severity }) => severity !== 'hint');

export function worstOf({ canRead, findings }: RoomCheck): Severity | 'fine' {
  const found = (severity: Severity) => findings.some(finding => finding.severity === severity);
  if (!canRead || found('bad')) return 'bad';
  if (found('warn')) return 'warn';
  return found('hint') ? 'hint' : 'fine';
}

const RANK = { bad: 0, warn: 1, hint: 2, fine: 3 };
/** The worst first, else in their order. */
export const worstFirst = (checks: readonly RoomCheck[]): RoomCheck[] =>
  [...checks].sort((a, b) => RANK[worstOf(a)] - RANK[worstOf(b)]);

/** Every command once, in order: ready for one window of PowerShell. */
export const commandsOf = (checks: readonly RoomCheck[]): string[] => [
  ...new Set(checks.flatMap(({ findings }) => findings.flatMap(({ command }) => (command === null ? [] : [command])))),
];
