/** What came of saving, or of getting an application's token, for the rooms. */
import type { SaveAnswer } from '../../../../src/contract/wire/console.ts';
import type { Tone } from '../../parts/notice.tsx';
import { count, IMPORT_PROBLEMS, rooms } from '../../words.ts';
import { isApplication } from './kinds.ts';

export type ImportWords = { tone: Tone; text: string; hasRooms: boolean };

/** `done`: what was done before, such as `Saved.`; `known`: how many rooms the connection has, null when nobody told. */
export function importWords(done: string, { settings, imported }: SaveAnswer, known: number | null): ImportWords {
  switch (imported.kind) {
    case 'imported': {
      const { added, updated, missing } = imported;
      if (added + updated === 0) return nothingNew(done, missing, known);
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

function nothingNew(done: string, missing: number, known: number | null): ImportWords {
  if (known === 0) {
    return {
      tone: 'warn',
      text: `${done} No rooms were imported: the directory lists none that are not here already, or they belong to another connection.`,
      hasRooms: false,
    };
  }
  const gone = missing > 0 ? ` ${count(missing, { one: '# is', other: '# are' })} no longer listed.` : '';
  return { tone: 'good', text: `${done} The rooms are up to date.${gone}`, hasRooms: true };
}
