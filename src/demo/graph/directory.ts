/** me, users and organization. */
import type { Mailbox } from '../store/mailboxes.ts';
import { mustHave } from './auth.ts';
import { type GraphApp, type GraphContext, mailboxOf } from './context.ts';
import { GraphError } from './errors.ts';

export function addDirectoryRoutes(app: GraphApp, graph: GraphContext) {
  app.get('/me', c => {
    const caller = c.get('caller');
    if (caller.kind === 'app')
      throw new GraphError(400, 'BadRequest', '/me request is only valid with delegated authentication flow.');
    mustHave(caller, 'User.Read');
    return c.json(renderUser(graph, mailboxOf(c, graph), 'users/$entity'));
  });

  app.get('/users/:user', c => {
    const caller = c.get('caller');
    const mailbox = graph.calendars.mailboxes.find(c.req.param('user'));
    const isSelf = caller.kind === 'delegated' && mailbox?.id === caller.oid;
    mustHave(caller, ...(isSelf ? ['User.Read'] : []), 'User.ReadBasic.All', 'User.Read.All');
    if (mailbox === null)
      throw new GraphError(
        404,
        'Request_ResourceNotFound',
        `Resource '${c.req.param('user')}' does not exist or one of its queried reference-property objects are not present.`,
      );
    return c.json(renderUser(graph, mailbox, 'users/$entity'));
  });

  app.get('/organization', c => {
    mustHave(c.get('caller'), 'User.Read', 'User.Read.All');
    const verifiedDomains = [
      { capabilities: 'Email', isDefault: true, isInitial: true, name: 'lintel.example', type: 'Managed' },
    ];
    const value = [
      {
        id: graph.tenantId,
        displayName: graph.tenantName,
        countryLetterCode: 'NO',
        tenantType: 'AAD',
        verifiedDomains,
      },
    ];
    return c.json({ '@odata.context': `${graph.base}/$metadata#organization`, value });
  });
}

function renderUser(graph: GraphContext, mailbox: Mailbox, set: string) {
  const [givenName = '', ...rest] = mailbox.name.split(' ');
  return {
    '@odata.context': `${graph.base}/$metadata#${set}`,
    businessPhones: [],
    displayName: mailbox.name,
    givenName: mailbox.kind === 'user' ? givenName : null,
    jobTitle: null,
    mail: mailbox.address,
    mobilePhone: null,
    officeLocation: null,
    preferredLanguage: null,
    surname: mailbox.kind === 'user' ? rest.join(' ') : null,
    userPrincipalName: mailbox.address,
    id: mailbox.id,
  };
}
