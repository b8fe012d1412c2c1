// The page of the management API: lists what /openapi.json describes and lets one try it. Nothing comes from elsewhere.

const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const element = (name, properties = {}, ...children) => {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
};

const credential = document.querySelector('#credential');
const main = document.querySelector('#operations');

const [answer, who] = await Promise.all([fetch('/openapi.json'), askSession()]);
showSession(who);
const description = await answer.json();
document.querySelector('#version').textContent = description.info.version;
main.replaceChildren(...sections(description));
const search = document.querySelector('#search');
const searchNow = () => filter(search.value.toLowerCase());
search.addEventListener('input', searchNow);
// Somebody may have written there before the operations came.
searchNow();

/** Whoever is signed in at the console, by the cookie that this page cannot read; `undefined` for nobody. */
async function askSession() {
  const asked = await fetch('/api/session').catch(() => undefined);
  return asked?.ok === true ? asked.json() : undefined;
}

function showSession(session) {
  document.querySelector('#session').textContent =
    session === undefined
      ? 'Nobody is signed in at the console: a token or a key says who asks.'
      : `Requests are sent as ${session.name} (${session.role}), who is signed in at the console, unless a token or a key is given.`;
}

/**
 * What says who asks: the credential that was given, else the cookie, which the browser sends by itself, with the word
 * that says that a page of this gateway wants the change. It is asked for each time: somebody else may have signed in.
 */
async function credentialHeaders() {
  if (credential.value !== '') return { authorization: `Bearer ${credential.value}` };
  const session = await askSession();
  showSession(session);
  return session?.csrfToken === undefined ? {} : { 'x-csrf-token': session.csrfToken };
}

function sections({ paths }) {
  const all = Object.entries(paths).flatMap(([path, item]) =>
    METHODS.filter((method) => method in item).map((method) => ({ path, method, ...item[method] })),
  );
  const groups = Map.groupBy(all, ({ tags }) => tags[0]);
  return [...groups].map(([name, operations]) =>
    element('section', {}, element('h2', { textContent: name }), ...operations.map(entry)),
  );
}

function entry(operation) {
  const { method, path, summary } = operation;
  const details = element(
    'details',
    {},
    element(
      'summary',
      {},
      element('span', { className: 'method', textContent: method.toUpperCase() }),
      element('span', { className: 'path', textContent: path }),
      element('span', { className: 'about', textContent: summary }),
    ),
  );
  details.dataset.words = `${method} ${path} ${summary}`.toLowerCase();
  details.addEventListener('toggle', () => details.append(form(operation)), { once: true });
  return details;
}

function form(operation) {
  const inputs = operation.parameters.map((parameter) => ({
    parameter,
    input: element('input', { name: parameter.name }),
  }));
  const schema = operation.requestBody?.content['application/json'].schema;
  const body = schema && element('textarea', { value: JSON.stringify(sample(schema), null, 2), spellcheck: false });
  const result = element('pre', { hidden: true });
  const send = element('button', { type: 'button', textContent: 'Send' });
  send.addEventListener('click', () => attempt(operation, inputs, body, result));
  return element(
    'div',
    { className: 'operation' },
    element('div', { textContent: `Permission: ${operation['x-permission']}` }),
    ...inputs.map(({ parameter, input }) => element('label', {}, `${parameter.name} (${parameter.in})`, input)),
    ...(body === undefined ? [] : [element('label', {}, 'Body', body)]),
    ...(schema === undefined ? [] : [folded('Shape of the body', schema)]),
    folded('Answers', operation.responses),
    send,
    result,
  );
}

const folded = (title, value) =>
  element(
    'details',
    {},
    element('summary', { textContent: title }),
    element('pre', { textContent: JSON.stringify(value, null, 2) }),
  );

async function attempt({ path, method }, inputs, body, result) {
  const query = new URLSearchParams();
  let url = path;
  for (const { parameter, input } of inputs) {
    if (parameter.in === 'path') url = url.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
    else if (input.value !== '') query.set(parameter.name, input.value);
  }
  const headers = {
    ...(await credentialHeaders()),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  };
  const options = { method: method.toUpperCase(), headers, ...(body === undefined ? {} : { body: body.value }) };
  const got = await fetch(query.size === 0 ? url : `${url}?${query}`, options).catch((error) => error);
  result.hidden = false;
  result.textContent = got instanceof Error ? got.message : `${got.status}\n${pretty(await got.text())}`;
}

function pretty(text) {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

/** The required members of a shape, each with something of its kind. */
function sample(schema) {
  if (schema.default !== undefined) return schema.default;
  if (schema.enum !== undefined) return schema.enum[0];
  const [first] = schema.anyOf ?? schema.oneOf ?? [];
  if (first !== undefined) return sample(first);
  if (schema.type === 'object')
    return Object.fromEntries((schema.required ?? []).map((name) => [name, sample(schema.properties?.[name] ?? {})]));
  return (
    { array: [], string: '', boolean: false, integer: schema.minimum ?? 0, number: schema.minimum ?? 0 }[schema.type] ??
    null
  );
}

function filter(words) {
  for (const details of document.querySelectorAll('details[data-words]'))
    details.hidden = !details.dataset.words.includes(words);
  for (const section of document.querySelectorAll('section'))
    section.hidden = [...section.querySelectorAll('details[data-words]')].every(({ hidden }) => hidden);
}
