/** What came of saving, or of getting an application's token, for the rooms. */
import type { SaveAnswer } from '../../../../src/contract/wire/console.ts';
import type { Tone } from '../../parts/notice.tsx';
import { IMPORT_PROBLEMS, rooms } from '../../words.ts';
import { isApplication } from './kinds.ts';

export type ImportWords = { tone: Tone; text: string; hasRooms: boolean };

/** `done`: what was done before, such as `Saved.` */
export function importWords(done: string, { settings, imported }: SaveAnswer): ImportWords {
  switch (imported.kind) {
    case 'imported': {
      const { added, updated, missing } = imported;
      const gone = missing > 0 ? `, ${missing} no longer listed` : '';
      return {
        tone: 'good',
        text: `${done} ${rooms(added + updated)} imported (${added} new, ${updated} updated${gone}).`,
        hasRooms: true,
      };
    }
    case 'failed': {
      const why = settings.importProblem ? ` ${IMPORT_PROBLEMS[settings.importProblem.problem]}` : '';
      return { tone: 'warn', text: `${done} The rooms could not be imported.${why}`, hasRooms: false };
    }
    case 'no-token': {
      if (settings.token.problem) {
        return {
          tone: 'warn',
          text: `${done} There is no access token: the card Access token says why.`,
          hasRooms: false,
        };
      }
      const isApp = settings.settings !== null && isApplication(settings.settings.signIn);
      return {
        tone: isApp ? 'warn' : 'good',
        text: `${done} Get an access token, then the rooms are imported.`,
        hasRooms: false,
      };
    }
  }
}
