/** Times pieces of the library: event decoding, translation between each pair of formats, the scan of requests. */
import { BURST_EVENTS, PATHS, requestBody, streamEvents } from './payloads.mjs';
import { median } from './statistics.mjs';

const BATCH_MS = Number(process.env.MICRO_MS ?? 400);
const BATCHES = 5;
/** As large as a socket read usually is. */
const READ_BYTES = 16 * 1024;
const FORMATS = { openai: 'openai-chat', anthropic: 'anthropic-messages' };
const LIBRARY = '@patchbay/llm';

/** Median seconds of one call, after a warm-up as long as a batch. */
function secondsPerCall(call) {
  const batch = () => {
    const startMs = performance.now();
    let calls = 0;
    for (let at = startMs; at - startMs < BATCH_MS; calls += 1) {
      call();
      at = performance.now();
    }
    return (performance.now() - startMs) / 1000 / calls;
  };
  batch();
  return median(Array.from({ length: BATCHES }, batch));
}

function reads(dialect) {
  const bytes = Buffer.from(streamEvents(dialect, BURST_EVENTS * 4).join(''));
  return Array.from({ length: Math.ceil(bytes.length / READ_BYTES) }, (_, index) =>
    bytes.subarray(index * READ_BYTES, (index + 1) * READ_BYTES),
  );
}

async function timeDecoding() {
  const { SseDecoder } = await import(`${LIBRARY}/transport/sse-decode`);
  const pieces = reads('openai');
  const megabytes = pieces.reduce((sum, { length }) => sum + length, 0) / 1e6;
  const seconds = secondsPerCall(() => {
    const decoder = new SseDecoder();
    for (const piece of pieces) decoder.push(piece);
    return decoder.end();
  });
  return { 'micro event decoding': { megabytesPerSecond: megabytes / seconds } };
}

async function timeScanning() {
  const { scanJson } = await import(`${LIBRARY}/transport/scan-json`);
  const series = {};
  for (const bytes of [1_760, 150_000, 1_000_000]) {
    const body = Buffer.from(requestBody({ dialect: 'openai', model: 'bench', isStream: true, bytes }));
    series[`micro request scan, ${bytes} bytes`] = { nanoseconds: secondsPerCall(() => scanJson(body)) * 1e9 };
  }
  return series;
}

async function timeTranslation() {
  const { WIRE_FORMATS } = await import(`${LIBRARY}/wire/registry`);
  const { SseDecoder } = await import(`${LIBRARY}/transport/sse-decode`);
  const { encodeFrame } = await import(`${LIBRARY}/transport/sse-encode`);
  const series = {};
  for (const upstream of Object.keys(PATHS)) {
    const frames = reads(upstream).flatMap(
      (
        (decoder) => (piece) =>
          decoder.push(piece)
      )(new SseDecoder()),
    );
    for (const client of Object.keys(PATHS)) {
      const translate = translator(WIRE_FORMATS[FORMATS[upstream]], WIRE_FORMATS[FORMATS[client]], client, encodeFrame);
      if (translate(frames).length < frames.length * 50)
        throw new Error(`Translating ${upstream} to ${client} lost events.`);
      series[`micro ${upstream} upstream to ${client} client`] = {
        eventsPerSecondOneCore: frames.length / secondsPerCall(() => translate(frames)),
      };
    }
  }
  return series;
}

/** Frames of the upstream through the canonical model to the text of the client's frames. */
function translator(upstream, clientCodec, client, encodeFrame) {
  const request = clientCodec.decodeRequest(
    JSON.parse(requestBody({ dialect: client, model: 'bench', isStream: true })),
  );
  if (!request.ok) throw new Error(`The request cannot be read: ${request.failure.message}`);
  return (frames) => {
    const decode = upstream.decodeStream({});
    const encode = clientCodec.encodeStream(request.value);
    const decodeState = decode.initial();
    const encodeState = encode.initial();
    let text = '';
    const write = (events) => {
      for (const event of events) for (const frame of encode.step(encodeState, event)) text += encodeFrame(frame);
    };
    for (const frame of frames) write(decode.step(decodeState, frame));
    write(decode.end(decodeState));
    for (const frame of encode.end(encodeState)) text += encodeFrame(frame);
    return text;
  };
}

const answer = { series: {}, missing: [] };
for (const time of [timeDecoding, timeScanning, timeTranslation]) {
  try {
    Object.assign(answer.series, await time());
  } catch (error) {
    answer.missing.push(`${time.name} is left out: ${error.message.split('\n')[0]}`);
  }
}
if (process.send === undefined) process.stdout.write(`${JSON.stringify(answer, null, 2)}\n`);
else process.send(answer, () => process.disconnect());
