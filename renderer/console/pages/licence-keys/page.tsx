import { useState } from 'preact/hooks';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Loading, PageHead } from '../../parts/page-head.tsx';
import { useConsole, useResources } from '../../state/console.ts';
import { KeyList } from './key-list.tsx';
import { LicenceCard } from './licence-card.tsx';
import { NewKeys } from './new-keys.tsx';

export function LicenceKeysPage() {
  const { licenceKeys, licence } = useConsole();
  useResources(licenceKeys, licence);
  const [isCreating, setCreating] = useState(false);
  const known = licenceKeys.value.value;
  const status = licence.value.value;
  return (
    <div class="page">
      <PageHead
        title="Licence Keys"
        action={
          known?.length !== 0 && (
            <Button look="primary" icon="plus" isDisabled={isCreating} onPress={() => setCreating(true)}>
              Create keys
            </Button>
          )
        }
      >
        One key lets one panel join: pick it when you approve a panel, or type it on the panel itself.
      </PageHead>
      {isCreating && <NewKeys onDone={() => setCreating(false)} />}
      {status ? (
        <LicenceCard licence={status} />
      ) : (
        licence.failure.value && <Loading failure={licence.failure.value} onRetry={licence.refresh} />
      )}
      {!known && <Loading failure={licenceKeys.failure.value} onRetry={licenceKeys.refresh} />}
      {known?.length === 0 && !isCreating && (
        <EmptyState
          icon="key"
          title="No licence keys yet"
          action={
            <Button look="primary" icon="plus" onPress={() => setCreating(true)}>
              Create keys
            </Button>
          }
        >
          <p>Every panel is paired under a licence key. Create as many as you have panels.</p>
        </EmptyState>
      )}
      {known && known.length > 0 && <KeyList rows={known} />}
    </div>
  );
}
