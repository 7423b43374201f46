import { useEffect, useRef } from 'preact/hooks';
import { isUntouched } from './pages/set-up/steps.ts';
import { useConsole, useResources } from './state/console.ts';
import { hrefOf } from './state/route.ts';

/** Opens the set-up once after log-in when nothing is set up yet and the address names no page. */
export function FirstVisit() {
  const { setUp } = useConsole();
  useResources(setUp);
  const isDecided = useRef(false);
  const known = setUp.value.value;
  useEffect(() => {
    if (known === null || isDecided.current) return;
    isDecided.current = true;
    const namesNoPage = window.location.hash.replace(/^#\/?/, '') === '';
    // In place of the address: the way back must not lead here again.
    if (namesNoPage && isUntouched(known)) window.location.replace(hrefOf('set-up'));
  }, [known]);
  return null;
}
