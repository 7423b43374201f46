/** Head, main menu and the page chosen in it. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Account } from './account.tsx';
import { Attention } from './attention.tsx';
import { Menu, PAGE_NAMES } from './menu.tsx';
import { DemoPage } from './pages/demo/page.tsx';
import { FreeMacsPage } from './pages/free-macs/page.tsx';
import { GeneralSettingsPage } from './pages/general-settings/page.tsx';
import { LicenceKeysPage } from './pages/licence-keys/page.tsx';
import { RoomsPage } from './pages/rooms/page.tsx';
import { ServerSettingsPage } from './pages/server-settings/page.tsx';
import { SetUpPage } from './pages/set-up/page.tsx';
import { Button } from './parts/button.tsx';
import { Confirm } from './parts/dialog.tsx';
import { Logo } from './parts/icon.tsx';
import { Notice } from './parts/notice.tsx';
import { focusHeading } from './parts/page-head.tsx';
import { useConsole, useResources } from './state/console.ts';
import type { Route } from './state/route.ts';

export function Frame({ username }: { username: string }) {
  const { router, overview, isCutOff, signOut } = useConsole();
  useResources(overview);
  const route = router.route.value;
  const asking = router.asking.value;
  const isFirst = useRef(true);
  useEffect(() => {
    document.title = `${PAGE_NAMES[route.page]} · Lintel`;
  }, [route.page]);
  useLayoutEffect(() => {
    // Whoever follows the menu by keyboard or by ear lands on the page's heading; at the start nothing is moved.
    if (!isFirst.current) focusHeading();
    isFirst.current = false;
  }, [route.page]);

  return (
    <div class="frame">
      <button type="button" class="skip" onClick={focusHeading}>
        Skip to the page
      </button>
      <header class="head">
        <a class="brand" href="#/server-settings" aria-label="Lintel">
          <Logo />
          <span>Lintel</span>
        </a>
        <Account username={username} />
        <Button look="quiet" icon="leave" onPress={() => router.askBefore(() => signOut('left'))}>
          Log out
        </Button>
      </header>
      <Menu current={route.page} overview={overview.value.value} />
      <main class="content">
        {isCutOff.value && (
          <Notice tone="warn" isAnswer>
            Central does not answer. This page shows what was known last, and catches up by itself.
          </Notice>
        )}
        <Attention page={route.page} overview={overview.value.value} />
        <CurrentPage route={route} />
      </main>
      {asking && (
        <Confirm
          title={asking.title}
          verb={asking.leave}
          stay={asking.stay}
          onConfirm={() => router.answer('leave')}
          onClose={() => router.answer('stay')}
        >
          <p>{asking.text}</p>
        </Confirm>
      )}
    </div>
  );
}

function CurrentPage({ route }: { route: Route }) {
  switch (route.page) {
    case 'server-settings':
      return <ServerSettingsPage connection={route.connection} isNew={route.isNew} />;
    case 'rooms':
      return <RoomsPage find={route.find} room={route.room} />;
    case 'licence-keys':
      return <LicenceKeysPage />;
    case 'free-macs':
      return <FreeMacsPage code={route.code} />;
    case 'general-settings':
      return <GeneralSettingsPage scope={route.scope} view={route.view} />;
    case 'demo':
      return <DemoPage />;
    case 'set-up':
      return <SetUpPage />;
  }
}
