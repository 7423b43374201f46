/** The sample office: believable, the same for the same day, and never in the way of what people made. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { instant } from '../../src/contract/values/time.ts';
import { planDay } from '../../src/demo/office/day.ts';
import { VirtualClock } from '../support/virtual-clock.ts';
import { type Json, startTestTenant, type TestTenant } from './support/tenant.ts';

const running: TestTenant[] = [];
afterEach(async () => {
  for (const test of running.splice(0)) await test.stop();
});

async function officeAt(iso: string, options: { zone?: string; dataDir?: string } = {}) {
  const test = await startTestTenant({ clock: new VirtualClock(instant(Date.parse(iso))), ...options });
  running.push(test);
  const rooms: Json[] = (await test.control('GET', '/rooms')).json;
  const meetings = (name: string): Json[] => rooms.find(room => room.name === name)?.meetings;
  return { test, rooms, meetings };
}

const MINUTE = 60_000;

describe('a working day', () => {
  it('has something of everything', async () => {
    const { rooms, meetings } = await officeAt('2026-11-18T09:05:00Z');
    const all = rooms.flatMap(room => room.meetings);
    expect(rooms.filter(room => room.isListed)).toHaveLength(14);
    expect(new Set(rooms.map(room => room.floorNumber)).size).toBe(2);
    expect(all.some(m => m.type === 'occurrence')).toBe(true);
    expect(all.some(m => m.type === 'exception')).toBe(true);
    expect(all.some(m => m.sensitivity === 'private')).toBe(true);
    expect(all.some(m => m.isCancelled)).toBe(true);
    expect(all.some(m => m.isAllDay)).toBe(true);
    expect(all.some(m => m.showAs === 'tentative')).toBe(true);
    expect(all.some(m => m.subject === '')).toBe(true);
    expect(all.some(m => m.subject.trim() === m.organizer)).toBe(true);
    expect(meetings('Elder')).toEqual([]);
    const birch = meetings('Birch');
    expect(
      birch.slice(1).every((m, i) => m.start === birch[i].end),
      'full, without a gap',
    ).toBe(true);
    expect((Date.parse(birch.at(-1).end) - Date.parse(birch[0].start)) / MINUTE).toBe(600);
    const fjell = meetings('Fjell');
    expect(
      fjell.some((m, i) => i > 0 && m.start < fjell[i - 1].end),
      'overlapping',
    ).toBe(true);
  });

  it('is the same for the same date', () => {
    expect(planDay('2026-11-18')).toEqual(planDay('2026-11-18'));
    expect(planDay('2026-11-18')).not.toEqual(planDay('2026-11-19'));
  });

  it.each([
    ['2026-11-18T07:40:00Z', 'Europe/Oslo'],
    ['2026-11-18T11:07:00Z', 'Europe/Oslo'],
    ['2026-11-22T13:00:00Z', 'Europe/Oslo'],
    ['2026-11-18T19:59:00Z', 'America/Los_Angeles'],
    ['2026-11-18T03:30:00Z', 'Asia/Kolkata'],
  ])('finds the demo’s room free at %s in %s, with meetings before and after', async (iso, zone) => {
    const { test, meetings } = await officeAt(iso, { zone });
    expect(test.tenant.rooms[0]?.name).toBe('Aurora');
    const now = Date.parse(iso);
    const aurora = meetings('Aurora').map(m => ({ start: Date.parse(m.start), end: Date.parse(m.end) }));
    expect(aurora.filter(m => m.start < now + 45 * MINUTE && m.end > now)).toEqual([]);
    expect(aurora.some(m => m.end <= now)).toBe(true);
    expect(aurora.some(m => m.start > now)).toBe(true);
  });
});

describe('the next day', () => {
  it('gets its own meetings, and keeps what people made', async () => {
    const dataDir = await mkdtemp(join(tmpdir(), 'lintel-office-'));
    const { test } = await officeAt('2026-11-18T09:00:00Z', { dataDir });
    const body = {
      subject: 'Made by hand',
      start: '2026-11-19T18:00:00Z',
      end: '2026-11-19T18:30:00Z',
      isForced: true,
    };
    await test.control('POST', '/rooms/birch@lintel.example/meetings', body);
    const birch = async () => (await test.control('GET', '/rooms')).json[1].meetings.map((m: Json) => m.subject);
    const today = await birch();
    await test.restart(new VirtualClock(instant(Date.parse('2026-11-18T15:00:00Z'))));
    expect(await birch(), 'nothing twice on the same day').toEqual(today);
    await test.restart(new VirtualClock(instant(Date.parse('2026-11-19T09:00:00Z'))));
    const tomorrow = await birch();
    expect(tomorrow).toHaveLength(11);
    expect(tomorrow).toContain('Made by hand');
    await rm(dataDir, { recursive: true, force: true });
  });
});
