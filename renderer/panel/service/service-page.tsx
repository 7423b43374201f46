import type { ServiceView } from '../../../src/contract/bridge/view.ts';
import { PinPad } from './pin-pad.tsx';
import { ServiceFacts } from './service-facts.tsx';

/** For whoever looks after the panel. It takes the place of any screen, and what was half typed there is forgotten. */
export function ServicePage({ service }: { service: ServiceView }) {
  return service.kind === 'asking' ? <PinPad asking={service} /> : <ServiceFacts facts={service} />;
}
