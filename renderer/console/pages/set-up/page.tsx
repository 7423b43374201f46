import { useState } from 'preact/hooks';
import type { SetUp } from '../../../../src/contract/wire/console.ts';
import { Button } from '../../parts/button.tsx';
import { FailureNotice, Notice } from '../../parts/notice.tsx';
import { focusHeading, Loading, PageHead } from '../../parts/page-head.tsx';
import { useRequest } from '../../parts/use-request.ts';
import { useConsole, useResources } from '../../state/console.ts';
import { hrefOf } from '../../state/route.ts';
import { SetUpStep } from './step.tsx';
import { currentStep, stepsOf } from './steps.ts';

export function SetUpPage() {
  const { setUp } = useConsole();
  useResources(setUp);
  const known = setUp.value.value;
  return (
    <div class="page">
      {known ? (
        <Steps known={known} />
      ) : (
        <>
          <PageHead title="Set-up" />
          <Loading failure={setUp.failure.value} onRetry={setUp.refresh} />
        </>
      )}
    </div>
  );
}

function Steps({ known }: { known: SetUp }) {
  const { api, setUp } = useConsole();
  const request = useRequest();
  const [isPasswordNew, setPasswordNew] = useState(false);
  const isDone = currentStep(known) === null;
  const put = (isDismissed: boolean, onOk: () => void) =>
    void request.run(
      () => api.dismissSetUp(isDismissed),
      () => {
        if (setUp.value.value) setUp.value.value = { ...setUp.value.value, isDismissed };
        onOk();
      },
    );
  return (
    <>
      <PageHead
        title="Set-up"
        action={
          !isDone &&
          !known.isDismissed && (
            <Button
              isBusy={request.isBusy}
              onPress={() =>
                put(true, () => {
                  window.location.hash = hrefOf('server-settings');
                })
              }
            >
              Do this later
            </Button>
          )
        }
      >
        Four steps from an empty server to the first room with a panel. You can leave at any time and go on later.
      </PageHead>
      {request.failure && <FailureNotice failure={request.failure} />}
      {isDone && (
        <Notice tone="good" title="All set up" action={<a href={hrefOf('rooms')}>Show the rooms</a>}>
          Your first room has its panel. The others go the same way.
        </Notice>
      )}
      {!isDone && known.isDismissed && (
        <Notice tone="info" action={<Button onPress={() => put(false, focusHeading)}>Take it up again</Button>}>
          You put the set-up aside, so no other page reminds you of it.
        </Notice>
      )}
      {isPasswordNew && known.hasOwnPassword && (
        <Notice tone="good" isAnswer>
          Your password was changed.
        </Notice>
      )}
      <ol class="set-up-steps">
        {stepsOf(known).map((step, index) => (
          <SetUpStep
            key={step.name}
            step={step}
            number={index + 1}
            known={known}
            onPasswordChanged={() => {
              setPasswordNew(true);
              focusHeading();
            }}
          />
        ))}
      </ol>
    </>
  );
}
