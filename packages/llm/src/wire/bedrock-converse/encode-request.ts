import { ok, type Result } from '../../model/failure.ts';
import type { JsonObject } from '../../model/json.ts';
import type { GenerationRequest, OutputFormat } from '../../model/request.ts';
import type { Encoded, Loss } from '../codec.ts';
import { foreignExtras } from '../foreign-extras.ts';
import { compact, joined } from '../read.ts';
import type { BedrockConverseDialect } from './dialect.ts';
import { encodeMessages } from './encode-messages.ts';
import { encodeModelFields } from './model-fields.ts';
import { encodeToolConfig } from './tools.ts';

/** Writes a request. The model and whether the answer is streamed stand in the address, not in the body. */
export function encodeRequest(request: GenerationRequest, dialect: BedrockConverseDialect): Result<Encoded> {
  const losses: Loss[] = [...foreignExtras(request.extras, 'bedrock-converse', 'extras'), ...unsupported(request)];
  const { system, messages } = encodeMessages(request.messages, losses);
  const { fields, thinks } = encodeModelFields(request, dialect, losses);
  const body: JsonObject = {
    messages,
    system,
    inferenceConfig: filled({
      maxTokens: request.maxOutputTokens,
      temperature: encodeTemperature(request, thinks, losses),
      topP: request.topP,
      stopSequences: encodeStops(request.stopSequences, losses),
    }),
    toolConfig: encodeToolConfig(request, losses),
    outputConfig: encodeFormat(request.outputFormat, losses),
    additionalModelRequestFields: filled(fields),
  };
  return ok({ body: joined(compact(body), request.extras?.['bedrock-converse']), losses });
}

function filled(members: JsonObject): JsonObject | undefined {
  const some = compact(members);
  return Object.keys(some).length > 0 ? some : undefined;
}

/** Settings that have no counterpart. */
function unsupported(request: GenerationRequest): readonly Loss[] {
  const names = (['seed', 'presencePenalty', 'frequencyPenalty', 'endUserId'] as const).filter(
    (name) => request[name] !== undefined,
  );
  const losses = names.map((path): Loss => ({ path, what: `\`${path}\``, instead: 'dropped' }));
  if ((request.candidateCount ?? 1) > 1)
    losses.push({ path: 'candidateCount', what: 'several candidates', instead: 'dropped' });
  return losses;
}

/** Amazon's scale ends at 1, and while a model of Anthropic's thinks it must be left alone. */
function encodeTemperature({ temperature }: GenerationRequest, thinks: boolean, losses: Loss[]): number | undefined {
  if (temperature === undefined || (temperature <= 1 && !thinks)) return temperature;
  const what = thinks ? 'temperature while the model thinks' : 'temperature above 1';
  if (temperature !== 1) losses.push({ path: 'temperature', what, instead: thinks ? 'dropped' : 'approximated' });
  return thinks && temperature !== 1 ? undefined : 1;
}

function encodeStops(stops: readonly string[] | undefined, losses: Loss[]): readonly string[] | undefined {
  const usable = stops?.filter((stop) => stop.trim() !== '') ?? [];
  if (usable.length < (stops?.length ?? 0))
    losses.push({ path: 'stopSequences', what: 'stop sequences of white space', instead: 'dropped' });
  return usable.length > 0 ? usable : undefined;
}

function encodeFormat(format: OutputFormat | undefined, losses: Loss[]): JsonObject | undefined {
  if (format?.type === 'json')
    losses.push({ path: 'outputFormat', what: 'JSON mode without a schema', instead: 'dropped' });
  if (format?.type !== 'json-schema') return undefined;
  const { name, description, schema, strict } = format;
  losses.push(...foreignExtras(format.extras, 'bedrock-converse', 'outputFormat'));
  // Amazon holds every answer to its schema.
  if (strict !== undefined)
    losses.push({ path: 'outputFormat.strict', what: '`strict` of a schema', instead: 'approximated' });
  const jsonSchema = compact({
    schema: JSON.stringify(schema),
    name,
    description,
    ...format.extras?.['bedrock-converse'],
  });
  return { textFormat: { type: 'json_schema', structure: { jsonSchema } } };
}
