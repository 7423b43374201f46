import type { MeetingView } from '../../../src/contract/bridge/view.ts';
import type { PanelText } from '../../i18n/panel/en.ts';
import { plainText } from '../../ui/plain-text.ts';

/**
 * A meeting in words. A private one is called so and nothing else, whatever came with it. Without a title the organiser
 * stands in its place, and is not said twice.
 */
export function meetingLabel(meeting: MeetingView, text: PanelText): { title: string; organizer: string | null } {
  if (meeting.isPrivate) return { title: text.meeting.private, organizer: null };
  const title = plainText(meeting.title ?? '');
  const organizer = plainText(meeting.organizer ?? '');
  if (title === '') return { title: organizer || text.meeting.untitled, organizer: null };
  return { title, organizer: organizer === '' || organizer === title ? null : organizer };
}
