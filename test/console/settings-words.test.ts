/** What Server Settings says of a test and of an import. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { importWords } from '../../renderer/console/pages/server-settings/import-words.ts';
import { adviceOnTest, detailWords } from '../../renderer/console/pages/server-settings/test-words.ts';
import { DEFAULT_LOCALE, makeFormat } from '../../renderer/i18n/format.ts';
import { instant, ZoneName } from '../../src/contract/values/time.ts';
import { livelyOffice } from './fixtures.ts';

const NOW = instant(Date.UTC(2026, 10, 20, 10));
const OSLO = v.parse(ZoneName, 'Europe/Oslo');

describe('the test of a connection', () => {
  const adviceAt = (step: 'access-token' | 'room-list' | 'read-a-room', detail: string) =>
    adviceOnTest({ at: NOW, steps: [{ step, isOk: false, detail, took: 1 }] })?.mend;
  it('advises what fits the words of the step that failed', () => {
    expect(adviceAt('read-a-room', 'No room is imported yet: press Save Settings, then test again.')).toMatch(
      /^Import/,
    );
    expect(adviceAt('read-a-room', 'Aurora: Graph answered 403')).toMatch(/^Give the account rights/);
    expect(adviceAt('room-list', 'The directory lists no rooms. Make room mailboxes')).toMatch(/^Make room mailboxes/);
    expect(adviceAt('access-token', 'The token lacks Place.Read.All: an')).toMatch(/^An administrator must allow/);
    expect(adviceOnTest({ at: NOW, steps: [] })).toBeNull();
  });
  it('tells times as the reader knows them', () => {
    const words = (detail: string) =>
      detailWords({ step: 'access-token', isOk: true, detail, took: 1 }, makeFormat(DEFAULT_LOCALE, OSLO).dateTime);
    expect(words('A token for x, good until 2026-11-20T10:30:00.000Z.')).toBe(
      'A token for x, good until 20 Nov 2026, 11:30.',
    );
    expect(words('2026-99-99T99:99:99Z')).toBe('2026-99-99T99:99:99Z');
  });
});

describe('the words after an import', () => {
  const { settings } = livelyOffice(NOW);
  const words = (added: number, missing: number, known: number | null) =>
    importWords('Saved.', { settings, imported: { kind: 'imported', added, updated: 0, missing } }, known).text;
  it('tell whether there is nothing new or nothing at all', () => {
    expect(words(3, 0, 0)).toBe('Saved. 3 rooms imported (3 new, 0 updated).');
    expect(words(0, 0, 0)).toMatch(/^Saved\. No rooms were imported: the directory lists none/);
    expect(words(0, 0, 12)).toBe('Saved. The rooms are up to date.');
    expect(words(0, 1, 12)).toBe('Saved. The rooms are up to date. 1 is no longer listed.');
  });
});
