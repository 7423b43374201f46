/**
 * What may be claimed about the room at this moment. The agent says what it knows; but it may hang, and time goes on. So
 * the glass itself turns `fresh` into stale when its limit has passed, and never keeps a status whose time is over.
 */
import type { Actions, MeetingView, Problem, RoomStatus, RoomView } from '../../../src/contract/bridge/view.ts';
import { contains, type Instant } from '../../../src/contract/values/time.ts';
import { type WhyUnread, whyUnread } from './why-unread.ts';

export type ShownTrust =
  | { kind: 'unknown'; why: WhyUnread | null }
  | { kind: 'fresh' }
  | { kind: 'stale'; lastRead: Instant; why: WhyUnread | 'agent-silent' | null };

export type ShownRoom = { status: RoomStatus; trust: ShownTrust; actions: Actions };

const NO_ACTIONS: Actions = {
  book: [],
  extend: [],
  canEndEarly: false,
  endEarly: 'own',
  canCheckIn: false,
  canFindRoom: false,
};

/** `isSilent`: the agent has not been heard for longer than a hiccup, so nobody would answer a tap either. */
export function currentRoom(view: RoomView, problems: readonly Problem[], now: Instant, isSilent: boolean): ShownRoom {
  const trust = currentTrust(view, problems, now, isSilent);
  if (trust.kind === 'unknown') return { status: { kind: 'unknown' }, trust, actions: NO_ACTIONS };
  if (!isTimeOver(view, now)) {
    const actions = isSilent ? NO_ACTIONS : inTime(view.actions, now);
    // What is free elsewhere is asked on the same way that has just failed us here.
    const canFindRoom = actions.canFindRoom && trust.kind === 'fresh';
    return { status: honest(view.status, trust), trust, actions: { ...actions, canFindRoom } };
  }
  return { status: statusFromDay(view, now), trust, actions: NO_ACTIONS };
}

function currentTrust({ trust }: RoomView, problems: readonly Problem[], now: Instant, isSilent: boolean): ShownTrust {
  if (trust.kind === 'unknown') return { ...trust, why: whyUnread(trust.why, problems) };
  if (isSilent) return { kind: 'stale', lastRead: trust.lastRead, why: 'agent-silent' };
  if (trust.kind === 'stale') return { ...trust, why: whyUnread(trust.why, problems) };
  return now < trust.until ? { kind: 'fresh' } : { kind: 'stale', lastRead: trust.lastRead, why: null };
}

/** Nothing is released on a plan that may be out of date, so it is not announced either. */
function honest(status: RoomStatus, trust: ShownTrust): RoomStatus {
  const isDoubtful = status.kind === 'awaiting-check-in' && trust.kind !== 'fresh';
  return isDoubtful ? { ...status, isReleasedThen: false } : status;
}

/** A tap that would ask for the past is not offered any more. */
function inTime(actions: Actions, now: Instant): Actions {
  const isAhead = ({ end }: { end: Instant }) => end > now;
  return { ...actions, book: actions.book.filter(isAhead), extend: actions.extend.filter(isAhead) };
}

/** When a status stops being true by itself, without any news: at the latest when the day it was read for is over. */
export function statusEnd({ status, day }: RoomView): Instant | null {
  switch (status.kind) {
    case 'free':
      return status.until ?? day.span.end;
    case 'starting-soon':
      return status.meeting.start;
    case 'awaiting-check-in':
      return status.deadline;
    case 'in-meeting':
      return status.meeting.end;
    case 'unknown':
      return null;
  }
}

function isTimeOver(view: RoomView, now: Instant): boolean {
  const end = statusEnd(view);
  return end !== null && now >= end;
}

/**
 * Read off the known meetings. Every one of them occupies here, tentative ones too: the policy is not known on this side, and
 * claiming too much is the safe mistake. Beyond the known day nothing is claimed.
 */
function statusFromDay(view: RoomView, now: Instant): RoomStatus {
  const meetings = knownMeetings(view);
  const meeting = meetings.find(m => contains(m, now));
  if (meeting) {
    const freeAt = endOfRun(meetings, meeting.end);
    return { kind: 'in-meeting', meeting, freeAt: freeAt < view.day.span.end ? freeAt : null };
  }
  if (!contains(view.day.span, now)) return { kind: 'unknown' };
  const next = meetings.find(m => m.start > now);
  return { kind: 'free', until: next && next.start < view.day.span.end ? next.start : null };
}

/** The day's and the coming meetings, each once, in order of start. */
export function knownMeetings(view: RoomView): MeetingView[] {
  const byId = new Map([...view.day.meetings, ...view.next].map(m => [m.id, m]));
  return [...byId.values()].sort((a, b) => a.start - b.start || a.end - b.end);
}

/** `until` moved on over every meeting that begins before it is over. */
function endOfRun(meetings: readonly MeetingView[], until: Instant): Instant {
  return meetings.reduce((end, m) => (m.start <= end && m.end > end ? m.end : end), until);
}
