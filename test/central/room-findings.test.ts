/** Findings, judged from planted calendars; and that no command can be broken out of. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { quoted } from '../../src/central/fleet/room-commands.ts';
import { type Evidence, findingsOf } from '../../src/central/fleet/room-findings.ts';
import type { SeenEvent } from '../../src/central/rooms/mailbox-look.ts';
import { RoomAddress } from '../../src/contract/values/ids.ts';
import { hours, instant, minutes, plus } from '../../src/contract/values/time.ts';

const address = (text: string) => v.parse(RoomAddress, text);
const START = instant(Date.parse('2026-11-20T09:00:00Z'));
/** An hour of its own each, accepted, with a subject. */
const event = (slot: number, more: Partial<SeenEvent> = {}): SeenEvent => ({
  span: { start: plus(START, hours(slot)), end: plus(START, hours(slot + 1)) },
  isAllDay: false,
  subject: 'other',
  isRoomOrganizer: false,
  isPrivate: false,
  isCancelled: false,
  response: 'accepted',
  isBusy: true,
  ...more,
});
const many = (count: number, more: Partial<SeenEvent> = {}, from = 0) =>
  Array.from({ length: count }, (_, index) => event(from + index, more));
const look = (events: SeenEvent[] | null, more: Partial<Evidence> = {}) =>
  findingsOf({
    room: address('room@x.example'),
    reader: { kind: 'account', account: 'svc@x.example' },
    events,
    problem: null,
    canEdit: true,
    missingList: null,
    ...more,
  });
const kinds = (...asked: Parameters<typeof look>) =>
  look(...asked).map(finding => `${finding.kind} ${finding.severity}`);

describe('findings', () => {
  it('are none for a mailbox as it should be', () => {
    expect(look([])).toEqual([]);
    expect(look([...many(19), event(30, { isPrivate: true })])).toEqual([]);
    expect(look([], { canEdit: null })).toEqual([]);
  });

  it('no-read for what is denied or not there, and for no passing trouble', () => {
    const denied = look(null, { problem: 'no-access', canEdit: null });
    expect(denied).toEqual([
      {
        kind: 'no-read',
        severity: 'bad',
        evidence: expect.any(String),
        command:
          'Add-MailboxFolderPermission -Identity "room@x.example:\\Calendar" -User "svc@x.example" -AccessRights Editor',
      },
    ]);
    expect(kinds(null, { problem: 'room-not-found' })).toEqual(['no-read bad']);
    for (const problem of ['throttled', 'unreachable', 'provider-error', 'sign-in-needed'] as const)
      expect(kinds(null, { problem })).toEqual([]);
  });

  it('no-write only where it is certain; an application gets another command', () => {
    expect(kinds([], { canEdit: false })).toEqual(['no-write bad']);
    expect(look([], { canEdit: false })[0]?.command).toMatch(
      /^Add-MailboxFolderPermission .*; Set-MailboxFolderPermission /,
    );
    const [byApp] = look([], { canEdit: false, reader: { kind: 'application', clientId: 'app-id' } });
    expect(byApp?.command).toContain(
      'New-ManagementRoleAssignment -App "app-id" -Role "Application Calendars.ReadWrite"',
    );
  });

  it('organizer-as-subject for most of the meetings that have a subject', () => {
    const replaced = { subject: 'organizer' } as const;
    expect(kinds([...many(3, replaced), ...many(2, {}, 5)])).toEqual(['organizer-as-subject warn']);
    expect(kinds([...many(2, replaced), ...many(2, {}, 5)])).toEqual([]);
    expect(kinds(many(1, replaced))).toEqual([]);
    expect(kinds([...many(3, replaced), ...many(9, { subject: 'none' }, 5)])).toEqual(['organizer-as-subject warn']);
    expect(kinds([...many(2, replaced), ...many(9, { isRoomOrganizer: true }, 5)])).toEqual([
      'organizer-as-subject warn',
    ]);
    expect(kinds(many(5, { ...replaced, isRoomOrganizer: true }))).toEqual([]);
    expect(look(many(4, replaced))[0]).toMatchObject({
      evidence: expect.stringContaining('4 of 4'),
      command: 'Set-CalendarProcessing -Identity "room@x.example" -DeleteSubject $false -AddOrganizerToSubject $false',
    });
  });

  it('private-flag-lost as a hint, among enough meetings without a private one', () => {
    expect(kinds(many(19))).toEqual([]);
    expect(kinds(many(20))).toEqual(['private-flag-lost hint']);
    expect(kinds([...many(40), event(50, { isPrivate: true })])).toEqual([]);
  });

  it('conflicts-allowed when the room accepted two at a time, and not when somebody wrote past it', () => {
    const halfPast = plus(START, minutes(30));
    const clash = { span: { start: halfPast, end: plus(halfPast, hours(1)) } };
    expect(kinds([event(0), event(0, clash)])).toEqual(['conflicts-allowed warn']);
    expect(look([event(0), event(0, clash), event(0)])[0]?.evidence).toMatch(/^2 meetings/);
    for (const excuse of [
      { isRoomOrganizer: true },
      { isCancelled: true },
      { response: 'other' },
      { response: 'declined' },
      { isBusy: false },
      { isAllDay: true },
    ] as const)
      expect(kinds([event(0), event(0, { ...clash, ...excuse })])).not.toContain('conflicts-allowed warn');
    expect(kinds([event(0), event(1)]), 'back to back').toEqual([]);
  });

  it('declined-kept: declined ones are a warning, called-off ones a hint', () => {
    expect(kinds([event(0, { response: 'declined' })])).toEqual(['declined-kept warn']);
    expect(look([event(0, { isCancelled: true })])).toMatchObject([
      { severity: 'hint', command: 'Set-CalendarProcessing -Identity "room@x.example" -RemoveCanceledMeetings $true' },
    ]);
    expect(look([event(0, { response: 'declined' }), event(1, { isCancelled: true })])[0]?.command).toContain(
      '-PreserveDeclinedMeetings $false -RemoveCanceledMeetings $true',
    );
  });

  it('not-in-a-room-list with the list it could be in, also of a room that cannot be read', () => {
    expect(look([], { missingList: 'Floor 1' })).toMatchObject([
      { severity: 'warn', command: 'Add-DistributionGroupMember -Identity "Floor 1" -Member "room@x.example"' },
    ]);
    expect(kinds(null, { problem: 'no-access', missingList: 'Floor 1' })).toEqual([
      'no-read bad',
      'not-in-a-room-list warn',
    ]);
  });
});

/** What PowerShell makes of a double-quoted string: null when it ends early or would run something. */
function readBack(text: string): string | null {
  const body = /^"(.*)"$/s.exec(text)?.[1];
  if (body === undefined) return null;
  let read = '';
  for (let at = 0; at < body.length; at++) {
    const character = body.charAt(at);
    if (character === '`') read += body.charAt(++at);
    else if (/[$"\u201C\u201D\u201E\r\n]/.test(character)) return null;
    else read += character;
  }
  return read;
}

describe('commands', () => {
  const nasty = [
    'a"; Remove-Mailbox b; "@x.example',
    'a$(Remove-Mailbox b)@x.example',
    'a`"; b@x.example',
    'a`',
    'a“; b”„@x.example',
    "o'brien@x.example",
    '$env:path',
  ];

  it.each(nasty)('quote %s so that it reads back as it is', text => {
    expect(readBack(quoted(text))).toBe(text);
  });

  it('are one line, whatever stands in an address', () => {
    expect(quoted('a\r\nRemove-Mailbox b\u2028c\0@x.example')).toBe('"aRemove-Mailbox bc@x.example"');
  });

  it('carry only quoted texts', () => {
    for (const text of nasty) {
      const room = address(text);
      const planted = [...many(20, { subject: 'organizer' }), event(0), event(90, { response: 'declined' })];
      const reader = { kind: 'account', account: text } as const;
      const found = [
        ...look(planted, { room, reader, canEdit: false, missingList: text }),
        ...look(null, { room, reader, problem: 'no-access' }),
      ];
      expect(found.length).toBe(7);
      for (const { command } of found) {
        const strings = command?.match(/"(?:`.|[^`"])*"/gs) ?? [];
        for (const string of strings) expect(readBack(string), command ?? '').not.toBeNull();
        const rest = strings.reduce((left, string) => left.replace(string, ''), command ?? '');
        expect(rest, command ?? '').toMatch(/^[A-Za-z -]+(?:\$(?:true|false)|[A-Za-z ;-])*$/);
      }
    }
  });
});
