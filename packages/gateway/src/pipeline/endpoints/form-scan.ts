/** Hears the parts of a form, in the order of its bytes. */
export interface FormListener {
  /** Bytes of the form as they stand, but for the values of fields that are called `model`. */
  onBytes(bytes: Buffer): void;
  /** The whole value of a field that is called `model`. */
  onModel(value: Buffer): void;
  /** So many bytes of a field that is no file; they have been told before, or are told next. */
  onText?(bytes: number): void;
  /** The form's last boundary comes next. */
  onClose(): void;
}

/** Longest headers of one part, in bytes; they hold a name and a type. */
const HEADERS_BYTES_MAX = 16 * 1024;
/** Longest value of a `model`, in bytes; longer ones are refused anyway. */
const VALUE_BYTES_MAX = 4 * 1024;
/** Longest blank run behind a boundary, in bytes. */
const PADDING_BYTES_MAX = 128;

const LINE_END = Buffer.from('\r\n');
const HEADERS_END = Buffer.from('\r\n\r\n');
const NOTHING = Buffer.alloc(0);

/** Where the next byte stands: between boundaries, at one, among a part's headers, in a model's value, or behind all. */
type Place = 'content' | 'boundary' | 'headers' | 'value' | 'behind';

/**
 * Walks over a multipart form as its bytes come, whatever pieces they come in (RFC 7578). Holds no more than a
 * boundary, one part's headers or one model's value.
 */
export class FormScan {
  /** What is wrong with the form, once it is; nothing is told any more. */
  problem: string | undefined;
  readonly #listener: FormListener;
  readonly #boundary: Buffer;
  #place: Place = 'content';
  #held: Buffer = LINE_END;
  /** True within a field that is no file. */
  #isText = false;
  /** The first boundary need not follow a line end; one is put before it that must not be passed on. */
  #unsaid = LINE_END.length;

  constructor(boundary: string, listener: FormListener) {
    this.#listener = listener;
    this.#boundary = Buffer.from(`\r\n--${boundary}`, 'latin1');
  }

  push(piece: Buffer): void {
    let rest: Buffer | undefined = this.#held.length === 0 ? piece : Buffer.concat([this.#held, piece]);
    this.#held = NOTHING;
    while (rest !== undefined && rest.length > 0 && this.problem === undefined) rest = this.#step(rest);
  }

  /** Tells the bytes that were held; a form that broke off is for its reader to judge. */
  end(): void {
    if (this.problem === undefined) this.#pass(this.#held);
    this.#held = NOTHING;
  }

  /** Looks at bytes from a place on; returns what is left, or nothing when more has to come. */
  #step(bytes: Buffer): Buffer | undefined {
    switch (this.#place) {
      case 'content':
        return this.#content(bytes);
      case 'boundary':
        return this.#atBoundary(bytes);
      case 'headers':
        return this.#headers(bytes);
      case 'value':
        return this.#value(bytes);
      case 'behind':
        this.#pass(bytes);
        return undefined;
    }
  }

  #content(bytes: Buffer): Buffer | undefined {
    const at = bytes.indexOf(this.#boundary);
    if (at >= 0) {
      this.#countText(at);
      this.#isText = false;
      return this.#arrive(bytes, at);
    }
    const kept = Math.max(0, bytes.length - this.#boundary.length + 1);
    this.#countText(kept);
    this.#pass(bytes.subarray(0, kept));
    return this.#hold(bytes.subarray(kept));
  }

  #arrive(bytes: Buffer, at: number): Buffer {
    this.#pass(bytes.subarray(0, at));
    this.#place = 'boundary';
    return bytes.subarray(at);
  }

  /** `bytes` begin with the boundary: two dashes behind it end the form, a line end begins a part. */
  #atBoundary(bytes: Buffer): Buffer | undefined {
    const behind = this.#boundary.length;
    if (bytes.length < behind + 2) return this.#hold(bytes);
    if (bytes.toString('latin1', behind, behind + 2) === '--') {
      this.#place = 'behind';
      this.#listener.onClose();
      return bytes;
    }
    const lineEnd = bytes.indexOf(LINE_END, behind);
    const padding = bytes.toString('latin1', behind, lineEnd < 0 ? undefined : lineEnd);
    if (lineEnd < 0 && padding.length <= PADDING_BYTES_MAX && /^[ \t]*\r?$/.test(padding)) return this.#hold(bytes);
    // The boundary may also begin some longer text, which is content then.
    this.#place = lineEnd >= 0 && /^[ \t]*$/.test(padding) ? 'headers' : 'content';
    const end = this.#place === 'headers' ? lineEnd + LINE_END.length : behind;
    this.#pass(bytes.subarray(0, end));
    return bytes.subarray(end);
  }

  #headers(bytes: Buffer): Buffer | undefined {
    const isEmpty = bytes.subarray(0, LINE_END.length).equals(LINE_END);
    const at = isEmpty ? 0 : bytes.indexOf(HEADERS_END);
    if (at < 0) {
      if (bytes.length > HEADERS_BYTES_MAX) return this.#fail('has a part with headers of more than 16 KiB');
      return this.#hold(bytes);
    }
    const field = fieldOf(bytes.toString('utf8', 0, at));
    if (field === undefined) return this.#fail('has a part whose `content-disposition` cannot be read');
    this.#place = field === 'model' ? 'value' : 'content';
    this.#isText = field !== '' && field !== 'model';
    // The line end before a boundary may be the one that ends the headers.
    const end = at + (isEmpty ? LINE_END.length : HEADERS_END.length);
    const said = this.#place === 'value' ? end : end - LINE_END.length;
    this.#pass(bytes.subarray(0, said));
    return bytes.subarray(said);
  }

  #value(bytes: Buffer): Buffer | undefined {
    const at = bytes.indexOf(this.#boundary);
    if ((at < 0 ? bytes.length - this.#boundary.length : at) > VALUE_BYTES_MAX)
      return this.#fail('has a `model` of more than 4 KiB');
    if (at < 0) return this.#hold(bytes);
    this.#listener.onModel(bytes.subarray(0, at));
    return this.#arrive(bytes.subarray(at), 0);
  }

  #countText(bytes: number): void {
    if (this.#isText && bytes > 0) this.#listener.onText?.(bytes);
  }

  #hold(bytes: Buffer): undefined {
    this.#held = bytes;
  }

  #fail(problem: string): undefined {
    this.problem = `The form ${problem}.`;
  }

  #pass(bytes: Buffer): void {
    const unsaid = Math.min(this.#unsaid, bytes.length);
    this.#unsaid -= unsaid;
    if (bytes.length > unsaid) this.#listener.onBytes(bytes.subarray(unsaid));
  }
}

const DISPOSITION = /^content-disposition:[ \t]*form-data[ \t]*(.*)$/gim;
const ANY_DISPOSITION = /^content-disposition[ \t]*:/gim;
/** One parameter; quotes are gone through, because names may stand in them. */
const PARAMETER = /;[ \t]*([\w!#$%&'*+.^`|~-]+)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^\s;"]*))[ \t]*/gy;

/**
 * Which field a part with these headers is; empty for a file or for none that has a name. `undefined` where two readers
 * could disagree: the other one is the provider, and it must not find a model that was not found here.
 */
function fieldOf(headers: string): string | undefined {
  const dispositions = [...headers.matchAll(DISPOSITION)];
  const count = [...headers.matchAll(ANY_DISPOSITION)].length;
  if (count === 0) return '';
  const text = dispositions[0]?.[1];
  if (text === undefined || count > 1) return undefined;
  const found = [...text.matchAll(PARAMETER)];
  const names = found.map(([, name = '']) => name.toLowerCase());
  const isRead = found.reduce((length, [whole]) => length + whole.length, 0) === text.length;
  if (!isRead || new Set(names).size < names.length || names.includes('name*')) return undefined;
  if (names.includes('filename') || names.includes('filename*')) return '';
  const name = found[names.indexOf('name')];
  return name === undefined ? '' : (name[2]?.replace(/\\(.)/g, '$1') ?? name[3]);
}

/** The boundary in the value of a `content-type`, or why there is none; `undefined` for what is no form. */
export function boundaryOf(contentType: string): { readonly boundary: string | undefined } | undefined {
  if (!/^multipart\/form-data(?:[;\s]|$)/i.test(contentType)) return undefined;
  const found = /;[ \t]*boundary[ \t]*=[ \t]*(?:"([^"]*)"|([^\s;"]*))/i.exec(contentType);
  const boundary = found?.[1] ?? found?.[2] ?? '';
  return { boundary: /^[\x20-\x7e]{0,69}[\x21-\x7e]$/.test(boundary) ? boundary : undefined };
}
