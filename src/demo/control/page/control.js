// The control page: reads the control API every two seconds and shows what it says. No framework, no build.
const API = '/control/api';
const READ_EVERY_MS = 2000;

const FAULTS = [
  { label: '429, 10 s', fault: { kind: 'throttle', status: 429, retryAfter: '10' } },
  { label: '429, 2.128 s', fault: { kind: 'throttle', status: 429, retryAfter: '2.128' } },
  { label: '503, 60 s', fault: { kind: 'throttle', status: 503, retryAfter: '60' } },
  { label: '500', fault: { kind: 'error', status: 500 } },
  { label: 'Slow, 5 s', fault: { kind: 'slow', ms: 5000 } },
  { label: 'Drop connection', fault: { kind: 'drop' } },
  { label: 'Lose the reply', fault: { kind: 'lost-reply' } },
  { label: 'Half-open socket', fault: { kind: 'half-open' } },
  { label: 'Half an answer', fault: { kind: 'truncated' } },
  { label: 'Drip, 20 s', fault: { kind: 'drip', ms: 20000 } },
  { label: '401', fault: { kind: 'unauthorized' } },
  { label: '401 with claims', fault: { kind: 'claims-challenge' } },
  { label: 'Empty token', fault: { kind: 'empty-token' } },
  { label: 'Consent missing', fault: { kind: 'consent-missing' } },
  { label: 'Captive portal', fault: { kind: 'captive-portal' } },
  { label: 'Unknown words', fault: { kind: 'unknown-enum' } },
  { label: 'Clock +5 min', fault: { kind: 'clock-skew', ms: 300000 } },
  { label: 'All-day shifted', fault: { kind: 'all-day-zoned' } },
  { label: '409 for a known key', fault: { kind: 'duplicate-refused' } },
  { label: 'Rooms answer after 10 s', fault: { kind: 'answer-delay', ms: 10000 } },
  { label: 'Rooms need approval', fault: { kind: 'needs-approval' } },
  { label: 'Rooms never answer', fault: { kind: 'never-answers' } },
  { label: 'Notifications lost', fault: { kind: 'notifications-lost' } },
];

const $ = id => document.getElementById(id);

/** An element with properties and children; text is always text. */
function el(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

async function call(method, path, body) {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(API + path, { method, ...init });
  return response.status === 204 ? null : response.json();
}

const time = (iso, zone) =>
  new Intl.DateTimeFormat('en-GB', { timeStyle: 'short', timeZone: zone }).format(new Date(iso));

function meetingRow(room, meeting, now, zone) {
  const isNow = meeting.start <= now && now < meeting.end && !meeting.isCancelled;
  const names = [meeting.end <= now ? 'past' : '', isNow ? 'now' : '', meeting.isCancelled ? 'off' : ''];
  const when = meeting.isAllDay ? 'all day' : `${time(meeting.start, zone)}–${time(meeting.end, zone)}`;
  const title = `${meeting.sensitivity === 'private' ? 'Private: ' : ''}${meeting.subject.trim() || '(no subject)'}`;
  const cancel = el('button', { className: 'small', textContent: '✕', title: 'The organiser cancels it' });
  cancel.setAttribute('aria-label', `Cancel ${title}`);
  cancel.addEventListener('click', async () => {
    await call('DELETE', `/rooms/${encodeURIComponent(room.address)}/meetings/${encodeURIComponent(meeting.id)}`);
    await refresh();
  });
  const subject = el('span', {
    className: 'subject',
    textContent: title,
    title: `${title}, ${meeting.organizer ?? 'no organiser'}`,
  });
  return el(
    'li',
    { className: names.join(' ') },
    el('span', { textContent: when }),
    subject,
    meeting.isCancelled ? '' : cancel,
  );
}

function roomCard(room, now, zone) {
  const current = room.meetings.find(m => m.start <= now && now < m.end && !m.isCancelled && m.showAs !== 'free');
  const status = el('span', { className: current ? 'taken' : 'free', textContent: current ? 'taken' : 'free' });
  const rows = room.meetings.map(meeting => meetingRow(room, meeting, now, zone));
  const place = el('small', { textContent: `${room.floorLabel}, ${room.capacity} seats` });
  return el('article', {}, el('h3', {}, el('span', {}, room.name, place), status), el('ul', {}, ...rows));
}

function fillSelect(select, rooms) {
  if (select.dataset.filled) return;
  select.dataset.filled = 'yes';
  for (const room of rooms) select.append(el('option', { value: room.address, textContent: room.name }));
}

function showFaults(faults) {
  const rows = faults.map(fault => {
    const { id, kind, times, mailbox, ...rest } = fault;
    const details = Object.entries(rest).flatMap(([name, value]) => (value === null ? [] : [`${name} ${value}`]));
    const parts = [kind, ...details, ...(mailbox ? [mailbox] : []), ...(times ? [`${times}×`] : [])];
    const off = el('button', { className: 'small', textContent: 'switch off' });
    off.addEventListener('click', async () => {
      await call('DELETE', `/faults/${id}`);
      await refresh();
    });
    return el('li', {}, parts.join(', '), off);
  });
  $('faults').replaceChildren(...(rows.length > 0 ? rows : [el('li', { textContent: 'none' })]));
}

function showAccount(state) {
  const entries = ['authority', 'graph', 'tenantId', 'clientId', 'clientSecret', 'username', 'password'];
  $('account').replaceChildren(
    ...entries.flatMap(name => [el('dt', { textContent: name }), el('dd', { textContent: state[name] })]),
  );
}

async function refresh() {
  const [state, rooms, log] = await Promise.all([
    call('GET', '/state'),
    call('GET', '/rooms'),
    call('GET', '/log?count=40'),
  ]);
  const { now, zone, counters } = state;
  $('clock').textContent =
    `${new Date(now).toLocaleDateString('en-GB', { dateStyle: 'full', timeZone: zone })}, ${time(now, zone)} (${zone})`;
  $('counters').textContent = `${counters.graph} Graph and ${counters.entra} sign-in requests`;
  $('rooms').replaceChildren(...rooms.map(room => roomCard(room, now, zone)));
  for (const select of document.querySelectorAll('select')) fillSelect(select, rooms);
  showFaults(state.faults);
  showAccount(state);
  $('log').replaceChildren(
    ...log
      .reverse()
      .map(entry =>
        el('li', { textContent: `${time(entry.at, zone)} ${entry.status || 'cut'} ${entry.method} ${entry.path}` }),
      ),
  );
}

$('fault-buttons').append(
  ...FAULTS.map(({ label, fault }) => {
    const button = el('button', { textContent: label });
    button.addEventListener('click', async () => {
      const form = new FormData($('scope'));
      await call('POST', '/faults', {
        ...fault,
        mailbox: form.get('mailbox') || null,
        times: form.get('once') ? 1 : null,
      });
      await refresh();
    });
    return button;
  }),
);

$('book').addEventListener('submit', async event => {
  event.preventDefault();
  const form = new FormData(event.target);
  const start = Math.floor(Date.now() / 60000) * 60000 + Number(form.get('inMinutes')) * 60000;
  const answer = await call('POST', `/rooms/${encodeURIComponent(form.get('room'))}/meetings`, {
    subject: form.get('subject'),
    start: new Date(start).toISOString(),
    end: new Date(start + Number(form.get('lasts')) * 60000).toISOString(),
    isPrivate: form.has('isPrivate'),
    isForced: form.has('isForced'),
  });
  $('book-answer').textContent =
    answer.answer === 'accepted'
      ? 'The room accepted.'
      : `The room declined${answer.detail ? `: ${answer.detail}` : ''}.`;
  await refresh();
});

/** A tenant that was stopped is shown as such until it is back. */
async function loop() {
  try {
    await refresh();
  } catch {
    $('clock').textContent = 'The tenant does not answer.';
  }
  setTimeout(loop, READ_EVERY_MS);
}
loop();
