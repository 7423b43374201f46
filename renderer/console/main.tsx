/** The console's composition root. */
import { render } from 'preact';
import * as v from 'valibot';
import { ZoneName } from '../../src/contract/values/time.ts';
import { DEFAULT_LOCALE, makeFormat } from '../i18n/format.ts';
import { App } from './app.tsx';
import './css/console.css';
import { createApi } from './state/api.ts';
import { browserClock } from './state/browser-clock.ts';
import { ConsoleContext, createConsole } from './state/console.ts';
import { createHttp } from './state/http.ts';
import { createRouter } from './state/router.ts';

const place = document.getElementById('console');
if (!place) throw new Error('index.html has no #console');

const ownZone = v.safeParse(ZoneName, Intl.DateTimeFormat().resolvedOptions().timeZone);
const zone = ownZone.success ? ownZone.output : v.parse(ZoneName, 'UTC');

const model = createConsole({
  clock: browserClock,
  router: createRouter(window),
  zone,
  format: makeFormat(DEFAULT_LOCALE, zone),
  centralUrl: window.location.origin,
  makeApi(onSignedOut, onClockOffset) {
    const http = createHttp({ fetch: window.fetch.bind(window), clock: browserClock, onClockOffset });
    return createApi(async (call, schema) => {
      const answer = await http(call, schema);
      // A wrong password at log-in is no expired session: nobody is signed in then, and signing out does nothing.
      if (answer.kind === 'signed-out') onSignedOut();
      return answer;
    });
  },
  openStream: () => new EventSource('api/v1/stream'),
  copy: text =>
    window.isSecureContext
      ? navigator.clipboard.writeText(text).then(
          () => true,
          () => false,
        )
      : Promise.resolve(false),
});

// Somebody who comes back to the tab wants today's state, also when the notices of change stopped unnoticed.
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') model.overview.refresh();
});
window.addEventListener('pagehide', event => {
  if (!event.persisted) model.stop();
});

render(
  <ConsoleContext.Provider value={model}>
    <App />
  </ConsoleContext.Provider>,
  place,
);
void model.checkSession();
