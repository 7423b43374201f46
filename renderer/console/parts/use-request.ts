import { useState } from 'preact/hooks';
import type { Answer, Failure } from '../state/http.ts';

/** One request at a time, as a dialog needs it: busy while it runs, and why the last one came to nothing. */
export function useRequest() {
  const [isBusy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  return {
    isBusy,
    failure,
    forget: () => setFailure(null),
    /** Does nothing while another one runs. */
    async run<T>(request: () => Promise<Answer<T>>, onOk: (value: T) => void, onFailed?: (failure: Failure) => void) {
      if (isBusy) return;
      setBusy(true);
      setFailure(null);
      const answer = await request();
      setBusy(false);
      if (answer.kind === 'ok') return onOk(answer.value);
      setFailure(answer);
      onFailed?.(answer);
    },
  };
}
