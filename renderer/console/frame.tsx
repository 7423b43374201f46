/** Head, main menu and the page chosen in it. */
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import { Attention } from './attention.tsx';
import { Menu, PAGE_NAMES } from './menu.tsx';
import { FreeMacsPage } from './pages/free-macs/page.tsx';
import { LicenceKeysPage } from './pages/licence-keys.tsx';
import { RoomsPage } from './pages/rooms/page.tsx';
import { ServerSettingsPage } from './pages/server-settings/page.tsx';
import { Button } from './parts/button.tsx';
import { Confirm } from './parts/dialog.tsx';
import { Logo } from './parts/icon.tsx';
import { Notice } from './parts/notice.tsx';
import { focusHeading } from './parts/page-head.tsx';
import { Foreign } from './parts/text.tsx';
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
        <span class="who">
          <Foreign text={username} />
        </span>
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
      return <ServerSettingsPage />;
    case 'rooms':
      return <RoomsPage find={route.find} />;
    case 'licence-keys':
      return <LicenceKeysPage />;
    case 'free-macs':
      return <FreeMacsPage code={route.code} />;
  }
}
