import { useState } from 'preact/hooks';
import type { ServiceView } from '../../../src/contract/bridge/view.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { plainText } from '../../ui/plain-text.ts';
import { usePanel } from '../panel-context.ts';
import { Fact, Facts } from '../setup/facts.tsx';
import { Sheet, Trouble } from '../setup/sheet.tsx';

type Open = Extract<ServiceView, { kind: 'open' }>;

const NOTHING = '–';

/** What this panel is, and the two things that can be done to it. */
export function ServiceFacts({ facts }: { facts: Open }) {
  const { text, format } = usePanel();
  const { service, pairing } = text;
  return (
    <Sheet name="service" class="service" title={service.title} hasSpot={false}>
      <Facts>
        <Fact name={service.name} value={facts.panelName === null ? NOTHING : plainText(facts.panelName)} />
        <Fact name={service.host} value={plainText(facts.hostname)} />
        <Fact name={pairing.mac} value={facts.mac ?? pairing.noMac} />
        <Fact name={pairing.central} value={facts.centralUrl === null ? NOTHING : plainText(facts.centralUrl)} />
        <Fact name={service.version} value={facts.agentVersion} />
        <Fact
          name={service.settings}
          value={facts.configVersion === null ? NOTHING : service.settingsVersion(format.number(facts.configVersion))}
        />
        <Fact name={service.lastRead} value={facts.lastRead === null ? NOTHING : format.dateTime(facts.lastRead)} />
      </Facts>
      <ServiceKeys canLeave={facts.canLeave} />
    </Sheet>
  );
}

type Step = 'choosing' | 'restarting' | 'sure?' | 'leaving';

function ServiceKeys({ canLeave }: { canLeave: boolean }) {
  const { model, text } = usePanel();
  const { service } = text;
  const [step, setStep] = useState<Step>('choosing');
  const restart = () => {
    setStep('restarting');
    model.send({ kind: 'restart' });
  };
  const leave = () => {
    setStep('leaving');
    model.send({ kind: 'leave-central' });
  };
  if (step === 'sure?') {
    return (
      <div class="sheet-actions">
        <div class="service-warning">
          <Trouble>{service.leaveWarning}</Trouble>
        </div>
        <Button look="primary" onPress={() => setStep('choosing')} testId="keep">
          {service.keep}
        </Button>
        <Button onPress={leave} testId="leave-sure">
          {service.leaveSure}
        </Button>
      </div>
    );
  }
  const isDone = step !== 'choosing';
  return (
    <div class="sheet-actions">
      {!canLeave && <p class="service-note">{service.leaveNeedsPin}</p>}
      <Button look="primary" onPress={model.closeService} testId="close-service">
        {service.close}
      </Button>
      <Button isDisabled={isDone} onPress={restart} testId="restart">
        <Icon name="repeat" />
        {step === 'restarting' ? service.restarting : service.restart}
      </Button>
      {canLeave && (
        <Button isDisabled={isDone} onPress={() => setStep('sure?')} testId="leave">
          <Icon name="stop" />
          {step === 'leaving' ? service.leaving : service.leave}
        </Button>
      )}
    </div>
  );
}
