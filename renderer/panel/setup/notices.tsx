import type { Screen } from '../../../src/contract/bridge/view.ts';
import { plainText } from '../../ui/plain-text.ts';
import { usePanel } from '../panel-context.ts';
import { Fact, Facts } from './facts.tsx';
import { Sheet } from './sheet.tsx';

type Of<K extends Screen['kind']> = { screen: Extract<Screen, { kind: K }> };

export function Conflict({ screen }: Of<'identity-conflict'>) {
  const { text } = usePanel();
  return (
    <Sheet name="identity-conflict" class="notice notice-bad" title={text.conflict.title} lead={text.conflict.lead}>
      <Facts>
        <Fact name={text.pairing.mac} value={screen.mac ?? text.pairing.noMac} />
        <Fact name={text.pairing.central} value={plainText(screen.centralUrl)} />
      </Facts>
    </Sheet>
  );
}

export function Revoked({ screen }: Of<'revoked'>) {
  const { text } = usePanel();
  return (
    <Sheet name="revoked" class="notice" title={text.revoked.title} lead={text.revoked.lead}>
      <Facts>
        <Fact name={text.pairing.central} value={plainText(screen.centralUrl)} />
      </Facts>
    </Sheet>
  );
}

export function VersionUnsupported({ screen }: Of<'version-unsupported'>) {
  const { text } = usePanel();
  return (
    <Sheet name="version-unsupported" class="notice" title={text.version.title} lead={text.version.lead}>
      <Facts>
        <Fact name={text.pairing.central} value={plainText(screen.centralUrl)} />
      </Facts>
    </Sheet>
  );
}
