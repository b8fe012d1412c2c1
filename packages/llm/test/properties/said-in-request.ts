import type { Extras } from '../../src/model/extras.ts';
import type { Part } from '../../src/model/part.ts';
import type { GenerationRequest } from '../../src/model/request.ts';
import { parseJson } from '../../src/wire/read.ts';

/** One thing that a request says: where, in the words that losses use, and what, comparable across formats. */
export interface Said {
  readonly path: string;
  readonly what: string;
}

const SETTINGS = [
  'maxOutputTokens',
  'temperature',
  'topP',
  'topK',
  'presencePenalty',
  'frequencyPenalty',
  'seed',
  'stopSequences',
  'endUserId',
] as const;

/** Everything a request says of what both formats could say, except the order in which it is said. */
export function saidInRequest(request: GenerationRequest): readonly Said[] {
  const said: Said[] = [{ path: 'model', what: request.model }];
  for (const path of SETTINGS)
    if (request[path] !== undefined) said.push({ path, what: `${path} ${JSON.stringify(request[path])}` });
  if ((request.candidateCount ?? 1) > 1)
    said.push({ path: 'candidateCount', what: `${request.candidateCount} candidates` });
  const { outputFormat: format } = request;
  if (format?.type === 'json') said.push({ path: 'outputFormat', what: 'JSON' });
  if (format?.type === 'json-schema') {
    said.push({ path: 'outputFormat.schema', what: JSON.stringify(format.schema) });
    for (const name of ['name', 'description', 'strict'] as const)
      if (format[name] !== undefined)
        said.push({ path: `outputFormat.${name}`, what: `schema ${name} ${format[name]}` });
    said.push(...saidInExtras(format.extras, 'outputFormat'));
  }
  for (const [index, tool] of (request.tools ?? []).entries()) {
    const path = `tools[${index}]`;
    if (tool.type === 'vendor') said.push({ path, what: JSON.stringify(tool.value) });
    else {
      const { name, description, inputSchema, cacheControl } = tool;
      said.push({ path, what: `function ${name} ${description}` }, ...saidInExtras(tool.extras, path));
      if (inputSchema !== undefined) said.push({ path, what: `arguments ${JSON.stringify(inputSchema)}` });
      if (cacheControl !== undefined) said.push({ path: `${path}.cacheControl`, what: JSON.stringify(cacheControl) });
    }
  }
  for (const [index, { content, extras }] of request.messages.entries()) {
    const path = `messages[${index}]`;
    said.push(...saidInExtras(extras, path), ...saidInParts(content, path));
  }
  return said;
}

const saidInExtras = (extras: Extras | undefined, path: string): readonly Said[] =>
  Object.values(extras ?? {}).flatMap((members) =>
    Object.entries(members).flatMap(([name, value]) =>
      // `null` asks for nothing.
      value === null ? [] : [{ path: `${path}.${name}`, what: `${name} ${JSON.stringify(value)}` }],
    ),
  );

const saidInParts = (parts: readonly Part[], path: string): readonly Said[] =>
  parts.flatMap((part, index) => {
    const at = `${path}.content[${index}]`;
    const breakpoint = part.cacheControl;
    // An empty text says nothing, and neither does what hangs on it.
    if ((part.type === 'text' || part.type === 'refusal') && part.text === '') return [];
    return [
      ...saidInPart(part, at),
      ...saidInExtras(part.extras, at),
      ...(breakpoint === undefined ? [] : [{ path: `${at}.cacheControl`, what: JSON.stringify(breakpoint) }]),
    ];
  });

function saidInPart(part: Part, path: string): readonly Said[] {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return [{ path, what: `${part.type} ${part.text}` }];
    case 'reasoning':
      return [{ path, what: JSON.stringify([part.text, part.signature, part.redacted]) }];
    case 'media': {
      const title = part.filename === undefined ? [] : [{ path: `${path}.filename`, what: part.filename }];
      return [{ path, what: JSON.stringify(part.source) }, ...title];
    }
    case 'tool-call': {
      const input = JSON.stringify(parseJson(part.argumentsJson.trim() || '{}'));
      return [
        { path, what: `call ${part.id} of ${part.name}` },
        { path: `${path}.argumentsJson`, what: `with ${input}` },
      ];
    }
    case 'tool-result': {
      const mark = part.isError ? [{ path: `${path}.isError`, what: 'a failure' }] : [];
      return [{ path, what: `result ${part.toolCallId}` }, ...mark, ...saidInParts(part.content, path)];
    }
    case 'vendor':
      return [{ path, what: JSON.stringify(part.value) }];
  }
}
