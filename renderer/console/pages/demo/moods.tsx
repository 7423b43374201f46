/** What can go wrong at the customer's, at the press of a button. */
import { hours, milliseconds, minutes } from '../../../../src/contract/values/time.ts';
import type { DemoFault, DemoStatus } from '../../../../src/contract/wire/console.ts';
import { DEFAULT_LOCALE, makeFormat } from '../../../i18n/format.ts';
import { Button } from '../../parts/button.tsx';
import type { Act } from './act.ts';

type On = Extract<DemoStatus, { kind: 'on' }>;
type MoodsProps = { known: On; act: Act; isBusy: boolean };

const FAULTS: [DemoFault, string, string][] = [
  ['none', 'Works', 'The calendar service answers as it should.'],
  ['throttle', 'Asks to wait', 'It answers “too many requests” (429): the panel waits as long as it is told.'],
  [
    'fail',
    'Fails',
    'It reports a fault of its own (503): the panel keeps showing what it knew, and says how old that is.',
  ],
  ['vanish', 'Is gone', 'It does not answer at all: after two missed reads the panel says that it cannot be sure.'],
];
const JUMPS = [
  { label: '15 min', by: minutes(15) },
  { label: '1 hour', by: hours(1) },
  { label: '1 day', by: hours(24) },
];

export function Moods({ known, act, isBusy }: MoodsProps) {
  const format = makeFormat(DEFAULT_LOCALE, known.zone);
  return (
    <section class="card moods" aria-labelledby="moods-title">
      <h2 id="moods-title" class="card-head">
        What if…
      </h2>
      <fieldset class="bare">
        <legend>The calendar service</legend>
        <div class="tabs">
          {FAULTS.map(([fault, label]) => (
            <label key={fault} class={known.fault === fault ? 'tab tab-on' : 'tab'}>
              <input
                type="radio"
                name="fault"
                class="sr-only"
                checked={known.fault === fault}
                disabled={isBusy}
                onChange={() => void act({ kind: 'fault', fault })}
              />
              {label}
            </label>
          ))}
        </div>
        <p class="soft" role="status">
          {FAULTS.find(([fault]) => fault === known.fault)?.[2]}
        </p>
      </fieldset>
      <fieldset class="bare">
        <legend>Central</legend>
        <div class="buttons">
          <Button
            onPress={() => void act({ kind: 'unplug-central', isUnplugged: !known.isCentralUnplugged })}
            isBusy={isBusy}
          >
            {known.isCentralUnplugged ? 'Plug central in again' : 'Unplug central'}
          </Button>
        </div>
        <p class="soft" role="status">
          {known.isCentralUnplugged
            ? 'The panel cannot reach central. It goes on reading and booking, and catches up later.'
            : 'The panel is in touch with central.'}
        </p>
      </fieldset>
      <fieldset class="bare">
        <legend>The clock</legend>
        <div class="buttons">
          {JUMPS.map(({ label, by }) => (
            <Button
              key={label}
              onPress={() => void act({ kind: 'jump-clock', by: milliseconds(by) })}
              isBusy={isBusy}
              label={`Jump ${label} ahead`}
            >
              +{label}
            </Button>
          ))}
          <Button look="quiet" onPress={() => void act({ kind: 'jump-clock', by: null })} isBusy={isBusy}>
            True time
          </Button>
        </div>
        <p class="soft">
          In the demo it is <time>{format.dayTime(known.now)}</time>. The panel takes the time from its calendar
          service.
        </p>
      </fieldset>
    </section>
  );
}
