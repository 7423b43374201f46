/** Why there is no token: cause, mend, the button that mends it, and the provider's own words behind a disclosure. */
import type { TokenProblem } from '../../../../src/contract/wire/console.ts';
import { plainText } from '../../../ui/plain-text.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Ago, Foreign } from '../../parts/text.tsx';
import { adviceOn, type MendBy } from './aadsts.ts';

const BUTTONS: Record<MendBy, string> = {
  'get-token': 'Get a new access token',
  consent: 'Ask an administrator',
  credential: 'Enter a new one',
  'client-id': 'Check the client ID',
  'tenant-id': 'Check the tenant ID',
  'try-again': 'Try again',
  entra: 'Try again',
};

type ProblemNoticeProps = {
  problem: TokenProblem;
  /** Nobody signs in: the token is the application's own. */
  isApp: boolean;
  /** A token is there, and its last refresh failed. */
  isIssued: boolean;
  isBusy: boolean;
  onMend: (by: MendBy) => void;
};

export function ProblemNotice({ problem, isApp, isIssued, isBusy, onMend }: ProblemNoticeProps) {
  const { cause, mend, by } = adviceOn(problem, isApp);
  return (
    <Notice tone={isIssued ? 'warn' : 'bad'} title={cause}>
      <p>{mend}</p>
      <div class="notice-mend">
        <Button look="primary" isBusy={isBusy} onPress={() => onMend(by)}>
          {BUTTONS[by]}
        </Button>
      </div>
      <ProviderWords problem={problem} />
    </Notice>
  );
}

export const ProviderWords = ({ problem }: { problem: TokenProblem }) => (
  <details class="raw">
    <summary>
      {problem.code ? (
        <>
          The provider's own words (<Foreign text={problem.code} />)
        </>
      ) : (
        "The provider's own words"
      )}
    </summary>
    <pre>{plainText(problem.detail)}</pre>
    <p class="soft small">
      <Ago at={problem.at} />
    </p>
  </details>
);
