/** Signs in as a person would: follows redirects, keeps cookies, fills in the form. */
import type { TestTenant } from './tenant.ts';

export const CALLBACK = 'http://localhost:8080/console/oauth/callback';

export type Visit = { status: number; url: string; html: string };

/** Goes to `url` and on from there until a page is shown or the way leads to the callback, which is not fetched. */
export function makeBrowser(test: TestTenant) {
  const cookies = new Map<string, string>();

  async function go(url: string, form?: Record<string, string>): Promise<Visit> {
    const jar = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const post = form ? { method: 'POST', body: new URLSearchParams(form).toString() } : {};
    const headers = {
      cookie: jar,
      ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
      accept: 'text/html',
    };
    const response = await test.fetch(url, { headers, ...post });
    for (const cookie of response.headers.getSetCookie()) {
      const [pair = ''] = cookie.split(';');
      const at = pair.indexOf('=');
      if (pair.slice(at + 1) === '') cookies.delete(pair.slice(0, at));
      else cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    const location = response.headers.get('location');
    if (location === null) return { status: response.status, url, html: await response.text() };
    const next = new URL(location, url).href;
    if (next.includes('/console/oauth/callback')) return { status: response.status, url: next, html: '' };
    return go(next);
  }

  const formAction = (visit: Visit) => new URL(/action="([^"]+)"/.exec(visit.html)?.[1] ?? '', visit.url).href;
  return {
    go,
    formAction,
    /** From the authorize address to the callback's, with the right password. */
    async signIn(authorize: string): Promise<URL> {
      const page = await go(authorize);
      if (page.html === '') return new URL(page.url);
      const { username, password } = test.tenant;
      const back = await go(formAction(page), { username, password });
      return new URL(back.url);
    },
  };
}
