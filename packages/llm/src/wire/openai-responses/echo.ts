import type { JsonObject } from '../../model/json.ts';
import type { GenerationRequest } from '../../model/request.ts';
import { joined } from '../read.ts';
import { ECHO } from './decode-response.ts';
import { isInstructions } from './decode-messages.ts';
import { encodeSettings } from './encode-request.ts';
import { OWN } from './own-extras.ts';

/** What a response repeats of a request that said nothing; clients read these members without looking. */
const SILENT: JsonObject = {
  background: false,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  truncation: 'disabled',
};

/** The members of a response that repeat its request; what is not known of it is as if it had not been said. */
export function encodeEcho(request: GenerationRequest | undefined): JsonObject {
  if (request === undefined) return SILENT;
  const { extras, ...rest } = request;
  // Whatever another format says beside the model has no place here either.
  const { body } = encodeSettings({ ...rest, extras: { [OWN]: extras?.[OWN] ?? {} } }, {}, []);
  const [first] = request.messages;
  const [only] = first !== undefined && isInstructions(first) ? first.content : [];
  const said = Object.entries({ ...body, instructions: only?.type === 'text' ? only.text : undefined });
  const repeated = said.filter(([name, value]) => ECHO.has(name) && value !== undefined && value !== null);
  return joined(SILENT, Object.fromEntries(repeated));
}
