/** Which permission serves what, and whether it was granted. */
import type { ServerSettings, SignInKind } from '../../../../src/contract/wire/console.ts';
import { Notice } from '../../parts/notice.tsx';
import { Foreign, State } from '../../parts/text.tsx';
import { count } from '../../words.ts';
import { isApplication } from './kinds.ts';
import { type Grant, grantOf, permissionsOf, superfluous } from './permissions.ts';

const GRANTS: Record<Grant, { tone: 'good' | 'bad' | 'off'; word: string }> = {
  granted: { tone: 'good', word: 'Granted' },
  missing: { tone: 'bad', word: 'Missing' },
  unknown: { tone: 'off', word: 'Not known yet' },
};

export function PermissionsCard({ known: { token }, signIn }: { known: ServerSettings; signIn: SignInKind }) {
  const rows = permissionsOf(signIn).map(permission => ({ ...permission, grant: grantOf(permission, token) }));
  const missing = rows.filter(({ grant }) => grant === 'missing').length;
  const tooMuch = superfluous(signIn, token);
  return (
    <details class="card advanced" open={missing > 0 || undefined}>
      <summary>
        Permissions <span class="soft">{summaryOf(rows.length, missing, token.kind === 'issued')}</span>
      </summary>
      <div class="permissions-fold">
        <p class="soft">
          {isApplication(signIn)
            ? 'As an application, Entra grants these for every mailbox; Exchange can restrict the app to the rooms (RBAC for Applications).'
            : 'With a service account, Entra’s permissions are not enough: Exchange must also give the account rights to each room. Room health below checks that.'}
        </p>
        <table class="table permissions">
          <caption class="sr-only">Permissions</caption>
          <thead>
            <tr>
              <th scope="col">Permission</th>
              <th scope="col">What it serves</th>
              <th scope="col" class="wide-only">
                Allowed by
              </th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ name, serves, allowedBy, grant }) => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>{serves}</td>
                <td class="wide-only">{allowedBy === 'administrator' ? 'An administrator' : 'Whoever signs in'}</td>
                <td>
                  <State tone={GRANTS[grant].tone}>{GRANTS[grant].word}</State>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
        {tooMuch.length > 0 && (
          <Notice tone="warn" title="More is granted than Lintel uses">
            <Foreign text={tooMuch.join(', ')} /> can be taken away in the app registration under API permissions.
          </Notice>
        )}
        <p class="soft small">Lintel asks for nothing beyond this list.</p>
      </div>
    </details>
  );
}

function summaryOf(total: number, missing: number, isIssued: boolean): string {
  if (missing > 0) return `${missing} of ${total} missing`;
  const all = count(total, { one: '# permission', other: '# permissions' });
  return isIssued ? `${all}, none missing` : `${all}, and what each is for`;
}
