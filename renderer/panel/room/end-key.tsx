import type { Actions, MeetingView } from '../../../src/contract/bridge/view.ts';
import type { Instant } from '../../../src/contract/values/time.ts';
import { Button } from '../../ui/button.tsx';
import { usePanel } from '../panel-context.ts';

type EndKeyProps = { meeting: MeetingView; does: Actions['endEarly']; now: Instant };

/** Ends the meeting at the second tap. Between the two it says what that does to a meeting that is not ours. */
export function EndKey({ meeting: { id, start }, does, now }: EndKeyProps) {
  const { model, text } = usePanel();
  const isArmed = model.isEndArmed.value;
  const { end, endSure, endHint, endShortens, endDeclines } = text.action;
  const explained = { own: null, shorten: endShortens, decline: endDeclines }[does];
  return (
    <Button
      look={isArmed ? 'primary' : 'key'}
      class={`tile${isArmed ? ' tile-armed' : ''}${isArmed && explained ? ' tile-explained' : ''}`}
      testId="end-early"
      onPress={() => model.endEarly({ kind: 'end-early', meeting: id }, { start, end: now })}
    >
      <b>{isArmed ? endSure : end}</b>
      {isArmed && explained && <span>{explained}</span>}
      {isArmed && <span>{endHint}</span>}
    </Button>
  );
}
