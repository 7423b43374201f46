/** Graph's error answers. Texts as Microsoft's service gives them, where they were seen. */
import type { ContentfulStatusCode } from 'hono/utils/http-status';

/** Thrown inside a handler to answer with Graph's error body; caught once, in app.ts. */
export class GraphError extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly headers: Record<string, string>;

  constructor(status: ContentfulStatusCode, code: string, message: string, headers: Record<string, string> = {}) {
    super(message);
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const badRequest = (message: string, code = 'ErrorInvalidRequest') => new GraphError(400, code, message);
export const invalidParameter = (message: string) => new GraphError(400, 'ErrorInvalidParameter', message);
export const notFound = () =>
  new GraphError(404, 'ErrorItemNotFound', 'The specified object was not found in the store.');
export const unknownMailbox = (key: string) =>
  new GraphError(404, 'ErrorInvalidUser', `The requested user '${key}' is invalid.`);
export const accessDenied = () =>
  new GraphError(403, 'ErrorAccessDenied', 'Access is denied. Check credentials and try again.');
export const directoryDenied = () =>
  new GraphError(403, 'Authorization_RequestDenied', 'Insufficient privileges to complete the operation.');
export const duplicate = () =>
  new GraphError(
    409,
    'ErrorDuplicateTransactionId',
    "Your request can't be completed. An event with this transaction id already exists.",
  );
export const preconditionFailed = () =>
  new GraphError(
    412,
    'ErrorIrresolvableConflict',
    'The send or update operation could not be performed because the change key passed in the request does not match the current change key for the item., Cannot save changes made to an item to store.',
  );
export const unauthorized = (message: string) =>
  new GraphError(401, 'InvalidAuthenticationToken', message, {
    'WWW-Authenticate':
      'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
  });

/** `innererror` and `Date` are spelled as Microsoft's OpenAPI file has them. */
export function errorBody(code: string, message: string, requestId: string, clientRequestId: string, at: string) {
  return {
    error: {
      code,
      message,
      innererror: { Date: at, 'request-id': requestId, 'client-request-id': clientRequestId },
    },
  };
}
