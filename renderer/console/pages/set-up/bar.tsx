import { Button } from '../../parts/button.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import { hrefOf, type Page } from '../../state/route.ts';
import { currentStep, STEP_TITLES } from './steps.ts';

/** On every other page, while the set-up is not finished: where it goes on. Once put aside, on the first page only. */
export function SetUpBar({ page }: { page: Page }) {
  const { api, setUp } = useConsole();
  useResources(setUp);
  const known = setUp.value.value;
  const step = known && currentStep(known);
  if (page === 'set-up' || !step || (known.isDismissed && page !== 'server-settings')) return null;
  async function putAside() {
    const answer = await api.dismissSetUp(true);
    if (answer.kind === 'ok' && setUp.value.value) setUp.value.value = { ...setUp.value.value, isDismissed: true };
  }
  return (
    <section class={known.isDismissed ? 'set-up-bar set-up-bar-aside' : 'set-up-bar'} aria-label="Set-up">
      <span>
        {known.isDismissed ? 'Set-up put aside at' : 'Set-up:'} step {step.number} of {step.of},{' '}
        {STEP_TITLES[step.name].toLowerCase()}
      </span>
      <a class="button button-plain" href={hrefOf('set-up')}>
        Continue
      </a>
      {!known.isDismissed && (
        <Button look="quiet" onPress={() => void putAside()}>
          Later
        </Button>
      )}
    </section>
  );
}
