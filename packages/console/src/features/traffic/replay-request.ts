/** A request as it can be sent once more. */
export interface Replayable {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const GEMINI = /^(\/v1(?:beta)?\/models\/)(.+)(:[A-Za-z]+)$/;

/** The same request for another model, whole instead of streamed; `undefined` where its body is none that can be. */
export function replayOf(route: string, bodyText: string | null, model: string): Replayable | undefined {
  const body = objectOf(bodyText);
  if (body === undefined) return undefined;
  const gemini = GEMINI.exec(route);
  if (gemini !== null) {
    const verb = gemini[3] === ':streamGenerateContent' ? ':generateContent' : gemini[3];
    return { path: `${gemini[1]}${encodeURIComponent(model)}${verb}`, body };
  }
  if (typeof body['model'] !== 'string') return undefined;
  const { stream_options: _, ...rest } = body;
  return { path: route, body: { ...rest, model, ...('stream' in body && { stream: false }) } };
}

function objectOf(text: string | null): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** The words of an answer, of whichever dialect and also where it was streamed; the whole text where no words are found. */
export function answerText(text: string | null): string {
  const whole = text ?? '';
  const events = [...whole.matchAll(/^data: ?(\{.*)$/gm)].map(([, data]) => objectOf(data ?? null) ?? {});
  const found = events.length > 0 ? events.map(streamedWords).join('') : wholeWords(objectOf(whole));
  return found === '' ? whole : found;
}

type Json = Readonly<Record<string, unknown>>;
const membersOf = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const listOf = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.map(membersOf) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function wholeWords(answer: Json | undefined): string {
  if (answer === undefined) return '';
  return [
    ...listOf(answer['choices']).map(
      (choice) => textOf(membersOf(choice['message'])['content']) + textOf(choice['text']),
    ),
    ...listOf(answer['content']).map((part) => textOf(part['text'])),
    ...listOf(answer['output']).flatMap((item) => listOf(item['content']).map((part) => textOf(part['text']))),
    geminiWords(answer),
  ].join('');
}

const streamedWords = (event: Json): string =>
  [
    ...listOf(event['choices']).map((choice) => textOf(membersOf(choice['delta'])['content']) + textOf(choice['text'])),
    event['type'] === 'content_block_delta' ? textOf(membersOf(event['delta'])['text']) : '',
    event['type'] === 'response.output_text.delta' ? textOf(event['delta']) : '',
    geminiWords(event),
  ].join('');

const geminiWords = (answer: Json): string =>
  listOf(answer['candidates'])
    .flatMap((candidate) => listOf(membersOf(candidate['content'])['parts']).map((part) => textOf(part['text'])))
    .join('');

/** The request as a command for a shell; the key is the reader's to fill in. */
export function curlOf(origin: string, route: string, bodyText: string | null, model: string): string {
  const body = bodyText ?? JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] });
  return [
    `curl ${quoted(origin + route)}`,
    `-H "Authorization: Bearer $PATCHBAY_API_KEY"`,
    `-H 'Content-Type: application/json'`,
    `-d ${quoted(body)}`,
  ].join(' \\\n  ');
}

const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
