import { CopyButton } from '../../parts/copy-button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { useConsole } from '../../state/console.ts';

export function NobodyWaits() {
  const { centralUrl } = useConsole();
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(new URL(centralUrl).hostname);
  return (
    <EmptyState icon="panel" title="No panel waits">
      <p>Switch a panel on. When it asks for central, type this address on it:</p>
      <p class="address-to-type">
        <code>{centralUrl}</code> <CopyButton text={centralUrl}>Copy</CopyButton>
      </p>
      {isLocal && (
        <p class="soft">From another machine, use this computer's name instead of {new URL(centralUrl).hostname}.</p>
      )}
      <p class="soft">It then shows a code and appears here by itself, within a second.</p>
    </EmptyState>
  );
}
