/**
 * Microsoft's own description of Graph, as a judge between the provider and whatever answers it: requests that Graph
 * would not know and answers that Graph would not give are named. The description is not part of this project; where
 * it is absent, `loadGraphContract` gives null and the tests that need it skip by name.
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { OpenAPIBackend } from 'openapi-backend';

export type GraphRequest = {
  method: string;
  /** Path without query as it stands on the wire (`/v1.0/users/a%40b/events`). */
  path: string;
  query?: Record<string, string | string[]>;
  headers?: Record<string, string | string[]>;
  /** The body as text or as a value; undefined when there was none. */
  body?: unknown;
};
export type GraphResponse = { method: string; path: string; status: number; body?: unknown };

export interface GraphContract {
  /** What is wrong with a request, one line each; empty when Graph knows it. */
  checkRequest(request: GraphRequest): string[];
  /** What is wrong with an answer, one line each; empty when Graph could have given it. */
  checkResponse(response: GraphResponse): string[];
}

/** Where the description lies. */
export function graphContractPath(): string {
  const beside = fileURLToPath(new URL('../../../shared/graph/contract.json', import.meta.url));
  return process.env.LINTEL_GRAPH_CONTRACT ?? beside;
}

/**
 * The actions answer 202 without a body (learn.microsoft.com, event-decline, event-cancel, event-accept), which the
 * OpenAPI file generalises to 204.
 */
const ACTIONS = /\/(?:accept|tentativelyAccept|decline|cancel)$/;

/** Ajv brings no formats; an unknown one would be ignored. */
const FORMATS = {
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  time: /^\d\d:\d\d:\d\d(?:\.\d+)?$/,
  duration: /^-?P[0-9YMWDTHS.]+$/,
  uuid: /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  uri: /^[a-z][a-z0-9+.-]*:/i,
};

/** The library splits every `explode: false` parameter into a list, `$top` too, and then finds no integer there. */
function withoutScalarExplode(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('explode' in value) || !('schema' in value)) return value;
  const isList = JSON.stringify(value.schema).includes('"type":"array"');
  return isList ? value : { ...value, explode: undefined };
}

/** The judge, or null when the description is not there. A schema that does not compile throws: never swallowed. */
export async function loadGraphContract(): Promise<GraphContract | null> {
  const text = await readFile(graphContractPath(), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (text === null) return null;
  const api = new OpenAPIBackend({
    definition: JSON.parse(text, withoutScalarExplode),
    // Not quick, it would judge this 3.1 document by the 3.0 schema; schemas then compile at their first use, and throw.
    quick: true,
    ignoreTrailingSlashes: false,
    ajvOpts: { strict: false, allErrors: true },
    customizeAjv: ajv => Object.entries(FORMATS).reduce((known, [name, format]) => known.addFormat(name, format), ajv),
  });
  await api.init();

  const find = (method: string, path: string) =>
    api.router.matchOperation({ method, path, headers: {} }) ?? `${method} ${path}: Graph knows no such operation`;

  return {
    checkRequest({ method, path, query = {}, headers = {}, body }) {
      const operation = find(method, path);
      if (typeof operation === 'string') return [operation];
      const problems: string[] = [];
      const hasBody = body !== undefined && body !== '';
      if (hasBody && operation.requestBody === undefined) problems.push(`${method} ${path} takes no body`);
      const type = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')?.[1];
      if (hasBody && !/^application\/json\b/i.test(String(type))) problems.push(`content-type ${type}, not JSON`);
      const parsed = hasBody ? parse(body) : undefined;
      if (parsed instanceof SyntaxError) return [...problems, `body: ${parsed.message}`];
      const { errors } = api.validator.validateRequest(
        // The library checks a body only when it is an object or announced as JSON.
        { method, path, query: structuredClone(query), headers: { 'content-type': 'application/json' }, body: parsed },
        operation,
      );
      return [...problems, ...describe(errors)];
    },

    checkResponse({ method, path, status, body }) {
      const operation = find(method, path);
      if (typeof operation === 'string') return [operation];
      const responses = Object.keys(operation.responses ?? {});
      const isActionDone = status === 202 && ACTIONS.test(path);
      const known = responses.some(code => code === String(status) || code === `${Math.floor(status / 100)}XX`);
      if (!known && !isActionDone) return [`${method} ${path} never answers ${status} (only ${responses.join(', ')})`];
      const isEmpty = body === undefined || body === null || body === '';
      if (status === 204 || isActionDone) return isEmpty ? [] : [`a ${status} has no body`];
      const parsed = isEmpty ? undefined : parse(body);
      if (parsed === undefined) return [`${status} without a body`];
      if (parsed instanceof SyntaxError) return [`body: ${parsed.message}`];
      return describe(api.validator.validateResponse(parsed, operation, status).errors);
    },
  };
}

function parse(body: unknown): unknown {
  if (typeof body !== 'string') return body;
  try {
    return JSON.parse(body);
  } catch (error) {
    return error;
  }
}

type Complaint = { instancePath: string; message?: string | undefined; params: Record<string, unknown> };
const describe = (errors: readonly Complaint[] | null | undefined) =>
  (errors ?? []).map(e => `${e.instancePath || '/'} ${e.message ?? 'is wrong'} ${JSON.stringify(e.params)}`);
