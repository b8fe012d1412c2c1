/**
 * Finds the end of HTTP/1.1 answers on one connection, as cheaply as the load generator needs: a chunked body is
 * over when the bytes read so far end in the last chunk, which JSON text and server-sent events cannot contain.
 */
const LAST_CHUNK = '\r\n0\r\n\r\n';
const TAIL_BYTES = 160;

export class AnswerReader {
  constructor() {
    this.reset(false);
  }

  /** Makes ready for the next answer; `keepsBody` asks for the bytes, for verification. */
  reset(keepsBody) {
    this.keepsBody = keepsBody;
    this.pieces = [];
    this.head = '';
    this.status = 0;
    this.bodyBytes = 0;
    this.contentLength = -1;
    this.isChunked = false;
    this.tail = '';
  }

  /** Takes what was read; `bytes` may be reused by the caller afterwards. True once the answer is complete. */
  push(bytes) {
    let body = bytes;
    if (this.status === 0) {
      body = this.#readHead(bytes);
      if (body === undefined) return false;
    }
    if (body.length === 0) return this.contentLength === 0;
    this.bodyBytes += body.length;
    if (this.keepsBody) this.pieces.push(Buffer.from(body));
    if (this.contentLength >= 0) return this.bodyBytes >= this.contentLength;
    this.#keepTail(body);
    return this.isChunked && this.tail.endsWith(LAST_CHUNK);
  }

  /** The body without its framing; only after `reset(true)`. */
  body() {
    const raw = Buffer.concat(this.pieces);
    return (this.isChunked ? joinChunks(raw) : raw).toString('utf8');
  }

  #readHead(bytes) {
    const text = this.head + bytes.latin1Slice(0, bytes.length);
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) {
      this.head = text;
      return undefined;
    }
    const before = this.head.length;
    this.head = text.slice(0, end + 2);
    this.status = Number.parseInt(text.slice(9, 12), 10);
    const length = /\r\ncontent-length: *(\d+)/i.exec(this.head);
    this.contentLength = length === null ? -1 : Number(length[1]);
    this.isChunked = length === null && /\r\ntransfer-encoding: *chunked/i.test(this.head);
    // The line end before the first chunk belongs to the head; an empty body consists of the last chunk alone.
    this.tail = '\r\n';
    return bytes.subarray(end + 4 - before);
  }

  #keepTail(body) {
    const from = Math.max(0, body.length - TAIL_BYTES);
    const text = body.latin1Slice(from, body.length);
    this.tail = from > 0 ? text : (this.tail + text).slice(-TAIL_BYTES);
  }
}

function joinChunks(raw) {
  const parts = [];
  for (let at = 0; ;) {
    const lineEnd = raw.indexOf('\r\n', at);
    const size = lineEnd < 0 ? 0 : Number.parseInt(raw.latin1Slice(at, lineEnd), 16);
    if (!(size > 0)) return Buffer.concat(parts);
    parts.push(raw.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}
