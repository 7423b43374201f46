/** The pages a person sees while signing in: plain forms, no script, so that a test can drive them by following links. */
const STYLE = `body{margin:0;min-height:100vh;display:grid;place-items:center;background:#e9eef2;color:#1c2733;font:16px/1.5 system-ui,sans-serif}
main{width:min(92vw,26rem);padding:2.5rem;background:#fff;border-radius:10px;box-shadow:0 2px 6px #0002,0 12px 40px #0000001f}
h1{margin:.25rem 0 1rem;font-size:1.5rem}small{color:#5a6b7b}label{display:block;margin:1rem 0 .25rem;font-weight:600}
input{box-sizing:border-box;width:100%;padding:.6rem .7rem;font:inherit;border:1px solid #9aa9b7;border-radius:6px}
button{margin-top:1.5rem;padding:.65rem 1.6rem;font:inherit;font-weight:600;color:#fff;background:#0b5cab;border:0;border-radius:6px;cursor:pointer}
.error{padding:.7rem .9rem;background:#fdecea;border-left:4px solid #b3261e;border-radius:4px}code{overflow-wrap:anywhere}`;

/** Matches STYLE by hash-free policy: everything else is forbidden. */
export const PAGE_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; form-action *; frame-ancestors 'none'; base-uri 'none'";

function page(title: string, content: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><style>${STYLE}</style></head><body><main>${content}</main></body></html>`;
}

export function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

export function signInPage(options: {
  action: string;
  tenantName: string;
  username: string;
  problem: string | null;
}): string {
  const problem = options.problem === null ? '' : `<p class="error" role="alert">${escaped(options.problem)}</p>`;
  return page(
    'Sign in to your account',
    `<small>${escaped(options.tenantName)} · demo tenant</small><h1>Sign in</h1>${problem}
<form method="post" action="${escaped(options.action)}">
<label for="username">User name</label><input id="username" name="username" autocomplete="username" value="${escaped(options.username)}" required autofocus>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button></form>`,
  );
}

export function needApprovalPage(action: string): string {
  return page(
    'Need admin approval',
    `<h1>Need admin approval</h1><p class="error" role="alert">AADSTS90094: Lintel needs permission to access resources in your organization that only an admin can grant. Please ask an admin to grant permission to this app before you can use it.</p>
<form method="post" action="${escaped(action)}"><input type="hidden" name="decline" value="yes"><button type="submit">Return to the application without granting consent</button></form>`,
  );
}

export function consentPage(action: string, hidden: Record<string, string>, permissions: readonly string[]): string {
  const inputs = Object.entries(hidden).map(
    ([name, value]) => `<input type="hidden" name="${escaped(name)}" value="${escaped(value)}">`,
  );
  return page(
    'Permissions requested',
    `<h1>Permissions requested</h1><p>Lintel asks, for your whole organisation:</p><ul>${permissions.map(name => `<li>${escaped(name)}</li>`).join('')}</ul>
<form method="post" action="${escaped(action)}">${inputs.join('')}<button type="submit" name="answer" value="accept">Accept</button> <button type="submit" name="answer" value="cancel">Cancel</button></form>`,
  );
}

export function problemPage(message: string): string {
  return page(
    'Sign in problem',
    `<h1>Sorry, we’re having trouble signing you in.</h1><p class="error" role="alert"><code>${escaped(message)}</code></p>`,
  );
}
