import { Icon } from '../../parts/icon.tsx';
import { ALL_CONNECTIONS } from './links.ts';

export const BackLink = () => (
  <a class="back-link" href={ALL_CONNECTIONS}>
    <Icon name="back" />
    All server settings
  </a>
);
