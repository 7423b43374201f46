import { useMemo, useState } from 'preact/hooks';
import type { PanelId } from '../../../../src/contract/values/ids.ts';
import type { ConfirmAnswer, WaitingPanel } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Filter } from '../../parts/filter.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { ShowMore, useFirst } from '../../parts/show-more.tsx';
import { Foreign } from '../../parts/text.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole } from '../../state/console.ts';
import { panels as panelsWords } from '../../words.ts';
import { groupCode } from './code.ts';
import { isConfirmable, labelOf, searchPanels } from './waiting.ts';
import { Words } from './words.tsx';

type ConfirmManyDialogProps = { panels: readonly WaitingPanel[]; onClose: () => void; onConfirmed: () => void };
/** The code that was on the page when a panel was ticked: with a new one it has to be looked at again. */
type Ticked = ReadonlyMap<PanelId, string>;
const STEP = 50;

/** Registered panels with a valid code, many at a time. */
export function ConfirmManyDialog({ panels, onClose, onConfirmed }: ConfirmManyDialogProps) {
  const { api, now } = useConsole();
  const { isBusy, failure, run } = useRequest();
  const [ticked, setTicked] = useState<Ticked>(new Map());
  const [typed, setTyped] = useState('');
  const [answer, setAnswer] = useState<ConfirmAnswer | null>(null);
  /** As they were when they were sent: those that were paired are gone from the list by the time of the answer. */
  const [sent, setSent] = useState<readonly WaitingPanel[]>([]);
  const ready = useMemo(() => panels.filter(panel => isConfirmable(panel, now.value)), [panels, now.value]);
  const found = useMemo(() => searchPanels(ready, typed), [ready, typed]);
  const chosen = ready.filter(panel => ticked.get(panel.panel) === panel.code);
  const isAll = found.length > 0 && found.every(panel => ticked.get(panel.panel) === panel.code);
  const { shown, more } = useFirst(found, STEP, typed);

  const tick = (some: readonly WaitingPanel[], isOn: boolean) => {
    const next = new Map(ticked);
    for (const { panel, code } of some) {
      if (isOn && code !== null) next.set(panel, code);
      else next.delete(panel);
    }
    setTicked(next);
  };
  const confirm = () => {
    setSent(chosen);
    void run(
      () => api.confirmPanels(chosen.flatMap(({ panel, code }) => (code === null ? [] : [{ panel, code }]))),
      outcome => {
        setAnswer(outcome);
        setTicked(new Map());
        onConfirmed();
      },
    );
  };
  if (answer) return <Result answer={answer} sent={sent} onClose={onClose} />;
  return (
    <Dialog title="Confirm registered panels" onClose={onClose} isBusy={isBusy} isWide>
      <div class="dialog-body confirm-many">
        <p>
          Their MAC addresses were registered, but a MAC is no proof: tick a panel when its code and words match what
          stands on its glass.
        </p>
        {ready.length === 0 ? (
          <Notice tone="info" isAnswer>
            No registered panel shows a valid code any more.
          </Notice>
        ) : (
          <>
            <Filter label="Find by code, words, MAC or room" name="find-registered" typed={typed} onType={setTyped} />
            <label class="tick tick-all">
              <input
                type="checkbox"
                checked={isAll}
                disabled={found.length === 0}
                onChange={event => tick(found, event.currentTarget.checked)}
              />
              Select all {found.length}
            </label>
            <ul class="confirm-list">
              {shown.map(panel => (
                <Row
                  key={panel.panel}
                  panel={panel}
                  isOn={ticked.get(panel.panel) === panel.code}
                  isNew={ticked.has(panel.panel) && ticked.get(panel.panel) !== panel.code}
                  onTick={isOn => tick([panel], isOn)}
                />
              ))}
            </ul>
            {found.length === 0 && <p class="nothing">No panel fits.</p>}
            <ShowMore {...more} what={panelsWords} />
          </>
        )}
        {failure && <FailureNotice failure={failure} />}
      </div>
      <footer class="dialog-foot">
        <Button onPress={onClose}>Cancel</Button>
        <Button look="primary" isBusy={isBusy} isDisabled={chosen.length === 0} onPress={confirm}>
          {chosen.length === 0 ? 'Confirm' : `Confirm ${chosen.length}`}
        </Button>
      </footer>
    </Dialog>
  );
}

type RowProps = { panel: WaitingPanel; isOn: boolean; isNew: boolean; onTick: (isOn: boolean) => void };

const Row = ({ panel, isOn, isNew, onTick }: RowProps) => (
  <li>
    <label class="tick">
      <input type="checkbox" checked={isOn} onChange={event => onTick(event.currentTarget.checked)} />
      <span class="tick-text">
        <span class="code code-small">{groupCode(panel.code ?? '')}</span>
        <Words words={panel.words} />
        <span class="row-more">
          <span>
            <Foreign text={panel.registration?.room.name ?? ''} /> · <code>{panel.mac}</code>
          </span>
          {isNew && <strong class="tick-new">It shows a new code by now: compare again.</strong>}
        </span>
      </span>
    </label>
  </li>
);

type ResultProps = { answer: ConfirmAnswer; sent: readonly WaitingPanel[]; onClose: () => void };

function Result({ answer, sent, onClose }: ResultProps) {
  const { shown, more } = useFirst(answer.refused, STEP);
  const byId = new Map(sent.map(panel => [panel.panel, panel]));
  return (
    <Dialog title="Confirm registered panels" onClose={onClose} isWide>
      <div class="dialog-body confirm-many">
        {answer.paired > 0 && (
          <Notice tone="good" isAnswer>
            {panelsWords(answer.paired)} paired: each shows its room within a second.
          </Notice>
        )}
        {answer.refused.length > 0 && (
          <>
            <Notice tone="bad" isAnswer>
              {panelsWords(answer.refused.length)} could not be paired.
            </Notice>
            <ul class="confirm-list refused-list">
              {shown.map(({ panel, message }) => {
                const row = byId.get(panel);
                return (
                  <li key={panel}>
                    <strong>
                      <Foreign text={row ? labelOf(row) : panel} />
                    </strong>
                    {row?.registration && (
                      <>
                        {' '}
                        for <Foreign text={row.registration.room.name} />
                      </>
                    )}
                    <div>
                      <Foreign text={message} />
                    </div>
                  </li>
                );
              })}
            </ul>
            <ShowMore {...more} what={panelsWords} />
          </>
        )}
      </div>
      <footer class="dialog-foot">
        <Button look="primary" onPress={onClose}>
          Done
        </Button>
      </footer>
    </Dialog>
  );
}
