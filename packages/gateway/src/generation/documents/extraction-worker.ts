import { parentPort, workerData } from 'node:worker_threads';

import type { Extraction } from './extraction-thread.ts';
import { extractText } from './extract-text.ts';

/** The thread that reads one document and ends. */

const { bytes, hints } = workerData as Extraction;

parentPort?.postMessage(await extractText(bytes, hints));
