import { useEffect } from 'preact/hooks';
import { FirstVisit } from './first-visit.tsx';
import { Frame } from './frame.tsx';
import { LogInPage } from './pages/log-in.tsx';
import { Button } from './parts/button.tsx';
import { Notice } from './parts/notice.tsx';
import { useConsole } from './state/console.ts';

/** What the session allows: the pages, or the way in. The address stays, so that log-in leads back to where one was. */
export function App() {
  const { session, checkSession } = useConsole();
  const state = session.value;
  useEffect(() => {
    if (state.kind !== 'signed-in') document.title = 'Log in · Lintel';
  }, [state.kind]);
  switch (state.kind) {
    case 'checking':
      return (
        <main class="lone" aria-busy="true">
          <p class="soft">Connecting to central…</p>
        </main>
      );
    case 'unreachable':
      return (
        <main class="lone">
          <h1 class="sr-only">Lintel</h1>
          <Notice
            tone="bad"
            title="Central does not answer"
            action={<Button onPress={() => void checkSession()}>Try again</Button>}
            isAnswer
          >
            Check that it runs and that this computer can reach it.
          </Notice>
        </main>
      );
    case 'signed-out':
      return <LogInPage why={state.why} />;
    case 'signed-in':
      return (
        <>
          <FirstVisit />
          <Frame username={state.username} />
        </>
      );
  }
}
