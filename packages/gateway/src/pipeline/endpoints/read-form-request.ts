import type { IncomingMessage } from 'node:http';

import { failed, invalidRequest, ok, type Result } from '@patchbay/llm/model/failure';

import { readStart, type BodyStart } from '../../relay/pass-intake.ts';
import { PassUpload } from '../../relay/pass-upload.ts';
import type { EndpointBody } from './endpoint-call.ts';
import { FormModelEditor, FormModelFinder } from './form-model.ts';
import { boundaryOf } from './form-scan.ts';
import { checkModelName } from './model-name.ts';

/** A form on its way, and the model that it is for. */
export interface FormRequest {
  readonly body: EndpointBody;
  readonly model: string;
}

/** Bytes of a form that are held: as long as it is no longer, it can be sent again. */
export const FORM_HELD_BYTES = 1024 * 1024;

const NO_BOUNDARY = invalidRequest('content-type', 'The `content-type` of the form names no boundary.');
const TOO_LATE = invalidRequest(
  'model',
  'The first 1 MiB of the form does not hold `model`. Put it before the file, or name the model in the header `x-patchbay-model` or in `?model=` as well.',
);

/** True for a request whose body is a form. */
export const isForm = ({ headers }: IncomingMessage): boolean =>
  boundaryOf(headers['content-type'] ?? '') !== undefined;

/**
 * Reads as much of a form as tells its model: all of a short one, the beginning of a long one, whose rest then passes
 * as it comes. `addressed` is the model that was named outside of the form, which counts then.
 */
export async function readFormRequest(
  source: IncomingMessage,
  addressed: string | undefined,
): Promise<Result<FormRequest>> {
  const contentType = source.headers['content-type'] ?? '';
  const boundary = boundaryOf(contentType)?.boundary;
  if (boundary === undefined) return failed(NO_BOUNDARY);
  const finder = new FormModelFinder(boundary);
  const isLong = Number(source.headers['content-length'] ?? 0) > FORM_HELD_BYTES;
  const start = await readStart(source, FORM_HELD_BYTES, (piece) => {
    if (piece !== undefined) finder.push(piece);
    const isKnown = addressed !== undefined || finder.value !== undefined;
    return finder.failure !== undefined || (isLong && isKnown);
  });
  if (finder.failure !== undefined) return failed(finder.failure);
  const named = addressed ?? finder.value?.toString();
  if (named === undefined && !start.isWhole) return failed(TOO_LATE);
  const model = checkModelName(named);
  if (!model.ok) return model;
  const form: Form = { source, contentType, boundary, start, value: finder.value, textBytes: finder.textBytes };
  return ok({ model: model.value, body: start.isWhole ? heldForm(form) : passingForm(form) });
}

interface Form {
  readonly source: IncomingMessage;
  readonly contentType: string;
  readonly boundary: string;
  readonly start: BodyStart;
  /** The model's value as it stands in what was read; absent where it does not. */
  readonly value: Buffer | undefined;
  readonly textBytes: number;
}

/** A form that is here: it can be sent as often as there are accounts. */
const heldForm = ({ contentType, boundary, start, textBytes }: Form): EndpointBody => ({
  contentType,
  textBytes,
  spent: false,
  withModel(model) {
    const editor = new FormModelEditor(boundary, model);
    const made = [...start.pieces.map((piece) => editor.push(piece)), editor.end()];
    // What could fail has been found when the form was read.
    return Buffer.concat(made.flatMap((each) => ('kind' in each ? [] : [...each])));
  },
});

/** A form that is still coming: it can be sent once. */
function passingForm({ source, contentType, boundary, start, value, textBytes }: Form): EndpointBody {
  const announced = source.headers['content-length'];
  const before = value?.length;
  let upload: PassUpload | undefined;
  return {
    contentType,
    textBytes,
    get spent() {
      return upload?.begun ?? false;
    },
    withModel(model) {
      const isKnown = announced !== undefined && before !== undefined;
      upload = new PassUpload({
        source,
        head: start.pieces,
        // Where the model may yet come, or be missing, only the form's end tells how long it became.
        lengthBytes: isKnown ? Number(announced) - before + Buffer.byteLength(model) : undefined,
        editor: new FormModelEditor(boundary, model),
      });
      return upload;
    },
  };
}
