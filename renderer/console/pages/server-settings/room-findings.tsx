/** One room's findings: a line that says what is wrong, and behind it evidence, meaning and command. */
import type { Finding, RoomCheck } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Foreign, State, type StateTone } from '../../parts/text.tsx';
import { ROOM_PROBLEMS } from '../../words.ts';
import { findingWords, worstOf } from './findings.ts';

const SEVERITIES: Record<Finding['severity'] | 'fine', { tone: StateTone; word: string }> = {
  bad: { tone: 'bad', word: 'Does not work' },
  warn: { tone: 'warn', word: 'Shows less' },
  hint: { tone: 'off', word: 'Have a look' },
  fine: { tone: 'good', word: 'Fine' },
};

export function RoomFindings({ check }: { check: RoomCheck }) {
  const { findings, name, address, canRead, canWrite, problem } = check;
  const { tone, word } = SEVERITIES[worstOf(check)];
  const isOpenable = findings.length > 0 || problem !== null;
  const line = (
    <>
      <State tone={tone}>{word}</State>
      <span class="room-check-name">
        <strong>
          <Foreign text={name} />
        </strong>{' '}
        <span class="soft small">
          <Foreign text={address} />
        </span>
      </span>
      <span class="room-check-what">
        {findings.length > 0
          ? findings.map(finding => findingWords(finding).title).join(' · ')
          : accessWords(canRead, canWrite)}
      </span>
    </>
  );
  return (
    <li>
      {isOpenable ? (
        <details class="room-check">
          <summary>{line}</summary>
          <div class="room-check-body">
            {problem !== null && <p>{ROOM_PROBLEMS[problem]}.</p>}
            {findings.map(finding => (
              <FindingText key={finding.kind} finding={finding} room={name} />
            ))}
          </div>
        </details>
      ) : (
        <div class="room-check room-check-fine">{line}</div>
      )}
    </li>
  );
}

function accessWords(canRead: boolean, canWrite: boolean | null): string {
  if (!canRead) return 'Cannot be read';
  if (canWrite === null) return 'Can be read; whether it can be booked is not known';
  return canWrite ? 'Can be read and booked' : 'Can be read, not booked';
}

function FindingText({ finding, room }: { finding: Finding; room: string }) {
  const { title, means } = findingWords(finding);
  const { evidence, command, severity } = finding;
  return (
    <article class="finding">
      <h3>
        <State tone={SEVERITIES[severity].tone}>{title}</State>
      </h3>
      <p>{means}</p>
      <p class="soft small">
        Seen: <Foreign text={evidence} />
      </p>
      {command === null ? (
        <p class="soft small">No single command mends this.</p>
      ) : (
        <div class="finding-command">
          <pre>{command.split('\n').map(plainText).join('\n')}</pre>
          <CopyButton text={command} label={`Copy the command for ${plainText(room)}: ${title}`}>
            Copy
          </CopyButton>
        </div>
      )}
    </article>
  );
}
