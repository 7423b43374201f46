/** The part of oidc-provider 9 that the tenant uses; the package brings no types. */
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  export type Payload = Record<string, unknown>;

  export interface Adapter {
    upsert(id: string, payload: Payload, expiresIn?: number): Promise<void>;
    find(id: string): Promise<Payload | undefined>;
    findByUserCode(userCode: string): Promise<Payload | undefined>;
    findByUid(uid: string): Promise<Payload | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  export interface Context {
    req: IncomingMessage;
    path: string;
    method: string;
    status: number;
    type: string;
    body: unknown;
    get(header: string): string;
    oidc?: {
      route?: string;
      params?: { client_id?: string; scope?: string; grant_type?: string; redirect_uri?: string };
      session?: { accountId?: string };
      client?: { clientId: string };
      entities: { Account?: { accountId: string }; Client?: { clientId: string } };
    };
  }

  export interface Grant {
    addOIDCScope(scope: string): void;
    addResourceScope(resource: string, scope: string): void;
    save(): Promise<string>;
  }

  export interface Token {
    kind: string;
    accountId?: string;
    clientId?: string;
    scope?: string;
    scopes: Set<string>;
  }

  export interface Prompt {
    checks: { clear(): void };
  }

  export interface Interaction {
    uid: string;
    prompt: { name: string };
    params: Record<string, unknown>;
  }

  export type InteractionResult = { login: { accountId: string } } | { error: string; error_description: string };

  export class Provider {
    constructor(issuer: string, configuration: Payload);
    readonly Grant: new (properties: {
      accountId: string;
      clientId: string;
    }) => Grant;
    readonly Client: { prototype: { redirectUriAllowed(uri: string): boolean } };
    use(middleware: (ctx: Context, next: () => Promise<void>) => Promise<void>): this;
    on(event: 'grant.error' | 'server_error', listener: (ctx: Context, error: Error) => void): this;
    callback(): (req: IncomingMessage, res: ServerResponse) => Promise<void>;
    interactionDetails(req: IncomingMessage, res: ServerResponse): Promise<Interaction>;
    interactionResult(req: IncomingMessage, res: ServerResponse, result: InteractionResult): Promise<string>;
  }

  export const interactionPolicy: { base(): Prompt[] & { get(name: string): Prompt | undefined } };
}
